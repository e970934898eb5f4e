"""What a piece of work asks of the database, played back through a bare cursor: its floor."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import process_time

from django.db import connection, transaction

Statement = tuple[str, object]


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """The statements that run inside, with their parameters."""
    statements: list[Statement] = []

    def keep(execute, sql, params, many, context):
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield statements


def seconds_of(statements: Sequence[Statement]) -> float:
    """CPU time of the statements through a bare cursor, in a transaction of their own."""
    began = process_time()
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()
    return process_time() - began
