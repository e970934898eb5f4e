"""Writing rows by the thousand, as they are.

A province's month is four thousand numbers, and a model object for each would take ten times as
long as the database does. The constraints of a table are kept by the table, so nothing is lost.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.db import connection
from django.db.models import Field, Model

_PLAIN = frozenset({int, str, bool, type(None)})
"""What both databases take as it is; a moment or a day is put into their words first."""


def write_rows(
    model: type[Model],
    fields: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    same: Mapping[str, Any] = MappingProxyType({}),
    unique: Sequence[str] = (),
) -> None:
    """Insert ``rows``, each holding the values of ``fields`` in their order.

    ``same`` are further fields, of which all rows have one value.

    Where a row with the same ``unique`` fields stands, it takes the new values instead; no two of
    ``rows`` may then be of one key. A default that only the model knows is not put in.
    """
    own, shared = _columns(model, fields), _columns(model, same)
    columns, always = shared + own, _held(shared, same.values())
    values = [always + _held(own, row) for row in rows]
    if not values:
        return
    head = f"INSERT INTO {_quoted(model._meta.db_table)} ({_list(columns)}) VALUES "
    tail = _on_conflict(model, columns, unique)
    place = f"({', '.join(['%s'] * len(columns))})"
    size = connection.ops.bulk_batch_size(columns, values)
    with connection.cursor() as cursor:
        for start in range(0, len(values), size):
            batch = values[start : start + size]
            sql = head + ", ".join([place] * len(batch)) + tail
            cursor.execute(sql, [value for row in batch for value in row])


def _columns(model: type[Model], names: Iterable[str]) -> list[Field]:
    return [model._meta.get_field(name) for name in names]


def _held(columns: Sequence[Field], values: Iterable[Any]) -> list[Any]:
    """Values as the database takes them."""
    return [
        value if type(value) in _PLAIN else column.get_db_prep_save(value, connection)
        for column, value in zip(columns, values, strict=True)
    ]


def _on_conflict(model: type[Model], columns: Sequence[Field], unique: Sequence[str]) -> str:
    if not unique:
        return ""
    key = _columns(model, unique)
    taken = ", ".join(
        f"{_quoted(column.column)} = EXCLUDED.{_quoted(column.column)}"
        for column in columns
        if column not in key
    )
    return f" ON CONFLICT ({_list(key)}) DO UPDATE SET {taken}"


def _list(columns: Sequence[Field]) -> str:
    return ", ".join(_quoted(column.column) for column in columns)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
