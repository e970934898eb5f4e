"""Two writers at once never miss each other's numbers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from commitments.actions.counts import Entry, record_counts
from commitments.models import Total
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
