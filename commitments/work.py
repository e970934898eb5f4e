"""What background jobs do with counts; see ``steering.jobs.running.Running``."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steering.accounts.actions import write_journal
from steering.accounts.faults import Fault, Refused
from steering.jobs.running import Running

from .totals import verify_totals

MOST_TOLD = 20


def compare_totals(running: Running) -> dict:
    """Compare every stored total with its counts; wrong ones fail the job and are not touched."""
    found = verify_totals(actor=running.actor)
    write_journal(
        actor=running.actor,
        action="totals.verified",
        subject=running.job,
        after={"checked": found.checked, "wrong": len(found.wrong)},
    )
    if found.wrong:
        advice = ngettext(
            "%(count)s total is not the sum of its counts. Tell whoever runs the server: "
            "verify_totals --repair puts it right.",
            "%(count)s totals are not the sum of their counts. Tell whoever runs the server: "
            "verify_totals --repair puts them right.",
            len(found.wrong),
        )
        summary = Fault("wrong_totals", advice % {"count": len(found.wrong)})
        raise Refused([summary, *found.wrong[:MOST_TOLD]])
    said = _("%(count)s totals were compared with the counts below them; all of them are right.")
    return {"said": said % {"count": found.checked}, "checked": found.checked}
