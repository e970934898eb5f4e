"""What calamine does not tell of a workbook, read from its XML: styles, errors, what is hidden."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from .cells import CellError, NoCachedValue, Percent

MAX_COLUMNS = 16_384
_OLD_FONTS = (".VN", "VNI-")


def elements(xml: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Each element's name without prefix, and its attributes, in document order."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = _parser()
    parser.StartElementHandler = lambda tag, attributes: found.append((_local(tag), attributes))
    parser.Parse(xml, True)
    return iter(found)


def _parser():
    """An XML parser that takes no document types, so entities cannot expand."""
    parser = expat.ParserCreate()

    def refuse(*_declaration) -> NoReturn:
        raise ValueError("a document type in a workbook")

    parser.StartDoctypeDeclHandler = refuse
    parser.buffer_text = True
    return parser


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def sheet_paths(parts: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """Sheet name and the path of its XML."""
    targets = {
        attributes["Id"]: attributes["Target"]
        for tag, attributes in elements(parts["xl/_rels/workbook.xml.rels"])
        if tag == "Relationship"
    }
    for tag, attributes in elements(parts["xl/workbook.xml"]):
        if tag == "sheet":
            key = next((v for name, v in attributes.items() if name.endswith(":id")), "")
            target = targets[key]
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            yield attributes["name"], path


def special_styles(xml: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """The style numbers of cells that show a percentage, and of cells in an old font."""
    if not xml:
        return frozenset(), frozenset()
    percent, fonts, looks = {"9", "10"}, [], []
    group = ""
    for tag, attributes in elements(xml):
        if tag == "numFmt" and "%" in attributes.get("formatCode", ""):
            percent.add(attributes.get("numFmtId", ""))
        elif tag in ("fonts", "cellXfs", "cellStyles", "cellStyleXfs", "dxfs", "fills"):
            group = tag
        elif tag == "font" and group == "fonts":
            fonts.append("")
        elif tag == "name" and group == "fonts" and fonts:
            fonts[-1] = attributes.get("val", "")
        elif tag == "xf" and group == "cellXfs":
            looks.append((attributes.get("numFmtId", "0"), attributes.get("fontId", "0")))
    old = {str(number) for number, name in enumerate(fonts) if name.upper().startswith(_OLD_FONTS)}
    return (
        frozenset(str(number) for number, look in enumerate(looks) if look[0] in percent),
        frozenset(str(number) for number, look in enumerate(looks) if look[1] in old),
    )


@dataclass
class Scan:
    """One pass over a sheet's XML: its extent, what is hidden, errors, formulas, percentages."""

    percent_styles: frozenset[str]
    old_styles: frozenset[str] = frozenset()
    in_old_fonts: list[tuple[int, int]] = field(default_factory=list)
    special: dict[tuple[int, int], CellError | NoCachedValue | type[Percent]] = field(
        default_factory=dict
    )
    height: int = 0
    width: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    _row: int = -1
    _column: int = -1
    _cell: dict[str, str] = field(default_factory=dict)
    _formula: bool = False
    _text: str = ""
    _in_value: bool = False

    def read(self, xml: bytes) -> None:
        parser = _parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.Parse(xml, True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match _local(tag):
            case "c":
                self._cell, self._formula, self._text = attributes, False, ""
                place = attributes.get("r")
                if place is None:
                    self._column += 1
                else:
                    self._row, self._column = _indices(place)
            case "row":
                number = attributes.get("r")
                self._row = self._row + 1 if number is None else int(number) - 1
                self._column = -1
                if _is_hidden(attributes):
                    self.hidden_rows.add(self._row)
            case "col" if _is_hidden(attributes):
                first, last = int(attributes["min"]), int(attributes["max"])
                self.hidden_columns.update(range(first - 1, min(last, MAX_COLUMNS)))
            case "f":
                self._formula = True
            case "v" | "t":
                self._in_value = True

    def _characters(self, text: str) -> None:
        if self._in_value:
            self._text += text

    def _end(self, tag: str) -> None:
        tag = _local(tag)
        if tag in ("v", "t"):
            self._in_value = False
        elif tag == "c":
            self._finish()

    def _finish(self) -> None:
        kind = self._cell.get("t", "n")
        place = self._row, self._column
        if kind in ("s", "inlineStr") and self._cell.get("s") in self.old_styles:
            self.in_old_fonts.append(place)
        if self._text:
            if kind == "e":
                self.special[place] = CellError(self._text)
            elif kind == "n" and self._cell.get("s") in self.percent_styles:
                self.special[place] = Percent
        elif self._formula and kind != "str":
            # With kind "str" the formula was calculated, to an empty text.
            self.special[place] = NoCachedValue()
        else:
            return
        self.height = max(self.height, self._row + 1)
        self.width = max(self.width, self._column + 1)


def _is_hidden(attributes: dict[str, str]) -> bool:
    return attributes.get("hidden") in ("1", "true")


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
