"""Reads of promises and counts in the words of the domain. Time is always an argument."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import (
    BigAutoField,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from districts.models import Ancestry, EntryTier, Unit
from districts.months import Month, MonthField
from districts.querysets import AncestryQuerySet
from steering.accounts.models import User
from steering.accounts.prepared import Given, Prepared

from .models import (
    CompleteYear,
    Count,
    DecidedDay,
    Indicator,
    Move,
    Period,
    ReviewLevel,
    Revision,
    Rule,
    State,
    Submission,
)
from .rules import Judge
from .working_days import KNOWN_YEARS, WorkingDays


@dataclass(frozen=True)
class Standing:
    """Where a reporting unit stands in a month: its tier, its province, who verifies it."""

    tier: str
    province: int
    verifier: int | None


def standings(units: Collection[int], month: Month) -> dict[int, Standing]:
    """Province and verifying unit of each of ``units`` in ``month``, in one query.

    Until June 2025 the district verifies; which tiers do is data (``ReviewLevel``).
    """
    levels = ReviewLevel.objects.filter(
        since__lte=month, until__gt=month, tier=OuterRef("ancestor__tier")
    )
    above = list(
        Ancestry.objects.in_month(month)
        .filter(descendant__in=units)
        .values_list("descendant", "ancestor", "ancestor__tier", "descendant__tier", Exists(levels))
    )
    provinces = {
        unit: (own, ancestor)
        for unit, ancestor, tier, own, _verifies in above
        if tier == "province"
    }
    verifiers = {
        unit: ancestor
        for unit, ancestor, _tier, own, verifies in above
        if verifies and own == "commune" and ancestor != unit
    }
    return {
        unit: Standing(tier, province, verifiers.get(unit))
        for unit, (tier, province) in provinces.items()
    }


def provinces_of(units: Collection[int], month: Month) -> set[int]:
    """The provinces above ``units`` in ``month``: whose periods to lock."""
    return set(_provinces(month).filter(descendant__in=units).values_list("ancestor", flat=True))


def province_above(unit: int, month: Month) -> int | None:
    """The province above one unit in ``month``; None where it does not stand."""
    found = _PROVINCE_ABOVE.ask(unit=unit, month=month)
    return found[0][0] if found else None


def _provinces(month: Month | Given) -> AncestryQuerySet:
    return Ancestry.objects.in_month(month).filter(ancestor__tier="province")


_PROVINCE_ABOVE = Prepared(
    lambda: (
        _provinces(Given("month", MonthField()))
        .filter(descendant=Given("unit", BigAutoField()))
        .values_list("ancestor")
    )
)


def indicators_by_id() -> dict[int, Indicator]:
    """The whole catalogue, in its order."""
    return {indicator.pk: indicator for indicator in Indicator.objects.all()}


def sums() -> dict[str, tuple[str, ...]]:
    """Code of each sum indicator to the codes of its parts."""
    found: dict[str, list[str]] = {}
    for code, part in Indicator.objects.filter(kind="sum").values_list("code", "parts__code"):
        found.setdefault(code, []).append(part)
    return {code: tuple(parts) for code, parts in found.items()}


def judges() -> list[Judge]:
    """Every rule as plain data, for ``rules.judge``."""
    parts: dict[int, list[str]] = {}
    rules: dict[int, tuple] = {}
    columns = ("code", "kind", "severity", "indicator__code", "other__code", "percent", "least")
    rows = Rule.objects.order_by(*Rule._meta.ordering, "parts__position", "parts__code")
    for pk, part, *rule in rows.values_list("pk", "parts__code", *columns):
        rules[pk] = tuple(rule)
        parts.setdefault(pk, []).extend([part] if part else [])
    return [
        Judge(
            code=code,
            kind=kind,
            severity=severity,
            indicator=indicator,
            other=other,
            parts=tuple(parts[pk]),
            percent=percent,
            least=least,
            rule_id=pk,
        )
        for pk, (code, kind, severity, indicator, other, percent, least) in rules.items()
    ]


def last_moves(reports: Collection[Submission]) -> dict[int, int]:
    """Each report's last step, by the report's id."""
    moves = Move.objects.filter(submission__in=[report.pk for report in reports])
    return dict(moves.order_by().values_list("submission").annotate(Max("pk")))


# --- working days --------------------------------------------------------------------------------


def working_days() -> WorkingDays:
    """The days that are worked, with those that an officer recorded."""
    return WorkingDays(dict(DecidedDay.objects.values_list("day", "worked")))


@dataclass(frozen=True)
class DueDays:
    """When reports are due: as a province set it, otherwise by the rule."""

    opened: Mapping[tuple[int, Month], date]
    days: WorkingDays

    def of(self, province: int | None, month: Month) -> date:
        """The usual day where no province is given, or it has not opened the month."""
        return self.opened.get((province, month)) or self.days.due_day(month)


def due_days_in(provinces: Collection[int] | QuerySet, months: Collection[Month]) -> DueDays:
    """The due days of some months in some provinces, in one query: pages ask this often."""
    opened = Period.objects.filter(unit__in=provinces, month__in=months).order_by()
    decided = DecidedDay.objects.order_by().values_list(
        Value(_NO_PROVINCE), Cast("worked", IntegerField()), "day"
    )
    rows = list(opened.values_list("unit", "month", "due_on").union(decided, all=True))
    return DueDays(
        {(unit, month): day for unit, month, day in rows if unit != _NO_PROVINCE},
        WorkingDays({day: bool(worked) for unit, worked, day in rows if unit == _NO_PROVINCE}),
    )


_NO_PROVINCE = 0
"""Stands where a province would, beside a day that is everybody's."""


def unknown_years(years: Iterable[int]) -> list[int]:
    """Those of ``years`` whose days off nobody knows yet: due days in them may still move."""
    asked = sorted(set(years) - set(KNOWN_YEARS))
    complete = CompleteYear.objects.filter(year__in=asked).values_list("year", flat=True)
    return sorted(set(asked) - set(complete)) if asked else []


def without_approval(province: Unit, month: Month) -> QuerySet[Unit]:
    """The communes below ``province`` whose report of ``month`` is not approved, by name.

    ``report_state`` is where it is; None where nobody has begun one.
    """
    report = Submission.objects.filter(unit=OuterRef("pk"), month=month)
    return (
        Unit.objects.below(province, month)
        .filter(~Exists(report.filter(state=State.APPROVED)), reports_at=EntryTier.COMMUNE)
        .annotate(report_state=Subquery(report.values("state")[:1]))
        .order_by("sort_key", "code")
    )


def waiting_corrections(unit: int, month: Month) -> int:
    """How many numbers at or below a unit wait to become official: reported and not approved so."""
    below = Count.objects.filter(
        month=month,
        unit__ancestries__ancestor=unit,
        unit__ancestries__since__lte=month,
        unit__ancestries__until__gt=month,
        value__isnull=False,
    )
    return below.filter(Q(approved__isnull=True) | ~Q(approved=F("value"))).count()


# --- whose a report is ---------------------------------------------------------------------------


def owned_by(user: User | None) -> Q:
    """Reports that are somebody's own, so that others must decide about them.

    They wrote a number in it or handed it in, and that was not approved since. An approval that was
    taken back is none. Nothing is the command line's own.
    """
    since = _approvals_that_stand()
    written = Revision.objects.filter(
        ~Q(new_value=F("old_value")) | Q(old_value__isnull=True),
        ~Exists(since.filter(submission=OuterRef(OuterRef("pk")), at__gte=OuterRef("at"))),
        month=OuterRef("month"),
        unit=OuterRef("unit"),
        by=user,
        by__isnull=False,
    )
    handed_in = Move.objects.filter(
        ~Exists(since.filter(submission=OuterRef("submission"), pk__gt=OuterRef("pk"))),
        submission=OuterRef("pk"),
        verb="send",
        by=user,
        by__isnull=False,
    )
    last = Q(reported_by=user, reported_by__isnull=False)
    return last | Exists(written) | Exists(handed_in)


def _approvals_that_stand() -> QuerySet[Move]:
    later = Move.objects.filter(submission=OuterRef("submission"), pk__gt=OuterRef("pk"))
    following = Subquery(later.order_by("pk").values("verb")[:1])
    return (
        Move.objects.filter(verb="approve")
        .alias(following=Coalesce(following, Value("")))
        .exclude(following__in=["undo", "revoke"])
    )
