"""How wide the columns of a table are, and how large its letters may be, so that nothing is cut.

Neither Word nor a PDF warns of a number that is cut in two at the edge of its cell: every word is
measured beforehand. Both writers take the widths found here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .document import Document, Row, Table
from .fonts import width

PADDING = 1.0
"""Millimetres between the rule of a cell and its text, left and right."""
PADDING_ABOVE = 1.0
"""Points above and below it."""
LARGEST_NUMBER = 10
"""Size of the numbers of columns, in points, where the table is not smaller."""
SMALLEST, READABLE = 7, 9
SHORT, LONG = 210.0, 297.0
LEFT, RIGHT, RIGHT_LANDSCAPE, TOP, BOTTOM = 30.0, 20.0, 15.0, 20.0, 20.0
_SLACK = 0.4
_LONGEST_IN_ONE_LINE, _WIDEST = 60.0, 92.0


class DoesNotFit(Exception):
    """A table has more columns than a page can hold at the smallest size."""


@dataclass(frozen=True)
class Grid:
    """The size of the letters of a table, in points, and the width of each column."""

    size: int
    widths: tuple[float, ...]


def text_width(landscape: bool) -> float:
    """The room between the margins."""
    return LONG - LEFT - RIGHT_LANDSCAPE if landscape else SHORT - LEFT - RIGHT


def fitted(document: Document) -> Document:
    """The document on its side where a table would not fit upright at a size people can read."""
    tables = [block for block in document.blocks if isinstance(block, Table)]
    if document.landscape or all(_fits(table, landscape=False) for table in tables):
        return document
    return replace(document, landscape=True)


def grid(table: Table, *, landscape: bool) -> Grid:
    """The largest size at which every word fits its column. Raises DoesNotFit.

    Smaller, as long as people can read it, where names then stay on one line.
    """
    room = text_width(landscape)
    for whole, smallest in ((True, READABLE), (False, SMALLEST)):
        for size in range(table.largest, smallest - 1, -1):
            places = range(len(table.columns))
            least = [_least(table, place, size, whole=whole) for place in places]
            if sum(least) <= room:
                return Grid(size, tuple(_spread(table, least, size, room)))
    raise DoesNotFit(f"{len(table.columns)} columns need more than {room:.0f} mm.")


def middle(widths: Sequence[float]) -> int:
    """Where a table is parted in two of about the same width: how many columns stand left."""
    half, so_far = sum(widths) / 2, 0.0
    for place, wide in enumerate(widths):
        if so_far + wide / 2 > half and place:
            return place
        so_far += wide
    return max(1, len(widths) - 1)


def _fits(table: Table, *, landscape: bool) -> bool:
    """Whether it fits with letters at most two points smaller than wished for."""
    try:
        return grid(table, landscape=landscape).size >= table.largest - 2
    except DoesNotFit:
        return False


def _least(table: Table, place: int, size: int, *, whole: bool) -> float:
    """The widest word of a column with its padding; ``whole``: of one that grows, its texts."""
    column = table.columns[place]
    rows = {(row.cells[place], row.bold) for row in table.rows if not row.spans}
    words = {(word, True) for word in column.heading.split(" ")}
    words |= {(word, bold) for text, bold in rows for word in text.split(" ")}
    widest = max(width(word, size, bold=bold) for word, bold in words)
    widest = max(widest, width(column.number, min(size, LARGEST_NUMBER), italic=True))
    least = widest + 2 * PADDING + _SLACK
    if whole and column.grows:
        return max(least, min(_longest(table.rows, place, size), _LONGEST_IN_ONE_LINE))
    return least


def _spread(table: Table, least: list[float], size: int, room: float) -> list[float]:
    """The room that is left over: to columns of words as far as their longest text, then to all.

    Columns of words that want more than there is share it evenly.
    """
    widths = list(least)
    wanted = {
        place: max(0.0, min(_longest(table.rows, place, size), _WIDEST) - least[place])
        for place, column in enumerate(table.columns)
        if column.grows
    }
    for waiting, place in enumerate(sorted(wanted, key=lambda one: wanted[one])):
        share = (room - sum(widths)) / (len(wanted) - waiting)
        widths[place] += min(wanted[place], share)
    left = (room - sum(widths)) / len(widths)
    return [wide + left for wide in widths]


def _longest(rows: tuple[Row, ...], place: int, size: int) -> float:
    texts = {(row.cells[place], row.bold) for row in rows if not row.spans}
    longest = max((width(text, size, bold=bold) for text, bold in texts), default=0.0)
    return longest + 2 * PADDING + _SLACK
