"""Importing a province's month against reading the file plus one bulk insert: ratios of CPU time.

    python benchmarks/import.py          (on the demonstration province)

The file holds every monthly number of every commune of a month, as a tidy table and as a table of
units and indicators. Imported it passes rights, rules, revisions, moves of reports, the journal
and the totals above; the floor reads the same bytes into rows and inserts the same counts at once.
Every round is rolled back.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steering.settings")
django.setup()

from django.db import transaction  # noqa: E402
from openpyxl import Workbook  # noqa: E402

from commitments.actions.reporting.counts import Entry  # noqa: E402
from commitments.intake.counts import import_counts, read_counts  # noqa: E402
from commitments.intake.files import open_file  # noqa: E402
from commitments.models import Count, Indicator, Period, Total  # noqa: E402
from districts.months import Month  # noqa: E402
from steering.accounts.actors import COMMAND_LINE  # noqa: E402

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


def measure(form: str, path: Path, entries: list[Entry]) -> None:
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
    whole, least = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(
        f"import ({form}): {len(entries)} numbers in {whole * 1000:.0f} ms of CPU time, "
        f"{whole / least:.1f} times reading and one bulk insert (aim 3)"
    )


def main() -> None:
    rows = held()
    with TemporaryDirectory() as folder:
        for form, make in (("tidy", tidy), ("matrix", matrix)):
            path = Path(folder) / f"{form}.xlsx"
            path.write_bytes(make(rows))
            entries = read_counts(open_file(path), month=MONTH, on=TODAY).entries
            measure(form, path, entries)


main()
