"""The letterhead: usual texts until it is written, kept by the standing officer, on documents."""

from datetime import date

import pytest
from django.utils import translation

from steering.accounts.faults import Refused
from steering.accounts.models import JournalEntry
from steering.committee.access import NotAllowed
from steering.committee.actions import write_letterhead
from steering.committee.letterheads import FIELDS, letterhead_of
from steering.committee.models import Letterhead
from tests.builders import by_code

TODAY = date(2025, 6, 15)


@pytest.fixture
def texts(province) -> dict[str, str]:
    with translation.override("vi"):
        usual = letterhead_of(province)
    return {field: getattr(usual, field) for field in FIELDS}


def test_the_usual_texts_follow_from_the_unit(province, officer):
    with translation.override("vi"):
        found = letterhead_of(province)
    assert found.pk is None
    assert found.superior == "UBND TỈNH SUỐI TRONG"
    assert (found.symbol, found.place) == ("BCĐ", "Suối Trong")
    assert found.recipients.splitlines()[-1] == "Lưu: VT, BHXH."
    assert found.posts.splitlines() == ["TM. BAN CHỈ ĐẠO", "TRƯỞNG BAN"]


def test_what_the_officer_writes_is_kept_and_told(province, officer, texts):
    texts |= {"signer": " Nguyễn Văn A ", "posts": "TM. BAN CHỈ ĐẠO\r\nKT. TRƯỞNG BAN\r\n"}
    write_letterhead(unit=province, texts=texts, actor=officer, on=TODAY)
    found = letterhead_of(province)
    assert found.signer == "Nguyễn Văn A"
    assert found.posts == "TM. BAN CHỈ ĐẠO\nKT. TRƯỞNG BAN"
    entry = JournalEntry.objects.get(action="letterhead.written")
    assert entry.after["signer"] == "Nguyễn Văn A"
    write_letterhead(unit=province, texts=texts, actor=officer, on=TODAY)
    assert JournalEntry.objects.filter(action="letterhead.written").count() == 1


def test_nobody_else_may(province, leader, chair, texts):
    for somebody in (leader, chair):
        with pytest.raises(NotAllowed):
            write_letterhead(unit=by_code("901"), texts=texts, actor=somebody, on=TODAY)
    assert not Letterhead.objects.exists()


def test_a_text_that_is_missing_or_too_long_is_refused(province, officer, texts):
    texts |= {"agency": " ", "symbol": "B" * 41, "place": "một\nhai"}
    with pytest.raises(Refused) as refused:
        write_letterhead(unit=province, texts=texts, actor=officer, on=TODAY)
    found = {(fault.code, fault.column) for fault in refused.value.faults}
    assert found == {
        ("text_missing", "agency"),
        ("too_long", "symbol"),
        ("several_lines", "place"),
    }
    assert not Letterhead.objects.exists()


def test_the_page_shows_keeps_and_refuses(province, officer, texts, client):
    client.force_login(officer)
    page = client.get("/letterhead/")
    assert page.context["unit"] == province
    assert "TỈNH SUỐI TRONG" in page.content.decode()
    answer = client.post("/letterhead/?unit=901", texts | {"place": "Đồi Thông"})
    assert answer.status_code == 302
    assert Letterhead.objects.get().committee.unit.code == "901"
    answer = client.post("/letterhead/?unit=901", texts | {"place": ""})
    assert answer.status_code == 422
    assert Letterhead.objects.get().place == "Đồi Thông"
    assert client.get("/letterhead/?unit=77").status_code == 404
