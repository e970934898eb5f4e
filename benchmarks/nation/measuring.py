"""What only a nation shows: other provinces beside one's own, a month of the country in one file.

Run by ``python -m benchmarks.nation`` on a nation that is loaded. *Old map* is the time in SQL of
three pages of Sơn La in May 2025 against the same statements' time once every other unit's counts
and bases are taken out, in a transaction that is taken back. The import is of every monthly number
of every commune in one CSV, by the command's own service, against reading the file and one bulk
insert; what each needs of memory at most is measured in a process of its own.
"""

import csv
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from benchmarks import bare
from benchmarks.bare.aims import tell
from commitments.intake.counts import import_counts
from commitments.models import Base, Count, Indicator, Period, Total
from districts.models import Ancestry, Unit
from districts.months import Month
from districts.versions import raise_common
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import User

OLD, COMMUNE = Month.of(2025, 5), "03646"
PAGES = (f"/?month={OLD}", f"/units/{COMMUNE}/?month={OLD}", f"/indicators/HI_RATE/?month={OLD}")
IMPORTED = Month.of(2025, 5)
ROUNDS = 5
PLAIN_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def seconds_of_sql(client: Client, address: str) -> float:
    """What the statements of a page take by themselves, the page made anew."""
    raise_common()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    statements = [one["sql"] for one in queries.captured_queries if one["sql"][:6] == "SELECT"]
    taken = []
    for _round in range(ROUNDS):
        began = bare.clock()
        with connection.cursor() as cursor:
            for sql in statements:
                cursor.execute(sql)
                cursor.fetchall()
        taken.append(bare.clock() - began)
    return statistics.median(taken)


def old_map() -> float:
    """The worst of some pages: with all other provinces in the database, and alone."""
    client = Client()
    client.force_login(User.objects.get(username="can-bo-tinh"))
    beside = [seconds_of_sql(client, address) for address in PAGES]
    with transaction.atomic():
        own = Ancestry.objects.filter(ancestor__code="14", ancestor__tier="province")
        for model, unit in ((Base, "unit"), (Count, "unit"), (Total, "node")):
            model.objects.exclude(**{f"{unit}__in": own.values("descendant")}).delete()
        alone = [seconds_of_sql(client, address) for address in PAGES]
        transaction.set_rollback(True)
    return max(there / here for there, here in zip(beside, alone, strict=True))


def write_month(path: Path) -> int:
    """Every monthly number of every commune of a month, as a tidy table; how many there are."""
    rows = Count.objects.filter(
        month=IMPORTED,
        indicator__entered_at="commune",
        indicator__frequency=Indicator.Frequency.MONTHLY,
        value__isnull=False,
    ).order_by("unit__code", "indicator__position")
    lines = list(rows.values_list("unit__code", "indicator__code", "value"))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("month", "unit", "indicator", "value"))
        writer.writerows((str(IMPORTED), *line) for line in lines)
    return len(lines)


def imported(path: Path) -> None:
    import_counts(
        path=path, month=IMPORTED, actor=COMMAND_LINE, on=IMPORTED.last_day, explanation="measured"
    )


def floor(path: Path) -> None:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    units = dict(Unit.objects.in_force_on(IMPORTED.first_day).values_list("code", "pk"))
    indicators = dict(Indicator.objects.values_list("code", "pk"))
    Count.objects.bulk_create(
        Count(
            month=IMPORTED,
            unit_id=units[row["unit"]],
            indicator_id=indicators[row["indicator"]],
            value=int(row["value"]),
        )
        for row in rows
    )


def without_the_month(work, path: Path) -> float:
    """Processor time of ``work`` on a month without its counts; all of it is taken back."""
    with transaction.atomic():
        Period.objects.filter(month=IMPORTED).update(closed_at=None)
        Total.objects.filter(month=IMPORTED).delete()
        Count.objects.filter(month=IMPORTED, indicator__frequency="monthly").delete()
        took = bare.timed(lambda: work(path), bare.clock)
        transaction.set_rollback(True)
    return took


def most_memory(what: str, path: Path) -> int:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.nation.measuring", what, str(path)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return int(done.stdout)


def measure() -> list[tuple[str, float]]:
    """The ratios that only a nation shows, by name."""
    found = [("nation_old_map_sql", old_map())]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "month.csv"
        numbers = write_month(path)
        print(f"# {numbers} numbers of {IMPORTED} in one file", flush=True)
        ratio = without_the_month(imported, path) / without_the_month(floor, path)
        memory = most_memory("imported", path) / most_memory("floor", path)
    return [*found, ("nation_import", ratio), ("nation_import_memory", memory)]


if __name__ == "__main__":
    if len(sys.argv) == 1:
        with override_settings(
            ALLOWED_HOSTS=["testserver"], STORAGES=settings.STORAGES | {"staticfiles": PLAIN_FILES}
        ):
            tell(measure())
    else:
        without_the_month(globals()[sys.argv[1]], Path(sys.argv[2]))
        print(bare.peak_memory())
