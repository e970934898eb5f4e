"""Random provinces: counts that are missing or wait, bases, targets of every kind, a reform."""

from datetime import date
from random import Random

from commitments.models import Base, Count, Decision, Indicator, PathPoint, Target
from commitments.totals import rebuild
from districts.models import Unit
from districts.months import Month
from tests import builders

FIRST, LAST = Month.of(2023, 12), Month.of(2025, 9)
MONTHS = [Month(number) for number in range(FIRST, LAST + 1)]


def catalogue() -> dict[str, Indicator]:
    """Of every kind: stocks, flows, a sum, and rates over a base, a flow, and a year of flows."""
    made = builders.small_catalogue()

    def add(code: str, **more) -> Indicator:
        made[code] = builders.indicator(code, position=len(made) + 1, **more)
        return made[code]

    si_c = add("SI_C")
    made["SI"] = Indicator.objects.create(
        code="SI", name_vi="SI", name_en="SI", group="test", kind="sum",
        unit_of_measure="person", direction="up", position=20,
    )  # fmt: skip
    made["SI"].parts.add(si_c, made["SI_V"])
    labour = add("LF", frequency="yearly", direction="none")
    made["SI_RATE"] = builders.ratio("SI_RATE", made["SI"], labour, position=21)
    files, online = add("FILES", kind="flow"), add("ONLINE", kind="flow")
    made["ONLINE_RATE"] = builders.ratio("ONLINE_RATE", online, files, position=22)
    late = add("LATE", entered_at="province", direction="down")
    due = add("DUE", kind="flow", entered_at="province")
    made["LATE_RATE"] = builders.ratio("LATE_RATE", late, due, position=23)
    return made


AT_THE_OFFICE = ("TOTAL", "LATE", "DUE", "LATE_RATE")
"""What the province itself collects, and is assigned alone."""


class World:
    """Province 99 with its reform of July 2025, filled by chance from one seed."""

    def __init__(self, seed: int):
        self.random = Random(seed)
        self.province = builders.province_99()
        self.catalogue = catalogue()
        builders.reform_99(self.province)
        self.missing = self.random.choice([0, 0, 0.03, 0.25])
        self.waiting = self.random.choice([0, 0.05])
        self._count()
        self._assign()
        rebuild(months=MONTHS, nodes=Unit.objects.values_list("pk", flat=True))

    def _units(self, month: Month, tier: str) -> list[Unit]:
        units = Unit.objects.filter(reports_at=tier)
        return [unit for unit in units if unit.in_force_on(month.first_day)]

    def _count(self) -> None:
        chance, rows, bases = self.random, [], []
        size = {unit.pk: chance.randint(0, 900) for unit in Unit.objects.all()}
        size[chance.choice(list(size))] = 0
        for month in MONTHS:
            for one in self.catalogue.values():
                if not one.entered_at:
                    continue
                for unit in self._units(month, one.entered_at):
                    number = self._number(one, size[unit.pk])
                    if one.is_base:
                        first = month == FIRST or unit.established_on == month.first_day
                        if not (month.month == 12 or first) or chance.random() < self.missing:
                            continue
                        bases.append(
                            Base(
                                month=month,
                                unit=unit,
                                indicator=one,
                                source="by chance",
                                dated=month.last_day,
                            )
                        )
                    elif chance.random() < self.missing:
                        continue
                    approved = None if chance.random() < self.waiting else number
                    rows.append(
                        Count(
                            month=month, unit=unit, indicator=one, value=number, approved=approved
                        )
                    )
        Count.objects.bulk_create(rows)
        Base.objects.bulk_create(bases)

    def _number(self, one: Indicator, size: int) -> int:
        if one.code in ("POP", "LF", "FILES", "DUE"):
            return size
        return round(size * self.random.uniform(0.6, 1))

    def _assign(self) -> None:
        chance = self.random
        self.operators = {
            one.pk: "at_most"
            if one.direction == "down"
            else chance.choice(["at_least", "at_least", "more_than", "at_most"])
            for one in self.catalogue.values()
        }
        for year in (2024, 2025):
            first = self._decision(year, date(year, 1, 1), f"{year}/QĐ-UBND")
            later = self._decision(year, date(year, chance.randint(3, 8), 1), f"{year}-2/QĐ-UBND")
            for unit in Unit.objects.exclude(tier="office"):
                if not unit.in_force_on(date(year, 6, 30)):
                    continue
                for one in self.catalogue.values():
                    if one.is_base or chance.random() < 0.3:
                        continue
                    if one.code in AT_THE_OFFICE and unit != self.province:
                        continue
                    self._target(first, unit, one)
                    if chance.random() < 0.25:
                        self._target(later, unit, one)

    def _decision(self, year: int, effective: date, number: str) -> Decision:
        return Decision.objects.create(
            authority="ppc",
            number=number,
            number_key=number,
            number_year=effective.year,
            unit=self.province,
            year=year,
            issued_on=effective,
            effective_on=effective,
        )

    def _target(self, decision: Decision, unit: Unit, one: Indicator) -> None:
        chance = self.random
        value = chance.randint(5000, 11000) if one.kind == "ratio" else chance.randint(0, 900)
        december = Month.of(decision.year, 12)
        target = Target.objects.create(
            decision=decision,
            unit=unit,
            indicator=one,
            operator=self.operators[one.pk],
            value=value,
            deadline=december - chance.choice([0, 0, 0, 3]),
        )
        if chance.random() < 0.2:
            month = Month.of(decision.year, chance.randint(3, 8))
            PathPoint.objects.create(target=target, month=month, value=round(value * 0.4))
