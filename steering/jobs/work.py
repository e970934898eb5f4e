"""What the night does about background work itself; see ``running.Running``."""

from django.utils import timezone
from django.utils.translation import ngettext

from .actions import remove_old_files
from .running import Running


def clear_old_files(running: Running) -> dict:
    """Remove the files that jobs made long ago. A second run finds what the first one left."""
    count = remove_old_files(now=timezone.now())
    said = ngettext(
        "The file of %(n)s job was removed.", "The files of %(n)s jobs were removed.", count
    )
    return {"said": said % {"n": count}, "removed": count}
