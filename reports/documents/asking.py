"""What a document is asked of: the unit of a code in a year, the decision, or a refusal."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from commitments.decisions.numbers import number_key
from commitments.models import Decision
from districts.models import Unit
from districts.months import Month
from reports.engine.asking import find_unit
from reports.wording import words
from steering.accounts.faults import Refused
from steering.committee.models import Committee

from .assigned import Assigned
from .months import LateReports, MonthFigures, Occasion
from .promised import Promised
from .ranking import judged_indicators

_TIERS = {2: "province", 3: "district", 5: "commune"}


def unit_of_year(code: str, year: int, on: date | None = None) -> Unit:
    """The unit in force on 31 December or, if it ended in the year, on its last day.

    ``on`` names the one in force on that day. Raises Refused if there is none.
    """
    if on is not None:
        return find_unit(code, on)
    last = date(year, 12, 31)
    if not Unit.objects.in_force_on(last).filter(code=code, tier=_TIERS.get(len(code))).exists():
        ended = (
            Unit.objects.filter(
                code=code,
                tier=_TIERS.get(len(code)),
                abolished_on__gt=date(year, 1, 1),
                abolished_on__lte=last,
            )
            .order_by("-abolished_on")
            .values_list("abolished_on", flat=True)
        )
        if ended:
            last = ended[0] - timedelta(days=1)
    return find_unit(code, last)


def unit_of_month(code: str, month: Month, on: date | None = None) -> Unit:
    """The unit whose month it is; one that was not in force then is read as of the year."""
    try:
        return find_unit(code, on or month.first_day)
    except Refused:
        return unit_of_year(code, month.year, on)


def first_decision(unit: Unit, year: int, authority: str) -> Decision:
    """The first decision of a year by the unit. Raises Refused if there is none."""
    found = _decisions(unit, authority).filter(year=year, withdrawn_on=None)
    first = found.filter(amends=None).first() or found.first()
    if first is None:
        raise _nothing(unit, year)
    return first


def latest_amendment(unit: Unit, year: int, authority: str) -> Decision:
    """The latest amendment of a year by the unit. Raises Refused if there is none."""
    found = _decisions(unit, authority).filter(year=year, withdrawn_on=None)
    latest = found.exclude(amends=None).last()
    if latest is None:
        message = _("%(unit)s amended no targets of %(year)s. There is nothing to write.")
        details = {"unit": unit.full_name, "year": year}
        raise Refused.because("no_amendment", message % details, read=str(year))
    return latest


def decision_of(code: str, number: str, authority: str, on: date | None = None) -> Decision:
    """The decision of a number, of a unit with that code: the newest. Raises Refused."""
    found = Decision.objects.filter(
        unit__code=code,
        unit__tier=_TIERS.get(len(code)),
        authority=authority,
        number_key=number_key(number),
    )
    if on is not None:
        found = found.filter(unit=find_unit(code, on))
    decision = _ordered(found).last()
    if decision is None:
        message = _(
            "No decision “%(read)s” of a unit with the code %(code)s is recorded. Check the number."
        )
        details = {"read": number, "code": code}
        raise Refused.because("unknown_decision", message % details, read=number)
    return decision


def _decisions(unit: Unit, authority: str):
    return _ordered(Decision.objects.filter(unit=unit, authority=authority))


def _ordered(found):
    return found.select_related("unit", "amends").order_by("effective_on", "issued_on", "pk")


def _nothing(unit: Unit, year: int) -> Refused:
    message = _("%(unit)s assigned no targets for %(year)s. There is nothing to write.")
    details = {"unit": unit.full_name, "year": year}
    return Refused.because("no_targets", message % details, read=str(year))


def with_targets(found: Assigned) -> Assigned:
    """The same; raises Refused where the decision assigned nothing."""
    if not found.assigned_indicators:
        raise _nothing(found.decision.unit, found.decision.year)
    return found


def with_figures(found: MonthFigures) -> MonthFigures:
    """The same; raises Refused where the unit has neither a result nor a target in the month."""
    if found.indicators:
        return found
    message = _("%(unit)s has no results and no targets for %(month)s. There is nothing to write.")
    raise _of_month("no_figures", message, found.occasion)


def with_ranks(found: MonthFigures) -> MonthFigures:
    """The same; raises Refused where no unit below was assigned a target."""
    if judged_indicators(with_figures(found)):
        return found
    message = _("No unit below %(unit)s has a target in %(month)s. There is nothing to rank.")
    raise _of_month("no_ranks", message, found.occasion)


def with_late(found: LateReports) -> LateReports:
    """The same; raises Refused where no report is late."""
    if found.late:
        return found
    message = _("No report of %(unit)s for %(month)s is late. There is nothing to write.")
    raise _of_month("no_late", message, found.occasion)


def with_promises(found: list[Promised], unit: Unit, year: int) -> list[Promised]:
    """The same; raises Refused where nothing was prepared or signed."""
    if found:
        return found
    message = _("No commitment of %(unit)s for %(year)s is prepared or signed.")
    details = {"unit": unit.full_name, "year": year}
    raise Refused.because("no_commitment", message % details, read=str(year))


def _of_month(code: str, message: str, occasion: Occasion) -> Refused:
    details = {"unit": occasion.unit.full_name, "month": words.month_number(occasion.month)}
    return Refused.because(code, message % details, read=str(occasion.month))


def notices(unit: Unit) -> tuple[str, ...]:
    """What the committee of the unit has printed on every paper."""
    committee = Committee.objects.filter(unit=unit).first()
    return (committee.notice,) if committee and committee.notice else ()
