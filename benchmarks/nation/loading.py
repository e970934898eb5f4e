"""Makes a nation of the demonstration: every other unit gets what a unit of Sơn La has.

The demonstration must be loaded. The gazetteer of the whole country is loaded beside it; then every
reporting unit elsewhere takes over the reports, moves, revisions, counts and bases of a unit of the
model province of the same kind and map, in turn, and every province its decisions with the targets.
All of it by bulk SQL on either database; totals by the project's own ``recompute``. Every province
looks like Sơn La: good for measuring, and for nothing else.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from typing import NamedTuple

from django.core.management import call_command
from django.db import connection, models, transaction

from commitments.models import Base, Count, Decision, Move, Period, Revision, Submission, Target
from commitments.totals import recompute
from districts.models import Ancestry, Unit
from districts.months import FOREVER, Month
from districts.versions import raise_common
from steering.accounts.statistics import renew_statistics

MODEL, REFORM = "14", Month.of(2025, 7)
ROOM_FOR_INDEXES = 1_000_000
"""KiB."""
TWINS = "nation_twin"
"""A table for as long as loading lasts: who takes over what of whom in which months."""


class Twin(NamedTuple):
    unit: int
    model: int
    province: int
    since: int
    until: int


def load() -> None:
    """Fill the database; a second time would find it full and is refused by its constraints."""
    call_command("load_gazetteer", all=True)
    months = sorted(set(Count.objects.values_list("month", flat=True)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE {TWINS} (unit_id bigint, model_id bigint, province_id bigint, "
            "since integer, until integer)"
        )
    _store(list(twins()))
    renew_statistics()
    with _room_for_indexes():
        for model in (Period, Base, Count, Submission, Revision):
            _copy(model)
        _copy_moves()
        _copy_targets()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {TWINS}")
    renew_statistics()
    for month in months:
        units = Count.objects.filter(month=month).values_list("unit", flat=True).distinct()
        with transaction.atomic():
            recompute(changed={month: set(units)})
    raise_common()
    renew_statistics()


def twins() -> Iterator[Twin]:
    """For every unit outside of the model province, whose data it takes over: before and after."""
    for since, until, month in ((0, int(REFORM), REFORM - 1), (int(REFORM), FOREVER, REFORM)):
        above = dict(
            Ancestry.objects.in_month(month)
            .filter(ancestor__tier="province")
            .values_list("descendant", "ancestor")
        )
        standing = Unit.objects.in_force_on(month.first_day)
        own = Unit.objects.by_code(MODEL, month.first_day).pk
        for tier in ("province", "district", "commune", "office"):
            units = list(standing.at_tier(tier).order_by("code").values_list("pk", flat=True))
            models_of_tier = [unit for unit in units if above[unit] == own]
            others = [unit for unit in units if above[unit] != own]
            if models_of_tier:
                for unit, model in zip(others, cycle(models_of_tier), strict=False):
                    yield Twin(unit, model, above[unit], since, until)


@contextmanager
def _room_for_indexes() -> Iterator[None]:
    """SQLite keeps two megabytes of a file at hand: not enough to grow indexes of a gigabyte."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        (before,) = cursor.fetchone()
        cursor.execute(f"PRAGMA cache_size = -{ROOM_FOR_INDEXES}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {before}")


def _store(rows: Sequence[Twin]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {TWINS} VALUES (%s, %s, %s, %s, %s)", rows)
        cursor.execute(f"CREATE INDEX {TWINS}_by_model ON {TWINS} (model_id)")


def _columns(model: type[models.Model], *without: str) -> list[str]:
    """The columns of a table but its own key and those named."""
    fields = model._meta.concrete_fields
    names = [field.column for field in fields if not isinstance(field, models.AutoField)]
    return [name for name in names if name not in without and name != "id"]


def _copy(model: type[models.Model]) -> None:
    """The rows of a table that has a unit and a month, for every twin that stood in that month."""
    columns = [name for name in _columns(model, "unit_id") if "pk" not in name]
    table = model._meta.db_table
    _run(
        f"INSERT INTO {table} (unit_id, {', '.join(map(_quoted, columns))}) "
        f"SELECT t.unit_id, {', '.join(f'r.{_quoted(name)}' for name in columns)} "
        f"FROM {table} r JOIN {TWINS} t ON t.model_id = r.unit_id "
        f"AND r.month >= t.since AND r.month < t.until "
        f"ORDER BY r.month, t.unit_id"
    )


def _copy_moves() -> None:
    table, reports = Move._meta.db_table, Submission._meta.db_table
    columns = _columns(Move, "submission_id")
    _run(
        f"INSERT INTO {table} (submission_id, {', '.join(map(_quoted, columns))}) "
        f"SELECT own.id, {', '.join(f'r.{_quoted(name)}' for name in columns)} "
        f"FROM {table} r JOIN {reports} s ON s.id = r.submission_id "
        f"JOIN {TWINS} t ON t.model_id = s.unit_id AND s.month >= t.since AND s.month < t.until "
        f"JOIN {reports} own ON own.unit_id = t.unit_id AND own.month = s.month ORDER BY r.id"
    )


def _copy_targets() -> None:
    decisions, targets = Decision._meta.db_table, Target._meta.db_table
    months = "(d.year * 12 + 11)"
    without = ("unit_id", "amends_id", "replaces_id", "passes_on_id")
    columns = _columns(Decision, *without)
    _run(
        f"INSERT INTO {decisions} (unit_id, {', '.join(map(_quoted, columns))}) "
        f"SELECT t.unit_id, {', '.join(f'd.{_quoted(name)}' for name in columns)} "
        f"FROM {decisions} d JOIN {TWINS} t ON t.model_id = d.unit_id "
        f"AND {months} >= t.since AND {months} < t.until"
    )
    columns = _columns(Target, "unit_id", "decision_id")
    _run(
        f"INSERT INTO {targets} (unit_id, decision_id, {', '.join(map(_quoted, columns))}) "
        f"SELECT t.unit_id, own.id, {', '.join(f'r.{_quoted(name)}' for name in columns)} "
        f"FROM {targets} r JOIN {decisions} d ON d.id = r.decision_id "
        f"JOIN {TWINS} t ON t.model_id = r.unit_id AND {months} >= t.since AND {months} < t.until "
        f"JOIN {decisions} own ON own.unit_id = t.province_id AND own.id <> d.id "
        f"AND own.authority = d.authority AND own.kind = d.kind "
        f"AND own.number_key = d.number_key AND own.number_year = d.number_year"
    )


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
