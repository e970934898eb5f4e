"""Two writers at once never miss each other's numbers, nor their links."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.targets.decisions import record_decision
from commitments.chain.verifying import verify_commitments
from commitments.models import CarriedTotal, Total
from commitments.totals import verify_totals
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from tests import builders

JANUARY = Month.of(2024, 1)


@pytest.mark.django_db(transaction=True)
def test_totals_hold_what_every_writer_wrote_at_the_same_moment():
    province = builders.province_99()
    catalogue = builders.small_catalogue()
    communes = [builders.by_code(f"9900{n}") for n in (1, 2, 4)]
    together = Barrier(len(communes))

    def write(commune) -> None:
        try:
            for value in range(1, 6):
                together.wait(timeout=30)
                record_counts(
                    entries=[Entry(JANUARY, commune.pk, catalogue["HI"].pk, value)],
                    actor=COMMAND_LINE,
                    on=date(2024, 2, 3),
                    approve=True,
                )
        finally:
            connection.close()

    with ThreadPoolExecutor(len(communes)) as pool:
        list(pool.map(write, communes))

    assert Total.objects.get(node=province, indicator=catalogue["HI"]).approved == 15
    assert verify_totals().ok


@pytest.mark.django_db(transaction=True)
def test_two_provinces_that_became_one_write_into_one_sum_that_is_carried_over():
    one = builders.province_99()
    other = builders.unit("98", "Núi Xanh", tier="province")
    theirs = builders.unit("98001", "Bản Lim", parent=other)
    catalogue = builders.small_catalogue()
    builders.end_unit(one, builders.REFORM_DAY)
    new = builders.unit("99", "Suối Núi", tier="province", since=builders.REFORM_DAY)
    districts = [builders.by_code("901"), builders.by_code("902")]
    for below in (*districts, theirs):
        builders.move_unit(below, new, builders.REFORM_DAY)
    builders.end_unit(other, builders.REFORM_DAY)
    builders.rebuild_map()
    together = Barrier(2)

    def write(commune) -> None:
        try:
            for value in range(1, 6):
                together.wait(timeout=30)
                record_counts(
                    entries=[
                        Entry(month, commune.pk, catalogue["HI"].pk, value)
                        for month in (JANUARY, JANUARY + 1)
                    ],
                    actor=COMMAND_LINE,
                    on=date(2024, 3, 3),
                    approve=True,
                )
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, [builders.by_code("99001"), theirs]))

    sums = CarriedTotal.objects.filter(node=new, indicator=catalogue["HI"])
    assert set(sums.values_list("month", "approved")) == {(JANUARY, 10), (JANUARY + 1, 10)}
    assert verify_totals().ok


@pytest.mark.django_db(transaction=True)
def test_links_of_whoever_promises_at_the_same_moment_are_in_one_row():
    province = builders.province_99()
    builders.small_catalogue()
    committee = builders.committee(province)
    together = Barrier(3)

    def decide(writer: int) -> None:
        try:
            for number in range(3):
                together.wait(timeout=30)
                record_decision(
                    unit=province,
                    authority="ppc",
                    number=f"{writer}{number}/QĐ-UBND",
                    year=2024,
                    issued_on=date(2024, 1, 26),
                    targets=[],
                    actor=COMMAND_LINE,
                    on=date(2024, 2, 3),
                )
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(decide, range(1, 4)))

    assert list(committee.links.values_list("number", flat=True)) == list(range(1, 10))
    assert verify_commitments().ok
