"""Whether the targets that a conference shows were passed on whole, on every level."""

from commitments.allocation.cascade import cascade
from districts.models import Tier, Unit
from districts.months import Month

from .contents import PassedOn


def passed_on(unit: Unit, year: int, month: Month, authority: str) -> tuple[PassedOn, ...]:
    """Whether targets were passed on whole, from the unit down to whoever stands above communes."""
    below = Unit.objects.below(unit, month).administrative().exclude(tier=Tier.COMMUNE)
    units = sorted(below, key=lambda one: (one.pk != unit.pk, one.code))
    named = {one.pk: one for one in units}
    steps = cascade(units=units, year=year, on=month.last_day, authority=authority)
    return tuple(
        PassedOn(
            named[step.unit], step.indicator, step.people, len(step.undivided), len(step.children)
        )
        for step in steps
        if step.balance is not None
    )
