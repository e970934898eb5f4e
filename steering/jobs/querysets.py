"""Reads of background work. Time is always an argument."""

from datetime import datetime

from django.db.models import Q, QuerySet

from steering.accounts.models import User


class JobQuerySet(QuerySet):
    def readable_by(self, user: User, *, system: bool) -> "JobQuerySet":
        """What somebody asked for; with ``system`` also what the system asked for itself."""
        return self.filter(Q(by=user) | Q(by=None) if system else Q(by=user))

    def silent_since(self, moment: datetime) -> "JobQuerySet":
        """Jobs that should be under way and gave no sign of life after ``moment``."""
        return self.filter(state="running", heartbeat_at__lt=moment)

    def with_files_before(self, moment: datetime) -> "JobQuerySet":
        """Jobs that finished before ``moment`` and whose files nobody has removed yet."""
        return self.filter(finished_at__lt=moment, cleared_at=None)

    def to_run_again(self) -> "JobQuerySet":
        """Jobs that may be asked for once more; the same as ``Job.can_run_again``."""
        lost = Q(state="done", cleared_at__isnull=False) & ~Q(file="")
        return self.filter(Q(state="failed") | lost)

    def undelivered_since(self, moment: datetime) -> "JobQuerySet":
        """Waiting jobs nobody took up although they were asked for, and handed on, before
        ``moment``."""
        return self.filter(Q(delivered_at=None) | Q(delivered_at__lt=moment)).filter(
            state="queued", queued_at__lt=moment
        )
