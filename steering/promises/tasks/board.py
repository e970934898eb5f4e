"""Who does what by when, as far as the reader may see: the board of tasks. A read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from commitments.models import Decision, Task
from districts.models import Unit
from districts.months import Month
from steering.accounts.models import User
from steering.committee import access
from steering.committee.models import Membership
from steering.committee.roles import Permission

STATES = ("open", "overdue", "done", "dropped", "all")


@dataclass(frozen=True)
class Row:
    """A task with who answers for it on the day: the head in office, unless somebody is named."""

    task: Task
    head: str
    on: date

    @property
    def is_overdue(self) -> bool:
        return self.task.is_overdue(self.on)

    @property
    def days_left(self) -> int:
        return self.task.days_left(self.on)

    @property
    def days_over(self) -> int:
        return -self.days_left

    @property
    def answers(self) -> str:
        return self.task.responsible or self.head


def tasks_seen(user: User, on: date) -> QuerySet[Task]:
    """The tasks of units the reader may see, soonest due first."""
    tasks = Task.objects.select_related("unit", "decision")
    return access.visible(tasks, user, on, unit_field="unit")


def chosen(tasks: QuerySet[Task], asked: Mapping[str, str], on: date) -> QuerySet[Task]:
    """The tasks that an address asks for: ``state``, ``unit`` by code, ``source``."""
    state = asked.get("state") or "open"
    if state == "overdue":
        tasks = tasks.overdue(on)
    elif state in Task.State.values:
        tasks = tasks.filter(state=state)
    if unit := asked.get("unit"):
        tasks = tasks.filter(unit__code=unit)
    if (source := asked.get("source")) in Task.Source.values:
        tasks = tasks.filter(source_kind=source)
    return tasks


def rows(tasks: list[Task], on: date) -> list[Row]:
    """Each with the head of its unit on the day."""
    heads = {
        seat.committee.unit_id: str(seat.user)
        for seat in Membership.objects.heads_of([task.unit_id for task in tasks], on)
    }
    return [Row(task, heads.get(task.unit_id, ""), on) for task in tasks]


def units_to_task(user: User, on: date) -> QuerySet[Unit]:
    """The units in force that the reader may give tasks to, the highest first."""
    units = Unit.objects.administrative().in_force_on(on).called_in(Month.containing(on))
    return access.visible(units, user, on, permission=Permission.KEEP_TASKS).order_by(
        "tier", "code"
    )


def decisions_seen(user: User, on: date) -> QuerySet[Decision]:
    """Decisions a task may come from."""
    return access.visible(Decision.objects.all(), user, on, unit_field="unit")
