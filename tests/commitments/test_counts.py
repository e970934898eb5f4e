"""The one service that writes counts."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.reporting.periods import close_period, reopen_period
from commitments.models import (
    Base,
    Count,
    Explanation,
    Move,
    Period,
    Revision,
    Rule,
    Submission,
    Total,
)
from commitments.rules import Refused
from commitments.totals import plain_group_by, verify_totals
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from tests import builders

JANUARY = Month.of(2024, 1)
TODAY = date(2024, 2, 3)


@pytest.fixture
def record(catalogue):
    """Record {(unit, code): value} for a month as the command line, approved unless said."""

    def record(numbers, *, month=JANUARY, actor=COMMAND_LINE, on=TODAY, approve=True, **more):
        entries = [
            Entry(month, unit.pk, catalogue[code].pk, value, source=f"sheet {code}")
            for (unit, code), value in numbers.items()
        ]
        return record_counts(entries=entries, actor=actor, on=on, approve=approve, **more)

    return record


@pytest.fixture
def total(province, catalogue):
    """(approved, reported) of a node, or None."""

    def total(code, *, node=province, month=JANUARY):
        return (
            Total.objects.filter(month=month, node=node, indicator=catalogue[code])
            .values_list("approved", "reported")
            .first()
        )

    return total


def codes(refusal) -> set[str]:
    return {fault.code for fault in refusal.value.faults}


def test_an_approved_count_is_in_every_total_above_it(record, total, communes):
    record({(communes[0], "HI"): 10, (communes[3], "HI"): 5})
    assert total("HI") == (15, 15)
    assert total("HI", node=builders.by_code("901")) == (10, 10)
    assert total("HI", node=builders.by_code("902")) == (5, 5)


def test_a_reported_count_is_not_official_before_it_is_approved(record, total, communes):
    record({(communes[0], "HI"): 10}, approve=False)
    assert total("HI") == (None, 10)


def test_a_correction_changes_what_is_reported_and_leaves_the_official_number(
    record, total, communes
):
    record({(communes[0], "HI"): 10})
    record({(communes[0], "HI"): 12}, approve=False)
    assert total("HI") == (10, 12)
    assert Submission.objects.get().state == "submitted"
    assert Submission.objects.get().version == 2


def test_recording_again_changes_nothing(record, communes):
    record({(communes[0], "HI"): 10})
    before = Revision.objects.count(), Move.objects.count()
    outcome = record({(communes[0], "HI"): 10})
    assert (outcome.created, outcome.changed, outcome.unchanged) == (0, 0, 1)
    assert (Revision.objects.count(), Move.objects.count()) == before


def test_a_zero_is_a_number(record, total, communes):
    record({(communes[0], "HI"): 0})
    assert total("HI") == (0, 0)


def test_every_change_keeps_old_and_new_and_its_source(record, communes):
    record({(communes[0], "HI"): 10}, why="first")
    record({(communes[0], "HI"): 12}, approve=False, why="second")
    second, first = Revision.objects.all()
    assert (first.old_value, first.new_value, first.old_approved, first.new_approved) == (
        None,
        10,
        None,
        10,
    )
    assert (second.old_value, second.new_value, second.new_approved) == (10, 12, 10)
    assert (second.why, second.source) == ("second", "sheet HI")


def test_a_reason_in_several_lines_is_kept_to_its_end(record, communes):
    record({(communes[0], "HI"): 10}, why="a\r\n" * 149 + "z")
    assert Revision.objects.get().why == "a\n" * 149 + "z"


def test_a_dry_run_writes_nothing(record, communes):
    outcome = record({(communes[0], "HI"): 10}, dry_run=True)
    assert outcome.created == 1
    assert not Count.objects.exists()
    assert not Submission.objects.exists()
    assert not Total.objects.exists()


def test_one_fault_refuses_all_and_every_fault_is_listed(record, communes, province):
    with pytest.raises(Refused) as refusal:
        record(
            {
                (communes[0], "HI"): 10,
                (communes[1], "HI"): -1,
                (communes[2], "HI"): 10_000_001,
                (communes[3], "HI_RATE"): 5,
                (communes[4], "TOTAL"): 5,
                (province, "HI"): 7,
            }
        )
    assert codes(refusal) == {"negative", "above_maximum", "computed_indicator", "wrong_level"}
    assert len(refusal.value.faults) == 5
    assert not Count.objects.exists()


def test_a_count_given_twice_is_refused(catalogue, communes):
    entry = Entry(JANUARY, communes[0].pk, catalogue["HI"].pk, 5)
    with pytest.raises(Refused) as refusal:
        record_counts(entries=[entry, entry], actor=COMMAND_LINE, on=TODAY)
    assert codes(refusal) == {"duplicate"}
    assert [fault.entry for fault in refusal.value.faults] == [1]


def test_a_unit_reports_only_while_it_is_in_force(record, communes, reformed):
    with pytest.raises(Refused) as refusal:
        record({(communes[0], "HI"): 1}, month=Month.of(2025, 7), on=date(2025, 8, 4))
    assert codes(refusal) == {"unit_not_in_force"}


def test_a_count_of_a_month_that_has_not_begun_is_refused_and_a_base_is_not(record, communes):
    with pytest.raises(Refused) as refusal:
        record({(communes[0], "HI"): 1}, month=Month.of(2024, 3))
    assert codes(refusal) == {"future_month"}
    record({(communes[0], "HI"): 1}, month=Month.of(2024, 2))
    record({(communes[0], "POP"): 1}, month=Month.of(2024, 3))
    assert {str(count.month) for count in Count.objects.all()} == {"2024-02", "2024-03"}


def test_a_closed_month_refuses_every_write_until_it_is_reopened(record, communes, province):
    record({(communes[0], "HI"): 10})
    close_period(unit=province, month=JANUARY, actor=COMMAND_LINE, on=TODAY)
    with pytest.raises(Refused) as refusal:
        record({(communes[0], "HI"): 11})
    assert codes(refusal) == {"period_closed"}
    reopen_period(unit=province, month=JANUARY, actor=COMMAND_LINE, on=TODAY, why="late report")
    record({(communes[0], "HI"): 11})
    assert Count.objects.get().approved == 11
    assert list(Period.objects.get().events.values_list("what", "why")) == [
        ("closed", ""),
        ("reopened", "late report"),
    ]


def test_a_commune_officer_reports_for_the_own_commune_only(record, communes, commune_officer):
    record({(communes[0], "HI"): 10}, actor=commune_officer, approve=False)
    assert Submission.objects.get().reported_by == commune_officer
    with pytest.raises(Refused) as refusal:
        record({(communes[1], "HI"): 10}, actor=commune_officer, approve=False)
    assert codes(refusal) == {"not_allowed"}


@pytest.mark.parametrize("who", ["auditor", "leader", "outsider"])
def test_who_may_only_look_cannot_report(record, communes, who, request):
    with pytest.raises(Refused) as refusal:
        record({(communes[0], "HI"): 1}, actor=request.getfixturevalue(who), approve=False)
    assert codes(refusal) == {"not_allowed"}


def test_nobody_approves_while_reporting(record, communes, officer):
    with pytest.raises(Refused) as refusal:
        record({(communes[0], "HI"): 10}, actor=officer, approve=True)
    assert codes(refusal) == {"own_report"}


class TestRules:
    @pytest.fixture
    def population_rule(self, catalogue):
        return Rule.objects.create(
            code="HI_AT_MOST_POP",
            kind="at_most",
            severity="explain",
            indicator=catalogue["HI"],
            other=catalogue["POP"],
        )

    def test_a_rule_that_blocks_refuses_the_report(self, record, communes, population_rule):
        Rule.objects.update(severity="block")
        record({(communes[0], "POP"): 100})
        with pytest.raises(Refused) as refusal:
            record({(communes[0], "HI"): 101})
        assert codes(refusal) == {"HI_AT_MOST_POP"}
        assert Count.objects.count() == 1

    def test_a_base_holds_for_later_months(self, record, communes, population_rule):
        record({(communes[0], "POP"): 100})
        outcome = record(
            {(communes[0], "HI"): 101}, month=JANUARY + 5, approve=False, on=date(2024, 7, 1)
        )
        assert [finding.rule for finding in outcome.warnings] == ["HI_AT_MOST_POP"]

    def test_without_an_explanation_the_report_stays_a_draft(
        self, record, communes, population_rule
    ):
        record({(communes[0], "POP"): 100, (communes[0], "HI"): 101}, approve=False)
        assert Submission.objects.get().state == "draft"
        assert Count.objects.count() == 2

    def test_without_an_explanation_approving_is_refused(self, record, communes, population_rule):
        with pytest.raises(Refused) as refusal:
            record({(communes[0], "POP"): 100, (communes[0], "HI"): 101})
        assert codes(refusal) == {"explanation_needed"}
        assert not Count.objects.exists()

    def test_an_explanation_answers_and_is_kept(self, record, communes, population_rule):
        record({(communes[0], "POP"): 100, (communes[0], "HI"): 101}, explanation="boarders")
        assert Submission.objects.get().state == "approved"
        assert Explanation.objects.get().text == "boarders"

    def test_an_answered_question_is_not_asked_again(self, record, communes, population_rule):
        record({(communes[0], "POP"): 100, (communes[0], "HI"): 101}, explanation="boarders")
        record({(communes[0], "SI_V"): 3})
        assert Submission.objects.get().state == "approved"

    def test_a_question_goes_away_with_its_cause(self, record, communes, population_rule):
        record({(communes[0], "POP"): 100, (communes[0], "HI"): 101}, approve=False)
        record({(communes[0], "HI"): 99}, approve=False)
        assert not Explanation.objects.exists()
        assert Submission.objects.get().state == "submitted"

    def test_the_provinces_own_total_is_held_against_what_the_communes_reported(
        self, record, communes, office, catalogue
    ):
        rule = Rule.objects.create(
            code="TOTAL_BETWEEN_PARTS",
            kind="total_between",
            severity="explain",
            indicator=catalogue["TOTAL"],
        )
        rule.parts.set([catalogue["HI"], catalogue["SI_V"]])
        record({(communes[0], "HI"): 60, (communes[3], "HI"): 40, (communes[0], "SI_V"): 10})
        outcome = record({(office, "TOTAL"): 99}, approve=False)
        assert [finding.expected for finding in outcome.warnings] == ["100 .. 110"]
        assert record({(office, "TOTAL"): 105}).warnings == []


def test_a_yearly_base_keeps_its_source_and_date(catalogue, communes):
    record_counts(
        entries=[
            Entry(
                JANUARY,
                communes[0].pk,
                catalogue["POP"].pk,
                100,
                base_source="Niên giám thống kê",
                dated=date(2023, 12, 31),
            )
        ],
        actor=COMMAND_LINE,
        on=TODAY,
    )
    base = Base.objects.get()
    assert (base.source, base.dated) == ("Niên giám thống kê", date(2023, 12, 31))


def test_totals_verify_and_a_tampered_total_is_found_and_repaired(record, communes, total):
    record({(communes[0], "HI"): 10, (communes[4], "SI_V"): 2})
    assert verify_totals().ok
    Total.objects.filter(approved=10).update(approved=11)
    Total.objects.filter(approved=2).delete()
    found = verify_totals()
    assert not found.ok
    assert len(found.wrong) == 4
    assert not JournalEntry.objects.filter(action="totals.repaired").exists()
    assert verify_totals(repair=True).ok
    assert verify_totals().ok
    repair = JournalEntry.objects.get(action="totals.repaired")
    assert (repair.actor, repair.after["month"], len(repair.after)) == (None, "2024-01", 5)
    assert repair.before.keys() == repair.after.keys() and repair.before != repair.after
    assert total("HI") == (10, 10)
    assert plain_group_by(JANUARY).keys() == set(Total.objects.values_list("node", "indicator"))


@pytest.mark.parametrize(
    ("field", "name"),
    [("value", "count_value_not_negative"), ("approved", "count_approved_not_negative")],
)
def test_the_database_refuses_a_negative_count(catalogue, communes, field, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Count.objects.create(
            month=JANUARY, unit=communes[0], indicator=catalogue["HI"], **{field: -1}
        )


def test_recording_takes_the_same_number_of_queries_for_one_unit_and_for_five(record, communes):
    record({(commune, "SI_V"): 1 for commune in communes})
    with CaptureQueriesContext(connection) as one:
        record({(communes[0], "HI"): 10})
    with CaptureQueriesContext(connection) as five:
        record({(commune, "HI"): 20 for commune in communes})
    assert len(five) == len(one)


def test_a_refusal_says_nothing_about_numbers_of_others(record, communes, catalogue, chair):
    Rule.objects.create(
        code="SI_V_AT_MOST_HI",
        kind="at_most",
        severity="block",
        indicator=catalogue["SI_V"],
        other=catalogue["HI"],
    )
    record({(communes[4], "HI"): 100, (communes[4], "SI_V"): 90})
    with pytest.raises(Refused) as refusal:
        record({(communes[4], "HI"): 0}, actor=chair, approve=False)
    assert codes(refusal) == {"not_allowed"}


def test_a_corrected_base_names_its_new_source_only_when_it_is_approved(record, communes):
    record({(communes[0], "POP"): 100}, why="yearbook")
    record({(communes[0], "POP"): 120}, approve=False, why="village lists")
    assert Base.objects.get().source == "sheet POP"
    assert Base.objects.get().dated == TODAY
    record({(communes[0], "POP"): 120}, on=date(2024, 2, 9))
    assert Count.objects.get().approved == 120


def test_the_answer_to_a_rule_stays_in_the_move_it_was_given_with(record, communes, catalogue):
    Rule.objects.create(
        code="HI_AT_MOST_POP",
        kind="at_most",
        severity="explain",
        indicator=catalogue["HI"],
        other=catalogue["POP"],
    )
    record({(communes[0], "POP"): 10, (communes[0], "HI"): 11}, explanation="boarders")
    record({(communes[0], "HI"): 12}, explanation="soldiers")
    kept = " ".join(Move.objects.values_list("why", flat=True))
    assert "boarders" in kept
    assert "soldiers" in kept


class TestAnswers:
    """Two rules ask about the same report; each gets its own answer, and earlier ones stay."""

    @pytest.fixture(autouse=True)
    def rules(self, catalogue):
        for code, indicator in (("HI_AT_MOST_POP", "HI"), ("SI_V_AT_MOST_POP", "SI_V")):
            Rule.objects.create(
                code=code,
                kind="at_most",
                severity="explain",
                indicator=catalogue[indicator],
                other=catalogue["POP"],
            )

    @pytest.fixture
    def numbers(self, communes):
        return {(communes[0], "POP"): 10, (communes[0], "HI"): 11, (communes[0], "SI_V"): 12}

    @pytest.fixture
    def answer(self, communes):
        def answer(**texts):
            return {(communes[0].pk, JANUARY): texts}

        return answer

    def texts(self):
        return dict(Explanation.objects.values_list("rule__code", "text"))

    def test_each_rule_gets_its_own_answer(self, record, numbers, answer):
        record(
            numbers,
            explanations=answer(HI_AT_MOST_POP="boarders", SI_V_AT_MOST_POP="  fishermen "),
        )
        assert self.texts() == {"HI_AT_MOST_POP": "boarders", "SI_V_AT_MOST_POP": "fishermen"}
        assert set(Move.objects.values_list("why", flat=True)) == {"boarders fishermen"}

    def test_one_answer_for_all_goes_where_a_rule_has_none_of_its_own(
        self, record, numbers, answer
    ):
        record(numbers, explanation="boarders", explanations=answer(SI_V_AT_MOST_POP="fishermen"))
        assert self.texts() == {"HI_AT_MOST_POP": "boarders", "SI_V_AT_MOST_POP": "fishermen"}

    def test_while_one_rule_waits_the_report_is_not_sent(self, record, numbers, answer):
        record(numbers, approve=False, explanations=answer(HI_AT_MOST_POP="boarders"))
        assert self.texts() == {"HI_AT_MOST_POP": "boarders", "SI_V_AT_MOST_POP": ""}
        assert Submission.objects.get().state == "draft"
        record(numbers, approve=False, explanations=answer(SI_V_AT_MOST_POP="fishermen"))
        assert self.texts() == {"HI_AT_MOST_POP": "boarders", "SI_V_AT_MOST_POP": "fishermen"}
        assert Submission.objects.get().state == "submitted"

    def test_an_answer_for_another_report_is_left_aside(self, record, numbers, communes):
        other = {(communes[1].pk, JANUARY): {"HI_AT_MOST_POP": "boarders"}}
        record(numbers, approve=False, explanations=other)
        assert self.texts() == {"HI_AT_MOST_POP": "", "SI_V_AT_MOST_POP": ""}
        assert not Move.objects.exists()

    def test_an_answer_that_was_replaced_stays_in_the_journal(
        self, record, numbers, answer, communes
    ):
        record(numbers, approve=False, explanation="boarders")
        record(
            {(communes[0], "HI"): 13},
            approve=False,
            explanations=answer(HI_AT_MOST_POP="soldiers"),
        )
        assert self.texts() == {"HI_AT_MOST_POP": "soldiers", "SI_V_AT_MOST_POP": "boarders"}
        entry = JournalEntry.objects.filter(action="explanations.changed").latest("pk")
        assert (entry.before, entry.after) == (
            {"99001 HI_AT_MOST_POP": "boarders"},
            {"99001 HI_AT_MOST_POP": "soldiers"},
        )

    def test_an_answer_that_goes_with_its_question_stays_in_the_journal(
        self, record, numbers, communes
    ):
        record(numbers, approve=False, explanation="boarders")
        record({(communes[0], "HI"): 9}, approve=False)
        assert self.texts() == {"SI_V_AT_MOST_POP": "boarders"}
        entry = JournalEntry.objects.filter(action="explanations.changed").latest("pk")
        assert (entry.before, entry.after) == (
            {"99001 HI_AT_MOST_POP": "boarders"},
            {"99001 HI_AT_MOST_POP": ""},
        )

    def test_an_answer_does_not_reach_what_is_approved_and_unchanged(self, record, numbers):
        record(numbers, explanation="boarders")
        record(numbers, explanation="soldiers")
        assert set(self.texts().values()) == {"boarders"}

    def test_answering_takes_the_same_number_of_queries_for_one_unit_and_for_five(
        self, record, communes
    ):
        record({(commune, "POP"): 10 for commune in communes})
        with CaptureQueriesContext(connection) as one:
            record({(communes[0], "HI"): 11}, approve=False, explanation="boarders")
        with CaptureQueriesContext(connection) as five:
            record(
                {(commune, "HI"): 12 for commune in communes},
                approve=False,
                explanation="soldiers",
            )
        assert len(five) == len(one)
        assert set(self.texts().values()) == {"soldiers"}


class TestAfterClosing:
    @pytest.fixture(autouse=True)
    def closed(self, record, communes, province):
        record({(communes[0], "HI"): 10})
        close_period(unit=province, month=JANUARY, actor=COMMAND_LINE, on=TODAY)

    def test_a_correction_with_a_reason_changes_what_is_reported_and_nothing_official(
        self, record, communes, total
    ):
        record({(communes[0], "HI"): 11}, approve=False, after_closing=True, why="miscounted")
        assert Count.objects.values_list("value", "approved").get() == (11, 10)
        assert total("HI") == (10, 11)
        assert Submission.objects.get().state == "submitted"

    @pytest.mark.parametrize(
        ("how", "code"),
        [
            ({"approve": False, "after_closing": True}, "reason_needed"),
            ({"approve": False, "why": "an import names its file"}, "period_closed"),
            ({"approve": True, "after_closing": True, "why": "miscounted"}, "period_closed"),
        ],
    )
    def test_anything_else_is_refused(self, record, communes, how, code):
        with pytest.raises(Refused) as refusal:
            record({(communes[0], "HI"): 11}, **how)
        assert codes(refusal) == {code}
        assert Count.objects.values_list("value", "approved").get() == (10, 10)
