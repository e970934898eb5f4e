"""What an address of the pages of promises is about: which committee, which year."""

from datetime import date

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from districts.models import Tier
from districts.months import FIRST_YEAR, LAST_YEAR, Month
from reports.pages.scope import home_unit, provinces_above, unit_called
from steering.committee.access import NotAllowed, may
from steering.committee.models import Committee
from steering.committee.roles import Permission


def committee_asked(request: HttpRequest, today: date) -> Committee:
    """The committee of ``?unit=``, else of the reader's province. Raises Http404 where none is.

    A reader without sight of the unit or of anything below it is refused; a member from below sees
    what stands there of the own units.
    """
    month = Month.containing(today)
    code = request.GET.get("unit")
    home = home_unit(request.user, month, today)
    unit = unit_called(code, month) if code else None
    if unit is None:
        unit = home if home.tier == Tier.PROVINCE else provinces_above(home).last() or home
    elif not may(request.user, Permission.SEE_FIGURES, unit, today) and not (
        home.ancestries.filter(ancestor=unit).exists()
    ):
        raise PermissionDenied(NotAllowed(Permission.SEE_FIGURES, unit))
    committee = Committee.objects.filter(unit=unit).select_related("unit").first()
    if committee is None:
        raise Http404(_("%(unit)s has no committee.") % {"unit": unit.full_name})
    return committee


def year_asked(request: HttpRequest, default: int) -> int:
    """The year of ``?year=``. Raises BadRequest."""
    text = request.GET.get("year")
    if not text:
        return default
    if not text.isdecimal() or not FIRST_YEAR <= int(text[:5]) <= LAST_YEAR:
        raise BadRequest(_("“%(read)s” is not a year; write it like 2024.") % {"read": text[:40]})
    return int(text)
