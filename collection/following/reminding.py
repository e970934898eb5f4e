"""What a reminder would say, of whom, to whom. A read; ``actions.reminders`` sends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from collection.following.roster import (
    Square,
    reporting_below,
    squares_of,
)
from collection.models import Reminder
from collection.querysets import Reminded, reminded
from collection.rules import next_reminder
from districts.models import Unit
from districts.months import Month
from reports.conference.completeness import due_days
from steering.committee.models import Committee, Membership
from steering.committee.roles import Role

ADDRESSED = (Role.OFFICER, Role.CHAIR)
"""Whose e-mail addresses a reminder goes to: of the missing units, and of the group."""


@dataclass(frozen=True)
class Reminding:
    """One group and month: who is missing, whom it reaches, when it was last reminded."""

    group: Unit
    month: Month
    on: date
    due_on: date
    missing: Sequence[Square]
    reminded: Reminded

    @property
    def last(self) -> Reminder | None:
        """The last reminder that is one."""
        return self.reminded.last

    @property
    def units(self) -> list[Unit]:
        return [square.unit for square in self.missing]

    @property
    def days_over(self) -> int:
        """Days since the due day; below zero while there is time."""
        return (self.on - self.due_on).days

    @property
    def days_left(self) -> int:
        return -self.days_over

    @property
    def next_possible(self) -> datetime | None:
        return next_reminder(self.last.at) if self.last else None

    def too_soon(self, at: datetime) -> bool:
        return self.last is not None and at < self.next_possible

    @cached_property
    def seats(self) -> list[Membership]:
        """The seats a reminder is meant for, on the day."""
        meant = Membership.objects.in_force_on(self.on).with_any_role(ADDRESSED)
        meant = meant.filter(
            committee__unit__in=[self.group, *self.units], user__is_active=True
        ).select_related("user", "committee__unit")
        return list(meant)

    @cached_property
    def recipients(self) -> list[str]:
        """The e-mail addresses it goes to, each once."""
        return sorted({seat.user.email for seat in self.seats if seat.user.email})

    @cached_property
    def unreached(self) -> list[Unit]:
        """The missing units without anybody who has an address: they need the text by hand."""
        reached = {seat.committee.unit_id for seat in self.seats if seat.user.email}
        return [unit for unit in self.units if unit.pk not in reached]

    @cached_property
    def sender(self) -> str:
        """The committee that reminds: of the group, if it has one."""
        return (
            Committee.objects.filter(unit=self.group).values_list("name", flat=True).first() or ""
        )

    def subject(self) -> str:
        """The subject of the message, in the language of the state."""
        return self._said("collection/mail/reminder_subject.txt")

    def text(self) -> str:
        """The message as it is proposed, in the language of the state whatever is read."""
        return self._said("collection/mail/reminder.txt")

    def _said(self, template: str) -> str:
        with translation.override(settings.LANGUAGE_CODE):
            address = settings.SITE_URL + reverse("collection:entry")
            return render_to_string(template, {"it": self, "address": address}).strip()


def reminding(*, group: Unit, month: Month, on: date) -> Reminding:
    """What reminding ``group`` of ``month`` would be, seen on that day."""
    units = [unit for unit in reporting_below(group, month) if unit.stood_under == group.pk]
    due = due_days([group.pk, *(unit.pk for unit in units)], [month])
    squares = squares_of(units, [month], due).values()
    return Reminding(
        group=group,
        month=month,
        on=on,
        due_on=due[group.pk, month],
        missing=[square for square in squares if not square.is_sent],
        reminded=reminded([group.pk], month)[group.pk],
    )
