"""Which rows of a list without end are on this page, and where do the pages beside it begin?

A page is what comes after the last row that somebody has seen, or before the first. Its address
names that row by what orders the list, so that rows which come or go meanwhile neither hide nor
repeat another, nothing is counted, and the thousandth page costs what the first one costs.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from urllib.parse import quote, unquote

from django.core.exceptions import ValidationError
from django.db.models import Field, Q, QuerySet
from django.utils.timezone import is_naive

_BETWEEN = "~"
"""Stands between the parts of a key; within a part it is escaped."""

Key = tuple[Any, ...]
Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, with the keys of the pages ``before`` and ``after``; empty if none."""

    rows: Sequence[Row]
    before: str = ""
    after: str = ""

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Turn:
    """Where an address stands in a list: after a key, ``back`` before one, or at the beginning."""

    key: str = ""
    back: bool = False

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Turn":
        """What ``?after=KEY`` or ``?before=KEY`` asks for."""
        if before := asked.get("before"):
            return cls(before, back=True)
        return cls(asked.get("after", ""))


FIRST = Turn()


def page_of(rows: QuerySet, turn: Turn, *, by: Sequence[str], size: int) -> Page:
    """The page of ``rows`` at ``turn``, in the order ``by``.

    ``by`` names columns or annotations that are never null, with ``-`` before those that fall;
    together they tell any two rows apart. A key that cannot be read leads to the first page.
    """
    columns = [(name.removeprefix("-"), name.startswith("-")) for name in by]
    key = read_key(turn.key, [_field(rows, name).to_python for name, _ in columns])

    def read(*, back: bool = False, beyond: Key | None = None) -> list:
        """One row more than a page holds: in the order, or ``back`` against it."""
        ordered = rows.order_by(*(f"{'-' * (falls != back)}{name}" for name, falls in columns))
        chosen = ordered if beyond is None else ordered.filter(_beyond(columns, beyond, back))
        return list(chosen[: size + 1])

    def page(shown: Sequence, *, before: bool, after: bool) -> Page:
        def key_of(row: Any) -> str:
            return write_key([getattr(row, name) for name, _ in columns])

        return Page(
            shown,
            before=key_of(shown[0]) if before else "",
            after=key_of(shown[-1]) if after else "",
        )

    if key and turn.back:
        if len(found := read(back=True, beyond=key)) > size:
            return page(found[size - 1 :: -1], before=True, after=True)
        # With those at the key, the few that are left before it make up the first page.
        key = None
    found = read(beyond=key)
    if key and not found:
        # What came after is gone meanwhile: this is the end of the list now.
        found = read(back=True)
        return page(found[size - 1 :: -1], before=len(found) > size, after=False)
    return page(found[:size], before=key is not None, after=len(found) > size)


def page_among(
    rows: Sequence[Row],
    turn: Turn,
    *,
    by: Callable[[Row], Key],
    kinds: Sequence[Callable[[str], Any]],
    size: int,
) -> Page[Row]:
    """The same of ``rows`` that were read and put into the order ``by`` already.

    ``kinds`` says of what kind each part of a key is.
    """
    key, keys = read_key(turn.key, kinds), [by(row) for row in rows]
    if key is None:
        start = 0
    elif turn.back:
        start = bisect_left(keys, key) - size
    else:
        start = bisect_right(keys, key)
    if start >= len(rows):
        start = len(rows) - size
    start = max(0, start)
    end = start + size
    return Page(
        rows[start:end],
        before=write_key(keys[start]) if start else "",
        after=write_key(keys[end - 1]) if end < len(rows) else "",
    )


def write_key(key: Sequence[Any]) -> str:
    """A key as an address holds it: ``2025-12-31~812``."""
    return _BETWEEN.join(_written(part) for part in key)


def read_key(text: str, kinds: Sequence[Callable[[str], Any]]) -> Key | None:
    """The key that an address holds; None where none can be read."""
    parts = [unquote(part) for part in text.split(_BETWEEN)]
    if len(parts) != len(kinds) or "\0" in "".join(parts):
        return None
    try:
        key = tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
    except (ValueError, ValidationError):
        return None
    if any(part is None or (isinstance(part, datetime) and is_naive(part)) for part in key):
        return None
    return key


def _written(part: Any) -> str:
    if isinstance(part, date):
        part = part.isoformat()
    elif isinstance(part, bool):
        part = int(part)
    return quote(str(part), safe=":").replace(_BETWEEN, "%7E")


def _field(rows: QuerySet, name: str) -> Field:
    if name in rows.query.annotations:
        return rows.query.annotations[name].output_field
    model = rows.model._meta
    return model.pk if name == "pk" else model.get_field(name)


def _beyond(columns: Sequence[tuple[str, bool]], key: Key, back: bool) -> Q:
    """Rows after ``key``, or ``back`` before it: the first part in which they differ decides."""
    (name, falls), *others = columns
    way = f"{name}__{'lt' if falls != back else 'gt'}"
    if not others:
        return Q(**{way: key[0]})
    # The bound says nothing new; but an index leads to it, and never to the one part or the other.
    bound = Q(**{f"{way}e": key[0]})
    return bound & (Q(**{way: key[0]}) | _beyond(others, key[1:], back) & Q(**{name: key[0]}))
