"""PostgreSQL itself bars two units of one code, or two parents of one unit, at the same time.

SQLite has no exclusion constraints; there the actions look inside their transaction. The models
say nothing of them, because a constraint of the models would have to exist on both databases.
"""

from django.db import migrations

ADD = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """
    ALTER TABLE districts_unit ADD CONSTRAINT unit_code_tier_no_overlap
    EXCLUDE USING gist (
        code WITH =, tier WITH =, daterange(established_on, abolished_on) WITH &&
    ) WHERE (established_on IS NOT NULL)
    """,
    """
    ALTER TABLE districts_placement ADD CONSTRAINT placement_unit_no_overlap
    EXCLUDE USING gist (unit_id WITH =, daterange(since, until) WITH &&)
    WHERE (since IS NOT NULL)
    """,
)
REMOVE = (
    "ALTER TABLE districts_placement DROP CONSTRAINT placement_unit_no_overlap",
    "ALTER TABLE districts_unit DROP CONSTRAINT unit_code_tier_no_overlap",
)


def add_on_postgresql(apps, schema_editor):
    _execute_on_postgresql(schema_editor, ADD)


def remove_on_postgresql(apps, schema_editor):
    _execute_on_postgresql(schema_editor, REMOVE)


def _execute_on_postgresql(schema_editor, statements):
    if schema_editor.connection.vendor == "postgresql":
        for statement in statements:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("districts", "0001_initial")]

    operations = [migrations.RunPython(add_on_postgresql, remove_on_postgresql)]
