"""The looks of marked cells, added to the styles a workbook already has."""

from collections.abc import Callable
from enum import StrEnum

from reports.workbook import style

from .splicing import (
    Edits,
    Element,
    children,
    elements,
    with_attributes,
)

PATH = "xl/styles.xml"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PLAIN_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="10"/><name val="Arial"/></font>'
    '</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill '
    'patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs '
    'count="1"><xf/></cellStyleXfs><cellXfs count="1"><xf/></cellXfs></styleSheet>'
)
"""For the rare workbook that has no styles at all."""


class Mark(StrEnum):
    """What a mark says of a cell, from the worst to the best."""

    ERROR = "error"
    WARNING = "warning"
    ACCEPTED = "accepted"


_COLOURS = {Mark.ERROR: ("C2361F", "FBE3DD"), Mark.WARNING: ("E5A100", "FDF0CF")}
_WORDS = {Mark.ERROR: style.RED_TEXT, Mark.WARNING: style.AMBER_TEXT, Mark.ACCEPTED: "0E5C46"}


class MarkedStyles:
    """Numbers of styles for marked cells; each is made when it is first asked for."""

    def __init__(self, xml: bytes):
        self._xml = xml
        found = elements(xml)
        by_name = {name: one for one in reversed(found) for name in [one.name] if one.depth == 1}
        self._groups: dict[str, Element | None] = {
            name: by_name.get(name) for name in ("fonts", "fills", "borders", "cellXfs")
        }
        if any(group is None for group in self._groups.values()):
            raise ValueError("a workbook without styles")
        cells = self._groups["cellXfs"]
        self._looks = [
            xml[one.start : one.end].decode() for one in children(found, cells) if one.name == "xf"
        ]
        self._count = {
            name: sum(1 for _one in children(found, group)) for name, group in self._groups.items()
        }
        self._prefix = cells.prefix
        self._added: dict[str, list[str]] = {name: [] for name in self._groups}
        self._known: dict[tuple[str, str], int] = {}

    def marked(self, before: str, mark: Mark) -> str:
        """The style of a cell that had style number ``before``, with border and fill of a mark."""
        if mark not in _COLOURS:
            return before
        number = int(before) if before.isdigit() and int(before) < len(self._looks) else 0
        return self._once(("cell", f"{mark} {number}"), lambda: self._marked(number, mark))

    def words(self, mark: Mark | None) -> str:
        """The style of the text beside a marked row; without a mark, of the heading over it."""
        return self._once(("words", str(mark)), lambda: self._words(mark))

    def done(self) -> bytes:
        edits = Edits(self._xml)
        for name, group in self._groups.items():
            if self._added[name]:
                total = str(self._count[name])
                tag = self._xml[group.start : group.inside].decode()
                if group.is_empty:
                    opened = with_attributes(tag, count=total)[:-2].rstrip() + ">"
                    closing = f"</{group.prefix}{name}>"
                    said = opened + "".join(self._added[name]) + closing
                    edits.replace(group.start, group.end, said)
                    continue
                edits.replace(group.start, group.inside, with_attributes(tag, count=total))
                edits.insert(group.last, "".join(self._added[name]))
        return edits.done()

    def _once(self, key: tuple[str, str], make: Callable[[], int]) -> str:
        if key not in self._known:
            self._known[key] = make()
        return str(self._known[key])

    def _add(self, group: str, xml: str) -> int:
        """Add an element to a group; returns its number. Its tags get the document's prefix."""
        marked = xml.replace("</", "\0").replace("<", f"<{self._prefix}")
        self._added[group].append(marked.replace("\0", f"</{self._prefix}"))
        self._count[group] += 1
        return self._count[group] - 1

    def _marked(self, number: int, mark: Mark) -> int:
        line, tint = _COLOURS[mark]
        sides = "".join(
            f'<{side} style="medium"><color rgb="FF{line}"/></{side}>'
            for side in ("left", "right", "top", "bottom")
        )
        border = self._once(
            ("border", mark), lambda: self._add("borders", f"<border>{sides}</border>")
        )
        fill = self._once(("fill", mark), lambda: self._add("fills", _filled(tint)))
        look = self._looks[number]
        tag, close, rest = look.partition(">")
        changed = with_attributes(
            tag + close, borderId=border, fillId=fill, applyBorder="1", applyFill="1"
        )
        self._added["cellXfs"].append(changed + rest)
        self._count["cellXfs"] += 1
        return self._count["cellXfs"] - 1

    def _words(self, mark: Mark | None) -> int:
        colour = _WORDS.get(mark, style.NAVY)
        bold = "" if mark else "<b/>"
        font = self._add(
            "fonts",
            f'<font>{bold}<sz val="10"/><color rgb="FF{colour}"/><name val="{style.TYPEFACE}"/>'
            "</font>",
        )
        return self._add(
            "cellXfs",
            f'<xf numFmtId="0" fontId="{font}" fillId="0" borderId="0" xfId="0" applyFont="1" '
            'applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>',
        )


def _filled(colour: str) -> str:
    return (
        f'<fill><patternFill patternType="solid"><fgColor rgb="FF{colour}"/>'
        '<bgColor indexed="64"/></patternFill></fill>'
    )
