"""The fastest possible: raw SQL that reads the numbers of a page and adds nothing up in Python.

Benchmarks hold against it what the site needs for the same numbers. Importing this sets up Django.
"""

import os
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steering.settings")
django.setup()

from django.db import connection  # noqa: E402

from districts.months import Month  # noqa: E402

clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
"""What is measured by: processor time where the database is part of this process. A server's share
is not in it; beside one the time that passes is all there is, on a machine with nothing else to do.
"""

STOCKS = """
SELECT node_id, indicator_id, month, approved, reported, units_approved, units_reported
FROM commitments_total
WHERE month IN (%(month)s, %(last)s, %(december)s) AND node_id IN ({nodes})"""

FLOWS = """
SELECT node_id, indicator_id, month >= %(january)s, SUM(approved), SUM(reported)
FROM commitments_total
WHERE (month BETWEEN %(january)s AND %(month)s OR month BETWEEN %(january)s - 12 AND %(last)s)
  AND node_id IN ({nodes})
  AND indicator_id IN (SELECT id FROM commitments_indicator WHERE kind = 'flow')
GROUP BY 1, 2, 3"""

TARGETS = """
SELECT t.unit_id, t.indicator_id, t.value, t.operator, t.deadline, d.number
FROM commitments_target t JOIN commitments_decision d ON d.id = t.decision_id
WHERE t.unit_id IN ({nodes}) AND d.authority = 'ppc' AND d.year = %(year)s
ORDER BY d.effective_on, d.issued_on"""

BASES = """
WITH latest AS (
  SELECT unit_id, indicator_id, MAX(month) AS given FROM commitments_base
  WHERE month <= %(month)s GROUP BY unit_id, indicator_id
)
SELECT a.ancestor_id, c.indicator_id, SUM(c.approved)
FROM latest
JOIN commitments_count c ON c.month = latest.given AND c.unit_id = latest.unit_id
  AND c.indicator_id = latest.indicator_id
JOIN districts_ancestry a ON a.descendant_id = c.unit_id
  AND a.since <= %(month)s AND a.until > %(month)s
WHERE a.ancestor_id IN ({nodes})
GROUP BY 1, 2"""

EXPECTED = """
SELECT a.ancestor_id, u.reports_at, COUNT(*)
FROM districts_ancestry a JOIN districts_unit u ON u.id = a.descendant_id
WHERE a.ancestor_id IN ({nodes}) AND u.reports_at <> ''
  AND a.since <= %(month)s AND a.until > %(month)s
GROUP BY 1, 2"""

COUNTS = """
SELECT unit_id, indicator_id, month, approved, value
FROM commitments_count
WHERE month IN (%(month)s, %(last)s, %(december)s) AND unit_id IN ({nodes})
  AND indicator_id = %(lead)s"""

TARGETS_OF_ONE = TARGETS.replace("WHERE", "WHERE t.indicator_id = %(lead)s AND")

SERIES = """
SELECT node_id, month, approved, reported, units_approved, units_reported
FROM commitments_total
WHERE month BETWEEN %(month)s - 11 AND %(month)s AND node_id IN ({nodes})
  AND indicator_id = %(lead)s"""

FIGURES = (STOCKS, FLOWS, TARGETS, BASES, EXPECTED)
"""Everything about some nodes: all indicators of a month, last year's and December's."""
FIGURES_OF_COMMUNES = (COUNTS, TARGETS_OF_ONE, EXPECTED)
"""One indicator of reporting units, which have counts of their own and no totals."""


def read(
    statements: Collection[str], nodes: Collection[int], month: Month, lead: int | None = None
) -> int:
    """Run ``statements`` about ``nodes``; returns how many rows there were."""
    values = {
        "month": int(month),
        "last": int(month) - 12,
        "december": int(month.last_december),
        "january": int(month.january),
        "year": month.year,
        "lead": lead,
    }
    listed = ", ".join(map(str, nodes))
    rows = 0
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.format(nodes=listed), values)
            rows += len(cursor.fetchall())
    return rows


def timed(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """How many seconds of ``clock`` some work takes."""
    start = clock()
    work()
    return clock() - start


def peak_memory() -> int:
    """KiB that this process alone held at most, on Linux.

    Not ``ru_maxrss``: a child begins there with what its parent held.
    """
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
