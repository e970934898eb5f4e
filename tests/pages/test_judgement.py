"""A person's judgement beside the machine's forecast: signed, with a comment, never changed."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from districts.months import Month
from reports.actions import record_judgement
from reports.models import Grade, Judgement
from reports.outlook.judging import CRITERIA
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.faults import Refused
from steering.accounts.models import JournalEntry
from steering.committee.access import NotAllowed
from tests import builders

MARCH = Month.of(2025, 3)
TODAY = MARCH.last_day
FAIR = {criterion.field: Grade.FAIR for criterion in CRITERIA}


@pytest.fixture
def judge(province, catalogue):
    def judge(actor=COMMAND_LINE, *, unit=province, on=TODAY, **changes):
        said = {"grades": FAIR, "outlook": "likely", "comment": "Đủ người, đủ kinh phí."}
        return record_judgement(
            unit=unit, indicator=catalogue["HI"], month=MARCH, actor=actor, on=on, **said | changes
        )

    return judge


def codes(refusal):
    return [(fault.code, fault.column) for fault in refusal.value.faults]


def test_a_judgement_keeps_who_signed_it_under_which_post(judge, officer):
    officer.name, officer.post = "Lò Thị Mai", "Cán bộ thường trực"
    judgement = judge(officer, notes={"capacity": "  Thiếu nhân viên thu. "})
    officer.post = "Nghỉ hưu"
    officer.save()
    judgement.refresh_from_db()
    assert (judgement.signer_name, judgement.signer_post) == ("Lò Thị Mai", "Cán bộ thường trực")
    assert (judgement.by, judgement.signed_on, judgement.month) == (officer, TODAY, MARCH)
    assert judgement.capacity_note == "Thiếu nhân viên thu."


def test_the_journal_keeps_it_too(judge, officer):
    judgement = judge(officer)
    entry = JournalEntry.objects.get(action="judgement.recorded")
    assert entry.subject_id == str(judgement.pk)
    assert entry.after == {"outlook": "likely", "comment": judgement.comment, **FAIR}


@pytest.mark.parametrize("comment", ["", "  \n "])
def test_without_a_comment_it_is_refused(judge, officer, comment):
    with pytest.raises(Refused) as refusal:
        judge(officer, comment=comment)
    assert codes(refusal) == [("comment_missing", "comment")]
    assert not Judgement.objects.exists()


def test_every_fault_is_told_at_once(judge):
    with pytest.raises(Refused) as refusal:
        judge(grades={**FAIR, "capacity": "great"}, outlook="", notes={"planning": "x" * 201})
    assert codes(refusal) == [
        ("grade_missing", "capacity"),
        ("too_long", "planning_note"),
        ("outlook_missing", "outlook"),
    ]


def test_a_second_judgement_leaves_the_first(judge):
    first, second = judge(), judge(outlook="unlikely", comment="Dừng giao dịch từ tháng 4.")
    assert list(Judgement.objects.all()) == [second, first]


@pytest.mark.parametrize("who", ["leader", "auditor", "commune_officer", "outsider"])
def test_who_only_looks_or_reports_does_not_judge(judge, request, who):
    with pytest.raises(NotAllowed):
        judge(request.getfixturevalue(who))


def test_a_chair_judges_the_own_district_and_its_communes_only(judge, chair):
    assert judge(chair, unit=builders.by_code("901")).by == chair
    assert judge(chair, unit=builders.by_code("99001")).by == chair
    for elsewhere in ("902", "99004"):
        with pytest.raises(NotAllowed):
            judge(chair, unit=builders.by_code(elsewhere))


def test_a_chair_whose_district_ended_judges_no_more(judge, chair, reformed):
    east = builders.by_code("901")
    with pytest.raises(NotAllowed):
        judge(chair, unit=east, on=builders.REFORM_DAY)


def test_the_database_itself_refuses_changes_and_empty_comments(judge):
    judgement = judge()
    with pytest.raises(DatabaseError), transaction.atomic():
        Judgement.objects.update(outlook="unlikely")
    with pytest.raises(DatabaseError), transaction.atomic():
        judgement.delete()
    judgement.pk, judgement.comment = None, ""
    with pytest.raises(IntegrityError), transaction.atomic():
        judgement.save(force_insert=True)
