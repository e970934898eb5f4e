"""Questions asked on every page in the same words: built once, from the same querysets.

Building a query takes the ORM many times as long as a small one takes the database. What is kept
is the text of the question, which depends on the models alone; the answer is read each time.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from django.db import connection, connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler


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
    """A queryset with ``Given`` in its filters, ready to be asked."""

    def __init__(self, build: Callable[[], QuerySet]):
        self._build = build

    @cached_property
    def _compiled(self) -> tuple[SQLCompiler, str, tuple[Any, ...]]:
        compiler = self._build().query.get_compiler(connection=connection)
        return compiler, *compiler.as_sql()

    def ask(self, **given: Any) -> list[tuple[Any, ...]]:
        """The rows as the database holds them, for the values ``given`` by name."""
        with connection.cursor() as cursor:
            cursor.execute(*self.statement(**given))
            return cursor.fetchall()

    def statement(self, **given: Any) -> tuple[str, list[Any]]:
        """The question in the words of the database, to stand in a larger one."""
        _compiler, sql, params = self._compiled
        return sql, [
            param.held(given[param.name]) if isinstance(param, Given) else param for param in params
        ]

    def objects(self, **given: Any) -> list[Any]:
        """The same of a queryset of objects: each with its annotations, related ones left out."""
        model, names, annotated, converters = self._form
        rows, held, made = self.ask(**given), connections[connection.alias], []
        for row in rows:
            values = list(row)
            for place, (functions, column) in converters.items():
                for function in functions:
                    values[place] = function(values[place], column, held)
            one = model.from_db(held.alias, names, values[: len(names)])
            for name, place in annotated.items():
                setattr(one, name, values[place])
            made.append(one)
        return made

    @cached_property
    def _form(self) -> tuple[type[Model], list[str], Mapping[str, int], Mapping[int, tuple]]:
        """The model, its columns, the places of annotations, and how values become Python's."""
        compiler, _sql, _params = self._compiled
        columns = [column for column, _sql, _alias in compiler.select]
        own = compiler.klass_info["select_fields"]
        names = [columns[place].target.attname for place in own]
        return (
            compiler.klass_info["model"],
            names,
            compiler.annotation_col_map,
            compiler.get_converters(columns),
        )
