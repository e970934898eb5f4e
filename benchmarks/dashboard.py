"""A province's dashboard figures against the raw SQL that reads the same numbers: a ratio.

    python benchmarks/dashboard.py          (on the demonstration province)

Both run in turn in one process, so that a machine's moods fall on both; the median of the paired
ratios is printed. The floor reads totals of the months needed, year-to-date sums, targets, bases
and expected units of the province and its children, and adds nothing up in Python.
"""

import os
import statistics
import sys
import time
from datetime import date
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steering.settings")
django.setup()

from django.db import connection  # noqa: E402

from commitments.models import Indicator  # noqa: E402
from districts.models import Unit  # noqa: E402
from districts.months import Month  # noqa: E402
from reports.figures import figures_for  # noqa: E402

PROVINCE, MONTH, ROUNDS = "14", Month.of(2023, 12), 15

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


def floor(nodes: list[int]) -> int:
    """Read the same numbers with plain SQL; returns how many rows."""
    values = {
        "month": int(MONTH),
        "last": int(MONTH) - 12,
        "december": int(MONTH.last_december),
        "january": int(MONTH.january),
        "year": MONTH.year,
    }
    listed = ", ".join(map(str, nodes))
    rows = 0
    with connection.cursor() as cursor:
        for statement in (STOCKS, FLOWS, TARGETS, BASES, EXPECTED):
            cursor.execute(statement.format(nodes=listed), values)
            rows += len(cursor.fetchall())
    return rows


def timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    unit = Unit.objects.by_code(PROVINCE, date(2023, 12, 31))
    nodes = [unit.pk, *(child.pk for child in Unit.objects.children_of(unit, MONTH))]
    indicators = list(Indicator.objects.filter(main=True))

    def engine() -> int:
        figures = figures_for(unit=unit, month=MONTH, indicators=indicators, children=True)
        return len(figures)

    floor(nodes), engine()
    pairs = [(timed(engine), timed(lambda: floor(nodes))) for _round in range(ROUNDS)]
    ratios = [mine / other for mine, other in pairs]
    print(
        f"dashboard: {engine()} figures {statistics.median(m for m, _f in pairs) * 1000:.0f} ms, "
        f"raw SQL {floor(nodes)} rows {statistics.median(f for _m, f in pairs) * 1000:.0f} ms, "
        f"ratio {statistics.median(ratios):.2f} (aim 2)"
    )


if __name__ == "__main__":
    main()
