"""Questions of a file on its page: nothing is accepted until each is answered, and that is kept."""

import pytest
import time_machine

from collection.actions import uploads
from collection.actions.accepting import Choice, accept
from collection.models import Upload
from commitments.models import Count
from districts.months import Month
from steering.accounts.faults import Refused
from steering.accounts.models import JournalEntry
from tests.collection.conftest import FEBRUARY, NOW, TODAY
from tests.collection.files.test_upload_pages import (
    hand_in,
    latest,
    page,
)
from tests.foreign.books import book

TITLED = [["Tháng 01 năm 2024"], ["Đơn vị", "HI"], ["Xã Ao Sen", 5]]


@pytest.fixture(autouse=True)
def in_march():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def asked(communes, catalogue, commune_officer) -> Upload:
    """A file handed in for February whose title says January."""
    upload = uploads.receive(
        name="bang.xlsx", data=book(TITLED), actor=commune_officer, on=TODAY, month=FEBRUARY
    )
    return uploads.look(upload=upload, actor=commune_officer, on=TODAY)


@pytest.mark.parametrize("choice", list(Choice))
def test_nothing_is_accepted_while_a_question_is_open(asked, choice):
    with pytest.raises(Refused) as refused:
        accept(upload=asked, choice=choice, actor=asked.by, on=TODAY, at=NOW)
    assert [fault.code for fault in refused.value.faults] == ["other_month"]
    assert not Count.objects.exists()


def test_an_answer_is_journaled_and_stands_in_the_outcome(asked):
    (doubt,) = [one for one in asked.found["doubts"] if one["kind"] == "confirm"]
    key = f"other_month {doubt['sheet']}!A1: {doubt['read']}"
    uploads.answer_questions(upload=asked, keys=[key], actor=asked.by)
    entry = JournalEntry.objects.get(action="upload.answered")
    assert (entry.actor, entry.after) == (asked.by, {key: doubt["message"]})
    told = accept(upload=asked, choice=Choice.EVERYTHING, actor=asked.by, on=TODAY, at=NOW)
    assert [one["code"] for one in told["confirmed"]] == ["other_month"]
    accepted = JournalEntry.objects.get(action="upload.accepted")
    assert accepted.after["confirmed"] == told["confirmed"]
    assert Count.objects.get().month == FEBRUARY


def test_what_is_not_asked_cannot_be_answered(asked, officer):
    with pytest.raises(Refused):
        uploads.answer_questions(upload=asked, keys=["zero_target 1: 0"], actor=asked.by)
    with pytest.raises(Refused):
        uploads.answer_questions(upload=asked, keys=[], actor=officer)
    assert Upload.objects.get().confirmations == []


def test_the_page_asks_takes_the_answer_and_then_lets_accept(client, asked):
    client.force_login(asked.by)
    address = f"/upload/{asked.pk}/"
    shown = page(client.get(address))
    assert 'name="question"' in shown
    assert 'value="everything"' not in shown
    assert client.post(address, {"do": "answer"}).status_code == 422
    refused = client.post(f"{address}accept/", {"choice": "everything"})
    assert refused.status_code == 422
    key = shown.split('name="question" value="')[1].split('"')[0]
    shown = page(client.post(address, {"do": "answer", "question": key}, follow=True))
    assert "đã xác nhận" in shown
    assert 'value="everything"' in shown
    shown = page(client.post(f"{address}accept/", {"choice": "everything"}, follow=True))
    assert "Bạn đã xác nhận" in shown
    assert Count.objects.get().value == 5


SAYS_JANUARY = {
    "title": ([["Số liệu đến ngày 31/01/2024"], *TITLED[1:]], "bang.xlsx"),
    "group": ([["Đơn vị", "Tháng 01/2024"], [None, "HI"], *TITLED[2:]], "bang.xlsx"),
    "head": ([["Đơn vị", "HI (T1/2024)"], *TITLED[2:]], "bang.xlsx"),
    "file": (TITLED[1:], "bao-cao-T01-2024.xlsx"),
    "tidy": (
        [["T1/2024"], ["month", "unit", "indicator", "value"], ["2024-02", "99001", "HI", 5]],
        "bang.xlsx",
    ),
}


@pytest.mark.parametrize("place", SAYS_JANUARY)
def test_a_file_handed_in_for_february_that_says_january_waits_for_an_answer(
    client, commune_officer, communes, catalogue, place
):
    rows, name = SAYS_JANUARY[place]
    client.force_login(commune_officer)
    shown = page(hand_in(client, book(rows), name, month="2024-02", unit="99001"))
    assert 'name="question"' in shown
    address = f"/upload/{latest().pk}/accept/"
    for choice in ("right", "everything"):
        assert client.post(address, {"choice": choice}).status_code == 422
    assert not Count.objects.exists()


def test_the_month_of_a_table_may_be_said_by_its_sheet_or_its_file(
    client, commune_officer, communes, catalogue
):
    client.force_login(commune_officer)
    hand_in(client, book(TITLED[1:]), "bao-cao-thang-02-2024.xlsx")
    assert (latest().state, latest().month) == ("checked", FEBRUARY)


def test_a_column_of_last_year_is_left_out_and_told_beside_the_month_s_own(
    client, commune_officer, communes, catalogue
):
    rows = [["Đơn vị", "HI", "HI"], [None, "Cùng kỳ năm trước", "Thực hiện"], ["Xã Ao Sen", 7, 9]]
    client.force_login(commune_officer)
    shown = page(hand_in(client, book(rows), month="2024-02", unit="99001"))
    assert "Cột “Cùng kỳ năm trước” không được nhập" in shown
    client.post(f"/upload/{latest().pk}/accept/", {"choice": "everything"})
    assert Count.objects.get().value == 9


def test_a_column_of_last_year_alone_is_wrong_however_it_is_mapped(
    client, commune_officer, communes, catalogue
):
    rows = [["Đơn vị", "Cùng kỳ năm trước"], [None, "HI"], ["Xã Ao Sen", 7]]
    client.force_login(commune_officer)
    hand_in(client, book(rows), month="2024-02", unit="99001")
    (head,) = latest().found["heads"]
    shown = client.post(
        f"/upload/{latest().pk}/", {"do": "map", f"column-{head['place']}": "HI"}, follow=True
    )
    assert "là loại số khác" in page(shown)
    assert latest().found["right"] == 0


def test_numbers_in_millions_are_shown_and_accepted_as_they_are_meant(
    client, officer, communes, catalogue
):
    catalogue["TOTAL"].unit_of_measure = "VND"
    catalogue["TOTAL"].save()
    client.force_login(officer)
    rows = [["Đơn vị tính: nghìn đồng"], ["Đơn vị", "TOTAL"], ["Tỉnh Suối Trong", 12.5]]
    hand_in(client, book(rows), month="2024-02", unit="99")
    client.post(f"/upload/{latest().pk}/accept/", {"choice": "everything"})
    assert Count.objects.get().value == 12_500


def test_somebody_elses_questions_are_as_if_they_did_not_exist(client, asked, officer):
    client.force_login(officer)
    assert client.post(f"/upload/{asked.pk}/", {"do": "answer"}).status_code == 404


def test_a_file_with_a_question_is_handed_in_and_annotated(
    client, commune_officer, communes, catalogue
):
    client.force_login(commune_officer)
    hand_in(client, book(TITLED), month="2024-02", unit="99001")
    assert latest().month == Month.of(2024, 2)
    assert client.get(f"/upload/{latest().pk}/annotated/").status_code == 200
