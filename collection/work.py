"""What background jobs do with files handed in; see ``steering.jobs.running.Running``."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steering.jobs.running import Running

from .actions import uploads
from .actions.accepting import Choice, accept
from .models import Upload


def check_upload(running: Running) -> dict:
    """Recognise and check a file. Arguments: ``upload``. A second run looks once more."""
    upload = _upload(running)
    if upload.state in uploads.UNDER_WAY:
        running.progress(0, 1, _("Reading the file"))
        uploads.look(upload=upload, actor=running.actor, on=timezone.localdate())
        running.progress(1, 1)
    return {"said": _("The file is checked."), "url": _page(upload)}


def accept_upload(running: Running) -> dict:
    """Take a checked file over. Arguments: ``upload``, ``choice``, ``why``.

    All of it is one transaction: a second run finds it done, or does it.
    """
    upload = _upload(running)
    asked = running.arguments
    running.progress(0, 1, _("Recording the numbers"))
    outcome = accept(
        upload=upload,
        choice=Choice(asked["choice"]),
        actor=running.actor,
        on=timezone.localdate(),
        at=timezone.now(),
        why=asked["why"],
    )
    running.progress(1, 1)
    recorded = outcome["created"] + outcome["changed"] + outcome["unchanged"]
    said = ngettext("%(n)s number is accepted.", "%(n)s numbers are accepted.", recorded)
    return {"said": said % {"n": recorded}, "url": _page(upload)}


def _upload(running: Running) -> Upload:
    return Upload.objects.select_related("by", "unit", "decision__unit").get(
        pk=running.arguments["upload"]
    )


def _page(upload: Upload) -> str:
    return reverse("collection:uploaded", args=[upload.pk])
