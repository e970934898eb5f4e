"""What a script asks for by its codes: units and indicators, or a refusal that quotes them."""

from datetime import date

from django.utils.translation import gettext as _

from commitments.models import Indicator
from districts.models import Unit
from steering.accounts.faults import Fault, Refused


def find_unit(code: str, day: date) -> Unit:
    """The unit in force on ``day``; raises Refused if there is none."""
    try:
        return Unit.objects.by_code(code, day)
    except Unit.DoesNotExist:
        raise unknown_unit(code, day) from None


def unknown_unit(code: str, day: date) -> Refused:
    """The refusal of a code that no unit in force on ``day`` has."""
    message = _("No unit with the code “%(read)s” is in force on %(day)s. Give 2, 3 or 5 digits.")
    details = {"read": code, "day": f"{day:%d/%m/%Y}"}
    return Refused.because("unknown_unit", message % details, read=code)


def find_indicators(codes: list[str] | None) -> list[Indicator] | None:
    """The indicators of the codes given, or None for all; raises Refused for unknown ones."""
    if codes is None:
        return None
    found = {indicator.code: indicator for indicator in Indicator.objects.filter(code__in=codes)}
    unknown = [code for code in codes if code not in found]
    if unknown:
        message = _("“%(read)s” is no indicator of the catalogue.")
        raise Refused(
            Fault("unknown_indicator", message % {"read": code}, read=code) for code in unknown
        )
    return list(found.values())
