"""Giving tasks and saying what became of them. Every step is kept as an event."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.models import Decision, Task, TaskEvent
from commitments.rules import Fault, Refused
from districts.models import Unit
from districts.versions import Touches, raise_versions
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor, as_user
from steering.committee import access
from steering.committee.models import Membership
from steering.committee.roles import Permission

What = TaskEvent.What
REMIND_AGAIN = timedelta(hours=24)
"""How long after a reminder the next one is possible."""


@dataclass(frozen=True)
class NewTask:
    """What is to be done by when, and where it comes from."""

    title: str
    due_on: date
    responsible: str = ""
    decision: Decision | None = None
    source_kind: str = ""
    source: str = ""


@transaction.atomic
def give_tasks(*, units: Collection[Unit], new: NewTask, actor: Actor, on: date) -> list[Task]:
    """Give one task to each of some units. Raises Refused for one that says too little."""
    for unit in units:
        access.require(actor, Permission.KEEP_TASKS, unit, on)
    _refuse_bad_task(new, units, on)
    kind = Task.Source.DECISION if new.decision else new.source_kind or Task.Source.OTHER
    tasks = Task.objects.bulk_create(
        Task(
            unit=unit,
            title=new.title.strip(),
            responsible=new.responsible.strip(),
            due_on=new.due_on,
            source_kind=kind,
            decision=new.decision,
            source=new.source.strip(),
            since=on,
            by=as_user(actor),
        )
        for unit in units
    )
    for task in tasks:
        _happened(task, What.GIVEN, actor, on, "")
    return tasks


@transaction.atomic
def change_task(
    *, task: Task, title: str, due_on: date, responsible: str, why: str, actor: Actor, on: date
) -> Task:
    """Change what is to be done, by when or by whom, with a reason."""
    access.require(actor, Permission.KEEP_TASKS, task.unit, on)
    task = Task.objects.select_for_update().get(pk=task.pk)
    if task.state != Task.State.OPEN:
        raise Refused.because("not_open", _("Only an open task can be changed. Reopen it first."))
    if not why.strip():
        raise Refused.because("reason_needed", _("Say why the task changes."))
    _refuse_bad_task(NewTask(title, due_on, responsible), [task.unit], task.since)
    before = {"title": task.title, "due_on": str(task.due_on), "responsible": task.responsible}
    task.title, task.due_on, task.responsible = title.strip(), due_on, responsible.strip()
    task.save(update_fields=["title", "due_on", "responsible"])
    _happened(task, What.CHANGED, actor, on, why, before=before)
    return task


@transaction.atomic
def finish_task(*, task: Task, why: str, actor: Actor, on: date) -> Task:
    """Say that a task is done: whoever keeps tasks there, or the head of the unit."""
    head = Membership.objects.head_of(task.unit_id, on)
    if head is None or head.user_id != getattr(actor, "pk", None):
        access.require(actor, Permission.KEEP_TASKS, task.unit, on)
    return _move(task, Task.State.OPEN, Task.State.DONE, What.DONE, actor, on, why)


@transaction.atomic
def reopen_task(*, task: Task, why: str, actor: Actor, on: date) -> Task:
    """Take back that a task is done or dropped, with a reason."""
    access.require(actor, Permission.KEEP_TASKS, task.unit, on)
    if not why.strip():
        raise Refused.because("reason_needed", _("Say why the task is open again."))
    closed = Task.State.DROPPED if task.state == Task.State.DROPPED else Task.State.DONE
    return _move(task, closed, Task.State.OPEN, What.REOPENED, actor, on, why)


@transaction.atomic
def drop_task(*, task: Task, why: str, actor: Actor, on: date) -> Task:
    """Say that a task need not be done any more, with a reason."""
    access.require(actor, Permission.KEEP_TASKS, task.unit, on)
    if not why.strip():
        raise Refused.because("reason_needed", _("Say why the task is dropped."))
    return _move(task, Task.State.OPEN, Task.State.DROPPED, What.DROPPED, actor, on, why)


@transaction.atomic
def note_reminders(*, tasks: Collection[Task], actor: Actor, on: date, at: datetime) -> list[Task]:
    """The open tasks among ``tasks`` that were not reminded of in the last day, as reminded of now.

    Whoever calls it writes the messages after the commit.
    """
    open_tasks = Task.objects.select_for_update().filter(
        pk__in=[task.pk for task in tasks], state=Task.State.OPEN
    )
    recent = TaskEvent.objects.filter(what=What.REMINDED, at__gt=at - REMIND_AGAIN)
    asked = list(open_tasks.exclude(pk__in=recent.values("task")))
    for task in asked:
        _happened(task, What.REMINDED, actor, on, "")
    return asked


def _move(task: Task, before: str, after: str, what: str, actor: Actor, on: date, why: str) -> Task:
    task = Task.objects.select_for_update().get(pk=task.pk)
    if task.state != before:
        message = _("This task is not %(before)s any more: it is %(now)s.")
        details = {"before": Task.State(before).label, "now": Task.State(task.state).label}
        raise Refused.because("changed_meanwhile", message % details, read=task.state)
    task.state = after
    task.save(update_fields=["state"])
    _happened(task, what, actor, on, why)
    return task


def _happened(
    task: Task, what: str, actor: Actor, on: date, why: str, before: dict | None = None
) -> None:
    TaskEvent.objects.create(task=task, what=what, on=on, by=as_user(actor), why=why.strip())
    write_journal(
        actor=actor,
        action=f"task.{what}",
        subject=task,
        before=before,
        after={"unit": task.unit_id, "due_on": str(task.due_on)},
        why=why.strip(),
    )
    raise_versions([task.unit_id], Touches.NONE)


def _refuse_bad_task(new: NewTask, units: Collection[Unit], since: date) -> None:
    longest = Task._meta.get_field("title").max_length
    faults = []
    if not new.title.strip():
        faults.append(Fault("title_missing", _("Write what is to be done."), column="title"))
    elif len(new.title.strip()) > longest:
        message = _("What is to be done is longer than %(limit)s characters.")
        faults.append(Fault("title_too_long", message % {"limit": longest}, column="title"))
    if not units:
        faults.append(Fault("unit_missing", _("Choose at least one unit."), column="units"))
    if new.due_on < since:
        message = _("The day it is due lies before the day it is given.")
        faults.append(Fault("due_before", message, column="due_on", read=str(new.due_on)))
    if faults:
        raise Refused(faults)
