"""Work that goes on in the background. The row is the truth; the broker only carries its number."""

from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .querysets import JobQuerySet


def folder(job_id: int, attempt: int) -> str:
    """Where the file of one attempt lies: a later attempt never overwrites it."""
    return f"jobs/{job_id}/{attempt}"


def _place(job: "Job", name: str) -> str:
    return f"{folder(job.pk, job.attempts)}/{name}"


class Job(models.Model):
    """One piece of work: who wants what, how far it is, what came of it.

    ``by`` is empty for what the system asks for itself, ``night`` for what the clock did not ask:
    of each kind it asks for one a night. ``total`` 0 says that the amount of work
    is not known. ``attempts`` counts how often a worker began and never goes back: it tells the
    worker at work from one that was taken for dead. ``losses`` counts workers that stopped since
    somebody last asked. ``cleared_at`` says since when its files are no longer kept.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    kind = models.CharField(_("kind"), max_length=60)
    label = models.CharField(_("what is done"), max_length=200)
    arguments = models.JSONField(_("arguments"), default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="jobs",
        verbose_name=_("asked for by"),
    )
    night = models.DateField(_("asked for by the clock for"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=5)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    step = models.CharField(_("step"), max_length=250, blank=True)
    done = models.PositiveIntegerField(_("done so far"), default=0)
    total = models.PositiveIntegerField(_("in all"), default=0)
    queued_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    delivered_at = models.DateTimeField(_("last handed to the broker at"), null=True, blank=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    losses = models.PositiveIntegerField(_("workers lost"), default=0)
    result = models.JSONField(_("result"), default=dict, blank=True)
    faults = models.JSONField(_("faults"), default=list, blank=True)
    file = models.FileField(_("file"), upload_to=_place, max_length=250, blank=True)

    cleared_at = models.DateTimeField(_("files removed at"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("background job")
        verbose_name_plural = _("background work")
        ordering = ["-queued_at", "-id"]
        indexes = [
            models.Index(fields=["by", "-queued_at"], name="job_of_somebody"),
            models.Index(
                fields=["state"],
                name="job_unfinished",
                condition=Q(state__in=["queued", "running"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "night"], name="job_once_a_night"),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "done", "failed"]),
                name="job_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="running")
                | Q(started_at__isnull=False, heartbeat_at__isnull=False),
                name="job_running_has_started",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"], finished_at__isnull=True)
                | (~Q(state__in=["queued", "running"]) & Q(finished_at__isnull=False)),
                name="job_finished_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")), name="job_progress_within_total"
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def unfinished(self) -> bool:
        """Whether something is still to come."""
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def has_file(self) -> bool:
        """Whether there is a file to be handed out."""
        return self.state == self.State.DONE and bool(self.file) and self.cleared_at is None

    @property
    def lost_file(self) -> bool:
        """Whether there was a file that is no longer kept."""
        return self.state == self.State.DONE and bool(self.file) and self.cleared_at is not None

    @property
    def can_run_again(self) -> bool:
        """Whether its reader may ask for it once more: it failed, or its file is gone."""
        return self.state == self.State.FAILED or self.lost_file

    @property
    def file_name(self) -> str:
        """The name under which the file is handed out."""
        return PurePath(self.file.name).name
