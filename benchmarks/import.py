"""Importing a province's month against reading the file plus one bulk insert: ratios of CPU time.

    python benchmarks/import.py          (on the demonstration province)

The file holds every monthly number of every commune of a month, as a tidy table and as a table of
units and indicators. Imported it passes rights, rules, revisions, moves of reports, the journal
and the totals above; the floor reads the same bytes into rows and inserts the same counts at once.
Every round is rolled back.
"""

import statistics
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from bare import timed  # noqa: F401  (Django is set up there)
from bare.aims import tell
from django.db import transaction
from openpyxl import Workbook

from commitments.actions.reporting.counts import Entry
from commitments.intake.counts import import_counts, read_counts
from commitments.intake.files import open_file
from commitments.models import Count, Indicator, Period, Total
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE

MONTH = Month.of(2025, 5)
"""A month of the old map: some two hundred communes reported."""
TODAY = MONTH.last_day
ROUNDS = 5

Held = list[tuple[str, str, int]]


def held() -> Held:
    """(unit, indicator, number) of every monthly count of a commune."""
    rows = Count.objects.filter(
        month=MONTH,
        indicator__entered_at="commune",
        indicator__frequency=Indicator.Frequency.MONTHLY,
        value__isnull=False,
    )
    return list(
        rows.order_by("unit__code", "indicator__position").values_list(
            "unit__code", "indicator__code", "value"
        )
    )


def tidy(rows: Held) -> bytes:
    lines = [(str(MONTH), *row) for row in rows]
    return written([("month", "unit", "indicator", "value"), *lines])


def matrix(rows: Held) -> bytes:
    codes = list(dict.fromkeys(code for _unit, code, _value in rows))
    values: dict[str, dict[str, int]] = {}
    for unit, code, value in rows:
        values.setdefault(unit, {})[code] = value
    lines = [[unit, *(mine.get(code) for code in codes)] for unit, mine in values.items()]
    return written([["Mã đơn vị", *codes], *lines])


def written(lines: list) -> bytes:
    book, made = Workbook(), BytesIO()
    for line in lines:
        book.active.append(list(line))
    book.save(made)
    return made.getvalue()


def seconds(work: Callable[[], None]) -> float:
    """CPU time of ``work`` on a month without its counts; all of it is taken back."""
    with transaction.atomic():
        Period.objects.filter(month=MONTH).update(closed_at=None)
        Total.objects.filter(month=MONTH).delete()
        Count.objects.filter(month=MONTH, indicator__frequency="monthly").delete()
        began = time.process_time()
        work()
        took = time.process_time() - began
        transaction.set_rollback(True)
    return took


def ratio(path: Path, entries: list[Entry]) -> float:
    def imported() -> None:
        done = import_counts(
            path=path, month=MONTH, actor=COMMAND_LINE, on=TODAY, explanation="measured"
        )
        assert done.created == len(entries)

    def floor() -> None:
        open_file(path)
        Count.objects.bulk_create(
            Count(
                month=entry.month,
                unit_id=entry.unit_id,
                indicator_id=entry.indicator_id,
                value=entry.value,
            )
            for entry in entries
        )

    pairs = [(seconds(imported), seconds(floor)) for _round in range(ROUNDS)]
    return statistics.median(whole / least for whole, least in pairs)


def measure() -> list[tuple[str, float]]:
    """How many times reading and one bulk insert does an import take? By the form of the file."""
    rows, found = held(), []
    with TemporaryDirectory() as folder:
        for form, make in (("tidy", tidy), ("matrix", matrix)):
            path = Path(folder) / f"{form}.xlsx"
            path.write_bytes(make(rows))
            entries = read_counts(open_file(path), month=MONTH, on=TODAY).entries
            found.append((f"import_{form}", ratio(path, entries)))
    return found


if __name__ == "__main__":
    tell(measure())
