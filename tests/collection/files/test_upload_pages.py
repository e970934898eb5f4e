"""The pages of handing in a file: four steps without a script, and each refusal in its words."""

from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from collection.actions import uploads
from collection.files.checking import (
    Doubt,
    Kind,
)
from collection.models import DraftCell, Receipt, Upload
from commitments.models import Count, Submission
from steering.jobs.actions import run
from tests import builders
from tests.collection.conftest import FEBRUARY, NOW
from tests.collection.files.test_mutated_files import (
    BASES,
    mutated,
    mutations,
)
from tests.collection.forms import filled, issued
from tests.foreign.books import book
from tests.foreign.forms import SECRET
from tests.foreign.make import FILES


@pytest.fixture(autouse=True)
def in_march():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def form(commune, catalogue) -> bytes:
    """The template of commune 99001; HI is asked in row 6, HI_HH_NEW in 7, SI_V in 8."""
    return issued(commune)


@pytest.fixture
def browser(client, commune_officer) -> Client:
    client.force_login(commune_officer)
    return client


def hand_in(browser: Client, data: bytes, name="BC-XA.xlsx", **about):
    """The page one is led to, or the form again."""
    file = SimpleUploadedFile(name, data)
    return browser.post(reverse("collection:upload"), {"file": file, **about}, follow=True)


def page(answer) -> str:
    return " ".join(answer.content.decode().split())


def latest() -> Upload:
    return Upload.objects.first()


def test_a_file_is_chosen_checked_accepted_and_confirmed(browser, form):
    answer = hand_in(browser, filled(form, {"C6": 120, "C7": 2, "C8": 3}))
    assert "Nhận cả 3 số" in page(answer)
    assert not Count.objects.exists()
    answer = browser.post(f"/upload/{latest().pk}/accept/", {"choice": "everything"}, follow=True)
    receipt = Receipt.objects.get()
    assert f"/entry/2024-02/99001/receipt/{receipt.number}/" in page(answer)
    assert ">02/2024</td>" in page(answer)
    assert Count.objects.count() == 3


def test_a_wrong_cell_is_corrected_on_the_page(browser, form):
    answer = hand_in(browser, filled(form, {"C6": "1.486 người", "C7": 2, "C8": 3}))
    assert 'name="cell-Nhập!C6" value="1.486 người"' in page(answer)
    assert "Nhận 2 số đúng, giữ 1 số" in page(answer)
    sent = {"do": "correct", "cell-Nhập!C6": "1.486", "was-Nhập!C6": "1.486 người"}
    answer = browser.post(f"/upload/{latest().pk}/", sent, follow=True)
    assert "Nhận cả 3 số" in page(answer)


def test_right_numbers_are_accepted_and_the_page_leads_to_the_rest(browser, form):
    hand_in(browser, filled(form, {"C6": "nhiều", "C7": 2, "C8": 3}))
    answer = browser.post(f"/upload/{latest().pk}/accept/", {"choice": "right"}, follow=True)
    assert 'href="/entry/2024-02/99001/">1 số còn phải sửa' in page(answer)
    assert DraftCell.objects.get().text == "nhiều"
    assert Count.objects.count() == 2


def test_accepting_nothing_writes_nothing(browser, form):
    hand_in(browser, filled(form, {"C6": 1}))
    browser.post(f"/upload/{latest().pk}/accept/", {"choice": "nothing"})
    assert latest().state == "discarded"
    assert not Count.objects.exists()
    assert browser.get(f"/upload/{latest().pk}/").status_code == 200


def test_a_reason_is_asked_beside_the_number(browser, form, commune, counted, change_rule):
    counted(commune, {"HI": 1000}, month=FEBRUARY - 1)
    answer = hand_in(browser, filled(form, {"C6": 700, "C7": 2, "C8": 3}))
    name = f"reason-{commune.pk}/2024-02/HI_CHANGE"
    assert f'name="{name}"' in page(answer)
    answer = browser.post(
        f"/upload/{latest().pk}/", {"do": "correct", name: "hết hạn thẻ"}, follow=True
    )
    assert "Nhận cả 3 số" in page(answer)


def test_locked_cells_are_listed_and_a_tick_is_asked_for(browser, form):
    answer = hand_in(browser, filled(form, {"D6": 99, "C6": 1, "C7": 2, "C8": 3}))
    assert "Nhập!D6" in page(answer)
    address = f"/upload/{latest().pk}/"
    assert browser.post(address, {"do": "confirm"}).status_code == 422
    answer = browser.post(address, {"do": "confirm", "seen": "1"}, follow=True)
    assert "Nhận cả 3 số" in page(answer)


def test_a_file_handed_in_from_the_entry_page_may_not_be_of_another_unit(
    client, officer, communes, commune, catalogue
):
    client.force_login(officer)
    entry = page(client.get("/entry/2024-02/99001/"))
    assert "/upload/?month=2024-02&amp;unit=99001" in entry
    chosen = client.get("/upload/?month=2024-02&unit=99001")
    assert 'name="unit" value="99001"' in page(chosen)
    about = {"month": "2024-02", "unit": "99001"}
    answer = hand_in(client, filled(issued(communes[1]), {"C6": 1}), **about)
    assert communes[1].full_name in page(answer)
    assert "99001" in page(answer)
    assert latest().state == "refused"


REFUSED = {
    "password.xlsx": "mật khẩu",
    "old-format.xls": ".xls",
    "letter.docx": ".xlsx",
    "opendocument.ods": ".ods",
    "macros.xlsm": "macro",
    "font-tcvn3.xlsx": "Unicode",
    "bomb.xlsx": "nén",
    "cut-off.xlsx": "hỏng",
}


def test_each_file_that_cannot_be_read_is_told_in_its_own_sentence(browser, form):
    told = {}
    for name, word in REFUSED.items():
        answer = hand_in(browser, (FILES / name).read_bytes(), name)
        assert word in page(answer), name
        assert answer.status_code in (200, 422)
        told[name] = word
    answer = hand_in(browser, b"<html><table></table></html>", "bang.xls")
    assert "trang web" in page(answer)
    assert not Count.objects.exists()


def test_no_file_at_all_is_told(browser, form):
    answer = browser.post("/upload/", {})
    assert answer.status_code == 422
    assert "Hãy chọn tệp" in page(answer)


def test_the_same_file_is_told_and_not_kept_twice(browser, form):
    file = filled(form, {"C6": 1, "C7": 2, "C8": 3})
    hand_in(browser, file)
    browser.post(f"/upload/{latest().pk}/accept/", {"choice": "everything"})
    answer = hand_in(browser, file)
    assert answer.status_code == 422
    assert "14:32 02/03/2024" in page(answer)
    assert Upload.objects.count() == 1


def test_columns_are_mapped_on_the_page(client, officer, communes, catalogue):
    client.force_login(officer)
    rows = [["Mã đơn vị", "HI", "Số thẻ tự nguyện"], ["99001", 120, 8], ["99002", 130, 9]]
    answer = hand_in(client, book(rows), "bang.xlsx", month="2024-02")
    assert 'name="column-Biểu 1!C1"' in page(answer)
    sent = {"do": "map", "column-Biểu 1!B1": "HI", "column-Biểu 1!C1": "SI_V"}
    answer = client.post(f"/upload/{latest().pk}/", sent, follow=True)
    assert "Nhận cả 4 số" in page(answer)


def test_a_large_file_leads_to_the_progress_of_its_job(browser, form, monkeypatch):
    monkeypatch.setattr(uploads, "LARGE_ROWS", 2)
    answer = hand_in(browser, filled(form, {"C6": 1, "C7": 2, "C8": 3}))
    job = latest().job
    assert answer.redirect_chain[-1][0] == f"/jobs/{job.pk}/"
    run(job.pk)
    assert f"/upload/{latest().pk}/" in page(browser.get(f"/jobs/{job.pk}/"))
    answer = browser.post(f"/upload/{latest().pk}/accept/", {"choice": "everything"}, follow=True)
    run(latest().job_id)
    assert Count.objects.count() == 3
    assert "Giấy biên nhận" in page(browser.get(f"/upload/{latest().pk}/"))


def test_the_annotated_copy_marks_what_is_wrong_and_can_be_handed_in_again(browser, form):
    hand_in(browser, filled(form, {"C6": "nhiều", "C7": 2, "C8": 3}))
    copy = browser.get(f"/upload/{latest().pk}/annotated/")
    assert "BC-XA_CHU-THICH.xlsx" in copy.headers["Content-Disposition"]
    marked = load_workbook(BytesIO(copy.content))
    assert marked.sheetnames[0] == "Kết quả"
    answer = hand_in(browser, filled(copy.content, {"C6": 120}, sheet="Nhập"), "lai.xlsx")
    assert "Nhận cả 3 số" in page(answer)
    browser.post(f"/upload/{latest().pk}/accept/", {"choice": "everything"})
    copy = browser.get(f"/upload/{latest().pk}/annotated/").content
    said = [row[0].value for row in load_workbook(BytesIO(copy))["Kết quả"].iter_rows()]
    assert any("99001-2024-02-1" in str(line) for line in said)


def test_a_report_that_is_not_sent_yet_is_said_with_a_button_to_finish_it(browser, form):
    hand_in(browser, filled(form, {"C6": 1, "C7": 2}))
    answer = browser.post(f"/upload/{latest().pk}/accept/", {"choice": "everything"}, follow=True)
    said = page(answer)
    assert "Báo cáo chưa gửi." in said
    assert "Còn 1 ô trống." in said
    assert '<a class="button primary" href="/entry/2024-02/99001/">Điền và gửi</a>' in said


def test_a_file_with_a_wrong_cell_leads_on_to_correct_it(browser, form):
    hand_in(browser, filled(form, {"C6": "nhiều", "C7": 2, "C8": 3}))
    answer = browser.post(f"/upload/{latest().pk}/accept/", {"choice": "right"}, follow=True)
    assert "Còn 1 chỗ phải điền, sửa hoặc giải trình." in page(answer)


def test_a_sent_report_asks_for_nothing(browser, form):
    hand_in(browser, filled(form, {"C6": 1, "C7": 2, "C8": 3}))
    answer = browser.post(f"/upload/{latest().pk}/accept/", {"choice": "everything"}, follow=True)
    assert "chưa gửi" not in page(answer)


def test_whoever_has_one_unit_finds_its_template_of_the_month(browser, form, client, officer):
    assert 'href="/entry/2024-02/99001/template/"' in page(browser.get("/upload/"))
    assert browser.get("/entry/2024-02/99001/template/").status_code == 200
    client.force_login(officer)
    assert "/template/" not in page(client.get("/upload/"))
    assert 'href="/entry/"' in page(client.get("/upload/"))


def test_the_copy_counts_and_ticks_what_the_page_calls_right(browser, form):
    answer = hand_in(browser, filled(form, {"C6": "nhiều", "C7": 2, "C8": 3}))
    assert "<b>2</b> đúng" in page(answer)
    book = load_workbook(BytesIO(browser.get(f"/upload/{latest().pk}/annotated/").content))
    said = [str(row[0].value) for row in book["Kết quả"].iter_rows()]
    assert "2 số đúng." in said
    rows = {row[0].row: [cell.value for cell in row] for row in book["Nhập"].iter_rows()}
    assert ("✓" in rows[6], "✓" in rows[7], "✓" in rows[8]) == (False, True, True)
    words = [str(value) for sheet in book for row in sheet.iter_rows() for value in
             (cell.value for cell in row) if value]  # fmt: skip
    assert not [text for text in words if text.rstrip().endswith("]")]


def test_messages_name_the_units_that_may_be_meant_and_no_range_for_scripts():
    jump = Doubt(Kind.QUESTION, "HI_JUMP", "HI: 800 sau 3.651.", expected="3651 ± 10%")
    assert jump.said == "HI: 800 sau 3.651."
    unit = Doubt(Kind.WRONG, "ambiguous_unit", "Hai xã cùng tên.", expected="99001 A; 99002 B")
    assert unit.said == "Hai xã cùng tên. Có thể là: 99001 A; 99002 B."


def test_somebody_elses_file_is_as_if_it_did_not_exist(browser, client, form, officer):
    hand_in(browser, filled(form, {"C6": 1}))
    client.force_login(officer)
    for end in ("", "annotated/"):
        assert client.get(f"/upload/{latest().pk}/{end}").status_code == 404
    for end in ("", "accept/", "discard/"):
        assert client.post(f"/upload/{latest().pk}/{end}", {"choice": "right"}).status_code == 404


def test_the_page_of_a_checked_file_asks_few_questions_of_the_database(
    browser, form, django_assert_max_num_queries
):
    hand_in(browser, filled(form, {"C6": "x", "C7": 2, "C8": 3}))
    with django_assert_max_num_queries(12):
        browser.get(f"/upload/{latest().pk}/")


# --- whatever is handed in -----------------------------------------------------------------------


@pytest.fixture
def world(communes, catalogue, officer, settings) -> Client:
    """The folder's secret, and the standing officer's browser."""
    settings.SECRET_KEY = SECRET
    client = Client(raise_request_exception=False)
    client.force_login(officer)
    return client


def walk(client: Client, name: str, file: bytes, choice: str) -> str:
    """Hand a file in and accept it: no page answers 500, and nothing is partly written.

    Returns the state the file ends in.
    """
    answer = hand_in(client, file, name, month="2024-02")
    assert answer.status_code in (200, 422)
    upload = latest()
    if upload is None:
        assert not Count.objects.exists()
        return "not received"
    address = f"/upload/{upload.pk}/"
    for do in ({"do": "confirm", "seen": "1"}, {"do": "correct"}):
        assert client.post(address, do, follow=True).status_code in (200, 422)
    if upload.state != "refused":
        assert client.get(f"{address}annotated/").status_code in (200, 422)
    answer = client.post(f"{address}accept/", {"choice": choice}, follow=True)
    assert answer.status_code in (200, 422)
    upload.refresh_from_db()
    if upload.state == "accepted":
        assert Count.objects.count() == upload.outcome["created"]
        assert DraftCell.objects.count() == upload.outcome["kept"]
    else:
        assert not Count.objects.exists()
        assert not DraftCell.objects.exists()
        assert not Submission.objects.exists()
    return upload.state


@pytest.mark.parametrize("name", sorted(path.name for path in FILES.iterdir()))
def test_every_foreign_file_is_handed_in_without_a_server_error(world, name):
    builders.unit("00991", "Ích Hậu", parent=builders.by_code("901"))
    builders.rebuild_map()
    ended = walk(world, name, (FILES / name).read_bytes(), "right")
    assert ended in {"accepted", "checked", "recognised", "received", "refused", "not received"}


@settings(max_examples=25)
@given(
    name=st.sampled_from(BASES),
    steps=mutations,
    choice=st.sampled_from(["right", "everything"]),
)
def test_whatever_is_handed_in_no_page_fails_and_nothing_is_partly_written(
    world, name, steps, choice
):
    with transaction.atomic():
        assert walk(world, name, mutated((FILES / name).read_bytes(), steps), choice)
        transaction.set_rollback(True)
