"""What a template workbook has to say before anybody fills it in: a read, in few queries."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from collection.rules import is_asked
from commitments import querysets
from commitments.bases import Bases
from commitments.models import Count, Indicator
from commitments.rules import Judge
from districts.models import Ancestry, Tier, Unit
from districts.months import Month
from reports.pages.definitions import definition


@dataclass(frozen=True)
class Line:
    """One number asked for, with what the unit reported a month and a year before."""

    code: str
    name: str
    definition: str
    maximum: int
    last: int | None
    last_year: int | None


@dataclass(frozen=True)
class Sum:
    """A number that follows from others on the form. ``code`` is empty for the sum of a group."""

    code: str
    name: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class BaseLine:
    """A yearly base as it holds for the unit, and since when."""

    code: str
    name: str
    number: int
    given: Month


@dataclass(frozen=True)
class Form:
    """The sheet of one unit. ``above`` is the unit that stands over it, in words."""

    unit: Unit
    above: str
    lines: tuple[Line | Sum, ...]
    bases: tuple[BaseLine, ...]


@dataclass(frozen=True)
class BlankForms:
    """The forms of one workbook: those of ``unit`` itself, or of all that report below it."""

    unit: Unit
    month: Month
    due_on: date
    issued_at: datetime
    forms: tuple[Form, ...]
    judges: tuple[Judge, ...]
    names: dict[str, str]


def blank_forms(unit: Unit, month: Month, *, issued_at: datetime) -> BlankForms:
    """The forms to be filled in for ``month`` by ``unit``, or by every unit that reports below it.

    In code order, what the province collects itself first. There are none where nobody reports.
    """
    units = list(
        Unit.objects.below(unit, month).reporting_in(month).order_by("code", "established_on")
    )
    ids = [unit.pk for unit in units]
    catalogue = [
        indicator
        for indicator in querysets.indicators_by_id().values()
        if indicator.since <= month < indicator.until
    ]
    judges, sums = querysets.judges(), querysets.sums()
    asked = {
        tier: list(_asked(catalogue, tier, month, judges, sums))
        for tier in {unit.reports_at for unit in units}
    }
    reported = _reported(ids, month)
    bases = Bases(ids, until=month)
    above = _names_above(ids, month)
    known = [indicator for indicator in catalogue if indicator.is_base]
    return BlankForms(
        unit=unit,
        month=month,
        due_on=_due_on(unit, month),
        issued_at=issued_at,
        forms=tuple(
            Form(
                unit=one,
                above=above.get(one.pk, ""),
                lines=tuple(_filled(asked[one.reports_at], one, month, reported)),
                bases=tuple(_in_force(bases, known, one, month)),
            )
            for one in units
        ),
        judges=tuple(judges),
        names={indicator.code: indicator.name for indicator in catalogue},
    )


def _asked(
    catalogue: Sequence[Indicator],
    tier: str,
    month: Month,
    judges: Sequence[Judge],
    sums_by_code: Mapping[str, tuple[str, ...]],
) -> Iterator[Indicator | Sum]:
    """What units of ``tier`` enter monthly, in catalogue order, and the sums that follow from it.

    A computed sum stands below its last part; so does the sum of a group that may not exceed a
    whole, where a rule says so.
    """
    entered = [one for one in catalogue if is_asked(one, tier, month)]
    codes = {one.code for one in entered}
    names = {one.code: one.name for one in catalogue}
    sums = [Sum(code, names[code], parts) for code, parts in sums_by_code.items() if code in names]
    sums += [
        Sum(
            "", _("Sum of the groups of %(whole)s") % {"whole": names[judge.indicator]}, judge.parts
        )
        for judge in judges
        if judge.kind == "parts_at_most" and judge.indicator in codes
    ]
    below: dict[str, list[Sum]] = defaultdict(list)
    order = [one.code for one in entered]
    for total in sums:
        parts = tuple(part for part in total.parts if part in codes)
        if parts and (len(parts) == len(total.parts) or not total.code):
            last = max(parts, key=order.index)
            below[last].append(Sum(total.code, total.name, parts))
    for one in entered:
        yield one
        yield from below[one.code]


def _filled(
    asked: Sequence[Indicator | Sum],
    unit: Unit,
    month: Month,
    reported: dict[tuple[Month, int, int], int],
) -> Iterator[Line | Sum]:
    for one in asked:
        if isinstance(one, Sum):
            yield one
            continue
        yield Line(
            code=one.code,
            name=one.name,
            definition=" · ".join(f"{term}: {text}" for term, text in definition(one, (), None)),
            maximum=one.maximum,
            last=reported.get((month - 1, unit.pk, one.pk)),
            last_year=reported.get((month.same_month_last_year, unit.pk, one.pk)),
        )


def _in_force(
    bases: Bases, known: Sequence[Indicator], unit: Unit, month: Month
) -> Iterator[BaseLine]:
    for one in known:
        if (base := bases.at(unit.pk, one.pk, month, "value")) is not None:
            yield BaseLine(one.code, one.name, base.number, base.given)


def _reported(units: Collection[int], month: Month) -> dict[tuple[Month, int, int], int]:
    """What each unit reported a month and a year before."""
    rows = Count.objects.filter(
        month__in=[month - 1, month.same_month_last_year], unit__in=units, value__isnull=False
    )
    return {
        (at, unit, indicator): value
        for at, unit, indicator, value in rows.values_list("month", "unit", "indicator", "value")
    }


def _names_above(units: Collection[int], month: Month) -> dict[int, str]:
    """The names of what stands over each unit, the nearest first."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Ancestry.objects.above(units, month).values_list("descendant", "ancestor__full_name")
    for unit, name in rows:
        found[unit].append(name)
    return {unit: ", ".join(names) for unit, names in found.items()}


def _due_on(unit: Unit, month: Month) -> date:
    """The day reports are due: as set for the province, otherwise as is usual."""
    province = unit if unit.tier == Tier.PROVINCE else Unit.objects.province_of(unit, month)
    return querysets.due_days_in([province.pk] if province else [], [month]).of(
        province and province.pk, month
    )
