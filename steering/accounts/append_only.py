"""Tables whose rows may be added but never changed or deleted, held by database triggers.

Neither the ORM nor raw SQL gets past them. ``AppendOnly("table")`` is the migration operation;
``missing_triggers`` says which tables lost theirs, which happens on SQLite when a later migration
rebuilds a table (put ``AppendOnly`` after such an operation again).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations.base import Operation

# The registry every migration of an append-only table adds to; the system check reads it.
TABLES = (
    "accounts_journalentry",
    "commitments_revision",
    "commitments_move",
    "commitments_periodevent",
    "commitments_commitment",
    "commitments_commitmentline",
    "commitments_commitmentevent",
    "commitments_paper",
    "commitments_paperwithdrawal",
    "commitments_link",
    "commitments_taskevent",
    "reports_judgement",
    "collection_receipt",
    "collection_reminder",
    "collection_dispute",
    "collection_answer",
)

_REFUSED = {
    "sqlite": {"UPDATE": "", "DELETE": ""},
    "postgresql": {
        "UPDATE": "FOR EACH ROW",
        "DELETE": "FOR EACH ROW",
        "TRUNCATE": "FOR EACH STATEMENT",
    },
}
"""What each database must refuse. REPLACE on SQLite deletes, and settings have it fire triggers."""


def install(database: BaseDatabaseWrapper, table: str) -> None:
    """Make changes to the rows of ``table`` fail in the database itself. Safe to repeat."""
    remove(database, table)
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$ "
                "BEGIN RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME "
                "USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql"
            )
            body = "EXECUTE FUNCTION refuse_change()"
        else:
            body = f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are append-only'); END"
        for verb, each in _REFUSED[database.vendor].items():
            name = _trigger(table, verb)
            cursor.execute(f'CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}" {each} {body}')


def remove(database: BaseDatabaseWrapper, table: str) -> None:
    """Take the triggers away: for a migration that must rebuild, and to clean test databases."""
    on = f' ON "{table}"' if database.vendor == "postgresql" else ""
    with database.cursor() as cursor:
        for verb in _REFUSED[database.vendor]:
            cursor.execute(f'DROP TRIGGER IF EXISTS "{_trigger(table, verb)}"{on}')


def _trigger(table: str, verb: str) -> str:
    return f"{table}_no_{verb.lower()}"


def missing_triggers(database: BaseDatabaseWrapper, tables: Iterable[str] = TABLES) -> list[str]:
    """Which of ``tables`` exist without all of their triggers."""
    source = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if database.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with database.cursor() as cursor:
        cursor.execute(source)
        found = {row[0] for row in cursor.fetchall()}
        existing = set(database.introspection.table_names(cursor))
    return [
        table
        for table in tables
        if table in existing
        and not {_trigger(table, verb) for verb in _REFUSED[database.vendor]} <= found
    ]


@contextmanager
def released(tables: Iterable[str] = TABLES) -> Iterator[None]:
    """Without triggers inside the block. For tests that empty the database or play the intruder."""
    tables = list(tables)
    for table in tables:
        remove(connection, table)
    try:
        yield
    finally:
        for table in tables:
            install(connection, table)


class AppendOnly(Operation):
    """Migration operation: the table takes new rows only, from here on."""

    reversible = True
    reduces_to_sql = False

    def __init__(self, table: str):
        self.table = table

    def state_forwards(self, app_label, state):
        """Triggers are no part of Django's model state."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        install(schema_editor.connection, self.table)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        remove(schema_editor.connection, self.table)

    def describe(self):
        return f"Make {self.table} append-only"
