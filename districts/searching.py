"""Searching texts of the database without accents, where no key was stored beside them."""

from functools import lru_cache

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, TextField
from django.db.models.sql.compiler import SQLCompiler

from .vietnamese import search_key


class SearchKey(Func):
    """A text as ``vietnamese.search_key`` folds it, in the database: compare with a folded text.

    It reads every row it is asked about, so it is for people who search, not for pages that are
    opened all day. PostgreSQL folds by itself; SQLite calls our function.
    """

    function = "search_key"
    arity = 1
    output_field = TextField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context):
        connection.ensure_connection()
        connection.connection.create_function("search_key", 1, _folded, deterministic=True)
        return self.as_sql(compiler, connection, **context)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context):
        template = (
            "replace(regexp_replace(normalize(lower(%(expressions)s), NFD), "
            "'[\u0300-\u036f]', '', 'g'), 'đ', 'd')"
        )
        return self.as_sql(compiler, connection, template=template, **context)


@lru_cache(maxsize=50_000)  # few texts stand in very many rows
def _folded(text: str | None) -> str | None:
    return None if text is None else search_key(text)
