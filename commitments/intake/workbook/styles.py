"""How cells look, as far as looks change what is read: number formats, fonts, struck-out text."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from .markup import elements
from .number_formats import GENERAL, number_format

_OLD_FONTS = (".VN", "VNI-")
_BUILT_IN = {"9": "0%", "10": "0.00%"}
"""The formats without a code of their own in the file that do not show the number itself."""
_GROUPS = frozenset(
    {"fonts", "fills", "borders", "cellXfs", "cellStyles", "cellStyleXfs", "dxfs", "numFmts"}
)


@dataclass(frozen=True)
class Look:
    """The look of cells: a number format (None: not said), and what their font does to text."""

    format: str | None = None
    is_struck: bool = False
    is_raised: bool = False
    is_old_font: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether a number in such a cell reads as the number itself, and a text as itself."""
        marked = self.is_struck or self.is_raised
        return not marked and number_format(self.format or GENERAL).is_plain


@dataclass(frozen=True)
class Styles:
    """The looks of cells by style number, and those that conditional formats may put over them."""

    cells: tuple[Look, ...] = ()
    conditional: tuple[Look, ...] = ()

    def of_cell(self, style: str | None) -> Look:
        """The look of a cell with that ``s``; a cell without one has the first."""
        number = int(style or 0)
        return self.cells[number] if 0 <= number < len(self.cells) else Look()

    def is_plain(self, style: str | None) -> bool:
        """Whether everything in cells of that style reads as what they hold."""
        return int(style or 0) not in self._special

    @cached_property
    def _special(self) -> frozenset[int]:
        return frozenset(number for number, look in enumerate(self.cells) if not look.is_plain)

    def of_condition(self, number: str | None) -> Look:
        """What a conditional format with that ``dxfId`` makes of cells."""
        if number is None or not number.isdecimal() or int(number) >= len(self.conditional):
            return Look()
        return self.conditional[int(number)]


def read_styles(xml: bytes) -> Styles:
    """The styles of a workbook from its ``xl/styles.xml``; empty where it has none."""
    if not xml:
        return Styles()
    codes, fonts = dict(_BUILT_IN), []
    looks: list[tuple[str, str]] = []
    conditional: list[Look] = []
    for group, tag, said in _grouped(xml):
        match group, tag:
            case "numFmts", "numFmt":
                codes[said.get("numFmtId", "")] = said.get("formatCode", "")
            case "fonts", "font":
                fonts.append(Look())
            case "fonts", _ if fonts:
                fonts[-1] = with_font(fonts[-1], tag, said)
            case "cellXfs", "xf":
                looks.append((said.get("numFmtId", "0"), said.get("fontId", "0")))
            case "dxfs", "dxf":
                conditional.append(Look())
            case "dxfs", "numFmt" if conditional:
                conditional[-1] = replace(conditional[-1], format=said.get("formatCode", ""))
            case "dxfs", _ if conditional:
                conditional[-1] = with_font(conditional[-1], tag, said)
    by_id = {str(number): font for number, font in enumerate(fonts)}
    cells = (replace(by_id.get(font, Look()), format=codes.get(code)) for code, font in looks)
    return Styles(tuple(cells), tuple(conditional))


def with_font(look: Look, tag: str, said: dict[str, str]) -> Look:
    """A look with what one element of a font adds to it."""
    match tag:
        case "name" | "rFont":
            is_old = said.get("val", "").upper().startswith(_OLD_FONTS)
            return replace(look, is_old_font=is_old)
        case "strike":
            return replace(look, is_struck=said.get("val", "1") not in ("0", "false"))
        case "vertAlign":
            return replace(look, is_raised=said.get("val") in ("superscript", "subscript"))
        case _:
            return look


def _grouped(xml: bytes) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Each element with the list it stands in."""
    group = ""
    for tag, said in elements(xml):
        if tag in _GROUPS:
            group = tag
        else:
            yield group, tag, said
