"""Which decision assigned what to whom, as plain numbers. No database; chance by seed.

``data/decisions.csv`` and ``data/targets.csv`` say what the province was assigned; an empty value
is the published one, or follows from other targets (``ratio``). Counts are divided among the
communes without remainder, so that communes add up to districts and districts to the province. The
province assigns to its districts; each district passes on to its communes by a decision of its own.
What the communes of July 2025 are assigned is proposed by the product and recorded from there.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate
from math import exp

from districts.months import Month

from . import words
from .published import calendar, published, rows
from .series import REFORM, SEED, Series
from .shares import apportion

INVENTED = "minh-hoa"
"""How every invented number of a decision begins."""

PROVINCE = "province"
DISTRICT = "district"
COMMUNE = "commune"

RATIOS = {"HI_RATE": (("HI",), "POP"), "SI_RATE": (("SI_C", "SI_V"), "LF")}
"""Rates that follow from the counts assigned beside them, and the base they are divided by."""

REASSIGNING = "ppc-2025-reform"
"""The decision that assigns to the new communes what the old ones were assigned."""

SHAPED = ("ppc-2025", "SI_V_NEW")
"""Of which decision and indicator the province's plan runs by the shape of the year."""

_TWO_DECIMALS = Decimal("0.01")
_OTHER_SPREAD = 0.012


@dataclass(frozen=True)
class Assignment:
    """What one unit is assigned. ``value`` is a count, or percent with two decimals."""

    tier: str
    code: str
    indicator: str
    operator: str
    value: Decimal
    deadline: Month
    path: tuple[tuple[Month, int], ...] = ()


@dataclass(frozen=True)
class PlannedDecision:
    """One decision with everything that it assigns.

    ``district`` is the code of the district that passes on (``passes_on``) what it was assigned;
    blank for decisions of the province. ``passed_on`` is the day on which districts do so.
    """

    key: str
    authority: str
    number: str
    year: int
    issued_on: date
    effective_on: date | None
    amends: str
    issuer: str
    signer_post: str
    note: str
    passed_on: date | None = None
    district: str = ""
    passes_on: str = ""
    assignments: list[Assignment] = field(default_factory=list)


def decisions(series: Series, seed: str = SEED) -> list[PlannedDecision]:
    """Every decision of the demonstration by day of issue, so each after the one that it amends."""
    planned = {row["key"]: _decision(row) for row in rows("decisions.csv")}
    assigning = _Assigning(series, random.Random(f"{seed} targets"))
    for row in rows("targets.csv"):
        decision = planned[row["decision"]]
        decision.assignments.extend(assigning.divide(decision, row))
    every = [
        part
        for decision in planned.values()
        for part in (assigning.passing_on(decision) if decision.passed_on else [decision])
    ]
    return sorted(every, key=lambda decision: decision.issued_on)


def _decision(row: Mapping[str, str]) -> PlannedDecision:
    return PlannedDecision(
        key=row["key"],
        authority=row["authority"],
        number=row["number"],
        year=int(row["year"]),
        issued_on=date.fromisoformat(row["issued_on"]),
        effective_on=_day(row["effective_on"]),
        amends=row["amends"],
        issuer=row["issuer"],
        signer_post=row["signer_post"],
        note=row["note"],
        passed_on=_day(row["passed_on"]),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _published_targets() -> dict[tuple[str, str], Decimal]:
    return {
        (line.indicator, line.period): line.value
        for line in published()
        if line.measure == "target"
    }


def percent(numerator: int, denominator: int) -> Decimal:
    """A rate in percent with two decimals, rounded half-up."""
    exact = Decimal(100 * numerator) / Decimal(denominator)
    return exact.quantize(_TWO_DECIMALS, ROUND_HALF_UP)


class _Assigning:
    """Divides province targets among the communes of the old map and adds districts up."""

    def __init__(self, series: Series, chance: random.Random):
        self.series = series
        self.chance = chance
        self.places = [character.place for character in series.characters]
        self.published = _published_targets()
        self.counts: dict[tuple[str, str], list[int]] = {}

    def divide(self, decision: PlannedDecision, row: Mapping[str, str]) -> list[Assignment]:
        """What one line of ``targets.csv`` means for every unit it concerns."""
        indicator, spread = row["indicator"], row["spread"]
        deadline = Month.parse(row["deadline"] or f"{decision.year}-12")
        if spread == "ratio":
            values = self._ratios(decision, indicator)
        else:
            total = self._total(row, decision, deadline)
            if spread == "raised":
                values = self._raised(decision, indicator, int(total))
            elif spread == "result":
                values = self._divided(decision, indicator, int(total))
            else:
                values = self._same(total, everyone=spread == "same")
        return [
            Assignment(
                tier,
                code,
                indicator,
                row["operator"],
                value,
                deadline,
                _shape(decision, indicator, int(value)) if tier == PROVINCE else (),
            )
            for (tier, code), value in values
            if value
        ]

    def passing_on(self, decision: PlannedDecision) -> list[PlannedDecision]:
        """The decision for province and districts, and that of each district for its communes."""
        district_of = {place.code: place.district for place in self.places}
        below: dict[str, list[Assignment]] = defaultdict(list)
        for assignment in decision.assignments:
            if assignment.tier == COMMUNE:
                below[district_of[assignment.code]].append(assignment)
        kept = [one for one in decision.assignments if one.tier != COMMUNE]
        return [
            replace(decision, assignments=kept),
            *(
                replace(
                    decision,
                    key=f"{decision.key}-{district}",
                    number=f"{INVENTED}-{decision.passed_on:%m-%Y}-{district}/QĐ-UBND",
                    issued_on=decision.passed_on,
                    amends=f"{decision.amends}-{district}" if decision.amends else "",
                    note=words.PASSED_ON,
                    passed_on=None,
                    district=district,
                    passes_on=decision.key,
                    assignments=assignments,
                )
                for district, assignments in sorted(below.items())
            ),
        ]

    # --- one line --------------------------------------------------------------------------------

    def _total(self, row: Mapping[str, str], decision: PlannedDecision, deadline: Month) -> Decimal:
        if row["value"]:
            return Decimal(row["value"])
        indicator = row["indicator"]
        year = self.published.get((indicator, str(decision.year)))
        return self.published[indicator, str(deadline)] if year is None else year

    def _divided(
        self, decision: PlannedDecision, indicator: str, total: int
    ) -> Iterable[tuple[tuple[str, str], Decimal]]:
        parts = apportion(total, self._weights(decision.year, indicator))
        self.counts[decision.key, indicator] = parts
        return self._with_sums(parts)

    def _raised(
        self, decision: PlannedDecision, indicator: str, total: int
    ) -> Iterable[tuple[tuple[str, str], Decimal]]:
        """What the amended decision divided, and what is added to it divided alike."""
        before = self.counts[decision.amends, indicator]
        more = apportion(total - sum(before), before)
        parts = [one + other for one, other in zip(before, more, strict=True)]
        self.counts[decision.key, indicator] = parts
        return self._with_sums(parts)

    def _weights(self, year: int, indicator: str) -> list[float]:
        """What each commune achieves, less where its plan is made easy and more where it is not."""
        last = min(Month.of(year, 12), REFORM - 1)
        months = [last] if indicator in ("HI", "SI_C", "SI_V", "UI") else last.year_to_date()
        return [
            sum(self.series.counts[month][character.place.code, indicator] for month in months)
            / (
                character.ease[year]
                if indicator == "HI"
                else exp(self.chance.gauss(0, _OTHER_SPREAD)) * character.ease[year] ** 0.5
            )
            for character in self.series.characters
        ]

    def _with_sums(self, parts: Sequence[int]) -> list[tuple[tuple[str, str], Decimal]]:
        """The parts with the sums of districts and province above them."""
        return [
            (unit, Decimal(sum(parts[index] for index in members)))
            for unit, members in self._units().items()
        ]

    def _units(self) -> dict[tuple[str, str], list[int]]:
        """Every unit of the old map, from the province down, and which communes it consists of."""
        members: dict[tuple[str, str], list[int]] = {(PROVINCE, ""): [*range(len(self.places))]}
        for tier in (DISTRICT, COMMUNE):
            for index, place in enumerate(self.places):
                code = place.district if tier == DISTRICT else place.code
                members.setdefault((tier, code), []).append(index)
        return members

    def _same(self, total: Decimal, *, everyone: bool) -> list[tuple[tuple[str, str], Decimal]]:
        units = self._units() if everyone else [(PROVINCE, "")]
        return [(unit, total) for unit in units]

    def _ratios(
        self, decision: PlannedDecision, indicator: str
    ) -> list[tuple[tuple[str, str], Decimal]]:
        numerators, base = RATIOS[indicator]
        above = [self.counts[decision.key, code] for code in numerators]
        below = self._base(base, decision.year)
        return [
            (
                unit,
                percent(
                    sum(column[index] for column in above for index in members),
                    sum(below[index] for index in members),
                ),
            )
            for unit, members in self._units().items()
        ]

    def _base(self, base: str, year: int) -> list[int]:
        given = self.series.bases[Month.of(year, 1)]
        return [given[place.code, base] for place in self.places]


def _shape(decision: PlannedDecision, indicator: str, total: int) -> tuple[tuple[Month, int], ...]:
    """The path of a flow by the usual course of its year; empty where the plan is a line."""
    if (decision.key, indicator) != SHAPED:
        return ()
    months = Month.of(decision.year, 12).year_to_date()
    sums = accumulate(apportion(total, [float(weight) for weight in calendar()[indicator]]))
    return tuple(zip(months, sums, strict=True))[:-1]
