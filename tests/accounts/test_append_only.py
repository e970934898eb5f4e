"""Rows of append-only tables can be added and nothing else, whoever asks and however."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from steering.accounts.actions import write_journal
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.append_only import (
    TABLES,
    AppendOnly,
    install,
    missing_triggers,
    released,
    remove,
)
from steering.accounts.checks import append_only_tables_have_triggers
from steering.accounts.models import JournalEntry

JOURNAL = "accounts_journalentry"


@pytest.fixture
def entry(outsider) -> JournalEntry:
    return write_journal(actor=COMMAND_LINE, action="look", subject=outsider, why="as it was")


def refuses(action) -> str:
    """What the database says when ``action`` is refused; fails if it is not."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        action()
    return str(refusal.value)


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_orm_cannot_change_a_row(entry):
    entry.why = "otherwise"
    assert "append-only" in refuses(entry.save)
    assert "append-only" in refuses(lambda: JournalEntry.objects.update(why="otherwise"))
    entry.refresh_from_db()
    assert entry.why == "as it was"


def test_the_orm_cannot_delete_a_row(entry):
    assert "append-only" in refuses(entry.delete)
    assert "append-only" in refuses(JournalEntry.objects.all().delete)
    assert JournalEntry.objects.count() == 1


@pytest.mark.parametrize(
    "sql", [f"UPDATE {JOURNAL} SET why = 'otherwise'", f"DELETE FROM {JOURNAL}"]
)
def test_raw_sql_gets_no_further(entry, sql):
    assert "append-only" in refuses(lambda: run(sql))
    entry.refresh_from_db()
    assert entry.why == "as it was"


@pytest.mark.django_db(transaction=True)
def test_no_other_verb_changes_a_row_either(entry):
    sly = {
        "sqlite": f"REPLACE INTO {JOURNAL} SELECT * FROM {JOURNAL}",
        "postgresql": f"TRUNCATE {JOURNAL}",
    }
    assert "append-only" in refuses(lambda: run(sly[connection.vendor]))
    assert JournalEntry.objects.get() == entry


def test_rows_can_still_be_added(entry, outsider):
    write_journal(actor=COMMAND_LINE, action="look again", subject=outsider)
    assert JournalEntry.objects.count() == 2


@pytest.mark.parametrize("table", TABLES)
def test_every_table_of_the_list_exists_and_has_its_triggers(db, table):
    assert table in connection.introspection.table_names()
    assert missing_triggers(connection, [table]) == []


def test_the_list_names_every_table_that_a_migration_made_append_only(db):
    loader = MigrationExecutor(connection).loader
    made = {
        operation.table
        for migration in loader.disk_migrations.values()
        for operation in migration.operations
        if isinstance(operation, AppendOnly)
    }
    assert made == set(TABLES)


def test_the_check_names_a_table_that_lost_its_triggers(db):
    assert append_only_tables_have_triggers(None, ["default"]) == []
    remove(connection, JOURNAL)
    (error,) = append_only_tables_have_triggers(None, ["default"])
    assert error.id == "accounts.E001"
    assert JOURNAL in error.msg


def test_manage_check_fails_where_triggers_are_missing(db):
    call_command("check", databases=["default"])
    remove(connection, JOURNAL)
    with pytest.raises(SystemCheckError, match=JOURNAL):
        call_command("check", databases=["default"])


def test_installing_twice_is_safe(entry):
    install(connection, JOURNAL)
    install(connection, JOURNAL)
    assert missing_triggers(connection) == []


def test_released_lets_go_inside_the_block_only(entry):
    with released([JOURNAL]):
        JournalEntry.objects.update(why="by an intruder")
    assert JournalEntry.objects.get().why == "by an intruder"
    assert "append-only" in refuses(entry.delete)


def test_the_operation_can_be_undone_and_done_again(entry):
    migration = import_module("steering.accounts.migrations.0002_journal_append_only").Migration
    (operation,) = migration.operations
    state = MigrationExecutor(connection).loader.project_state()
    editor = connection.schema_editor(atomic=False)
    operation.database_backwards("accounts", editor, state, state)
    assert missing_triggers(connection) == [JOURNAL]
    operation.database_forwards("accounts", editor, state, state)
    assert missing_triggers(connection) == []


@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_may_leave_append_only_rows_behind(outsider):
    write_journal(actor=COMMAND_LINE, action="look", subject=outsider)
    assert JournalEntry.objects.count() == 1


def test_tables_of_the_list_belong_to_models():
    tables = {model._meta.db_table for model in apps.get_models()}
    assert set(TABLES) <= tables
