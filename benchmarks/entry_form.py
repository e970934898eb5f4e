"""Saving a form of thirty values by its action against raw SQL for the same rows: two ratios of
CPU time.

    python benchmarks/entry_form.py          (on the demonstration province)

Thirty cells of one report are saved again and again, each time in a transaction that is committed;
what was typed is removed at the end. The floor is what saving stands on, played back through a bare
cursor: the right, the province of the unit, its locked month, the catalogue, what stands in the
cells, and the write. The second ratio is against the write alone, which knows neither whose report
it is nor whether somebody else changed it.
"""

import statistics
from collections.abc import Iterator
from datetime import date
from time import process_time

from bare import timed  # noqa: F401  (Django is set up there)
from bare.aims import tell
from bare.replayed import recorded, seconds_of
from django.utils import timezone

from collection.actions.drafts import Typed, save_cells
from collection.entry.sheets import sheet_of
from collection.models import DraftCell
from collection.querysets import entered_by
from commitments.models import Indicator
from commitments.querysets import province_above
from districts.models import Unit
from districts.months import Month
from districts.versions import raise_common
from steering.accounts.models import User

UNIT, REPORTER, MONTH, TODAY = "03703", "can-bo-xa", Month.of(2025, 12), date(2026, 1, 5)
CELLS, ROUNDS = 30, 60


def make_thirty(unit: Unit) -> None:
    """Have the unit enter thirty indicators: as many more as it takes."""
    entered = list(entered_by(unit, MONTH))
    model = entered[-1]
    for n in range(CELLS - len(entered)):
        model.pk, model.code, model.position = None, f"BENCH_{n}", 900 + n
        model.save(force_insert=True)
    raise_common()


def by_action(unit: Unit, user: User, versions: dict[str, str], start: int) -> dict[str, str]:
    """Save with the versions seen; returns those that are seen next."""
    cells = [Typed(code, str(start + n), seen) for n, (code, seen) in enumerate(versions.items())]
    saved = save_cells(unit=unit, month=MONTH, cells=cells, actor=user, on=TODAY, at=timezone.now())
    return {cell.indicator: cell.version for cell in saved}


def ratios(unit: Unit, user: User) -> Iterator[tuple[float, float]]:
    """Of each round, the ratio to all that saving stands on, and to the write alone."""
    versions = {line.indicator.code: line.version for line in sheet_of(unit, MONTH, TODAY).lines}
    with recorded() as stood_on:
        entered_by(unit, MONTH)
        province_above(unit.pk, MONTH)
    for turn in range(1, ROUNDS + 1):
        with recorded() as statements:
            began = process_time()
            versions = by_action(unit, user, versions, 100 + turn * 10)
            mine = process_time() - began
        asked = [pair for pair in statements if pair[0].startswith(("SELECT", "INSERT"))]
        # Played back they write the very same rows: the versions stay those just answered.
        yield mine / seconds_of(stood_on + asked), mine / seconds_of(asked[-1:])
        assert DraftCell.objects.filter(unit=unit, month=MONTH).count() == CELLS


def measure() -> list[tuple[str, float]]:
    """How many times its SQL does saving a form of thirty take? By name."""
    unit = Unit.objects.by_code(UNIT, MONTH.last_day)
    user = User.objects.get(username=REPORTER)
    typed = DraftCell.objects.filter(unit=unit, month=MONTH)
    assert not typed.exists(), "Somebody types into this report: choose another database."
    make_thirty(unit)
    try:
        whole, written = zip(*ratios(unit, user), strict=True)
    finally:
        typed.delete()
        Indicator.objects.filter(code__startswith="BENCH_").delete()
        raise_common()
    return [("form_30", statistics.median(whole)), ("form_30_write", statistics.median(written))]


if __name__ == "__main__":
    tell(measure())
