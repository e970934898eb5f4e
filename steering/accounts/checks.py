"""System check: append-only tables still have their triggers."""

from django.core.checks import Error, Tags, register
from django.db import connections

from .append_only import missing_triggers


@register(Tags.database)
def append_only_tables_have_triggers(app_configs, databases, **kwargs):
    """accounts.E001: a table that must be append-only lost its triggers."""
    return [
        Error(
            f"The append-only triggers of {table} are missing.",
            hint="Add AppendOnly(table) after the migration that rebuilt the table.",
            id="accounts.E001",
        )
        for alias in databases or []
        for table in missing_triggers(connections[alias])
    ]
