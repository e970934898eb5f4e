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
from tests.collection.test_upload_pages import hand_in, latest, page
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
