"""What an address means: a month and the unit that reports in it, each as it is written there."""

from django.core.exceptions import BadRequest
from django.http import Http404
from django.utils.translation import gettext as _

from districts.models import Unit
from districts.months import Month


def read_month(text: str) -> Month:
    """The month of an address. Raises BadRequest."""
    try:
        return Month.parse(text)
    except ValueError:
        message = _("“%(read)s” is not a month; write it like 2023-12.") % {"read": text}
        raise BadRequest(message) from None


def reporting_unit(code: str, month: Month) -> Unit:
    """The unit that reports under ``code`` in ``month``; a province's code means its office.

    Raises Http404 where none does.
    """
    unit = Unit.objects.reporting_in(month).filter(code=code).first()
    if unit is None:
        message = _("No unit with the code “%(read)s” reports for %(month)s.")
        raise Http404(message % {"read": code, "month": month})
    return unit
