"""Recording what the government decided about days off. It holds for the whole country.

Whoever closes months of a province may record it. Due days of months that nobody has opened follow
at once; those stored are computed anew by ``collection.actions.due_days``.
"""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.models import CompleteYear, DecidedDay
from commitments.models.calendar import LONGEST_SOURCE
from commitments.querysets import working_days
from commitments.rules import LONGEST_REASON, Fault, Refused, too_long
from commitments.working_days import WorkingDays
from districts.models import Tier
from districts.versions import raise_common
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor, as_user
from steering.committee.access import require_somewhere
from steering.committee.roles import Permission

YEARS = range(2000, 2101)
"""The years whose days can be recorded: anything else is a slip of the hand."""


@transaction.atomic
def decide_days(
    *, days: Mapping[date, bool], source: str, actor: Actor, on: date
) -> list[DecidedDay]:
    """Record the days that one decision takes off (False) or has worked (True), all or nothing."""
    require_somewhere(actor, Permission.CLOSE_PERIODS, on, tier=Tier.PROVINCE)
    known = working_days()
    faults = _wrong_source(source)
    if not days:
        message = _("Give a day that is taken off, or one that is worked.")
        faults.append(Fault("day_needed", message, column="off"))
    for day, worked in days.items():
        faults += _wrong_day(day, worked, known)
    if faults:
        raise Refused(faults)
    raise_common()
    return [_decide(day, worked, source.strip(), actor) for day, worked in sorted(days.items())]


@transaction.atomic
def withdraw_day(*, day: date, why: str, actor: Actor, on: date) -> None:
    """Take back what was recorded of a day; the journal keeps it, with the reason."""
    require_somewhere(actor, Permission.CLOSE_PERIODS, on, tier=Tier.PROVINCE)
    found = DecidedDay.objects.select_for_update().filter(day=day).first()
    if found is None:
        message = _("Nothing is recorded of %(day)s.") % {"day": f"{day:%d/%m/%Y}"}
        raise Refused.because("day_not_decided", message, read=str(day))
    _require_reason(why, _("Say why what was recorded of %(subject)s is withdrawn."), found)
    before = {"worked": found.worked, "source": found.source}
    write_journal(actor=actor, action="day.withdrawn", subject=found, before=before, why=why)
    found.delete()
    raise_common()


@transaction.atomic
def complete_year(*, year: int, source: str, actor: Actor, on: date) -> CompleteYear:
    """Say that all the government announced about a year's days off is recorded."""
    require_somewhere(actor, Permission.CLOSE_PERIODS, on, tier=Tier.PROVINCE)
    faults = _wrong_source(source)
    if year not in YEARS:
        faults.append(_wrong_year(year))
    if faults:
        raise Refused(faults)
    given = {"source": source.strip(), "by": as_user(actor)}
    made, is_new = CompleteYear.objects.get_or_create(year=year, defaults=given)
    if not is_new:
        message = _("The days off of %(year)s are recorded as complete already.") % {"year": year}
        raise Refused.because("year_complete", message, read=str(year))
    write_journal(actor=actor, action="year.completed", subject=made, after={"source": made.source})
    raise_common()
    return made


@transaction.atomic
def reopen_year(*, year: int, why: str, actor: Actor, on: date) -> None:
    """Take back that a year's days off are complete; the journal keeps it, with the reason."""
    require_somewhere(actor, Permission.CLOSE_PERIODS, on, tier=Tier.PROVINCE)
    found = CompleteYear.objects.select_for_update().filter(year=year).first()
    if found is None:
        message = _("The days off of %(year)s are not recorded as complete.") % {"year": year}
        raise Refused.because("year_not_complete", message, read=str(year))
    _require_reason(why, _("Say why the days off of %(subject)s are not complete."), found)
    before = {"source": found.source}
    write_journal(actor=actor, action="year.reopened", subject=found, before=before, why=why)
    found.delete()
    raise_common()


def _decide(day: date, worked: bool, source: str, actor: Actor) -> DecidedDay:
    given = {"worked": worked, "source": source, "by": as_user(actor)}
    made, is_new = DecidedDay.objects.get_or_create(day=day, defaults=given)
    if not is_new:
        raise Refused([_recorded_already(day)])
    after = {"worked": worked, "source": source}
    write_journal(actor=actor, action="day.decided", subject=made, after=after)
    return made


def _wrong_source(source: str) -> list[Fault]:
    if not source.strip():
        message = _("Name the decision: its number and its day.")
        return [Fault("source_needed", message, column="source")]
    return too_long(source, LONGEST_SOURCE, column="source")


def _wrong_day(day: date, worked: bool, known: WorkingDays) -> list[Fault]:
    """What is wrong with recording a day: it must say something else than what is known."""
    if day.year not in YEARS:
        return [_wrong_year(day.year)]
    if day in known.decided:
        return [_recorded_already(day)]
    if known.are_worked(day) != worked:
        return []
    message = _("%(day)s is worked already.") if worked else _("%(day)s is a day off already.")
    column = "worked" if worked else "off"
    return [Fault("day_known", message % {"day": f"{day:%d/%m/%Y}"}, column=column, read=str(day))]


def _recorded_already(day: date) -> Fault:
    message = _("%(day)s is recorded already. Withdraw that first.") % {"day": f"{day:%d/%m/%Y}"}
    return Fault("day_decided", message, read=str(day))


def _wrong_year(year: int) -> Fault:
    message = _("%(year)s is out of range: give a year from %(first)s to %(last)s.")
    said = {"year": year, "first": YEARS[0], "last": YEARS[-1]}
    return Fault("bad_year", message % said, read=str(year), expected=f"{YEARS[0]}..{YEARS[-1]}")


def _require_reason(why: str, question: str, subject: object) -> None:
    if not why.strip():
        raise Refused.because("reason_needed", question % {"subject": subject}, column="why")
    if faults := too_long(why, LONGEST_REASON, column="why"):
        raise Refused(faults)
