"""A chair disputes a figure with a note, and gets an answer; both stay as they were written."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from collection.actions.disputes import answer_dispute, dispute_figure
from collection.models import Answer, Dispute
from collection.review.disputes import disputes_for
from commitments.models import Count
from commitments.rules import Refused
from districts.models import Unit
from districts.months import Month
from steering.accounts.models import JournalEntry
from steering.committee.access import NotAllowed
from steering.committee.roles import Role
from tests import builders
from tests.pages.reported import report

MAY = Month.of(2025, 5)
TODAY = date(2025, 6, 15)
NOW = datetime(2025, 6, 15, 3, tzinfo=UTC)
ABOUT = {"unit": "901", "indicator": "HI", "month": "2025-05"}


@pytest.fixture(autouse=True)
def in_june(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def reported(catalogue, communes):
    report(catalogue, communes, MAY, HI=[100, 200, 300, 400, 500])


@pytest.fixture
def disputed(reported, catalogue, chair):
    return dispute_figure(
        unit=builders.by_code("901"), indicator=catalogue["HI"], month=MAY, figure="600 người",
        note="Thiếu 12 người ở bản Sen", actor=chair, on=TODAY, at=NOW,
    )  # fmt: skip


def answered(dispute, actor, **changes) -> Answer:
    told = {"verdict": "stands", "text": "Đã đối chiếu danh sách", **changes}
    return answer_dispute(dispute=dispute, actor=actor, on=TODAY, at=NOW, **told)


def codes(refusal) -> set[str]:
    return {fault.code for fault in refusal.value.faults}


def test_what_does_not_fit_is_refused_whole(reported, chair, officer, client):
    client.force_login(chair)
    address = f"{reverse('collection:dispute')}?unit=901&indicator=HI&month=2025-05"
    page = client.post(address, {"note": "a" * 2001}).content.decode()
    assert "Văn bản có 2001 ký tự; tối đa 2000 ký tự." in page
    assert "a" * 2001 in page
    assert not Dispute.objects.exists()
    client.post(address, {"note": "a" * 2000})
    with pytest.raises(Refused) as refusal:
        answered(Dispute.objects.get(), officer, text="b" * 2001)
    assert codes(refusal) == {"too_long"}
    assert not Answer.objects.exists()


def test_a_chair_disputes_the_figure_as_the_page_prints_it(reported, chair, client):
    client.force_login(chair)
    page = client.get(reverse("collection:dispute"), ABOUT).content.decode()
    assert "600" in page
    address = f"{reverse('collection:dispute')}?unit=901&indicator=HI&month=2025-05"
    answer = client.post(address, {"note": "Thiếu 12 người"}, follow=True)
    assert "Thiếu 12 người" in answer.content.decode()
    made = Dispute.objects.get()
    assert (made.unit.code, made.indicator.code, made.by) == ("901", "HI", chair)
    assert made.figure.startswith("600")
    assert JournalEntry.objects.filter(action="figure.disputed").exists()


def test_a_dispute_without_a_note_is_refused_and_keeps_nothing(reported, chair, client):
    client.force_login(chair)
    address = f"{reverse('collection:dispute')}?unit=901&indicator=HI&month=2025-05"
    page = client.post(address, {"note": "   "})
    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()
    assert not Dispute.objects.exists()


def test_the_standing_officer_answers_once_and_the_chair_reads_it(disputed, officer, chair, client):
    client.force_login(officer)
    address = reverse("collection:answer", args=[disputed.pk])
    client.post(address, {"verdict": "corrected", "text": "Sẽ sửa trong báo cáo tháng 6"})
    client.force_login(chair)
    page = client.get(reverse("collection:disputes")).content.decode()
    assert "Sẽ sửa trong báo cáo tháng 6" in page
    with pytest.raises(Refused) as refusal:
        answered(disputed, officer)
    assert codes(refusal) == {"answered_already"}


def test_an_answer_says_whether_the_figure_stands_and_why(disputed, officer):
    for changes in ({"verdict": ""}, {"verdict": "perhaps"}, {"text": " "}):
        with pytest.raises(Refused) as refusal:
            answered(disputed, officer, **changes)
        assert codes(refusal) == {"answer_needed"}
    assert not Answer.objects.exists()


def test_neither_dispute_nor_answer_changes_a_number(disputed, officer):
    before = list(Count.objects.values_list("unit", "value", "approved"))
    answered(disputed, officer, verdict="corrected")
    assert list(Count.objects.values_list("unit", "value", "approved")) == before


def test_the_same_figure_is_not_disputed_twice_at_once(disputed, catalogue, chair, officer):
    again = {
        "unit": disputed.unit, "indicator": catalogue["HI"], "month": MAY, "figure": "600",
        "note": "Vẫn thiếu", "actor": chair, "on": TODAY, "at": NOW,
    }  # fmt: skip
    with pytest.raises(Refused) as refusal:
        dispute_figure(**again)
    assert codes(refusal) == {"disputed_already"}
    answered(disputed, officer)
    assert dispute_figure(**again).pk


def test_what_is_no_text_is_refused_before_anything_is_kept(reported, chair, client):
    client.force_login(chair)
    address = f"{reverse('collection:dispute')}?unit=901&indicator=HI&month=2025-05"
    assert client.post(address, {"note": "Thiếu\0 12"}).status_code == 400
    assert client.get(reverse("collection:disputes"), {"unit": "9\0"}).status_code == 400
    assert not Dispute.objects.exists()


@pytest.mark.parametrize("who", ["leader", "auditor", "commune_officer", "outsider"])
def test_who_may_not_dispute_is_refused(who, request, reported, catalogue):
    with pytest.raises(NotAllowed):
        dispute_figure(
            unit=builders.by_code("901"), indicator=catalogue["HI"], month=MAY, figure="600",
            note="x", actor=request.getfixturevalue(who), on=TODAY, at=NOW,
        )  # fmt: skip
    assert not Dispute.objects.exists()


def test_a_chair_answers_no_dispute_and_nobody_their_own(disputed, chair, officer, catalogue):
    with pytest.raises(NotAllowed):
        answered(disputed, chair)
    own = dispute_figure(
        unit=builders.by_code("902"), indicator=catalogue["HI"], month=MAY, figure="900",
        note="x", actor=officer, on=TODAY, at=NOW,
    )  # fmt: skip
    with pytest.raises(Refused) as refusal:
        answered(own, officer)
    assert codes(refusal) == {"own_dispute"}


def test_what_waits_comes_first_and_others_do_not_see_it(disputed, officer, outsider):
    assert list(disputes_for(officer, TODAY)) == [disputed]
    assert list(disputes_for(outsider, TODAY)) == []


def test_the_source_of_a_figure_leads_to_its_notes(reported, chair, client):
    client.force_login(chair)
    page = client.get("/provenance/901/HI/2025-05/").content.decode()
    assert reverse("collection:disputes") in page


def test_a_page_of_disputes_takes_no_more_queries_than_one_dispute(
    disputed, chair, officer, catalogue, client, django_assert_max_num_queries
):
    client.force_login(officer)
    client.get(reverse("collection:disputes"))
    with django_assert_max_num_queries(40) as one:
        client.get(reverse("collection:disputes"))
    for unit in Unit.objects.filter(code__startswith="9900"):
        dispute_figure(
            unit=unit, indicator=catalogue["HI"], month=MAY, figure="1", note="x", actor=officer,
            on=TODAY, at=NOW,
        )  # fmt: skip
    Dispute.objects.bulk_create(
        Dispute(
            unit=unit, indicator=catalogue["SI_V"], month=MAY, figure="1", note="x", by=chair,
            at=NOW,
        )
        for unit in Unit.objects.filter(code__startswith="9900")
    )  # fmt: skip
    with django_assert_max_num_queries(len(one)):
        client.get(reverse("collection:disputes"))


def test_the_answer_given_last_comes_first_among_the_answered(
    disputed, officer, chair, catalogue, province
):
    answered(disputed, officer)
    later = dispute_figure(
        unit=builders.by_code("902"), indicator=catalogue["HI"], month=MAY, figure="900",
        note="x", actor=builders.seated("c2", Role.CHAIR, builders.by_code("902")), on=TODAY,
        at=NOW,
    )  # fmt: skip
    answer_dispute(
        dispute=later, verdict="stands", text="x", actor=officer, on=TODAY,
        at=NOW + timedelta(hours=1),
    )  # fmt: skip
    assert list(disputes_for(officer, TODAY)) == [later, disputed]
