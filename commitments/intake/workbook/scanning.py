"""What calamine does not tell of a sheet, read from its XML: looks, errors, what is hidden."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .cells import (
    KEYS_SHEET,
    CellError,
    Merge,
    NoCachedValue,
    Percent,
    PercentSign,
    Spans,
    Unclear,
    Why,
)
from .markup import elements, local, parser
from .number_formats import GENERAL, Shown, number_format
from .rich_texts import RichText
from .styles import Look, Styles, with_font

MAX_COLUMNS = 16_384
_LEAST_HEIGHT, _LEAST_WIDTH = 1.0, 0.1
"""In points and in characters: a row or column below is a hairline, or nothing at all."""

Marker = CellError | NoCachedValue | Unclear | Why | str | type[Percent] | type[PercentSign]
"""What is special about a cell: its value, or what its look makes of the value calamine reads."""

_MARKERS: Mapping[Shown, Why | type[Percent] | type[PercentSign] | None] = {
    Shown.ITSELF: None,
    Shown.PERCENT: Percent,
    Shown.PERCENT_SIGN: PercentSign,
    Shown.OTHERWISE: Why.SHOWN_OTHERWISE,
    Shown.NOTHING: Why.NOT_SHOWN,
}


@dataclass(frozen=True)
class SheetPart:
    """A sheet of a workbook: its name, where its XML lies, and whether anything reads it."""

    name: str
    path: str
    is_read: bool


def sheets_of(parts: Mapping[str, bytes]) -> Iterator[SheetPart]:
    """Every sheet that a workbook lists, in its order."""
    paths = {said["Id"]: _path(said["Target"]) for said in _relations(parts)}
    for tag, said in elements(parts["xl/workbook.xml"]):
        if tag == "sheet":
            key = next((v for name, v in said.items() if name.endswith(":id")), "")
            is_visible = said.get("state", "visible") == "visible"
            is_read = is_visible or said["name"] == KEYS_SHEET
            yield SheetPart(said["name"], paths[key], is_read)


def path_of(parts: Mapping[str, bytes], *, kind: str) -> str | None:
    """The path of the part that a workbook has of a kind: ``styles``, ``sharedStrings``."""
    targets = (
        said["Target"] for said in _relations(parts) if said.get("Type", "").endswith(f"/{kind}")
    )
    return next(map(_path, targets), None)


def _relations(parts: Mapping[str, bytes]) -> Iterator[dict[str, str]]:
    for tag, said in elements(parts["xl/_rels/workbook.xml.rels"]):
        if tag == "Relationship":
            yield said


def _path(target: str) -> str:
    target = target.replace("\\", "/")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def marker_of_number(look: Look, value: float) -> Why | type[Percent] | type[PercentSign] | None:
    """What its look makes of a number; None where it shows itself."""
    if look.is_struck:
        return Why.STRUCK_OUT
    if look.is_raised:
        return Why.RAISED
    return _MARKERS[number_format(look.format or GENERAL).of_number(value)]


def _marker_of_text(look: Look) -> Why | None:
    if look.is_struck:
        return Why.STRUCK_OUT
    if look.is_raised:
        return Why.RAISED
    return {Shown.NOTHING: Why.NOT_SHOWN, Shown.OTHERWISE: Why.SHOWN_OTHERWISE}.get(
        number_format(look.format or GENERAL).of_text()
    )


@dataclass
class Scan:
    """One pass over a sheet's XML: its extent, what is hidden, and every cell that is special.

    ``texts`` are the shared texts that hold marks. ``conditional`` are areas in which a
    conditional format may change how cells look; no look: it hides their numbers.
    """

    styles: Styles
    texts: Mapping[int, str | Unclear] = field(default_factory=dict)
    in_old_fonts: list[tuple[int, int]] = field(default_factory=list)
    special: dict[tuple[int, int], Marker] = field(default_factory=dict)
    conditional: list[tuple[Merge, Look | None]] = field(default_factory=list)
    height: int = 0
    width: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    _hidden: list[tuple[int, int]] = field(default_factory=list)
    _sized: list[tuple[int, int]] = field(default_factory=list)
    _columns: int = 0
    _hides_other_rows: bool = False
    _hides_other_columns: bool = False
    _hides_zeros: bool = False
    _row: int = -1
    _column: int = -1
    _cell: dict[str, str] | None = None
    _formula: bool = False
    _text: list[str] = field(default_factory=list)
    _in_value: bool = False
    _rich: RichText | None = None
    _condition: "_Condition | None" = None

    def read(self, xml: bytes) -> None:
        made = parser()
        made.StartElementHandler = self._start
        made.EndElementHandler = self._end
        made.CharacterDataHandler = self._characters
        made.Parse(xml, True)

    @property
    def hidden_columns(self) -> Spans:
        """Columns that nobody sees: hidden, of no width, or left at a default width of nothing."""
        hidden = list(self._hidden)
        if self._hides_other_columns:
            hidden += Spans.of([*self._sized, *self._hidden]).gaps(MAX_COLUMNS)
        return Spans.of(hidden)

    def _start(self, tag: str, said: dict[str, str]) -> None:
        tag = local(tag)
        if self._cell is not None:
            self._start_in_cell(tag, said)
            return
        if self._condition is not None:
            self._condition.start(tag, said)
            return
        match tag:
            case "c":
                self._cell, self._formula, self._text, self._rich = said, False, [], None
                place = said.get("r")
                if place is None:
                    self._column += 1
                else:
                    self._row, self._column = _indices(place)
            case "row":
                number = said.get("r")
                self._row = self._row + 1 if number is None else int(number) - 1
                self._column = -1
                height = said.get("ht")
                if (
                    _is_true(said.get("hidden"))
                    or _is_below(height, _LEAST_HEIGHT)
                    or (height is None and self._hides_other_rows)
                ):
                    self.hidden_rows.add(self._row)
            case "col":
                self._keep_columns(said)
            case "sheetFormatPr":
                self._hides_other_rows = _is_below(said.get("defaultRowHeight"), _LEAST_HEIGHT)
                self._hides_other_columns = _is_below(said.get("defaultColWidth"), _LEAST_WIDTH)
            case "sheetView":
                self._hides_zeros |= said.get("showZeros") in ("0", "false")
            case "conditionalFormatting":
                self._condition = _Condition(self.styles, said.get("sqref", ""))

    def _keep_columns(self, said: dict[str, str]) -> None:
        """Note a range of columns; a sheet that lists more than it can have is damaged."""
        self._columns += 1
        if self._columns > MAX_COLUMNS:
            raise ValueError("more columns than a sheet has")
        span = int(said["min"]) - 1, min(int(said["max"]), MAX_COLUMNS) - 1
        width = said.get("width")
        if _is_true(said.get("hidden")) or _is_below(width, _LEAST_WIDTH):
            self._hidden.append(span)
        elif width is not None:
            self._sized.append(span)

    def _start_in_cell(self, tag: str, said: dict[str, str]) -> None:
        match tag:
            case "f":
                self._formula = True
            case "is":
                self._rich = RichText()
            case "v" | "t":
                self._in_value = True
        if self._rich is not None:
            self._rich.start(tag, said)

    def _characters(self, text: str) -> None:
        if self._in_value:
            self._text.append(text)
            if self._rich is not None:
                self._rich.characters(text)
        elif self._condition is not None:
            self._condition.characters(text)

    def _end(self, tag: str) -> None:
        tag = local(tag)
        if self._cell is not None:
            if self._rich is not None:
                self._rich.end(tag)
            if tag in ("v", "t"):
                self._in_value = False
            elif tag == "c":
                self._finish(self._cell, "".join(self._text))
                self._cell = None
        elif self._condition is not None:
            self._condition.end(tag)
            if tag == "conditionalFormatting":
                self.conditional += self._condition.found()
                self._condition = None

    def _finish(self, cell: dict[str, str], text: str) -> None:
        kind, style = cell.get("t", "n"), cell.get("s")
        place = self._row, self._column
        if kind in ("s", "inlineStr") and self.styles.of_cell(style).is_old_font:
            self.in_old_fonts.append(place)
        if text:
            marker = self._marker(kind, style, text)
        elif self._formula and kind != "str":
            # With kind "str" the formula was calculated, to an empty text.
            marker = NoCachedValue()
        else:
            return
        if marker is not None:
            self.special[place] = marker
        self.height = max(self.height, self._row + 1)
        self.width = max(self.width, self._column + 1)

    def _marker(self, kind: str, style: str | None, text: str) -> Marker | None:
        is_plain = self.styles.is_plain(style)
        match kind:
            case "e":
                return CellError(text)
            case "n":
                if is_plain and not self._hides_zeros:
                    return None
                try:
                    number = float(text)
                except ValueError:
                    return None
                if self._hides_zeros and number == 0:
                    return Why.NOT_SHOWN
                return marker_of_number(self.styles.of_cell(style), number)
            case "s" | "inlineStr" | "str":
                marker = None if is_plain else _marker_of_text(self.styles.of_cell(style))
                if marker is not None:
                    return marker
                if kind == "s":
                    return self.texts.get(int(text)) if self.texts else None
                return self._rich.as_seen() if self._rich is not None else None
        return None


class _Condition:
    """The conditional formats of some areas, old style (``sqref``) and new (``xm:sqref``)."""

    def __init__(self, styles: Styles, sqref: str):
        self.styles, self.sqref = styles, sqref
        self.looks: set[Look | None] = set()
        self._inline: Look | None = None
        self._is_in_reference = False

    def start(self, tag: str, said: dict[str, str]) -> None:
        match tag:
            case "cfRule":
                self.looks.add(self.styles.of_condition(said.get("dxfId")))
            case "dataBar" | "iconSet" if said.get("showValue") in ("0", "false"):
                self.looks.add(None)
            case "dxf":
                self._inline = Look()
            case "numFmt" if self._inline is not None:
                code = said.get("formatCode", "")
                self._inline = Look(code, self._inline.is_struck, self._inline.is_raised)
            case "sqref":
                self._is_in_reference = True
            case _ if self._inline is not None:
                self._inline = with_font(self._inline, tag, said)

    def characters(self, text: str) -> None:
        if self._is_in_reference:
            self.sqref += text

    def end(self, tag: str) -> None:
        if tag == "sqref":
            self._is_in_reference = False
            self.sqref += " "
        elif tag == "dxf" and self._inline is not None:
            self.looks.add(self._inline)
            self._inline = None

    def found(self) -> list[tuple[Merge, Look | None]]:
        """Each area with each look that may change what its numbers say."""
        looks = [
            look
            for look in self.looks
            if look is None or look.format is not None or look.is_struck or look.is_raised
        ]
        return [(_area(part), look) for part in self.sqref.split() for look in looks]


def _area(reference: str) -> Merge:
    """The corners of ``B2:C9`` or ``B2``, counted from 0. Raises ValueError."""
    first, _colon, last = reference.replace("$", "").partition(":")
    return _indices(first), _indices(last or first)


def _is_true(text: str | None) -> bool:
    return text in ("1", "true")


def _is_below(size: str | None, least: float) -> bool:
    """Whether a height or width is stated, and too small to be seen."""
    return size is not None and float(size) < least


def _indices(place: str) -> tuple[int, int]:
    """Row and column counted from 0 of a reference like ``C7``. Raises ValueError."""
    letters = place.rstrip("0123456789")
    row, column = int(place[len(letters) :]), 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z" or column > 20_000:
            raise ValueError(f"no cell reference: {place!r}")
        column = column * 26 + ord(letter) - ord("A") + 1
    if not (1 <= row <= 1_048_576 and 1 <= column <= MAX_COLUMNS):
        raise ValueError(f"no cell reference: {place!r}")
    return row - 1, column - 1
