"""What the database knows of how full a table is."""

from django.db import connection
from django.db.models import Model


def rows_known(model: type[Model]) -> int:
    """How many rows the database believes a table to hold; 0 where it knows nothing."""
    asked = {
        "sqlite": "SELECT stat FROM sqlite_stat1 WHERE tbl = %s",
        # The number of rows outlives a transaction that is taken back; what is known of them not.
        "postgresql": "SELECT reltuples::bigint FROM pg_class WHERE relname = %s "
        "AND EXISTS (SELECT 1 FROM pg_stats WHERE tablename = relname)",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor], [model._meta.db_table])
        said = [str(stat) for (stat,) in cursor.fetchall()]
    return max((int(stat.split()[0]) for stat in said), default=0)
