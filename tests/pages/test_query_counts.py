"""What pages ask of the database does not grow with the number of communes.

Every page is opened in a small province and again with sixty communes more, before the reform
(districts, then communes) and after it (communes only). A new page is a new line of ``MOST``.
"""

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Decision, Indicator
from districts.models import Unit
from districts.months import Month
from steering.accounts.models import User
from steering.committee.roles import Role
from tests import builders
from tests.builders import REFORM_DAY, by_code

from .reported import TODAY, assign, report

BEFORE, AFTER = Month.of(2025, 3), Month.of(2025, 8)
COMMUNES = 60

MOST = {
    "/?month={month}": 90,
    "/?month={month}&map=today&attention=all": 90,
    "/units/{unit}/?month={month}": 60,
    "/indicators/?month={month}": 43,
    "/indicators/HI/?month={month}&rows=all": 63,
    "/indicators/HI_RATE/?month={month}": 61,
    "/indicators/HI/judgement/?month={month}": 59,
    "/ranking/?month={month}": 60,
    "/provenance/{unit}/HI/{month}/": 28,
    "/provenance/{unit}/HI_RATE/{month}/": 42,
    "/history/{unit}/HI/{month}/": 13,
    "/excel/overview/?month={month}": 88,
    "/excel/ranking/?month={month}": 58,
    "/documents/monthly.docx?month={month}&unit={unit}": 44,
    "/documents/ranking.docx?month={month}&unit={unit}": 44,
    "/documents/late.docx?month={month}&unit={unit}": 15,
    "/entry/?month={month}": 9,
    "/completeness/?month={month}": 20,
    "/history/?month={month}": 10,
    "/periods/": 20,
    "/periods/days/?year=2025": 20,
    "/successions/": 10,
    "/successions/99/2025-07-01/?indicator=HI": 20,
    "/letterhead/": 12,
    "/people/": 10,
    "/commitments/": 40,
    "/decisions/": 12,
    "/decisions/{decision}/": 14,
    "/decisions/new/": 12,
    "/decisions/compare/?year=2025&all=1": 24,
    "/tasks/": 16,
    "/allocations/": 40,
    "/decisions/{first}/path/HI/": 45,
    "/help/": 8,
    "/accounts/settings/": 4,
}
"""The most queries a page that is made anew may take, with session, reader, rights and frame."""


def filled(
    province: Unit, catalogue: dict[str, Indicator], units: list[Unit], month: Month
) -> None:
    """Numbers, targets and a chair for each of ``units``."""
    everything = {"HI": 90, "POP": 200, "HI_HH_NEW": 3, "SI_V": 7}
    report(
        catalogue,
        units,
        month,
        **{code: [number] * len(units) for code, number in everything.items()},
    )
    assign(
        province,
        catalogue,
        {(unit, "HI"): 100 for unit in units},
        number=f"{units[0].pk}/QĐ-UBND",
    )
    for unit in units:
        builders.seated(f"chair-{unit.pk}", Role.CHAIR, unit)


def more_communes(month: Month) -> list[Unit]:
    """Further communes below the district 901, or after the reform below the province."""
    if month == BEFORE:
        parent, since = by_code("901"), builders.BEFORE_RECORDS
    else:
        parent, since = by_code("99"), REFORM_DAY
    made = [
        builders.unit(f"991{n:02}", f"Xã số {n}", parent=parent, since=since)
        for n in range(COMMUNES)
    ]
    builders.rebuild_map()
    return made


def costs(reader: User, month: Month) -> dict[str, int]:
    """How many queries each page takes the second time it is opened."""
    client, found = Client(), {}
    client.force_login(reader)
    unit = "901" if month == BEFORE else "99"
    decisions = Decision.objects.order_by("pk")
    first, decision = decisions.first().pk, decisions.last().pk
    for page in MOST:
        address = page.format(month=month, unit=unit, decision=decision, first=first)
        for _visit in range(2):
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address)
            assert answer.status_code == 200, address
        found[page] = len(queries)
    return found


@pytest.mark.parametrize("month", [BEFORE, AFTER], ids=["districts", "communes"])
def test_no_page_asks_more_with_sixty_communes_more(
    month, province, reformed, catalogue, communes, officer
):
    if month == BEFORE:
        units = communes
    else:
        units = [by_code(code, REFORM_DAY) for code in ("99001", "99004", "99005")]
    with time_machine.travel(TODAY, tick=False):
        assign(province, catalogue, {(province, "HI"): 500}, number="0/QĐ-UBND")
        filled(province, catalogue, units, month)
        few = costs(officer, month)
        filled(province, catalogue, more_communes(month), month)
        many = costs(officer, month)
    grown = {page: (few[page], many[page]) for page in MOST if many[page] > few[page]}
    assert grown == {}
    dear = {page: many[page] for page, most in MOST.items() if many[page] > most}
    assert dear == {}
