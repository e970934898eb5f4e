"""What the broker carries of figures: no job of anybody, for what is lost is asked for again."""

from celery import shared_task

from districts.models import Unit
from districts.months import Month

from .ready.asking import MAKE_READY
from .ready.making import make_ready


@shared_task(name=MAKE_READY)
def make_figures_ready(*, province: int, month: int, map_month: int, authority: str) -> None:
    make_ready(
        province=Unit.objects.get(pk=province),
        month=Month(month),
        map_month=Month(map_month),
        authority=authority,
    )
