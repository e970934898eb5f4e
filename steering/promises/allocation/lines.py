"""The rows of a table as the page prints them: every text once, before the template runs."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from commitments.actions.targets.allocating import Saved

from .table import Row, Table
from .wording import conflict_words

NOTHING = "–"
_PLAIN = SafeString("")


@dataclass(frozen=True)
class Line:
    """One row in words. ``was`` stands on the server, ``text`` in the field: one's own text where
    it was kept back. ``given`` and ``numbers`` are attributes for scripts."""

    code: str
    name: str
    text: str
    was: str
    version: str
    base: str
    last: str
    last_coverage: str
    coverage: str
    change: str
    messages: list[tuple[str, str]]
    tone: str
    is_open: bool
    was_locked: str
    checked: SafeString
    given: SafeString
    numbers: SafeString
    error: str
    conflict: str


def lines_of(table: Table, kept_back: Mapping[str, Saved]) -> list[Line]:
    """Every row, with what was kept back of it."""
    is_open, is_rate = table.is_open, table.is_rate
    return [_line(row, table, kept_back.get(row.unit.code), is_open, is_rate) for row in table.rows]


def _line(row: Row, table: Table, back: Saved | None, is_open: bool, is_rate: bool) -> Line:
    own = table.own_texts.get(row.unit.code)
    error = back.error.message if back and back.error else ""
    conflict = conflict_words(back.conflict, table.place) if back and back.conflict else ""
    wrong = bool(error or conflict or row.blocks)
    messages = [(text, "wrong") for text in (error, conflict) if text]
    messages += [(text, "wrong" if blocks else "asks") for text, blocks in row.messages]
    share = row.share
    return Line(
        code=row.unit.code,
        name=row.unit.full_name,
        text=row.text if own is None else own,
        was=row.text if is_open and not row.is_assigned else row.text or NOTHING,
        version=row.version,
        base=row.base or NOTHING,
        last=row.last or NOTHING,
        last_coverage=row.last_coverage or NOTHING,
        coverage=(row.people if is_rate else row.coverage) or NOTHING,
        change=row.change or NOTHING,
        messages=messages,
        tone="is-wrong" if wrong else "is-asked" if messages else "",
        is_open=is_open and not row.is_assigned,
        was_locked="1" if share.locked else "0",
        checked=SafeString(" checked") if share.locked else _PLAIN,
        given=_given(row) if row.is_assigned else _PLAIN,
        numbers=_numbers(row, wrong),
        error=error,
        conflict=conflict,
    )


def _given(row: Row) -> SafeString:
    """What scripts count of a unit that has its target already."""
    return format_html(
        ' data-given="{}" data-base="{}"', _bare(row.share.value), _bare(row.share.base)
    )


def _numbers(row: Row, wrong: bool) -> SafeString:
    """What scripts count with, without separators."""
    share = row.share
    return format_html(
        ' data-value="{}" data-base="{}" data-last="{}"{}{}',
        _bare(share.value),
        _bare(share.base),
        _bare(share.last),
        SafeString(" readonly") if share.locked else "",
        SafeString(' aria-invalid="true"') if wrong else "",
    )


def _bare(number: int | None) -> str:
    return "" if number is None else str(number)
