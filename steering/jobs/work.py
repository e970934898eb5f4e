"""What the night does about background work and the database; see ``running.Running``."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steering.accounts.statistics import renew_statistics

from .actions import remove_old_files
from .running import Running


def clear_old_files(running: Running) -> dict:
    """Remove the files that jobs made long ago. A second run finds what the first one left."""
    count = remove_old_files(now=timezone.now())
    said = ngettext(
        "The file of %(n)s job was removed.", "The files of %(n)s jobs were removed.", count
    )
    return {"said": said % {"n": count}, "removed": count}


def look_at_tables(running: Running) -> dict:
    """Have the database look at how full its tables are; see ``statistics``."""
    renew_statistics()
    return {"said": _("The database has looked at how full its tables are.")}
