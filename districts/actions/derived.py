"""What is derived: keys from names, ancestry from placements, lineage from successions.

Both tables are derived whole and written by difference.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db import connection, models, transaction

from districts.models import Ancestry, Lineage, Placement, Reorganisation, Succession, Unit
from districts.months import FOREVER, Month
from districts.rules import WHOLE, Link, Span, ancestry_rows, lineage_rows
from districts.vietnamese import search_key, sort_key

_BATCH = 900
"""SQLite takes at most 999 parameters in one statement."""


def set_keys(unit: Unit) -> Unit:
    """Give a unit the keys it is sorted and searched by. Call it whenever its name changes."""
    unit.sort_key = sort_key(unit.name)
    unit.search_key = search_key(unit.full_name)
    return unit


@transaction.atomic
def rebuild_ancestry() -> int:
    """Derive who stood above whom in which months from placements; how many rows changed.

    Every unit stands above itself at depth 0 in the months it counts in. Safe to repeat.
    """
    placements = (
        (unit, parent, _span(since, until))
        for unit, parent, since, until in Placement.objects.filter(since__isnull=False).values_list(
            "unit_id", "parent_id", "since", "until"
        )
    )
    rows = ancestry_rows(_validity(), placements)
    return _write(Ancestry, ("ancestor_id", "descendant_id", "depth", "since", "until"), rows)


@transaction.atomic
def rebuild_lineage() -> int:
    """Derive who carries each reporting unit's counts on which map; how many rows changed.

    Reads the successions of applied reorganisations only. Safe to repeat.
    """
    validity = _validity()
    links = defaultdict(list)
    applied = Succession.objects.filter(
        reorganisation__state=Reorganisation.State.APPLIED
    ).order_by("-main", "successor_id")
    for predecessor, successor, share, basis in applied.values_list(
        "predecessor_id", "successor_id", "share", "basis"
    ):
        estimated = basis == Succession.Basis.ASSUMED or 0 < share < WHOLE
        links[predecessor].append(Link(successor, share, estimated))
    reporting = Unit.objects.exclude(reports_at="").filter(established_on__isnull=False)
    rows = lineage_rows(reporting.order_by("id").values_list("id", flat=True), validity, links)
    return _write(Lineage, ("origin_id", "heir_id", "share", "estimated", "since", "until"), rows)


def _validity() -> dict[int, Span]:
    """In which months each established unit counts."""
    units = Unit.objects.filter(established_on__isnull=False).order_by("id")
    return {
        unit: _span(since, until)
        for unit, since, until in units.values_list("id", "established_on", "abolished_on")
    }


def _span(since: date, until: date | None) -> Span:
    until_month = FOREVER if until is None else int(Month.starting_from(until))
    return Span(int(Month.starting_from(since)), until_month)


def _write(model: type[models.Model], fields: tuple[str, ...], rows: Iterable[tuple]) -> int:
    """Make the table hold exactly ``rows``, touching only what differs; how many rows did."""
    wanted = set(map(tuple, rows))
    stored = {tuple(row): pk for pk, *row in model.objects.values_list("pk", *fields)}
    gone = [pk for row, pk in stored.items() if row not in wanted]
    for start in range(0, len(gone), _BATCH):
        model.objects.filter(pk__in=gone[start : start + _BATCH]).delete()
    new = sorted(wanted - stored.keys())
    _insert(model._meta.db_table, fields, new)
    return len(gone) + len(new)


def _insert(table: str, columns: tuple[str, ...], rows: list[tuple]) -> None:
    """Plain numbers by the ten thousand: without a model object each, in a tenth of the time."""
    names = ", ".join(map(connection.ops.quote_name, columns))
    values = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {connection.ops.quote_name(table)} ({names}) VALUES ({values})", rows
        )
