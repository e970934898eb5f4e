"""Handing in a file in four steps, and the file that comes back with every problem marked."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from collection.files.workbooks.template import INPUT_SHEET
from tests.collection.forms import filled
from tests.foreign.make import FILES

from .conftest import SIZES
from .desk import EXCEL, Desk
from .measures import cut_off, serious_findings, sideways

pytestmark = pytest.mark.browser

OWN = "03703"
"""The commune of can-bo-xa."""

NARROWEST = {"width": 320, "height": 700}


@pytest.fixture(scope="session")
def handed_in(signed_in, untouched) -> dict[str, str]:
    """Pages of files by what is said on them; nothing of them but the last is recorded."""
    context = signed_in("can-bo-tinh")
    desk = Desk(context.new_page(), next(untouched))
    doubtful = desk.numbers(HI_EMP="một nghìn", HI=desk.before["HI"] // 2)
    found = {}

    def hand_in(name: str, data: bytes) -> None:
        desk.hand_in(data)
        found[name] = desk.page.url

    hand_in("with a wrong number and a question", filled(desk.form, doubtful))
    changed = desk.numbers() | {desk.place("HI_EMP", "D"): 999_999}
    hand_in("with a locked cell that was changed", filled(desk.form, changed))
    for name, file in (
        ("with a column nobody knows", "matrix-column-of-nothing-known.xlsx"),
        ("that names no month", "units-capitals.xlsx"),
        ("that is of no use", "no-table.xlsx"),
    ):
        desk.page.goto("/upload/")
        desk.choose((FILES / file).read_bytes(), file)
        found[name] = desk.page.url
    hand_in("that is right", filled(desk.form, desk.numbers()))
    hand_in("that was accepted in part", filled(desk.form, desk.numbers(HI_EMP="nhiều")))
    desk.press("Hoàn tất")
    context.close()
    return found


FOUND = {
    "with a wrong number and a question": ".doubts .is-wrong",
    "with a locked cell that was changed": "#seen",
    "with a column nobody knows": ".is-undecided",
    "that names no month": "#of-what",
    "that is of no use": "#refused",
    "that is right": "#everything:checked",
    "that was accepted in part": "#outcome",
}
"""What a file can be found to be, and what its page then shows."""


@pytest.mark.parametrize("name", FOUND)
def test_the_page_of_a_file_is_whole_at_every_size(open_page, handed_in, name):
    watched = open_page(handed_in[name])
    page = watched.page
    assert (watched.response.status, watched.errors, watched.foreign) == (200, [], [])
    assert page.locator(FOUND[name]).count() > 0
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        assert (size, sideways(page), cut_off(page)) == (size, 0, [])
        assert (size, serious_findings(page)) == (size, [])
    page.set_viewport_size(NARROWEST)
    assert sideways(page) == 0


@pytest.mark.parametrize("name", FOUND)
def test_the_page_of_a_file_loses_nothing_in_text_of_twice_the_size(
    open_page, large_text_browser, handed_in, name
):
    page = open_page(handed_in[name], browser=large_text_browser).page
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        assert (size, sideways(page), cut_off(page)) == (size, 0, [])


def test_a_good_template_is_accepted_whole_and_leads_to_its_receipt(desk):
    desk.hand_in(filled(desk.form, desk.numbers()))
    number = len(desk.inputs)
    assert desk.tally() == [str(number), "0", "0"]
    expect(desk.page.locator("#everything")).to_be_checked()
    expect(desk.page.locator(".task-list [aria-current=step]")).to_contain_text("Nhận")
    desk.press("Hoàn tất")
    assert desk.tally()[0] == str(number)
    with desk.page.expect_navigation():
        desk.page.get_by_role("link", name="Biên nhận").click()
    expect(desk.page.locator("h1")).to_contain_text("Giấy biên nhận")
    cells = desk.on_server()
    assert {code: cells[code]["value"] for code in desk.inputs} == {
        code: desk.before[code] or 0 for code in desk.inputs
    }


def test_one_wrong_cell_is_corrected_on_the_page_without_the_file(desk):
    desk.hand_in(filled(desk.form, desk.numbers(HI_EMP="1.486 người")))
    assert desk.tally() == [str(len(desk.inputs) - 1), "0", "1"]
    wrong = desk.page.locator(".doubts .is-wrong")
    expect(wrong).to_contain_text(desk.place("HI_EMP"))
    expect(wrong.locator("input:not([type=hidden])")).to_have_value("1.486 người")
    wrong.locator("input:not([type=hidden])").fill("1.486")
    desk.press("Lưu và kiểm tra lại")
    expect(desk.page.locator(".doubts .is-wrong")).to_have_count(0)


def test_of_all_numbers_two_wrong_ones_stay_in_the_working_sheet(desk):
    texts = {"HI_EMP": "một nghìn", "SI_V": "1,5"}
    desk.hand_in(filled(desk.form, desk.numbers(**texts)))
    right = len(desk.inputs) - 2
    expect(desk.page.locator("label[for=right]")).to_contain_text(f"Nhận {right} số đúng, giữ 2 số")
    desk.press("Hoàn tất")
    assert desk.tally()[:4] == [str(right), "0", "0", "2"]
    cells = desk.on_server()
    assert {code: cells[code]["text"] for code in texts} == texts
    assert [code for code in desk.inputs if cells[code]["value"] is None] == list(texts)
    with desk.page.expect_navigation():
        desk.page.get_by_role("link", name="2 số còn phải sửa").click()
    for code, text in texts.items():
        expect(desk.page.locator(f"#cell-{code}")).to_have_value(text)


def test_a_number_that_fell_much_asks_for_its_reason_beside_it(desk):
    half = desk.before["HI"] // 2
    desk.hand_in(filled(desk.form, desk.numbers(HI=half)))
    asked = desk.page.locator(".doubts li", has=desk.page.get_by_label("Lý do"))
    expect(asked.filter(has_text="thay đổi quá 10%")).to_contain_text(desk.place("HI"))
    desk.explain()
    expect(desk.page.locator("#everything")).to_be_checked()
    desk.press("Hoàn tất")
    assert desk.on_server()["HI"]["value"] == half


def test_the_annotated_copy_is_the_same_file_with_the_problem_marked(desk):
    desk.hand_in(filled(desk.form, desk.numbers(HI_EMP="nhiều")))
    with desk.page.expect_download() as coming:
        desk.page.get_by_role("link", name="Tải bản có chú thích").click()
    assert coming.value.suggested_filename == "BC-XA_CHU-THICH.xlsx"
    book = load_workbook(BytesIO(coming.value.path().read_bytes()))
    assert book.sheetnames[0] == "Kết quả"
    cell = book[INPUT_SHEET][desk.place("HI_EMP")]
    assert cell.value == "nhiều"
    assert cell.border.left.style
    assert cell.comment
    row = book[INPUT_SHEET][desk.rows["HI_EMP"]]
    assert any("nhiều" in str(other.value) for other in row if other.column > 8)


def test_a_changed_locked_cell_is_shown_and_needs_a_tick(desk):
    place = desk.place("HI_EMP", "D")
    desk.hand_in(filled(desk.form, desk.numbers() | {place: 999_999}))
    expect(desk.page.locator(".changed")).to_contain_text(place)
    desk.page.get_by_role("button", name="Tiếp tục").click()
    assert desk.page.locator("#seen").evaluate("box => box.validity.valueMissing")
    desk.page.check("#seen")
    desk.press("Tiếp tục")
    assert desk.tally()[0] == str(len(desk.inputs))


def test_the_file_of_another_unit_is_refused_with_both_names(desk, untouched):
    other = Desk(desk.page, next(untouched))
    desk.hand_in(filled(other.form, other.numbers()))
    refused = desk.page.locator("#refused + ul")
    expect(refused).to_contain_text(desk.code)
    expect(refused).to_contain_text(other.code)
    assert desk.page.get_by_role("button", name="Hoàn tất").count() == 0


def test_a_file_that_was_accepted_says_when_and_writes_nothing_again(desk):
    data = filled(desk.form, desk.numbers())
    desk.hand_in(data)
    desk.press("Hoàn tất")
    versions = {code: cell["version"] for code, cell in desk.on_server().items()}
    desk.hand_in(data)
    expect(desk.page.locator("main")).to_contain_text("Tệp này đã nhận lúc")
    assert desk.page.get_by_role("button", name="Hoàn tất").count() == 0
    assert {code: cell["version"] for code, cell in desk.on_server().items()} == versions


@pytest.mark.parametrize(
    ("name", "sent_as", "said"),
    [
        ("password.xlsx", "BC-XA.xlsx", "mật khẩu"),
        ("old-format.xls", "BC-XA.xls", ".xls"),
        ("macros.xlsm", "BC-XA.xlsm", "macro"),
        ("web-page.xls", "BC-XA.xls", "trang web"),
    ],
)
def test_a_file_that_cannot_be_read_has_its_own_sentence(open_page, name, sent_as, said):
    page = open_page("/upload/", account="can-bo-xa", locale="vi-VN").page
    data = (FILES / name).read_bytes()
    page.set_input_files("#file", files=[{"name": sent_as, "mimeType": EXCEL, "buffer": data}])
    with page.expect_navigation():
        page.get_by_role("button", name="Kiểm tra tệp").click()
    expect(page.locator("main")).to_contain_text(said)
    expect(page.locator("main")).not_to_contain_text("Hoàn tất")


def test_on_a_phone_the_whole_way_is_walked_by_thumb(open_page):
    page = open_page("/upload/", account="can-bo-xa", size="phone", locale="vi-VN").page
    desk = Desk(page, OWN, "2026-04")
    desk.hand_in(filled(desk.form, {desk.place("HI_EMP"): "1486"}))
    box = page.get_by_role("button", name="Hoàn tất").bounding_box()
    assert box["height"] >= 44
    assert 0 <= box["x"] <= box["x"] + box["width"] <= SIZES["phone"]["width"]
    page.check("#nothing")
    desk.press("Hoàn tất")
    expect(page.locator(".messages")).to_contain_text("BC-XA.xlsx")
    assert page.url.endswith("/upload/")
