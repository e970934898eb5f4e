"""A province's dashboard figures against the raw SQL that reads the same: ratios of CPU time.

    python benchmarks/dashboard.py          (on the demonstration province)

The main indicators of the province and of all its children, as every face asks for them, while they
are ready; *computed* says what the engine takes for the same. Both run in turn with the floor in
one process; the median of the paired ratios is told. The floor reads totals of the months needed,
year-to-date sums, targets, bases and expected units, and adds nothing up in Python.
"""

import statistics
from collections.abc import Callable

from bare import FIGURES, clock, read, timed
from bare.aims import tell

from commitments.models import Authority, Indicator
from districts.models import Unit
from districts.months import Month
from reports.engine import figures as engine
from reports.ready import reading
from reports.ready.making import make_ready

PROVINCE, ROUNDS = "14", 15
MONTHS = {"dashboard": Month.of(2025, 12), "dashboard_2023": Month.of(2023, 12)}


def ratios(month: Month) -> tuple[float, float]:
    """Of figures that are ready, and of figures that are computed."""
    unit = Unit.objects.by_code(PROVINCE, month.last_day)
    nodes = [unit.pk, *(child.pk for child in Unit.objects.children_of(unit, month))]
    indicators = list(Indicator.objects.filter(main=True))
    make_ready(province=unit, month=month, map_month=month, authority=Authority.PPC)

    def asked(figures_for: Callable[..., list]) -> Callable[[], list]:
        return lambda: figures_for(unit=unit, month=month, indicators=indicators, children=True)

    def floor() -> int:
        return read(FIGURES, nodes, month)

    ways = asked(reading.figures_for), asked(engine.figures_for)
    assert ways[0]() == ways[1]()
    found = []
    for way in ways:
        floor(), way()
        pairs = [(timed(way, clock), timed(floor, clock)) for _ in range(ROUNDS)]
        found.append(statistics.median(mine / other for mine, other in pairs))
    return found[0], found[1]


def measure() -> list[tuple[str, float]]:
    """The ratios of both months, by name."""
    found = []
    for name, month in MONTHS.items():
        ready, computed = ratios(month)
        found += [(name, ready), (f"{name}_computed", computed)]
    return found


if __name__ == "__main__":
    tell(measure())
