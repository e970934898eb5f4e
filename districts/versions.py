"""Which state of the data an answer was made from: raised by every action, read before reading.

Whoever keeps an answer keeps it under the stamps that it read *first*. What was written meanwhile
left other stamps behind, so that nobody is told an older figure (ADR 0025).
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from hashlib import blake2b
from uuid import uuid4

from django.db import connection
from django.db.models import BigAutoField, F, Q, QuerySet
from django.db.models.functions import Coalesce

from districts.models import Ancestry, DataVersion, Lineage, Succession, Unit
from steering.accounts.prepared import Given, Prepared

COMMON = 0
"""Stands for a province where a stamp is that of what all provinces share."""

MOST_UNITS = 5000
"""So many stand in one statement with room to spare; more are half of a country anyway."""

LONGEST_LOG = 50_000
"""Characters of the log of touched units; then everything counts as touched, and it begins anew."""


class Touches(StrEnum):
    """Which figures an action may have changed, beside what pages say around them."""

    ALL = "all"
    COUNTS = "counts"
    """Those of the units, of whoever continues them, and of all that adds them up."""
    NONE = "none"


def raise_versions(units: Iterable[int], touching: Touches = Touches.ALL) -> None:
    """Say, in the transaction that changes it, that something of ``units`` is no longer as it was.

    It reaches every province that a unit ever stood in, and those of whoever continues it or is
    continued by it: last year of one is carried over to the other.
    """
    chosen = sorted(set(units))
    if not chosen:
        return
    if len(chosen) > MOST_UNITS:
        chosen = list(Unit.objects.filter(tier="province").values_list("pk", flat=True))
        touching = Touches.ALL
    stamp = uuid4().hex
    settled = stamp if touching == Touches.ALL else ""
    touched = "".join(f",{unit}" for unit in chosen) if touching == Touches.COUNTS else ""
    table, *names = _names(DataVersion, "province", "stamp", "settled", "touched")
    if len(chosen) == 1:
        provinces, values = _REACHED.statement(unit=chosen[0])
    else:
        units = Unit.objects.filter(pk__in=chosen)
        provinces, values = _provinces(units).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            _RAISE.format(
                table=table,
                **dict(zip(("province", "stamp", "settled", "touched"), names, strict=True)),
                provinces=provinces,
                longest=LONGEST_LOG,
            ),
            [stamp, settled, touched, *values],
        )


_RAISE = """
INSERT INTO {table} ({province}, {stamp}, {settled}, {touched})
SELECT reached.province, %s, %s, %s FROM ({provinces}) AS reached WHERE 1 = 1
ORDER BY reached.province
ON CONFLICT ({province}) DO UPDATE SET
  {stamp} = EXCLUDED.{stamp},
  {settled} = CASE
    WHEN EXCLUDED.{settled} <> '' OR LENGTH({table}.{touched}) > {longest} THEN EXCLUDED.{stamp}
    ELSE {table}.{settled} END,
  {touched} = CASE
    WHEN EXCLUDED.{settled} <> '' OR LENGTH({table}.{touched}) > {longest} THEN ''
    ELSE {table}.{touched} || EXCLUDED.{touched} END"""
# A condition must stand there: SQLite reads ON CONFLICT after FROM as part of a join.


def raise_common() -> None:
    """Say that something all provinces share changed: catalogue, map, names or settings."""
    table, unit, stamp, *blank = _names(DataVersion, "province", "stamp", "settled", "touched")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({unit}, {stamp}, {', '.join(blank)}) VALUES (NULL, %s, '', '') "
            f"ON CONFLICT (COALESCE({unit}, 0)) WHERE {unit} IS NULL "
            f"DO UPDATE SET {stamp} = EXCLUDED.{stamp}",
            [uuid4().hex],
        )


def standing(provinces: Collection[int] | QuerySet) -> QuerySet[DataVersion]:
    """The stamps of some provinces and of what all share, each with its ``number``.

    That of a province is its unit's, that of what they share ``COMMON``. A province that nothing
    was ever raised for has none.
    """
    chosen = DataVersion.objects.filter(Q(province__in=provinces) | Q(province=None))
    return chosen.order_by().annotate(number=Coalesce("province", COMMON))


def version_of(found: Mapping[int, str], provinces: Iterable[int]) -> str:
    """One short word for the state of ``provinces`` and of what they share, out of their stamps."""
    parts = [f"{province}={found.get(province, '')}" for province in sorted({COMMON, *provinces})]
    return blake2b(" ".join(parts).encode(), digest_size=12).hexdigest()


def current_version(provinces: Collection[int]) -> str:
    """The state of ``provinces`` as it stands now, in one query."""
    return version_of(dict(standing(provinces).values_list("number", "stamp")), provinces)


def state_of(unit: int) -> str:
    """The state of the provinces that a unit ever stood in, as it stands now, in one query."""
    found = dict(_STAMPS_ABOVE.ask(unit=unit))
    return version_of(found, found)


def provinces_above(units: Collection[int] | QuerySet) -> QuerySet:
    """The provinces that ``units`` ever stood in."""
    above = Ancestry.objects.filter(descendant__in=units, ancestor__tier="province")
    named = above.order_by().annotate(province=F("ancestor"))
    return named.values_list("province", flat=True).distinct()


_STAMPS_ABOVE = Prepared(
    lambda: standing(
        provinces_above(Unit.objects.filter(pk=Given("unit", BigAutoField())).order_by())
    ).values_list("number", "stamp")
)


def affected_by(log: str) -> QuerySet:
    """Ids of the units whose figures rest on the counts of those that a log names.

    They, whoever continues them or is continued by them, and all that ever stood above.
    """
    touched = {int(unit) for unit in log.split(",") if unit}
    reached = _carrying_the_same(Unit.objects.filter(pk__in=touched))
    return Ancestry.objects.filter(descendant__in=reached).order_by().values("ancestor")


def _provinces(units: QuerySet[Unit]) -> QuerySet:
    """The provinces of ``units`` and of all who carry, or are carried by, the same counts."""
    return provinces_above(_carrying_the_same(units))


def _carrying_the_same(units: QuerySet[Unit]) -> QuerySet:
    """``units`` with whoever continues them or is continued by them."""
    own = units.order_by().values("pk")
    return own.union(
        Lineage.objects.filter(heir__in=own).values("origin"),
        Lineage.objects.filter(origin__in=own).values("heir"),
        Succession.objects.filter(successor__in=own).values("predecessor"),
        Succession.objects.filter(predecessor__in=own).values("successor"),
    )


_REACHED = Prepared(lambda: _provinces(Unit.objects.filter(pk=Given("unit", BigAutoField()))))


def _names(model: type, *fields: str) -> list[str]:
    quote = connection.ops.quote_name
    columns = [model._meta.get_field(field).column for field in fields]
    return [quote(model._meta.db_table), *map(quote, columns)]
