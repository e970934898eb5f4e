"""Reads of what is being collected. Time is always an argument."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import BigAutoField, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models import Count as CountOf
from django.db.models.functions import Cast, Coalesce

from commitments.actions.reporting.periods import usual_period
from commitments.models import Count, Explanation, Indicator, Period, Revision, Submission
from districts.models import Unit
from districts.months import Month, MonthField
from steering.accounts.models import JournalEntry
from steering.accounts.prepared import Given, Prepared

from .models import DraftAnswer, DraftCell, Receipt, Reminder
from .models.reminders import NOT_MAILED
from .rules import is_asked


def entered_by(unit: Unit, month: Month) -> list[Indicator]:
    """What ``unit`` reports for ``month``, in the order of the catalogue."""
    return [one for one in Indicator.objects.all() if is_asked(one, unit.reports_at, month)]


def period_of(province: int | None, month: Month) -> Period:
    """The reporting month of a province; with the usual dates while nobody has opened it."""
    found = Period.objects.filter(unit=province, month=month).first()
    return found or usual_period(province, month)


def counts_in(unit: Unit, month: Month) -> dict[int, tuple[int | None, int | None]]:
    """Indicator to the numbers of one report: as reported, and as approved."""
    rows = _COUNTS.ask(unit=unit.pk, month=month)
    return {indicator: (value, approved) for indicator, value, approved in rows}


_COUNTS = Prepared(
    lambda: Count.objects.filter(
        unit=Given("unit", BigAutoField()), month=Given("month", MonthField())
    ).values_list("indicator", "value", "approved")
)


def last_reported(unit: Unit, month: Month, indicators: Collection[int]) -> dict[int, Revision]:
    """Indicator to the revision that made its number what is reported: who, and when."""
    changed = Revision.objects.filter(unit=unit, month=month, indicator__in=indicators).filter(
        ~Q(new_value=F("old_value")) | Q(old_value__isnull=True)
    )
    return {row.indicator_id: row for row in changed.select_related("by").order_by("pk")}


def report_in(unit: Unit, month: Month) -> Submission | None:
    """The report of a unit for a month, if one was begun, with what there is about it.

    ``receipts_held`` says how many, ``is_explained`` and ``is_answered`` whether rules were
    answered, in what was sent and in what is typed.
    """
    found = _REPORT.objects(unit=unit.pk, month=month)
    return found[0] if found else None


def _report() -> QuerySet[Submission]:
    about = {"submission": OuterRef("pk")}
    held = Receipt.objects.filter(**about).order_by().values("submission")
    typed = DraftAnswer.objects.filter(unit=OuterRef("unit"), month=OuterRef("month"))
    reports = Submission.objects.filter(
        unit=Given("unit", BigAutoField()), month=Given("month", MonthField())
    )
    return reports.order_by().annotate(
        receipts_held=Coalesce(Subquery(held.annotate(held=CountOf("pk")).values("held")), 0),
        is_explained=Exists(Explanation.objects.filter(**about)),
        is_answered=Exists(typed),
    )


_REPORT = Prepared(_report)


def drafts_of(unit: Unit, month: Month) -> QuerySet[DraftCell]:
    """What is typed over one report and not sent."""
    return DraftCell.objects.filter(unit=unit, month=month)


def draft_cells(unit: Unit, month: Month) -> list[DraftCell]:
    """The same, read quickly."""
    return _DRAFTS.objects(unit=unit.pk, month=month)


_DRAFTS = Prepared(
    lambda: DraftCell.objects.filter(
        unit=Given("unit", BigAutoField()), month=Given("month", MonthField())
    )
)


def answers_of(unit: Unit, month: Month) -> QuerySet[DraftAnswer]:
    """What is answered to rules about one report and not sent."""
    return DraftAnswer.objects.filter(unit=unit, month=month)


@dataclass(frozen=True)
class Reminded:
    """When a group was last reminded of a month, and what was tried since.

    ``last`` reached somebody, or was passed on by hand; ``failed`` is a later one that the mail
    server took for nobody, which is no reminder.
    """

    last: Reminder | None = None
    failed: Reminder | None = None


def reminded(groups: Collection[int], month: Month) -> dict[int, Reminded]:
    """The last reminder of each group for ``month``."""
    failures = JournalEntry.objects.filter(
        action=NOT_MAILED,
        subject_type=Reminder._meta.label_lower,
        subject_id=Cast(OuterRef("pk"), CharField()),
    )
    rows = Reminder.objects.filter(group__in=groups, month=month).annotate(failed=Exists(failures))
    found = {group: Reminded() for group in groups}
    for row in rows.select_related("by").order_by("pk"):
        last = found[row.group_id].last
        found[row.group_id] = Reminded(last, row) if row.failed else Reminded(row)
    return found
