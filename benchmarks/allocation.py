"""The page that divides a target over two hundred communes against its own queries: ratios.

    python benchmarks/allocation.py          (on the demonstration province)

The province's communes are made two hundred in a transaction that is rolled back, each with people
and a result of last year. The floor is every statement that the page asks, played back through a
bare cursor, in processor time; both run in turn in one process, the median of the paired ratios is
printed. The first ratio is of what the table is made of, the second of the page with its frame,
every row of it a form. The number of queries is the same as with the communes that were there.
"""

import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from time import process_time

from bare import timed  # noqa: F401  (Django is set up there)
from bare.aims import tell
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings

from commitments.allocation.places import Place
from commitments.models import Authority, Count, Decision, Indicator, Target
from districts.actions import rebuild_ancestry, rebuild_lineage
from districts.models import Placement, Unit
from districts.months import Month
from steering.accounts.models import User
from steering.promises.allocation.table import table_of

PROVINCE, OFFICER, YEAR, COMMUNES, ROUNDS = "14", "can-bo-tinh", 2026, 200, 9
DAY = date(YEAR, 2, 3)

PLAIN_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
"""Nothing has to be collected first."""

Statement = tuple[str, tuple]


def more_communes(province: Unit, number: int) -> None:
    """So many further communes below the province, since the day the others stand there."""
    model = Unit.objects.children_of(province, Month.containing(DAY)).first()
    since = Placement.objects.filter(unit=model).latest("since").since
    december, given = Month.of(YEAR, 1) - 1, Month.of(2025, 7)
    pop, insured = (Indicator.objects.get(code=code).pk for code in ("POP", "HI"))
    counts = []
    for at in range(number):
        made = Unit.objects.create(
            code=f"990{at:02}" if at < 100 else f"98{at:03}",
            tier=model.tier, kind=model.kind, name=f"Số {at}", full_name=f"Xã Số {at}",
            sort_key=f"so {at:03}", search_key=f"xa so {at}", reports_at=model.reports_at,
            established_on=since,
        )  # fmt: skip
        Placement.objects.create(unit=made, parent=province, since=since)
        for indicator, month, value in ((pop, given, 9000 + at), (insured, december, 8000 + at)):
            counts.append(
                Count(month=month, unit=made, indicator_id=indicator, value=value, approved=value)
            )
    Count.objects.bulk_create(counts)
    rebuild_ancestry()
    rebuild_lineage()


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """The statements that run inside, with their parameters."""
    statements: list[Statement] = []

    def keep(execute, sql, params, many, context):
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield statements


def bare(statements: Sequence[Statement]) -> float:
    """Processor time of the statements through a bare cursor."""
    began = process_time()
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()
    return process_time() - began


def compared(ask: Callable[[], object]) -> tuple[float, int]:
    """(median ratio to the bare queries, number of queries)."""
    ask()
    with recorded() as statements:
        ask()
    reads = [pair for pair in statements if pair[0].startswith("SELECT")]
    pairs = []
    for _round in range(ROUNDS):
        began = process_time()
        ask()
        pairs.append((process_time() - began, bare(reads)))
    ratios = [mine / floor for mine, floor in pairs]
    return statistics.median(ratios), len(reads)


def measure() -> list[tuple[str, float]]:
    """How many times its bare queries does the page take? Of the table, and of the whole page."""
    province = Unit.objects.by_code(PROVINCE, DAY)
    reader = User.objects.get(username=OFFICER)
    indicator = Indicator.objects.get(code="HI")
    with transaction.atomic():
        decision = Decision.objects.create(
            unit=province, authority=Authority.PPC, number="0/QĐ-UBND", number_key="0/QD-UBND",
            number_year=YEAR, year=YEAR, issued_on=DAY, effective_on=date(YEAR, 1, 1),
        )  # fmt: skip
        Target.objects.create(
            decision=decision, unit=province, indicator=indicator, value=1_290_000,
            deadline=Month.of(YEAR, 12),
        )  # fmt: skip
        client = Client()
        client.force_login(reader)
        address = f"/allocations/{decision.pk}/HI/"

        def page() -> None:
            answer = client.get(address)
            assert answer.status_code == 200, answer.status_code

        def table() -> None:
            found = table_of(Place(decision, province, indicator), reader, DAY)
            assert len(found.rows) == len(found.place.children)

        few = compared(page)[1]
        standing = len(Place(decision, province, indicator).children)
        more_communes(province, COMMUNES - standing)
        assert len(Place(decision, province, indicator).children) == COMMUNES
        table_ratio, _queries = compared(table)
        page_ratio, many = compared(page)
        assert many == few, (many, few)
        transaction.set_rollback(True)
    return [("allocation_table", table_ratio), ("allocation_page", page_ratio)]


if __name__ == "__main__":
    with override_settings(
        ALLOWED_HOSTS=["testserver"], STORAGES=settings.STORAGES | {"staticfiles": PLAIN_FILES}
    ):
        tell(measure())
