"""A file of counts accepted in the background: the kind of work that is killed."""

from django.db import transaction
from django.utils import timezone

from collection.models import Upload
from commitments.actions.counts import record_counts
from commitments.intake.counts import read_counts
from commitments.intake.files import open_file
from steering.jobs.running import Running


def take_file(running: Running) -> dict:
    """Read a file and record its counts; a second run finds that it was accepted."""
    today = timezone.localdate()
    upload = Upload.objects.get(pk=running.arguments["upload"])
    reading = read_counts(open_file(upload.file.path), month=None, on=today)
    running.progress(1, 2, upload.name)
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=upload.pk)
        if upload.state == Upload.State.ACCEPTED:
            return {"found": True}
        outcome = record_counts(
            entries=reading.entries,
            actor=running.actor,
            on=today,
            why=upload.name,
            explanation="Rà soát danh sách",
        )
        upload.state, upload.accepted_at = Upload.State.ACCEPTED, timezone.now()
        upload.outcome = {"created": outcome.created, "changed": outcome.changed}
        upload.save(update_fields=["state", "accepted_at", "outcome"])
    return {"found": False}
