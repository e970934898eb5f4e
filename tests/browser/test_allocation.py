"""Dividing a target over 75 communes as an office does: keys, paste, locks, two people, phone."""

import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from .conftest import ROOT
from .measures import cut_off, serious_findings, sideways, small_text

pytestmark = pytest.mark.browser

RECORD = """
from datetime import date
from commitments.actions.targets.decisions import NewTarget, record_decision
from commitments.models import Indicator
from districts.models import Unit
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE

province = Unit.objects.by_code("14", date(2026, 1, 1))
targets = {"HI": 1_290_000, "HI_RATE": 9850, "SI_V": 30_000, "UI": 60_000, "SI_C": 70_000}
indicators = {one.code: one.pk for one in Indicator.objects.all()}
print(record_decision(
    unit=province, authority="ppc", number="901/QĐ-UBND", year=2026, issued_on=date(2026, 1, 20),
    targets=[NewTarget(province.pk, indicators[code], value, Month.of(2026, 12))
             for code, value in targets.items()],
    actor=COMMAND_LINE, on=date(2026, 1, 20),
).decision.pk)
"""


@pytest.fixture(scope="module")
def decision(site, surroundings) -> int:
    """A decision of 2026 that assigns five figures to the province and to nobody below."""
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", RECORD]
    done = subprocess.run(
        command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=True
    )
    return int(done.stdout.split()[-1])


class Table:
    """The page of one target, with the few things every test does on it."""

    def __init__(self, page: Page):
        self.page = page

    @property
    def cells(self):
        return self.page.locator("input[data-unit]")

    def cell(self, at: int):
        return self.cells.nth(at)

    def code(self, at: int) -> str:
        return self.cell(at).get_attribute("data-unit")

    def type(self, at: int, text: str, key: str = "Enter") -> None:
        self.cell(at).click()
        self.cell(at).select_text()
        self.page.keyboard.type(text)
        self.page.keyboard.press(key)

    def paste(self, at: int, text: str) -> None:
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.cell(at).click()
        self.page.keyboard.press("Control+V")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def says(self, text: str) -> None:
        expect(self.page.locator("#saved-state")).to_contain_text(text)

    def balance(self, text: str, state: str) -> None:
        expect(self.page.locator("#balance")).to_have_class(f"balance is-{state}")
        expect(self.page.locator("#balance-words")).to_contain_text(text)

    def on_server(self) -> dict[str, int | None]:
        address = self.page.url.replace("/allocations/", "/api/v1/allocations/")
        answer = self.page.request.get(address)
        assert answer.ok, answer.text()
        return {row["unit"]: row["value"] for row in answer.json()["rows"]}


@pytest.fixture
def open_table(open_page, decision):
    def open_table(indicator: str = "HI", **more) -> Table:
        table = Table(open_page(f"/allocations/{decision}/{indicator}/", **more).page)
        expect(table.cells.first).to_be_attached()
        return table

    return open_table


def test_a_figure_is_divided_with_keys_alone_and_adds_up_to_the_person(open_table):
    table = open_table()
    table.balance("Còn 1.290.000 người chưa giao", "left")
    table.type(0, "45000")
    expect(table.cell(0)).to_have_value("45.000")
    expect(table.cell(1)).to_be_focused()
    table.balance("Còn 1.245.000 người chưa giao", "left")
    table.page.keyboard.press("ArrowUp")
    expect(table.cell(0)).to_be_focused()
    table.says("Đã lưu")
    table.page.get_by_role("checkbox").first.check()
    expect(table.cell(0)).to_have_attribute("readonly", "")
    table.press("Điền phần còn lại")
    table.balance("Đã chia vừa khớp", "exact")
    parts = table.on_server()
    assert sum(parts.values()) == 1_290_000
    assert parts[table.code(0)] == 45_000


def test_a_column_from_excel_fills_downwards_and_can_be_undone(open_table):
    table = open_table("SI_V")
    table.paste(2, "410\n420\n\n440")
    table.says("Đã dán 3 ô")
    assert [table.cell(at).input_value() for at in (2, 3, 4, 5)] == ["410", "420", "", "440"]
    table.says("Đã lưu")
    table.cell(0).click()
    table.page.keyboard.press("Control+Z")
    for at in (2, 3, 5):
        expect(table.cell(at)).to_have_value("")
    table.says("Đã lưu")
    assert set(table.on_server().values()) == {None}


def test_names_and_numbers_find_their_communes(open_table):
    table = open_table("SI_C")
    table.paste(0, f"{table.code(4)}\t900\n{table.code(1)}\t700")
    table.says("Đã lưu")
    parts = table.on_server()
    assert (parts[table.code(4)], parts[table.code(1)]) == (900, 700)


def test_a_method_is_undone_as_one_step(open_table):
    table = open_table("SI_V")
    table.page.get_by_label("Cách chia", exact=True).select_option("population")
    table.press("Chia")
    table.balance("Đã chia vừa khớp", "exact")
    assert sum(table.on_server().values()) == 30_000
    table.press("Hoàn tác")
    table.balance("Còn 30.000 người chưa giao", "left")
    table.says("Đã lưu")


def test_what_is_no_number_stays_in_its_cell_and_is_not_saved(open_table):
    table = open_table("SI_C")
    table.type(7, "8,5")
    expect(table.cell(7)).to_have_value("8,5")
    expect(table.page.locator(f"#message-{table.code(7)}")).to_contain_text("8,5")
    assert table.on_server()[table.code(7)] is None


def test_rates_are_weighed_to_the_assigned_rate(open_table):
    table = open_table("HI_RATE")
    table.page.get_by_label("Cách chia", exact=True).select_option("growth")
    table.press("Chia")
    # Where last year's result is not known everywhere, the others get what is still needed.
    table.says("có số mới")
    table.press("Điền phần còn lại")
    table.balance("Đã chia vừa khớp", "exact")
    expect(table.page.locator("#balance-divided")).to_have_text("98,50%")


def test_two_people_divide_at_once_and_nobodys_number_is_lost(open_table):
    mine = open_table("UI", own=True)
    theirs = open_table("UI", own=True)
    theirs.type(0, "500")
    theirs.says("Đã lưu")
    mine.type(1, "600")
    mine.says("Đã lưu")
    # What the other one wrote comes in by itself.
    expect(mine.cell(0)).to_have_value("500", timeout=15_000)
    # Both into one cell: the second reads whose number stands there and chooses.
    mine.cell(2).click()
    theirs.type(2, "700")
    theirs.says("Đã lưu")
    mine.page.keyboard.type("800")
    mine.page.keyboard.press("Enter")
    conflict = mine.page.locator("[data-conflict]")
    expect(conflict).to_contain_text("700")
    expect(conflict).to_contain_text("800")
    assert mine.on_server()[mine.code(2)] == 700
    conflict.get_by_role("button", name="Thay bằng 800").click()
    mine.says("Đã lưu")
    parts = mine.on_server()
    assert [parts[mine.code(at)] for at in range(3)] == [500, 600, 800]


def test_on_a_phone_one_commune_stands_at_a_time_below_the_balance(open_table):
    table = open_table("SI_C", size="phone")
    expect(table.page.locator("tbody tr:visible")).to_have_count(1)
    expect(table.page.locator(".tools")).to_be_hidden()
    table.page.get_by_role("button", name="Đơn vị sau").click()
    expect(table.cell(1)).to_be_visible()
    table.type(1, "710")
    expect(table.cell(2)).to_be_focused()
    table.says("Đã lưu")
    assert table.on_server()[table.code(1)] == 710
    assert not sideways(table.page)


def test_without_scripts_the_form_does_it_all(open_page, decision):
    page = open_page(f"/allocations/{decision}/HI/", own=True, java_script_enabled=False).page
    page.get_by_label("Cách chia", exact=True).select_option("last_result")
    page.get_by_role("button", name="Chia", exact=True).click()
    expect(page.locator("#balance")).to_have_class("balance is-exact")


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("address", ["/allocations/", "/allocations/{decision}/HI/"])
def test_the_pages_are_readable_and_accessible(open_page, decision, address, size):
    page = open_page(address.format(decision=decision), size=size)
    assert page.errors == []
    assert not sideways(page.page)
    assert serious_findings(page.page) == []
    assert small_text(page.page, "main") == []
    assert cut_off(page.page) == []
