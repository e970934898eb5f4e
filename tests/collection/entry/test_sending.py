"""What is sent is what the sheet showed, with a receipt; after closing it waits for reopening."""

import hashlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collection.actions.drafts import save_explanations
from collection.actions.sending import withdraw
from collection.entry.sheets import sheet_of
from collection.models import DraftAnswer, DraftCell, Receipt
from commitments.actions.reporting import submissions
from commitments.actions.reporting.periods import close_period, reopen_period
from commitments.models import (
    Count,
    Explanation,
    Indicator,
    Revision,
    Rule,
    Submission,
    Total,
)
from commitments.rules import Refused
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from tests import builders
from tests.collection.conftest import (
    FEBRUARY,
    NOW,
    TODAY,
)

FULL = {"HI": "1.486", "HI_HH_NEW": "0", "SI_V": "64"}
CLOSING_DAY = date(2024, 3, 25)


def faults(refusal) -> set[tuple[str, str | None]]:
    return {(fault.code, fault.column) for fault in refusal.value.faults}


def numbers(unit) -> dict[str, tuple[int | None, int | None]]:
    rows = Count.objects.filter(unit=unit, month=FEBRUARY)
    return {code: (value, approved) for code, value, approved in
            rows.values_list("indicator__code", "value", "approved")}  # fmt: skip


def report() -> Submission:
    return Submission.objects.get(month=FEBRUARY)


def verbs() -> list[str]:
    return list(report().moves.values_list("verb", flat=True))


def test_a_full_report_is_counted_sent_and_confirmed(type_in, send, commune, commune_officer):
    type_in(FULL)
    receipt = send()
    sent = report()
    assert (sent.state, sent.sent_at, sent.reported_by) == ("submitted", NOW, commune_officer)
    assert numbers(commune) == {"HI": (1486, None), "HI_HH_NEW": (0, None), "SI_V": (64, None)}
    assert receipt.values == {"HI": 1486, "HI_HH_NEW": 0, "SI_V": 64}
    assert (receipt.number, receipt.at, receipt.by) == ("99001-2024-02-1", NOW, commune_officer)
    assert not DraftCell.objects.exists()
    assert Total.objects.get(node__code="99", indicator__code="HI").reported == 1486
    actions = list(JournalEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["report.begun", "counts.recorded", "report.received"]


def test_the_digest_can_be_recomputed_from_what_the_receipt_prints(type_in, send):
    type_in(FULL)
    receipt = send()
    text = "99001-2024-02-1\n99001\n2024-02\nHI=1486\nHI_HH_NEW=0\nSI_V=64\n"
    assert receipt.digest == hashlib.sha256(text.encode()).hexdigest()


def test_every_fault_is_told_at_once_and_nothing_is_sent(type_in, send, commune):
    type_in({"HI": "1,5"})
    with pytest.raises(Refused) as refusal:
        send()
    assert faults(refusal) == {("fraction", "HI"), ("missing", "HI_HH_NEW"), ("missing", "SI_V")}
    assert numbers(commune) == {}
    assert DraftCell.objects.get().text == "1,5"
    assert not Receipt.objects.exists()


def test_a_number_taken_away_is_a_fault(type_in, send, counted, commune):
    counted(commune, {"HI": 5, "HI_HH_NEW": 1, "SI_V": 2})
    type_in({"HI": "", "SI_V": "3"})
    with pytest.raises(Refused) as refusal:
        send()
    assert faults(refusal) == {("blanked", "HI")}


def test_a_rule_that_blocks_refuses(type_in, send, counted, commune, population_rule):
    counted(commune, {"POP": 1000}, month=FEBRUARY - 1)
    type_in(FULL)
    with pytest.raises(Refused) as refusal:
        send()
    assert faults(refusal) == {("HI_AT_MOST_POP", "HI")}


class TestExplanations:
    @pytest.fixture(autouse=True)
    def january(self, counted, commune, change_rule):
        counted(commune, {"HI": 1000}, month=FEBRUARY - 1)

    def explain(self, commune, officer, text):
        save_explanations(
            unit=commune,
            month=FEBRUARY,
            explanations={"HI_CHANGE": text},
            actor=officer,
            on=TODAY,
        )

    def test_an_answer_that_lacks_refuses(self, type_in, send, commune):
        type_in(FULL)
        with pytest.raises(Refused) as refusal:
            send()
        assert faults(refusal) == {("explanation_needed", "HI")}
        assert numbers(commune) == {}

    def test_an_answer_given_before_stands_at_sending(
        self, type_in, send, commune, commune_officer
    ):
        type_in(FULL)
        self.explain(commune, commune_officer, "sáp nhập trường nội trú")
        send()
        assert Explanation.objects.get().text == "sáp nhập trường nội trú"
        assert report().state == "submitted"

    def test_a_returned_report_is_sent_again_as_it_is(
        self, type_in, send, commune, commune_officer, officer
    ):
        type_in(FULL)
        self.explain(commune, commune_officer, "một")
        send()
        submissions.return_report(submissions=[report()], actor=officer, on=TODAY, why="lý do?")
        assert sheet_of(commune, FEBRUARY, TODAY).returned.why == "lý do?"
        self.explain(commune, commune_officer, "hai")
        assert send().number == "99001-2024-02-2"
        assert verbs() == ["send", "return", "send"]
        assert Explanation.objects.get().text == "hai"
        entry = JournalEntry.objects.filter(action="explanations.changed").latest("pk")
        assert list(entry.before.values()) == ["một"]

    def test_an_answer_not_sent_changes_nothing_of_the_report_that_is(
        self, type_in, send, commune, commune_officer, officer
    ):
        type_in(FULL)
        self.explain(commune, commune_officer, "một")
        send()
        type_in({"HI": "1.500"})
        self.explain(commune, commune_officer, "hai")
        assert Explanation.objects.get().text == "một"
        submissions.approve(submissions=[report()], actor=officer, on=TODAY)
        assert numbers(commune)["HI"] == (1486, 1486)
        assert sheet_of(commune, FEBRUARY, TODAY).questions[0].explanation == "hai"
        send()
        assert Explanation.objects.get().text == "hai"
        assert not DraftAnswer.objects.exists()

    def test_who_decides_about_a_report_does_not_explain_it_in_passing(
        self, type_in, send, commune, commune_officer, officer, change_rule
    ):
        change_rule.delete()
        type_in(FULL)
        send()
        asks = {"code": "HI_CHANGE", "kind": "change", "severity": "explain", "percent": 10}
        Rule.objects.create(indicator=Indicator.objects.get(code="HI"), least=20, **asks)
        self.explain(commune, officer, "tôi biết vì sao")
        with pytest.raises(Refused) as refusal:
            submissions.approve(submissions=[report()], actor=officer, on=TODAY)
        assert faults(refusal) == {("explanation_needed", None)}

    def test_in_a_closed_month_no_answer_changes_before_it_is_sent(
        self, type_in, send, commune, commune_officer, officer, province
    ):
        type_in(FULL)
        self.explain(commune, commune_officer, "một")
        send()
        submissions.approve(submissions=[report()], actor=officer, on=TODAY)
        close_period(unit=province, month=FEBRUARY, actor=officer, on=CLOSING_DAY)
        self.explain(commune, commune_officer, "hai")
        assert Explanation.objects.get().text == "một"


def test_nothing_new_is_not_sent_twice(type_in, send):
    type_in(FULL)
    send()
    with pytest.raises(Refused) as refusal:
        send()
    assert faults(refusal) == {("nothing_new", None)}
    assert Receipt.objects.count() == 1


def test_a_report_is_withdrawn_and_sent_again_as_it_is(type_in, send, commune, commune_officer):
    type_in(FULL)
    send()
    withdraw(unit=commune, month=FEBRUARY, actor=commune_officer, on=TODAY)
    assert report().state == "draft"
    send()
    assert verbs() == ["send", "withdraw", "send"]


def test_what_was_never_sent_cannot_be_withdrawn(commune, commune_officer):
    with pytest.raises(Refused) as refusal:
        withdraw(unit=commune, month=FEBRUARY, actor=commune_officer, on=TODAY)
    assert faults(refusal) == {("nothing_sent", None)}


def test_a_correction_of_an_approved_report_waits_and_the_approved_number_stands(
    type_in, send, counted, commune
):
    counted(commune, {"HI": 1480, "HI_HH_NEW": 0, "SI_V": 64})
    type_in({"HI": "1.486"})
    receipt = send()
    assert numbers(commune)["HI"] == (1486, 1480)
    assert verbs()[-2:] == ["correct", "send"]
    assert receipt.values["SI_V"] == 64
    assert Total.objects.get(node__code="99", indicator__code="HI").approved == 1480


@pytest.mark.parametrize("who", ["auditor", "leader", "outsider"])
def test_who_may_not_report_sends_nothing(type_in, send, request, who):
    type_in(FULL)
    with pytest.raises(Refused) as refusal:
        send(actor=request.getfixturevalue(who))
    assert faults(refusal) == {("not_allowed", None)}


class TestAfterClosing:
    @pytest.fixture(autouse=True)
    def closed(self, counted, commune, province):
        counted(commune, {"HI": 1480, "HI_HH_NEW": 0, "SI_V": 64})
        close_period(unit=province, month=FEBRUARY, actor=COMMAND_LINE, on=CLOSING_DAY)

    def test_a_correction_needs_a_reason(self, type_in, send, commune):
        type_in({"HI": "1486"})
        with pytest.raises(Refused) as refusal:
            send()
        assert faults(refusal) == {("reason_needed", None)}
        assert numbers(commune)["HI"] == (1480, 1480)

    def test_with_a_reason_it_waits_and_nothing_official_changes(self, type_in, send, commune):
        type_in({"HI": "1486"})
        send(why="đếm sót một thôn")
        assert numbers(commune)["HI"] == (1486, 1480)
        assert Revision.objects.first().why == "đếm sót một thôn"
        assert report().moves.last().why == "đếm sót một thôn"
        total = Total.objects.get(node__code="99", indicator__code="HI")
        assert (total.approved, total.reported) == (1480, 1486)

    def test_it_is_approved_only_after_reopening(self, type_in, send, commune, province, officer):
        type_in({"HI": "1486"})
        send(why="đếm sót một thôn")
        submissions_of = {"submissions": [report()], "on": CLOSING_DAY}
        for who in (officer, COMMAND_LINE):
            with pytest.raises(Refused) as refusal:
                submissions.approve(**submissions_of, actor=who)
            assert ("period_closed", None) in faults(refusal)
        reopen_period(
            unit=province, month=FEBRUARY, actor=officer, on=CLOSING_DAY, why="sửa số liệu"
        )
        submissions.approve(**submissions_of, actor=COMMAND_LINE)
        assert numbers(commune)["HI"] == (1486, 1486)

    def test_a_late_first_report_waits_too(self, type_in, send, communes, officer):
        late = communes[1]
        type_in(FULL, unit=late, actor=officer)
        send(unit=late, actor=officer, why="máy hỏng")
        assert numbers(late)["HI"] == (1486, None)


QUERIES_OF_SENDING = 24


def test_sending_takes_as_few_queries_for_thirty_numbers_as_for_three(
    keeping, type_in, send, communes, officer, django_assert_max_num_queries
):
    type_in(FULL)
    sheet_of(communes[0], FEBRUARY, TODAY)
    with django_assert_max_num_queries(QUERIES_OF_SENDING) as three:
        send()
    more = [builders.indicator(f"X{n:02}", position=10 + n) for n in range(27)]
    type_in(FULL | {made.code: "7" for made in more}, unit=communes[1], actor=officer)
    with django_assert_max_num_queries(QUERIES_OF_SENDING) as thirty:
        send(unit=communes[1], actor=officer)
    assert len(thirty.captured_queries) <= len(three.captured_queries)
    assert Receipt.objects.count() == 2


TYPED = st.one_of(
    st.sampled_from(
        ["", "0", "1.486", "1486", "12", "1,5", "abc", "-4", "1.48", " 7 ", "99999999"]
    ),
    st.integers(0, 5000).map(str),
)
KEYSTROKES = st.lists(st.tuples(st.sampled_from(sorted(FULL)), TYPED), max_size=12)


@pytest.mark.django_db
@settings(max_examples=40)
@given(keystrokes=KEYSTROKES)
def test_whatever_is_typed_in_whatever_order_what_is_sent_is_what_the_sheet_showed(
    keystrokes, type_in, send, commune
):
    DraftCell.objects.all().delete()
    before = numbers(commune)
    for code, text in keystrokes:
        type_in({code: text})
    shown = sheet_of(commune, FEBRUARY, TODAY)
    values = {line.indicator.code: line.value for line in shown.lines}
    try:
        receipt = send()
    except Refused:
        assert numbers(commune) == before
        assert shown.faults or not any(line.is_new for line in shown.lines)
    else:
        assert receipt.values == values
        assert {code: value for code, (value, _approved) in numbers(commune).items()} == values
        assert None not in values.values()
