"""What the night does about reports that are missing.

One rule for every installation: whoever does not want it takes the line out of ``NIGHTLY``. An
overdue report is not marked anywhere: that it is overdue follows from the due day, whenever
somebody looks (``collection.following.board``).
"""

from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from collection.actions.reminders import remind
from collection.following.roster import reporting_below
from collection.querysets import Reminded, reminded
from collection.rules import night_reminds
from commitments.models import Period
from commitments.rules import Refused
from districts.models import Unit
from districts.months import Month
from reports.conference.completeness import due_days
from steering.accounts.actors import COMMAND_LINE
from steering.jobs.running import Running


def remind_overdue(running: Running) -> dict:
    """Remind every group with reports missing for the month that is due; see ``remind_groups``."""
    day = date.fromisoformat(running.arguments["day"])
    night = remind_groups(on=day, at=timezone.now())
    said = _("%(count)s groups of units were reminded of reports that are overdue.")
    said %= {"count": night.reminded}
    if night.refused:
        refused = _(
            "The mail server took the reminders of %(count)s groups for nobody; the next night "
            "tries again."
        )
        said = f"{said} {refused % {'count': night.refused}}"
    return {"said": said, **night._asdict()}


class Night(NamedTuple):
    """How many groups were reminded, and of how many the mail server took nothing."""

    reminded: int
    refused: int


def remind_groups(*, on: date, at: datetime) -> Night:
    """Remind, once the due day of last month's reports has passed, then every third day.

    Only where monthly counts are collected: one of the last two months was opened in the province.
    A second run of the same night finds who was reminded and does nothing.
    """
    month = Month.containing(on) - 1
    collecting = Period.objects.filter(month__in=(month - 1, month)).values("unit")
    outcomes = []
    for province in Unit.objects.filter(pk__in=collecting).in_force_on(month.first_day):
        due = due_days([province.pk], [month])[province.pk, month]
        for group in _groups(province, month):
            last = reminded([group.pk], month)[group.pk].last
            last_day = timezone.localdate(last.at) if last else None
            if night_reminds(due=due, last=last_day, on=on):
                outcomes += _remind(group, month, on, at)
    refused = sum(outcome.failed is not None for outcome in outcomes)
    return Night(len(outcomes) - refused, refused)


def _groups(province: Unit, month: Month) -> list[Unit]:
    units = reporting_below(province, month)
    return list(Unit.objects.filter(pk__in={unit.stood_under for unit in units}))


def _remind(group: Unit, month: Month, on: date, at: datetime) -> list[Reminded]:
    """What came of it; nothing where nobody is to be reminded: complete, closed, or too soon."""
    try:
        remind(group=group, month=month, actor=COMMAND_LINE, on=on, at=at)
    except Refused:
        return []
    return [reminded([group.pk], month)[group.pk]]
