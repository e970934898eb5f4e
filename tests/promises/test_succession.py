"""The page on which the targets of successors are decided."""

from datetime import date

import pytest
import time_machine
from django.test import Client

from commitments.models import Decision, Target
from tests.builders import REFORM_DAY, by_code
from tests.pages.reported import assign

PAGE = "/successions/99/2025-07-01/"
DECIDED = {"number": "9/QĐ-UBND", "issued_on": "2025-07-10", "issuer": "UBND tỉnh", "accept": "1"}


@pytest.fixture(autouse=True)
def july():
    with time_machine.travel(date(2025, 7, 12), tick=False):
        yield


@pytest.fixture
def assigned(province, reformed, catalogue, communes):
    """99001 to 99005 were assigned 100, 200, 101, 50, 70, and a rate."""
    targets = {
        (commune, "HI"): value
        for commune, value in zip(communes, (100, 200, 101, 50, 70), strict=True)
    }
    rates = {(commune, "HI_RATE"): 9_500 for commune in communes}
    return assign(province, catalogue, {(province, "HI"): 521} | targets | rates)


@pytest.fixture
def officer_client(officer):
    client = Client()
    client.force_login(officer)
    return client


def cell(code, catalogue, indicator="HI"):
    return f"value-{by_code(code, REFORM_DAY).pk}-{catalogue[indicator].pk}"


@pytest.mark.usefixtures("assigned")
def test_the_page_proposes_the_sums_one_indicator_at_a_time(officer_client, catalogue):
    shown = officer_client.get(PAGE).content.decode()
    assert "361" in shown and "Ao Sen, Cầu Tre, Đèo Gió" in shown
    assert f'name="{cell("99001", catalogue)}" value="361"' in shown
    rate = officer_client.get(PAGE, {"indicator": "HI_RATE"}).content.decode()
    assert f'name="{cell("99001", catalogue, "HI_RATE")}" value="95,00"' in rate


@pytest.mark.usefixtures("assigned")
def test_what_was_typed_travels_on_while_another_indicator_is_shown(officer_client, catalogue):
    typed = {cell("99001", catalogue): "360", "show": "HI_RATE", "shown": "HI"}
    shown = officer_client.post(PAGE, typed).content.decode()
    assert f'<input type="hidden" name="{cell("99001", catalogue)}" value="360">' in shown
    assert "−1" in shown
    assert Decision.objects.count() == 1


@pytest.mark.usefixtures("assigned")
def test_the_decision_is_recorded_with_what_was_typed_and_proposed(officer_client, catalogue):
    typed = {cell("99001", catalogue): "360", cell("99004", catalogue): "91"}
    answer = officer_client.post(PAGE, DECIDED | typed)
    assert answer.url == f"/decisions/{Decision.objects.get(number='9/QĐ-UBND').pk}/"
    values = Target.objects.filter(decision__number="9/QĐ-UBND", indicator=catalogue["HI"])
    assert dict(values.values_list("unit__code", "value")) == {
        "99001": 360, "99004": 91, "99005": 70,
    }  # fmt: skip
    again = officer_client.get(PAGE).content.decode()
    assert "9/QĐ-UBND" in again and "accept" not in again


@pytest.mark.usefixtures("assigned")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "-1"),
        ({"issued_on": "10/7"}, "10/7"),
        ({"number": ""}, "148/QĐ-UBND"),
    ],
)
def test_what_cannot_be_recorded_is_said_and_kept_on_the_page(
    officer_client, catalogue, typed, said
):
    edited = {cell("99001", catalogue): "360"}
    reason = {} if not typed else {"reason": "Tái định cư"}
    answer = officer_client.post(PAGE, DECIDED | edited | reason | typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="360"' in answer.content.decode()
    assert Decision.objects.count() == 1


@pytest.mark.usefixtures("assigned")
def test_text_that_is_no_number_is_named_with_its_unit(officer_client, catalogue):
    answer = officer_client.post(PAGE, DECIDED | {cell("99001", catalogue): "nhiều"})
    assert answer.status_code == 422
    assert "Sen Gió" in answer.content.decode() and "nhiều" in answer.content.decode()


def test_a_day_without_a_change_proposes_nothing(officer_client, province, reformed):
    shown = officer_client.get("/successions/99/2024-03-01/")
    assert shown.status_code == 200
    assert "accept" not in shown.content.decode()


def test_the_changes_of_the_map_are_listed(officer_client, province, reformed):
    assert PAGE in officer_client.get("/successions/").content.decode()
