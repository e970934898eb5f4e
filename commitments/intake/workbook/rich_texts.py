"""Texts with marks inside: footnote marks set high or low and words struck out are not read."""

from dataclasses import dataclass, field

from districts.vietnamese import clean

from .cells import Unclear, Why
from .markup import local, parser
from .styles import Look, with_font


@dataclass
class RichText:
    """One text as its runs of one look each, fed with the elements inside ``is`` or ``si``."""

    _runs: list[tuple[str, Look]] = field(default_factory=list)
    _look: Look = field(default_factory=Look)
    _is_in_text: bool = False
    _is_spoken: bool = False

    def start(self, tag: str, said: dict[str, str]) -> None:
        match tag:
            case "r":
                self._look = Look()
            case "rPh":
                self._is_spoken = True
            case "t":
                self._is_in_text = not self._is_spoken
            case _:
                self._look = with_font(self._look, tag, said)

    def characters(self, text: str) -> None:
        if self._is_in_text:
            self._runs.append((text, self._look))

    def end(self, tag: str) -> None:
        match tag:
            case "t":
                self._is_in_text = False
            case "r":
                self._look = Look()
            case "rPh":
                self._is_spoken = False

    def as_seen(self) -> str | Unclear | None:
        """What is left without what is marked; None where nothing in it is marked."""
        marked = [look for _text, look in self._runs if look.is_struck or look.is_raised]
        if not marked:
            return None
        left = [text for text, look in self._runs if not (look.is_struck or look.is_raised)]
        if seen := clean("".join(left)):
            return seen
        whole = clean("".join(text for text, _look in self._runs))
        is_struck = any(look.is_struck for look in marked)
        return Unclear(whole, Why.STRUCK_OUT if is_struck else Why.RAISED)


def marked_texts(xml: bytes) -> dict[int, str | Unclear]:
    """The shared texts of a workbook that hold marks, by their number, as their reader sees them.

    ``xml`` is ``xl/sharedStrings.xml``; calamine joins all runs of a text into one.
    """
    if b"vertAlign" not in xml and b"strike" not in xml:
        return {}
    found: dict[int, str | Unclear] = {}
    texts: list[RichText] = []

    def start(tag: str, said: dict[str, str]) -> None:
        if local(tag) == "si":
            texts.append(RichText())
        elif texts:
            texts[-1].start(local(tag), said)

    def end(tag: str) -> None:
        if local(tag) != "si":
            if texts:
                texts[-1].end(local(tag))
        elif (seen := texts[-1].as_seen()) is not None:
            found[len(texts) - 1] = seen

    made = parser()
    made.StartElementHandler, made.EndElementHandler = start, end
    made.CharacterDataHandler = lambda text: texts and texts[-1].characters(text)
    made.Parse(xml, True)
    return found
