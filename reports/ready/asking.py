"""Asks a worker to make figures ready, once for each state of the data."""

import logging

from celery import current_app
from django.conf import settings

from districts.models import Unit
from districts.months import Month
from steering.kept.store import kept

MAKE_READY = "reports.make_ready"
"""The name of the task that makes figures ready; see ``reports.tasks``."""

EXPIRES = 600
"""Seconds after which a message is not worth the work: somebody asked again meanwhile."""

logger = logging.getLogger(__name__)


def ask_for_ready(
    *, province: Unit, month: Month, map_month: Month, authority: str, version: str
) -> None:
    """Have the figures made ready in the background, unless somebody asked for this state already.

    A message that is lost does no harm: figures that are not ready are computed when they are read.
    """
    asked = {
        "province": province.pk,
        "month": int(month),
        "map_month": int(map_month),
        "authority": str(authority),
    }
    if settings.READY_IN_BACKGROUND:
        kept("asked", (*asked.values(), version), lambda: _send(asked))


def _send(asked: dict[str, int | str]) -> bool:
    try:
        current_app.send_task(MAKE_READY, kwargs=asked, expires=EXPIRES)
    except Exception:
        # Whatever a broker may raise, whoever reads a page is not to be bothered.
        logger.warning("Figures could not be asked for: no broker answers.", exc_info=True)
        return False
    return True
