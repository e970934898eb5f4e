"""Questions asked on every page in the same words: built once, from the same querysets.

Building a query takes the ORM many times as long as a small one takes the database. What is kept
is the text of the question, which depends on the models alone; the answer is read each time.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Expression, Field, QuerySet


class Given(Expression):
    """Stands in a filter for a value that is named when the question is asked.

    ``field`` says of which kind it is and puts it into the database's words.
    """

    def __init__(self, name: str, field: Field):
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler, connection) -> tuple[str, list["Given"]]:
        return "%s", [self]

    def held(self, value: Any) -> Any:
        return self.output_field.get_db_prep_value(value, connection)


class Prepared:
    """A queryset of plain columns, with ``Given`` in its filters, ready to be asked."""

    def __init__(self, build: Callable[[], QuerySet]):
        self._build = build

    @cached_property
    def _question(self) -> tuple[str, tuple[Any, ...]]:
        return self._build().query.get_compiler(connection=connection).as_sql()

    def ask(self, **given: Any) -> list[tuple[Any, ...]]:
        """The rows as the database holds them, for the values ``given`` by name."""
        sql, params = self._question
        values = [
            param.held(given[param.name]) if isinstance(param, Given) else param for param in params
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()
