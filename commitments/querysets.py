"""Reads of promises and counts in the words of the domain. Time is always an argument."""

from collections.abc import Collection
from dataclasses import dataclass

from districts.models import Ancestry, Unit
from districts.months import Month

from .models import Indicator, ReviewLevel, Rule
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
    return set(
        Ancestry.objects.in_month(month)
        .filter(descendant__in=units, ancestor__tier="province")
        .values_list("ancestor", flat=True)
    )


def verifier_of(unit: Unit, month: Month) -> Unit | None:
    """The unit whose committee verifies reports of ``unit`` in ``month``, if any does."""
    standing = standings([unit.pk], month).get(unit.pk)
    return Unit.objects.get(pk=standing.verifier) if standing and standing.verifier else None


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
