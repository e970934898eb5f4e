"""What background jobs do with figures; see ``steering.jobs.running.Running``."""

from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.models import Unit
from districts.months import Month
from steering.accounts.faults import Refused
from steering.committee.access import require
from steering.committee.roles import Permission
from steering.jobs.running import Running

from .conference.assembly import assemble_conference
from .documents.asking import with_promises
from .documents.files import archived, commitment_files
from .documents.promised import promised_to
from .engine.figures import NotOnThisMap
from .engine.ground import Ground
from .ready.making import forget_ready
from .workbook.build import build


def conference_workbook(running: Running) -> dict:
    """The workbook of a conference, as ``write_workbook`` writes it, in the reader's language.

    Arguments: ``unit`` (its key), ``month``, ``map`` (a day or None), ``authority``.
    """
    asked = running.arguments
    month = Month.parse(asked["month"])
    on_map = date.fromisoformat(asked["map"]) if asked["map"] else None
    shown = Ground().map_month(month, on_map)
    unit = Unit.objects.called_in(shown).get(pk=asked["unit"])
    require(running.actor, Permission.SEE_FIGURES, unit, timezone.localdate())
    running.progress(0, 2, _("Gathering figures, promises and reports"))
    try:
        conference = assemble_conference(
            unit=unit,
            month=month,
            authority=asked["authority"],
            on_map=on_map,
            language=running.job.language,
        )
    except NotOnThisMap as error:
        raise Refused.because("not_on_this_map", str(error), read=asked["map"]) from None
    running.progress(1, 2, _("Writing the sheets"))
    running.attach(f"conference-{unit.code}-{month}.xlsx", build(conference))
    running.progress(2, 2)
    return {"said": _("The workbook is ready."), "version": conference.version}


def commitment_documents(running: Running) -> dict:
    """The commitments of all units with a committee as one archive, a file for each unit.

    Arguments: ``unit`` (its key), ``year``, ``type`` ("pdf" or "docx").
    """
    asked = running.arguments
    unit = Unit.objects.get(pk=asked["unit"])
    require(running.actor, Permission.SEE_FIGURES, unit, timezone.localdate())
    found = with_promises(promised_to(unit, asked["year"]), unit, asked["year"])
    step = _("Setting the commitments")

    def told(done: int) -> None:
        running.progress(done, len(found), step)

    told(0)
    files = commitment_files(found, asked["type"], told=told)
    name = f"commitments-{unit.code}-{asked['year']}-{asked['type']}.zip"
    running.attach(name, archived(files))
    return {"said": _("The commitments are ready: %(number)s files.") % {"number": len(files)}}


def forget_old_figures(running: Running) -> dict:
    """Remove ready figures that say no more how things are, or that were made long ago."""
    count = forget_ready(made_before=timezone.now() - settings.READY_KEPT)
    said = ngettext(
        "Ready figures of %(n)s month were removed.",
        "Ready figures of %(n)s months were removed.",
        count,
    )
    return {"said": said % {"n": count}, "removed": count}
