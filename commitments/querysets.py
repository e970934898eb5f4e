"""Reads of promises and counts in the words of the domain. Time is always an argument."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import BigAutoField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from districts.models import Ancestry
from districts.months import Month, MonthField
from districts.querysets import AncestryQuerySet
from steering.accounts.models import User
from steering.accounts.prepared import Given, Prepared

from .models import Indicator, Move, ReviewLevel, Revision, Rule, Submission
from .rules import Judge


@dataclass(frozen=True)
class Standing:
    """Where a reporting unit stands in a month: its tier, its province, who verifies it."""

    tier: str
    province: int
    verifier: int | None


def standings(units: Collection[int], month: Month) -> dict[int, Standing]:
    """Province and verifying unit of each of ``units`` in ``month``, in two queries.

    Until June 2025 the district verifies; which tiers do is data (``ReviewLevel``).
    """
    tiers = frozenset(
        ReviewLevel.objects.filter(since__lte=month, until__gt=month).values_list("tier", flat=True)
    )
    above = list(
        Ancestry.objects.in_month(month)
        .filter(descendant__in=units)
        .values_list("descendant", "ancestor", "ancestor__tier", "descendant__tier")
    )
    provinces = {unit: (own, ancestor) for unit, ancestor, tier, own in above if tier == "province"}
    verifiers = {
        unit: ancestor
        for unit, ancestor, tier, own in above
        if tier in tiers and own == "commune" and ancestor != unit
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
    return [
        Judge(
            code=rule.code,
            kind=rule.kind,
            severity=rule.severity,
            indicator=rule.indicator and rule.indicator.code,
            other=rule.other and rule.other.code,
            parts=tuple(part.code for part in rule.parts.all()),
            percent=rule.percent,
            least=rule.least,
            rule_id=rule.pk,
        )
        for rule in Rule.objects.select_related("indicator", "other").prefetch_related("parts")
    ]


def last_moves(reports: Collection[Submission]) -> dict[int, int]:
    """Each report's last step, by the report's id."""
    moves = Move.objects.filter(submission__in=[report.pk for report in reports])
    return dict(moves.order_by().values_list("submission").annotate(Max("pk")))


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
