"""Saving a form of thirty values by its action against raw SQL for the same rows: two ratios of
CPU time.

    python benchmarks/entry_form.py          (on the demonstration province)

Both save the same thirty cells of one report in turn, each in a transaction that is committed; what
was typed is removed at the end. The floor is what the action itself asks of the database, played
back through a bare cursor: the right, the locked month, what stands in the cells, and the write.
The second ratio is against the write alone, which knows neither whose report it is nor whether
somebody else changed it.
"""

import statistics
from datetime import date
from time import process_time

from bare import timed  # noqa: F401  (Django is set up there)
from bare.replayed import recorded, seconds_of
from django.utils import timezone

from collection.actions.drafts import Typed, save_cells
from collection.entry.sheets import sheet_of
from collection.models import DraftCell
from collection.querysets import entered_by
from commitments.models import Indicator
from districts.models import Unit
from districts.months import Month
from districts.versions import raise_common
from steering.accounts.models import User

UNIT, REPORTER, MONTH, TODAY = "03703", "can-bo-xa", Month.of(2025, 12), date(2026, 1, 5)
CELLS, ROUNDS = 30, 60


def thirty_indicators(unit: Unit) -> list[Indicator]:
    """What the unit enters, with as many more as make thirty."""
    entered = list(entered_by(unit, MONTH))
    model = entered[-1]
    for n in range(CELLS - len(entered)):
        model.pk, model.code, model.position = None, f"BENCH_{n}", 900 + n
        model.save(force_insert=True)
    raise_common()
    return list(entered_by(unit, MONTH))[:CELLS]


def by_action(unit: Unit, user: User, versions: dict[str, str], start: int) -> dict[str, str]:
    """Save with the versions seen; returns those that are seen next."""
    cells = [Typed(code, str(start + n), seen) for n, (code, seen) in enumerate(versions.items())]
    saved = save_cells(unit=unit, month=MONTH, cells=cells, actor=user, on=TODAY, at=timezone.now())
    return {cell.indicator: cell.version for cell in saved}


def measure(unit: Unit, user: User) -> str:
    lines = sheet_of(unit, MONTH, TODAY).lines[:CELLS]
    versions = {line.indicator.code: line.version for line in lines}
    times, asked, written = [], [], []
    for turn in range(1, ROUNDS + 1):
        with recorded() as statements:
            began = process_time()
            versions = by_action(unit, user, versions, 100 + turn * 10)
            mine = process_time() - began
        statements = [pair for pair in statements if pair[0].startswith(("SELECT", "INSERT"))]
        times.append(mine)
        # Played back they write the very same rows: the versions stay those just answered.
        asked.append(mine / seconds_of(statements))
        written.append(mine / seconds_of(statements[-1:]))
        assert DraftCell.objects.filter(unit=unit, month=MONTH).count() == CELLS
    return (
        f"entry form: {CELLS} values saved in {statistics.median(times) * 1000:.1f} ms, "
        f"{statistics.median(asked):.1f} times the same in raw SQL (aim 6), "
        f"{statistics.median(written):.1f} times the write alone"
    )


def main() -> None:
    unit = Unit.objects.by_code(UNIT, MONTH.last_day)
    user = User.objects.get(username=REPORTER)
    thirty_indicators(unit)
    try:
        print(measure(unit, user))
    finally:
        DraftCell.objects.filter(unit=unit, month=MONTH).delete()
        Indicator.objects.filter(code__startswith="BENCH_").delete()
        raise_common()


main()
