"""A province's dashboard figures against the raw SQL that reads the same numbers: a ratio.

    python benchmarks/dashboard.py          (on the demonstration province)

Both run in turn in one process, so that a machine's moods fall on both; the median of the paired
ratios is printed. The floor reads totals of the months needed, year-to-date sums, targets, bases
and expected units of the province and its children, and adds nothing up in Python.
"""

import statistics
from datetime import date

from bare import FIGURES, read, timed

from commitments.models import Indicator
from districts.models import Unit
from districts.months import Month
from reports.engine.figures import figures_for

PROVINCE, MONTH, ROUNDS = "14", Month.of(2023, 12), 15


def main() -> None:
    unit = Unit.objects.by_code(PROVINCE, date(2023, 12, 31))
    nodes = [unit.pk, *(child.pk for child in Unit.objects.children_of(unit, MONTH))]
    indicators = list(Indicator.objects.filter(main=True))

    def engine() -> int:
        figures = figures_for(unit=unit, month=MONTH, indicators=indicators, children=True)
        return len(figures)

    def floor() -> int:
        return read(FIGURES, nodes, MONTH)

    floor(), engine()
    pairs = [(timed(engine), timed(floor)) for _round in range(ROUNDS)]
    ratios = [mine / other for mine, other in pairs]
    print(
        f"dashboard: {engine()} figures {statistics.median(m for m, _f in pairs) * 1000:.0f} ms, "
        f"raw SQL {floor()} rows {statistics.median(f for _m, f in pairs) * 1000:.0f} ms, "
        f"ratio {statistics.median(ratios):.2f} (aim 2)"
    )


if __name__ == "__main__":
    main()
