"""What an address of these pages is about: which decision's target, divided by which unit."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from commitments.allocation.places import Place
from commitments.models import Decision, Indicator
from districts.models import Unit
from districts.months import Month
from steering.accounts.actors import Actor
from steering.accounts.faults import Refused
from steering.committee.access import NotAllowed, may
from steering.committee.roles import Permission


def place_asked(
    decision_id: int, indicator_code: str, unit_code: str | None, reader: Actor, today: date
) -> Place:
    """The target of an address, for somebody who may see the figures of the unit that divides it.

    Without a unit it is the decision's own. A decision that passes on what a unit got is about the
    target it passes on. Raises Http404 and PermissionDenied.
    """
    decision = get_object_or_404(
        Decision.objects.select_related("unit", "passes_on__unit"), pk=decision_id
    )
    indicator = get_object_or_404(
        Indicator.objects.select_related("numerator"), code=indicator_code
    )
    unit = decision.unit
    if decision.passes_on_id:
        decision = decision.passes_on
    if unit_code and unit_code != unit.code:
        unit = _unit_below(decision, unit_code)
    if not may(reader, Permission.SEE_FIGURES, unit, today):
        raise PermissionDenied(NotAllowed(Permission.SEE_FIGURES, unit))
    place = Place(decision, unit, indicator)
    try:
        place.target  # noqa: B018
    except Refused as refused:
        raise Http404(refused.faults[0].message) from None
    return place


def _unit_below(decision: Decision, code: str) -> Unit:
    """The unit of that code at or below the decision's on the day it takes effect."""
    month = Month.containing(decision.effective_on)
    below = Unit.objects.below(decision.unit, month).administrative()
    if (found := below.filter(code=code).first()) is None:
        message = _("There is no unit “%(read)s” below %(unit)s on %(day)s.")
        details = {"read": code, "unit": decision.unit.full_name, "day": decision.effective_on}
        raise Http404(message % details)
    return found
