"""Who does what by when: tasks from a decision, a convention of a village, a conference."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from districts.models import Unit

from .decisions import Decision


class TaskQuerySet(models.QuerySet):
    def open(self) -> "TaskQuerySet":
        return self.filter(state="open")

    def overdue(self, on: date) -> "TaskQuerySet":
        """Open tasks whose day has passed."""
        return self.open().filter(due_on__lt=on)

    def due_by(self, day: date) -> "TaskQuerySet":
        """Open tasks due on ``day`` or before."""
        return self.open().filter(due_on__lte=day)

    def of(self, unit: Unit) -> "TaskQuerySet":
        return self.filter(unit=unit)


class Task(models.Model):
    """One task of a unit. Who answers for it is the head in office, unless ``responsible`` does.

    ``responsible`` is a person or post as text; ``source`` says what it comes from where that is no
    decision of the register.
    """

    class Source(models.TextChoices):
        DECISION = "decision", _("decision")
        CONVENTION = "convention", _("convention of a village")
        CONFERENCE = "conference", _("conference")
        OTHER = "other", _("other")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="tasks", verbose_name=_("unit"))
    title = models.CharField(_("what is to be done"), max_length=300)
    responsible = models.CharField(_("who does it"), max_length=200, blank=True)
    due_on = models.DateField(_("due on"))
    source_kind = models.CharField(
        _("comes from"), max_length=10, choices=Source, default=Source.OTHER
    )
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("decision"),
    )
    source = models.CharField(_("source in words"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    since = models.DateField(_("given on"))
    at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "done", "dropped"]), name="task_state_known"
            ),
            models.CheckConstraint(
                condition=Q(source_kind__in=["decision", "convention", "conference", "other"]),
                name="task_source_known",
            ),
            models.CheckConstraint(
                condition=~Q(source_kind="decision") | Q(decision__isnull=False),
                name="task_of_a_decision_names_it",
            ),
        ]
        indexes = [models.Index(fields=["unit", "state", "due_on"], name="task_by_unit")]

    def __str__(self):
        return self.title

    def is_overdue(self, on: date) -> bool:
        """Whether it is open and its day has passed."""
        return self.state == self.State.OPEN and self.due_on < on

    def days_left(self, on: date) -> int:
        """Days until it is due; below zero when it is overdue."""
        return (self.due_on - on).days


class TaskEvent(models.Model):
    """What happened to a task: done, reopened, dropped, moved to another day, reminded of."""

    class What(models.TextChoices):
        GIVEN = "given", _("given")
        CHANGED = "changed", _("changed")
        DONE = "done", _("done")
        REOPENED = "reopened", _("reopened")
        DROPPED = "dropped", _("dropped")
        REMINDED = "reminded", _("reminded of")

    task = models.ForeignKey(Task, models.PROTECT, related_name="events", verbose_name=_("task"))
    what = models.CharField(_("what"), max_length=10, choices=What)
    on = models.DateField(_("on"))
    at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    why = models.TextField(_("why"), blank=True)

    class Meta:
        verbose_name = _("event of a task")
        verbose_name_plural = _("events of a task")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    what__in=["given", "changed", "done", "reopened", "dropped", "reminded"]
                ),
                name="task_event_known",
            ),
        ]

    def __str__(self):
        return f"{self.task_id}: {self.what}"
