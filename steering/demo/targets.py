"""Which decision assigned what to whom, as plain numbers. No database; chance by seed.

``data/decisions.csv`` and ``data/targets.csv`` say what the province was assigned; an empty value
is the published one, or follows from other targets (``ratio``). Counts are divided among the
communes without remainder, so that communes add up to districts and districts to the province.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import exp

from districts.months import Month

from .published import published, rows
from .series import REFORM, SEED, Series
from .shares import apportion

PROVINCE = "province"
DISTRICT = "district"
COMMUNE = "commune"

RATIOS = {"HI_RATE": (("HI",), "POP"), "SI_RATE": (("SI_C", "SI_V"), "LF")}
"""Rates that follow from the counts assigned beside them, and the base they are divided by."""

REASSIGNED, REASSIGNING = "ppc-2025", "ppc-2025-reform"
"""What was assigned to the old communes, and the decision that passes it on to the new."""

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


@dataclass(frozen=True)
class PlannedDecision:
    """One decision with everything that it assigns."""

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
    assignments: list[Assignment] = field(default_factory=list)


def decisions(series: Series, seed: str = SEED) -> list[PlannedDecision]:
    """Every decision of the demonstration, each after the one that it amends."""
    planned = {row["key"]: _decision(row) for row in rows("decisions.csv")}
    assigning = _Assigning(series, random.Random(f"{seed} targets"))
    for row in rows("targets.csv"):
        decision = planned[row["decision"]]
        decision.assignments.extend(assigning.divide(decision, row))
    planned[REASSIGNING].assignments.extend(assigning.passed_on(planned[REASSIGNED]))
    return list(planned.values())


def _decision(row: Mapping[str, str]) -> PlannedDecision:
    return PlannedDecision(
        key=row["key"],
        authority=row["authority"],
        number=row["number"],
        year=int(row["year"]),
        issued_on=date.fromisoformat(row["issued_on"]),
        effective_on=date.fromisoformat(row["effective_on"]) if row["effective_on"] else None,
        amends=row["amends"],
        issuer=row["issuer"],
        signer_post=row["signer_post"],
        note=row["note"],
    )


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
            if spread == "result":
                values = self._divided(decision, indicator, int(total))
            else:
                values = self._same(total, everyone=spread == "same")
        return [
            Assignment(tier, code, indicator, row["operator"], value, deadline)
            for (tier, code), value in values
            if value
        ]

    def passed_on(self, decision: PlannedDecision) -> list[Assignment]:
        """The communes' targets for those that carry them on: sums, and rates of the sums."""
        found = []
        for example in decision.assignments:
            if example.tier == PROVINCE:
                found += [
                    replace(example, tier=COMMUNE, code=code, value=value)
                    for code, value in self._of_heirs(decision, example).items()
                    if value
                ]
        return found

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

    def _of_heirs(self, decision: PlannedDecision, example: Assignment) -> dict[str, Decimal]:
        heirs = [place.heir for place in self.places]
        if example.indicator in RATIOS:
            numerators, base = RATIOS[example.indicator]
            above = _added_up(heirs, *(self.counts[decision.key, code] for code in numerators))
            below = _added_up(heirs, self._base(base, decision.year))
            return {code: percent(above[code], below[code]) for code in above}
        if (decision.key, example.indicator) in self.counts:
            sums = _added_up(heirs, self.counts[decision.key, example.indicator])
            return {code: Decimal(value) for code, value in sums.items()}
        return dict.fromkeys(sorted(set(heirs)), example.value)


def _added_up(heirs: Sequence[str], *columns: Sequence[int]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for column in columns:
        for heir, number in zip(heirs, column, strict=True):
            sums[heir] += number
    return dict(sorted(sums.items()))
