"""What the database knows of how many rows its tables hold and how they are spread.

By that it chooses how to read them. SQLite never looks by itself, and PostgreSQL only some time
after: a page that is opened meanwhile is read as if the tables were empty.
"""

from django.db import DEFAULT_DB_ALIAS, connections, transaction

MANY = 10_000
"""After so many new rows what was known before leads astray; a province's month is 4,000."""


def renew_statistics(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Have the database look at every table anew; it reads at most as much as its indexes hold."""
    connection = connections[using]
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("ANALYZE")
            return
        # Ours by name: the tables of the server itself are its owner's to look at.
        tables = connection.introspection.django_table_names(only_existing=True)
        cursor.execute(f"ANALYZE {', '.join(map(quoted, tables))}")


def renew_statistics_after(rows: int) -> None:
    """The same once the caller has committed, if it wrote ``MANY`` rows.

    What was written stands, whatever becomes of looking at it.
    """
    if rows >= MANY:
        transaction.on_commit(renew_statistics, robust=True)
