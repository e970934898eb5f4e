"""How often the forecast's interval holds the result, and how far its point is off: a backtest.

    make backtest      (or: python -m benchmarks.forecast --series 500 --seed 8 --processes 2)

Thirteen simulated shapes of series, monthly from December 2022, forecast for December 2025 from
September, June and March, and in a first year for December 2023 from September; then the
demonstration's own indicators, where it is loaded. Beside it on the same series: the rule of the
square root and seasonal naive, and on the first of them the Theta method of statsmodels. The
generators, their parameters and the seed are all in this file.

The exit status says whether the aims are met: see ``verdict``.
"""

import argparse
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from multiprocessing import Pool
from random import Random

import benchmarks.bare  # noqa: F401  sets up Django for the models below
from benchmarks.backtest.tallies import Tallies, Tally, together
from commitments.models import Indicator
from districts.models import Tier, Unit
from districts.months import Month
from reports.engine.trajectories import (
    Point,
    trajectories,
)

FIRST, LAST = Month.of(2022, 12), Month.of(2025, 12)
MONTHS = LAST - FIRST + 1
ORIGINS = (Month.of(2025, 9), Month.of(2025, 6), Month.of(2025, 3))
FIRST_YEAR = (Month.of(2023, 9), Month.of(2023, 12))
SERIES, SEED = 500, 8
BY_LIBRARY = 25
"""So many series from September by the library as well, which is a thousand times slower."""

HONEST = (74, 88)
"""Percent inside that an interval of 80 % may show."""
HONEST_SHAPES = 11
NEVER_UNDER = 60

# --- the shapes ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Series:
    """Values from ``FIRST`` to ``LAST``; of a flow, totals since January."""

    values: list[int]
    ceiling: int | None = None


@dataclass(frozen=True)
class Shape:
    """How series of a kind come about. ``make`` draws one of them."""

    name: str
    make: Callable[[Random], Series]
    flow: bool = False
    unknowable_before: Month = FIRST
    """A forecast made before cannot know what comes."""

    def series(self, count: int, seed: int) -> Iterator[Series]:
        for number in range(count):
            yield self.make(Random(f"{seed} {self.name} {number}"))


def stock(
    growth: Callable[[Random, Month], float], *, season: dict[int, float] | None = None, swing=0.0
) -> Callable[[Random], Series]:
    """A level that changes each month by ``growth`` percent and by the ``season``.

    The season of a year is smaller or larger by chance: ``swing`` is the deviation of its size.
    """

    def make(chance: Random) -> Series:
        level, values, size = chance.uniform(8_000, 30_000), [], 1.0
        for month in map(Month, range(FIRST, LAST + 1)):
            if month.month == 1:
                size = chance.gauss(1, swing)
            if month > FIRST:
                percent = growth(chance, month) + size * (season or {}).get(month.month, 0.0)
                level *= 1 + percent / 100
            values.append(round(level))
        return Series(values)

    return make


def steady(percent: float, noise: float) -> Callable[[Random, Month], float]:
    return lambda chance, month: chance.gauss(percent, noise)


def once(when: Month, percent: float, growth: Callable[[Random, Month], float]):
    return lambda chance, month: growth(chance, month) + (percent if month == when else 0.0)


def jump(calendar: int, percent: float, scatter: float, growth: Callable[[Random, Month], float]):
    def grows(chance: Random, month: Month) -> float:
        more = chance.gauss(percent, scatter) if month.month == calendar else 0.0
        return growth(chance, month) + more

    return grows


def slowing(percent: float, stays: float, noise: float) -> Callable[[Random, Month], float]:
    return lambda chance, month: chance.gauss(percent * stays ** (month - FIRST), noise)


def flat(noise: float) -> Callable[[Random], Series]:
    """A level with ``noise`` percent in the level itself."""

    def make(chance: Random) -> Series:
        level = chance.uniform(8_000, 30_000)
        return Series([round(level * (1 + chance.gauss(0, noise) / 100)) for _ in range(MONTHS)])

    return make


def near_the_ceiling(chance: Random) -> Series:
    """A share from about 96 % that each month comes 3 % of the way nearer to 99.5 %."""
    whole, share, values = round(chance.uniform(8_000, 30_000)), chance.uniform(0.955, 0.97), []
    for _ in range(MONTHS):
        values.append(round(whole * share))
        share = min(1.0, share + 0.03 * (0.995 - share) + chance.gauss(0, 0.0018))
    return Series(values, ceiling=whole)


def flow(
    weights: dict[int, float], scatter: float, *, year_scatter: float = 0.08
) -> Callable[[Random], Series]:
    """Amounts of 20 to 80 a month times the month's weight, each lognormal, years differing."""

    def make(chance: Random) -> Series:
        usual, year, amounts = chance.uniform(20, 80), 1.0, []
        for month in map(Month, range(FIRST, LAST + 1)):
            if month.month == 1:
                year = chance.gauss(1, year_scatter)
            noise = math.exp(chance.gauss(-(scatter**2) / 2, scatter))
            amounts.append(round(usual * year * weights.get(month.month, 1.0) * noise))
        return Series(running(amounts))

    return make


def poisson(mean: float) -> Callable[[Random], Series]:
    def draw(chance: Random) -> int:
        count, product, limit = -1, 1.0, math.exp(-mean)
        while product > limit:
            count, product = count + 1, product * chance.random()
        return count

    return lambda chance: Series(running([draw(chance) for _ in range(MONTHS)]))


def running(amounts: Sequence[int]) -> list[int]:
    """Totals since January."""
    totals: list[int] = []
    for month, amount in enumerate(amounts, start=FIRST):
        before = totals[-1] if totals and Month(month).month != 1 else 0
        totals.append(before + amount)
    return totals


COURSE = {1: -1.8, 2: -0.3, 3: 0.3, 4: 0.3, 5: 0.2, 6: -0.3, 7: -0.25, 8: 0.1, 9: 1.2}
COURSE |= {10: 0.5, 11: 0.3, 12: 0.3}
"""How health insurance goes through a year in the demonstration, in percent."""
LAW = Month.of(2025, 7)

SHAPES = (
    Shape("demo-like stock", stock(steady(0.0, 0.18), season=COURSE, swing=0.2)),
    Shape("steady growth", stock(steady(0.5, 0.3))),
    Shape("flat, noise 0.5 %", flat(0.5)),
    Shape("flat, noise 2 %", flat(2.0)),
    Shape("card expiry in January", stock(jump(1, -3.5, 0.4, steady(0.3, 0.15)))),
    Shape("student jump in September", stock(jump(9, 3.0, 0.6, steady(0.1, 0.22)))),
    Shape(
        "step by law, July 2025",
        stock(once(LAW, 10.0, steady(0.1, 0.25))),
        unknowable_before=LAW,
    ),
    Shape("step by law, July 2024", stock(once(LAW - 12, 10.0, steady(0.1, 0.2)))),
    Shape("near the ceiling", near_the_ceiling),
    Shape("slowing growth", stock(slowing(1.5, 0.93, 0.18))),
    Shape("flow, December rush", flow({1: 0.7, 2: 0.7, 12: 2.5}, 0.25), flow=True),
    Shape("flow, Poisson mean 3", poisson(3.0), flow=True),
    Shape("flow, year-end campaign", flow({11: 3.0, 12: 6.0}, 0.35), flow=True),
)

# --- what came of it -----------------------------------------------------------------------------


def simulated(asked: tuple[Shape, int, int]) -> list[Tallies]:
    """Of one shape: from each origin, then of its first year."""
    shape, count, seed = asked
    found = [Tallies() for _ in range(len(ORIGINS) + 1)]
    for number, series in enumerate(shape.series(count, seed)):
        for tallies, (origin, until) in zip(
            found, [*((origin, LAST) for origin in ORIGINS), FIRST_YEAR], strict=True
        ):
            tallies.add(
                series.values[: origin - FIRST + 1],
                FIRST,
                until,
                series.values[until - FIRST],
                flow=shape.flow,
                ceiling=series.ceiling,
                by_library=number < BY_LIBRARY and origin == ORIGINS[0],
            )
    return found


# --- the demonstration ---------------------------------------------------------------------------

INDICATORS = ("HI", "HI_RATE", "SI_C", "SI_V", "UI", "HI_HH_NEW", "SI_V_NEW")
COMMUNES_FROM = (
    (Month.of(2024, 9), Month.of(2024, 12)),
    (Month.of(2025, 3), Month.of(2025, 9)),
    (Month.of(2025, 6), Month.of(2025, 9)),
)
PROVINCE_FROM = (
    (Month.of(2024, 6), Month.of(2024, 12)),
    (Month.of(2024, 9), Month.of(2024, 12)),
    (Month.of(2024, 12), Month.of(2025, 9)),
    *COMMUNES_FROM[1:],
)
MAP = date(2025, 12, 31)


def demonstration() -> tuple[dict[tuple[str, Month], Tallies], Tallies] | None:
    """By indicator and origin, of the communes; and of the province. None if not loaded."""
    province = Unit.objects.filter(code="14", tier=Tier.PROVINCE).first()
    if province is None:
        return None
    communes = list(Unit.objects.below(province, Month.containing(MAP)).at_tier(Tier.COMMUNE))
    indicators = list(Indicator.objects.filter(code__in=INDICATORS))
    lines = trajectories(
        units=[province, *communes],
        indicators=indicators,
        months=[Month(number) for number in range(FIRST, LAST + 1)],
        on_map=MAP,
    )
    below: dict[tuple[str, Month], Tallies] = {}
    above = Tallies()
    for indicator in sorted(indicators, key=lambda one: INDICATORS.index(one.code)):
        for unit in (province, *communes):
            line = lines[unit.pk, indicator.pk]
            for origin, until in PROVINCE_FROM if unit == province else COMMUNES_FROM:
                tallies = (
                    above
                    if unit == province
                    else below.setdefault((indicator.code, origin), Tallies())
                )
                _add(tallies, line, origin, until, indicator)
    return below, above


def _add(
    tallies: Tallies, line: list[Point], origin: Month, until: Month, indicator: Indicator
) -> None:
    values = [point.value for point in line]
    if None in values[: until - FIRST + 1]:
        return
    decimals = indicator.decimals if indicator.kind == "ratio" else 0
    whole = [int(value * 10**decimals) for value in values[: until - FIRST + 1]]
    tallies.add(
        whole[: origin - FIRST + 1],
        FIRST,
        until,
        whole[-1],
        flow=indicator.kind == "flow",
        ceiling=100 * 10**decimals if indicator.kind == "ratio" else None,
        decimals=decimals,
    )


# --- verdict -------------------------------------------------------------------------------------


def is_honest(tally: Tally) -> bool:
    return HONEST[0] <= round(tally.percent) <= HONEST[1]


def verdict(found: dict[str, list[Tallies]], shown: Tally | None) -> list[str]:
    """What falls short of the aims; empty if nothing."""
    short = []
    honest = [name for name, (september, *_) in found.items() if is_honest(september.product)]
    if len(honest) < HONEST_SHAPES:
        short.append(f"{len(honest)} of {len(found)} shapes are honest from September")
    for shape in SHAPES:
        for origin, tallies in zip(ORIGINS, found[shape.name], strict=False):
            where = f"{shape.name}, from {origin}"
            knowable = origin >= shape.unknowable_before
            if knowable and tallies.product.percent < NEVER_UNDER:
                short.append(f"{where}: {tallies.product.percent:.0f} % inside")
            if not tallies.no_worse:
                errors = f"{tallies.product.error:.2f} after {tallies.root.error:.2f}"
                short.append(f"{where}: an error of {errors}")
    if shown is not None and not is_honest(shown):
        short.append(f"the demonstration together: {shown.percent:.1f} % inside")
    return short


HEAD = """| | inside % | bias | error | width | √: inside % | bias | error | width | naive: error | Theta: inside % | bias | error | width |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"""  # noqa: E501


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--series", type=int, default=SERIES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    asked = [(shape, options.series, options.seed) for shape in SHAPES]
    # Shapes hold functions made on the spot, which no process can send: they go by their place.
    with Pool(options.processes) as pool:
        places = [(place, count, seed) for place, (_shape, count, seed) in enumerate(asked)]
        results = pool.map(_by_place, places, chunksize=1)
    found = {shape.name: result for shape, result in zip(SHAPES, results, strict=True)}
    headings = [*(f"From {origin} for {LAST}" for origin in ORIGINS)]
    headings.append(f"First year, from {FIRST_YEAR[0]} for {FIRST_YEAR[1]}")
    for place, heading in enumerate(headings):
        print(f"\n{heading}, {options.series} series each, seed {options.seed}\n\n{HEAD}")
        for name, tallies in found.items():
            print(tallies[place].row(name))
    shown = demonstration()
    whole = None
    if shown is not None:
        below, above = shown
        whole = together([tallies.product for tallies in below.values()])
        before = together([tallies.root for tallies in below.values()])
        print(f"\nThe demonstration, communes\n\n{HEAD}")
        for (code, origin), tallies in below.items():
            print(tallies.row(f"{code} from {origin}"))
        print(Tallies(whole, before).row("together"))
        print(above.row("province, 7 indicators × 5 origins"))
    short = verdict(found, whole)
    print("\n" + ("\n".join(f"SHORT: {line}" for line in short) or "All aims are met."))
    return 1 if short else 0


def _by_place(asked: tuple[int, int, int]) -> list[Tallies]:
    place, count, seed = asked
    return simulated((SHAPES[place], count, seed))


if __name__ == "__main__":
    sys.exit(main())
