"""The targets that would fall to the successors of units that ended, to be decided by somebody.

A count is the sum of what the predecessors were assigned and had on their last day, a rate the mean
weighed by what it is divided by. Where only the district of a commune had a target, it is split
over the district's communes first, by population or by last year's result. Whoever was assigned
nothing is named, never guessed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import F, Q, Sum, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commitments.bases import Bases
from commitments.models import Authority, Count, Decision, Indicator, Kind, Target
from districts.models import Ancestry, EntryTier, Tier, Unit
from districts.months import Month

from . import rules
from .continued import Continued, continued_on

POPULATION = "POP"
LONGEST_NOTE = Target._meta.get_field("source").max_length


class SplitBy(TextChoices):
    """By what a district's target is split over its communes."""

    POPULATION = "population", gettext_lazy("by population")
    RESULT = "result", gettext_lazy("by last year's result")


def shortened(text: str) -> str:
    """A note as long as can be kept."""
    return text if len(text) <= LONGEST_NOTE else text[: LONGEST_NOTE - 1] + "…"


@dataclass(frozen=True)
class Line:
    """What one successor would be assigned for one indicator, or has been assigned since.

    ``value`` is scaled; None where it cannot be said. ``given`` is the target it already has of its
    own from the day of the change on. ``split`` says that a district's target was split.
    """

    unit: Unit
    indicator: Indicator
    proposed: rules.Proposed
    operator: str
    deadline: Month
    of: tuple[Unit, ...]
    missing: tuple[Unit, ...]
    split: SplitBy | None = None
    given: Target | None = None

    @property
    def value(self) -> int | None:
        return self.proposed.value

    @property
    def is_rate(self) -> bool:
        return self.indicator.kind == Kind.RATIO

    @property
    def note(self) -> str:
        """Where the number comes from, in the reader's language: «tổng của 3 xã: …»."""
        names = self._names()
        if not self.of:
            without = ", ".join(unit.name for unit in self.missing)
            return _("nothing was assigned to %(names)s") % {"names": without}
        if len(self.of) == 1 and self.of[0].pk == self.unit.pk:
            text = _("kept as it was assigned")
        elif len(self.of) == 1:
            text = _("taken over from %(names)s") % {"names": names}
        elif self.value is None:
            text = _("the bases to weigh by are missing: %(names)s") % {"names": names}
        elif self.is_rate:
            text = _("mean weighed by %(base)s of %(number)s: %(names)s") % {
                "base": self.indicator.denominator.name,
                "number": len(self.of),
                "names": names,
            }
        elif self.unit.tier == Tier.PROVINCE:
            found = ngettext(
                "sum of %(number)s province: %(names)s",
                "sum of %(number)s provinces: %(names)s",
                len(self.of),
            )
            text = found % {"number": len(self.of), "names": names}
        else:
            found = ngettext(
                "sum of %(number)s commune: %(names)s",
                "sum of %(number)s communes: %(names)s",
                len(self.of),
            )
            text = found % {"number": len(self.of), "names": names}
        if self.split and self.is_rate:
            text = f"{text}; " + _("the rate of the district")
        elif self.split:
            by = _("the district's target split %(weights)s") % {"weights": self.split.label}
            text = f"{text}; {by}"
        if self.missing:
            without = ", ".join(unit.name for unit in self.missing)
            text = f"{text}; " + _("without a target: %(names)s") % {"names": without}
        return shortened(text)

    def _names(self) -> str:
        return ", ".join(
            _("%(name)s (a part)") % {"name": unit.name}
            if unit.pk in self.proposed.divided
            else unit.name
            for unit in self.of
        )


@dataclass(frozen=True)
class Proposals:
    """Every proposed target of one province after one change of the map.

    ``amended`` is the province's own decision of the year that would be amended; None where the
    province itself is new. ``own`` are the province's targets in force, by indicator.
    """

    province: Unit
    continued: Continued
    authority: str
    year: int
    lines: Sequence[Line]
    amended: Decision | None = None
    own: Mapping[int, int] = field(default_factory=dict)

    @property
    def open(self) -> list[Line]:
        """The lines that nobody has decided yet."""
        return [line for line in self.lines if line.given is None]

    @cached_property
    def indicators(self) -> list[Indicator]:
        """In the order of the catalogue."""
        found = {line.indicator.pk: line.indicator for line in self.lines}
        return sorted(found.values(), key=lambda indicator: (indicator.position, indicator.pk))

    def of(self, indicator: Indicator) -> list[Line]:
        return [line for line in self.lines if line.indicator.pk == indicator.pk]

    def difference(self, indicator: Indicator, accepted: Mapping[int, int | None]) -> int | None:
        """By how much ``accepted`` ({unit: scaled value}) is off what was assigned before."""
        lines = [line for line in self.of(indicator) if line.given is None]
        return rules.difference(
            {line.unit.pk: line.proposed for line in lines},
            accepted,
            is_rate=indicator.kind == Kind.RATIO,
        )


def proposals_for(
    *,
    province: Unit,
    day: date,
    authority: str = Authority.PPC,
    split_by: str = SplitBy.POPULATION,
) -> Proposals:
    """What the successors in ``province`` would be assigned after the change of ``day``."""
    continued = continued_on(province, day)
    parts = _Parts(continued, authority, SplitBy(split_by))
    given = {
        (target.unit_id, target.indicator_id): target
        for target in Target.objects.filter(
            decision__authority=authority,
            decision__year=day.year,
            decision__effective_on__gte=day,
            decision__withdrawn_on=None,
            unit__in=[unit.pk for unit in continued.successors],
        )
        .select_related("decision")
        .order_by("decision__effective_on", "decision__issued_on", "pk")
    }
    lines = [
        Line(
            unit=unit,
            indicator=indicator,
            proposed=proposed,
            operator=operator,
            deadline=deadline,
            of=tuple(continued.units[pk] for pk in proposed.of),
            missing=tuple(continued.units[pk] for pk in proposed.missing),
            split=split,
            given=given.get((unit.pk, indicator.pk)),
        )
        for unit, indicator, proposed, operator, deadline, split in parts.lines()
    ]
    return Proposals(
        province=province,
        continued=continued,
        authority=authority,
        year=day.year,
        lines=lines,
        amended=_amended(province, continued, authority),
        own={
            indicator: target.value
            for (_unit, indicator), target in in_force(
                [province.pk], authority, day, deadline_from=continued.last_month + 1
            ).items()
        },
    )


def in_force(
    units: Iterable[int], authority: str, day: date, *, deadline_from: Month
) -> dict[tuple[int, int], Target]:
    """(unit, indicator) to the target in force at the end of ``day``, due not before a month.

    Of the day's year the newest; else of an earlier year one that is not yet due, except of flows,
    whose targets end with their year.
    """
    theirs = Target.objects.filter(unit__in=units, deadline__gte=deadline_from)
    lasting = theirs.filter(decision__authority=authority, decision__year__lt=day.year).exclude(
        indicator__kind=Kind.FLOW
    )
    earlier = lasting.order_by("decision__year").values_list("decision__year", flat=True).distinct()
    found = {}
    for year in [*earlier, day.year]:
        counting = theirs.in_force(year=year, on=day, authority=authority)
        for target in counting.select_related("indicator__denominator", "decision"):
            if year == day.year or target.indicator.kind != Kind.FLOW:
                found[target.unit_id, target.indicator_id] = target
    return found


def _amended(province: Unit, continued: Continued, authority: str) -> Decision | None:
    """The province's first decision of the year: what it assigns is passed on, not withdrawn."""
    return (
        Decision.objects.filter(
            unit=province,
            authority=authority,
            year=continued.day.year,
            effective_on__lt=continued.day,
            amends=None,
            withdrawn_on=None,
        )
        .order_by("effective_on", "issued_on", "pk")
        .first()
    )


def _reporting_below(continued: Continued) -> dict[int, list[int]]:
    """Those that reported for the communes' indicators at or below each unit on its last day."""
    found: dict[int, list[int]] = {pk: [] for pk in continued.heirs}
    rows = Ancestry.objects.in_month(continued.last_month).filter(
        ancestor__in=found, descendant__reports_at=EntryTier.COMMUNE
    )
    for unit, reporting in rows.values_list("ancestor", "descendant"):
        found[unit].append(reporting)
    return found


class _Parts:
    """What each unit had been assigned on its last day, indicator by indicator."""

    def __init__(self, continued: Continued, authority: str, split_by: SplitBy):
        self.continued, self.split_by = continued, split_by
        everyone = [*continued.heirs, *set(continued.district_of.values())]
        self.targets = in_force(
            everyone, authority, continued.last_day, deadline_from=continued.last_month + 1
        )
        self.indicators = {
            target.indicator_id: target.indicator for target in self.targets.values()
        }
        self.reporting = _reporting_below(continued)
        everyone = {pk for below in self.reporting.values() for pk in below}
        self.bases = Bases(everyone, until=continued.last_month)
        self.members: dict[int, list[int]] = defaultdict(list)
        for commune, district in continued.district_of.items():
            self.members[district].append(commune)

    def lines(self) -> Iterable[tuple]:
        order = sorted(
            self.indicators.values(), key=lambda indicator: (indicator.position, indicator.pk)
        )
        for indicator in order:
            values, split = self._values(indicator)
            mix = rules.rates if indicator.kind == Kind.RATIO else rules.counts
            # Provinces continue provinces, communes communes: their parts never mix.
            found = mix([self._part(pk, values.get(pk), indicator) for pk in self.continued.heirs])
            for unit in self.continued.successors:
                if unit.pk in found:
                    proposed = found[unit.pk]
                    examples = [self._example(pk, indicator) for pk in proposed.of]
                    examples = examples or [self._any(indicator)]
                    was_split = self.split_by if split & {*proposed.of} else None
                    deadline = max(example.deadline for example in examples)
                    yield unit, indicator, proposed, examples[0].operator, deadline, was_split

    def _any(self, indicator: Indicator) -> Target:
        """Some target of the indicator: how and until when it was assigned to others."""
        return next(target for (_unit, pk), target in self.targets.items() if pk == indicator.pk)

    def _part(self, pk: int, value: int | None, indicator: Indicator) -> rules.Part:
        weight = None
        if indicator.kind == Kind.RATIO:
            weight = self._base(pk, indicator.denominator_id)
        return rules.Part(pk, self.continued.heirs[pk], value, weight)

    def _example(self, pk: int, indicator: Indicator) -> Target:
        """The target that says how and until when: the unit's own or its district's."""
        own = self.targets.get((pk, indicator.pk))
        return own or self.targets[self.continued.district_of[pk], indicator.pk]

    def _values(self, indicator: Indicator) -> tuple[dict[int, int], set[int]]:
        """Unit to what it was assigned, and whose is a part of the district's."""
        values = {
            pk: self.targets[pk, indicator.pk].value
            for pk in self.continued.heirs
            if (pk, indicator.pk) in self.targets
        }
        split: set[int] = set()
        for district, communes in self.members.items():
            whole = self.targets.get((district, indicator.pk))
            if whole is None or district in self.continued.heirs or values.keys() & set(communes):
                continue
            if indicator.kind == Kind.RATIO:
                parts = dict.fromkeys(communes, whole.value)
            else:
                parts = rules.split(whole.value, self._weights(communes, indicator))
            if parts is not None:
                values |= parts
                split |= parts.keys()
        return values, split

    def _weights(self, communes: Sequence[int], indicator: Indicator) -> dict[int, int | None]:
        if self.split_by == SplitBy.RESULT:
            return {pk: self._results.get((pk, indicator.pk)) for pk in communes}
        return {pk: self._base(pk, self._population) for pk in communes}

    def _base(self, pk: int, indicator: int | None) -> int | None:
        """The base in force on the last day, of all that report below; None if one is unknown."""
        if indicator is None:
            return None
        month = self.continued.last_month
        found = [self.bases.at(one, indicator, month) for one in self.reporting[pk]]
        return None if None in found or not found else sum(base.number for base in found)

    @cached_property
    def _population(self) -> int | None:
        return Indicator.objects.filter(code=POPULATION).values_list("pk", flat=True).first()

    @cached_property
    def _results(self) -> dict[tuple[int, int], int]:
        """(unit, indicator) to last year's result: a stock of December, a flow of the year."""
        december = self.continued.last_month.last_december
        approved = Count.objects.filter(unit__in=self.continued.heirs, approved__isnull=False)
        of_year = Q(indicator__kind=Kind.FLOW, month__in=december.year_to_date())
        rows = approved.filter(of_year | Q(month=december) & ~Q(indicator__kind=Kind.FLOW))
        sums = rows.order_by().values_list("unit", "indicator").annotate(found=Sum(F("approved")))
        return {(unit, indicator): found for unit, indicator, found in sums}
