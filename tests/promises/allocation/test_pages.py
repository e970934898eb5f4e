"""Dividing a target on its page, without scripts: typing, methods, conflicts, assigning."""

from datetime import date

import pytest
import time_machine
from django.test import Client

from commitments.actions.targets.allocating import Typed, save_portions
from commitments.allocation.places import Place
from commitments.models import Allocation, Portion, Target
from districts.months import Month
from steering.accounts.models import JournalEntry
from tests import builders
from tests.builders import REFORM_DAY, by_code
from tests.pages.reported import assign, report

NOW = date(2025, 2, 3)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def decision(province, catalogue, communes):
    """400 people: 250 for district 901, 150 for 902; 100 people live in each commune."""
    report(catalogue, communes, Month.of(2024, 12), HI=[90, 80, 70, 60, 50], POP=[100] * 5)
    east, west = by_code("901"), by_code("902")
    return assign(
        province,
        catalogue,
        {
            (province, "HI"): 400, (east, "HI"): 250, (west, "HI"): 150,
            (province, "SI_V"): 100, (east, "HI_RATE"): 8000,
        },
    )  # fmt: skip


class Desk:
    """Somebody at the table of one target."""

    def __init__(self, user, address: str):
        self.client, self.address = Client(), address
        self.client.force_login(user)
        self.form: dict[str, str] = {}

    def open(self) -> str:
        answer = self.client.get(self.address)
        assert answer.status_code == 200
        table = answer.context["table"]
        self.form = {"version": str(table.version)}
        for row in table.rows:
            code = row.unit.code
            self.form |= {
                f"cell-{code}": row.text,
                f"was-{code}": row.text,
                f"seen-{code}": row.version,
                f"was-lock-{code}": "1" if row.share.locked else "0",
            }
            if row.share.locked:
                self.form[f"lock-{code}"] = "on"
        return answer.content.decode()

    def press(self, do: str = "save", expected: int = 302, **more: str):
        answer = self.client.post(self.address, self.form | {"do": do} | more)
        assert answer.status_code == expected, answer.content.decode()
        return answer

    def type(self, **cells: str) -> "Desk":
        self.form |= {f"cell-{code.removeprefix('u')}": text for code, text in cells.items()}
        return self


@pytest.fixture
def desk(decision, chair):
    """The chair of district 901 at the table of HI."""
    return Desk(chair, f"/allocations/{decision.pk}/HI/?unit=901")


def parts() -> dict[str, int | None]:
    return dict(Portion.objects.order_by("unit__code").values_list("unit__code", "value"))


def test_a_table_shows_people_last_year_and_what_is_left(desk):
    page = desk.open()
    assert "90,0%" in page
    assert "Còn 250 người chưa giao" in page


def test_what_is_typed_stays_on_the_server(desk):
    desk.open()
    desk.type(u99001="95", u99002="85").press()
    assert parts() == {"99001": 95, "99002": 85, "99003": None}
    assert "Còn 70 người chưa giao" in desk.open()


def test_filling_gives_the_rest_to_whoever_has_none(desk):
    desk.open()
    desk.type(u99001="95").press("fill")
    assert parts() == {"99001": 95, "99002": 78, "99003": 77}
    assert "Đã chia vừa khớp" in desk.open()


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("population", [84, 83, 83]),
        ("last_result", [94, 83, 73]),
        ("growth", [94, 83, 73]),
        ("equal", [84, 83, 83]),
    ],
)
def test_every_method_divides_to_the_person(desk, method, expected):
    desk.open()
    desk.press("apply", method=method)
    assert list(parts().values()) == expected


def test_a_locked_unit_keeps_its_number(desk):
    desk.open()
    desk.type(u99003="60")
    desk.form["lock-99003"] = "on"
    desk.press("apply", method="equal")
    assert parts() == {"99001": 95, "99002": 95, "99003": 60}


def test_what_is_no_number_is_kept_back_and_quoted(desk):
    desk.open()
    answer = desk.type(u99001="95", u99002="8,5").press(expected=422)
    assert parts() == {"99001": 95, "99002": None, "99003": None}
    assert 'value="8,5"' in answer.content.decode()


def test_of_two_who_type_into_one_cell_the_second_is_told_whose_number_stands(
    desk, decision, officer
):
    desk.open()
    place = Place(decision, by_code("901"), Target.objects.first().indicator)
    save_portions(place=place, cells=[Typed("99001", "91")], actor=officer, on=NOW)
    answer = desk.type(u99001="95", u99002="85").press(expected=409)
    assert parts() == {"99001": 91, "99002": 85, "99003": None}
    page = answer.content.decode()
    assert "officer" in page
    assert 'value="95"' in page
    desk.form["seen-99001"] = "91"
    desk.press()
    assert parts()["99001"] == 95


def test_a_method_does_not_go_over_numbers_its_reader_never_saw(desk, decision, officer):
    desk.open()
    place = Place(decision, by_code("901"), Target.objects.first().indicator)
    save_portions(place=place, cells=[Typed("99001", "91")], actor=officer, on=NOW)
    desk.press("apply", method="equal", expected=409)
    assert parts() == {"99001": 91, "99002": None, "99003": None}


def test_a_district_assigns_by_a_decision_of_its_own(desk, decision):
    desk.open()
    desk.press("fill")
    desk.open()
    desk.press("assign", number="5/QĐ-UBND", issued_on="2025-02-01")
    made = Allocation.objects.get().assigned_by
    assert (made.unit.code, made.passes_on, made.number) == ("901", decision, "5/QĐ-UBND")
    assert list(made.targets.order_by("unit__code").values_list("value", flat=True)) == [84, 83, 83]
    page = desk.open()
    assert "5/QĐ-UBND" in page
    assert '<form method="post" id="allocation"' not in page
    desk.press("save", expected=422, **{"cell-99001": "1"})
    assert parts()["99001"] == 84


def test_the_province_assigns_by_the_same_decision(decision, officer):
    desk = Desk(officer, f"/allocations/{decision.pk}/SI_V/")
    desk.open()
    desk.type(u901="60", u902="40").press("assign")
    found = decision.targets.filter(indicator__code="SI_V").order_by("unit__code")
    assert list(found.values_list("unit__code", "value")) == [
        ("901", 60), ("902", 40), ("99", 100)
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "state"), [("58", "less"), ("62", "more")])
def test_more_or_less_than_the_target_is_assigned_only_with_a_reason(
    decision, officer, text, state
):
    desk = Desk(officer, f"/allocations/{decision.pk}/SI_V/")
    desk.open()
    desk.type(u901=text, u902="40").press("assign", expected=422)
    assert Allocation.objects.get().assigned_by is None
    desk.open()
    desk.press("assign", reason="Phần do tỉnh quản lý trực tiếp")
    assert Allocation.objects.get().reason == "Phần do tỉnh quản lý trực tiếp"
    assert JournalEntry.objects.get(action="allocation.assigned").why


def test_nobody_is_assigned_more_than_live_there(desk):
    desk.open()
    desk.type(u99001="101", u99002="100", u99003="49")
    answer = desk.press("assign", number="5/QĐ-UBND", issued_on="2025-02-01", expected=422)
    assert "99001" in answer.content.decode()
    assert Allocation.objects.get().assigned_by is None


def test_a_unit_without_a_number_is_not_assigned_nothing(desk):
    desk.open()
    desk.type(u99001="100", u99002="100")
    desk.press("assign", number="5/QĐ-UBND", issued_on="2025-02-01", reason="x", expected=422)
    assert Target.objects.filter(unit__code="99001").count() == 0


def test_rates_are_divided_as_rates(decision, chair):
    desk = Desk(chair, f"/allocations/{decision.pk}/HI_RATE/?unit=901")
    desk.open()
    desk.press("apply", method="growth")
    assert parts() == {"99001": 9000, "99002": 8000, "99003": 7000}
    desk.type(u99001="95%")
    desk.open()
    desk.type(u99001="95%").press("fill")
    assert sum(parts().values()) == 24000


def test_a_chair_divides_only_within_the_own_unit(decision, chair):
    client = Client()
    client.force_login(chair)
    assert client.get(f"/allocations/{decision.pk}/HI/").status_code == 403
    assert client.get(f"/allocations/{decision.pk}/HI/?unit=902").status_code == 403
    assert (
        client.post(f"/allocations/{decision.pk}/HI/?unit=902", {"do": "fill"}).status_code == 403
    )


def test_who_may_only_look_gets_no_form(decision, commune_officer, auditor):
    client = Client()
    client.force_login(auditor)
    address = f"/allocations/{decision.pk}/HI/?unit=901"
    page = client.get(address)
    assert page.status_code == 200
    assert '<input type="text"' not in page.content.decode()
    assert client.post(address, {"do": "save", "cell-99001": "5"}).status_code == 403


def test_what_was_not_assigned_cannot_be_divided(decision, officer):
    client = Client()
    client.force_login(officer)
    assert client.get(f"/allocations/{decision.pk}/HI_HH_NEW/").status_code == 404
    assert client.get(f"/allocations/{decision.pk}/HI/?unit=99001").status_code == 404


def test_after_the_reform_the_province_divides_over_its_communes(
    province, reformed, catalogue, communes, officer
):
    report(catalogue, communes, Month.of(2024, 12), HI=[90, 80, 70, 60, 50], POP=[100] * 5)
    with time_machine.travel(date(2025, 8, 1), tick=False):
        decision = assign(province, catalogue, {(province, "HI"): 450})
        decision.effective_on = REFORM_DAY
        decision.save()
        desk = Desk(officer, f"/allocations/{decision.pk}/HI/")
        desk.open()
        desk.press("apply", method="population")
    assert parts() == {"99001": 234, "99004": 126, "99005": 90}


def test_the_overview_says_on_every_level_by_how_many_people_it_is_off(decision, officer):
    client = Client()
    client.force_login(officer)
    page = client.get("/allocations/").content.decode()
    assert "Huyện Đồi Thông" in page
    assert "2/2" in page
    assert "0/3" in page
    builders.seated("other", "chair", by_code("902"))
