"""Compute stored due days anew; lists which moved and which reports are on time by it. Repeatable.

manage.py recompute_due_days --dry-run
manage.py recompute_due_days --format json
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from collection.actions.due_days import recompute_due_days
from collection.following.working_year import unknown_year
from commitments.models import Submission
from commitments.querysets import unknown_years, working_days
from districts.months import Month
from reports.wording.words import (
    day,
    moment,
)
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.programs.answers import AnsweringCommand


class Command(AnsweringCommand):
    help = "Gives stored due days the fifth working day of the next month; those set by hand stay."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="only say what would move")

    def answer(self, *, dry_run, **options):
        today = timezone.localdate()
        done = recompute_due_days(actor=COMMAND_LINE, on=today, dry_run=dry_run)
        return {
            "ok": True,
            "dry_run": dry_run,
            "periods": [
                {
                    "province": one.period.unit.code,
                    "month": str(one.period.month),
                    "was": str(one.period.due_on),
                    "is": str(one.due_on),
                    "closed": one.period.is_closed,
                }
                for one in done.moved
            ],
            "on_time": [_report(report) for one in done.moved for report in one.on_time],
            "late": [_report(report) for one in done.moved for report in one.late],
            "set_by_hand": [
                {
                    "province": period.unit.code,
                    "month": str(period.month),
                    "stays": str(period.due_on),
                    "usual": str(usual),
                }
                for period, usual in done.kept
            ],
            "years_unknown": unknown_years({*done.years, (Month.containing(today) + 1).year}),
            "days_not_counted": [
                {"day": str(on), "worked": worked, "decision": decision.source}
                for decision in working_days().uncounted()
                for on, worked in decision.days.items()
            ],
        }

    def show(self, answer):
        return "\n".join(_lines(answer))


def _report(report: Submission) -> dict[str, str]:
    return {
        "unit": report.unit.code,
        "name": report.unit.full_name,
        "month": str(report.month),
        "sent_at": timezone.localtime(report.sent_at).isoformat(timespec="seconds"),
    }


def _lines(answer: Mapping) -> Iterator[str]:
    """The answer as sentences: what moves, whose reports, what stays, what is not known."""
    if not answer["periods"]:
        yield _("Every due day is as the rule gives it; nothing moves.")
    for one in answer["periods"]:
        yield _("%(province)s, %(month)s: due on %(is)s, was %(was)s.") % _readable(one)
    for one in answer["on_time"]:
        yield _("On time: %(unit)s %(name)s, %(month)s, sent %(sent_at)s.") % _readable(one)
    for one in answer["late"]:
        yield _("Late: %(unit)s %(name)s, %(month)s, sent %(sent_at)s.") % _readable(one)
    for one in answer["set_by_hand"]:
        said = _("%(province)s, %(month)s: stays %(stays)s, set by hand; the rule gives %(usual)s.")
        yield said % _readable(one)
    for year in answer["years_unknown"]:
        yield unknown_year(year)
    for one in answer["days_not_counted"]:
        said = _("Not counted: %(day)s by decision %(decision)s. Confirm it on the page of days.")
        yield said % _readable(one)
    if answer["dry_run"]:
        yield _("Nothing was written.")


def _readable(one: Mapping) -> dict:
    """The days of an answer as people write them."""
    return {key: _day_first(value) if key in _DAYS else value for key, value in one.items()}


_DAYS = {"was", "is", "stays", "usual", "day", "sent_at"}


def _day_first(text: str) -> str:
    at = datetime.fromisoformat(text)
    return moment(at) if at.tzinfo else day(at.date())
