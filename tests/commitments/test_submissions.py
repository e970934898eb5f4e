"""Moves of reports: who may make them, what they change, how many queries they take."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from commitments.actions.reporting import submissions
from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.reporting.undoing import undo
from commitments.models import Count, Explanation, Move, ReviewLevel, Revision, Submission, Total
from commitments.models import Rule as ValidationRule
from commitments.rules import MOVES, Refused, next_state
from commitments.steps import steps
from commitments.totals import verify_totals
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.committee.roles import Role
from tests import builders

JANUARY = Month.of(2024, 1)
TODAY = date(2024, 2, 3)


@pytest.fixture
def report(catalogue, commune_officer, communes):
    """Commune 99001 reports 10 insured for January 2024; sent, not yet reviewed."""

    def report(value=10, unit=communes[0], actor=commune_officer, month=JANUARY, on=TODAY):
        record_counts(
            entries=[Entry(month, unit.pk, catalogue["HI"].pk, value)], actor=actor, on=on
        )
        return Submission.objects.get(unit=unit, month=month)

    return report


@pytest.fixture
def district_verifies(db):
    ReviewLevel.objects.create(tier="district", since=Month(0), until=Month.of(2025, 7))


def official(province) -> int | None:
    return Total.objects.filter(node=province).values_list("approved", flat=True).first()


def refused_codes(refusal) -> set[str]:
    return {fault.code for fault in refusal.value.faults}


def test_approval_makes_the_number_official_everywhere_at_once(report, officer, province):
    sent = report()
    assert official(province) is None
    submissions.approve(submissions=[sent], actor=officer, on=TODAY)
    sent.refresh_from_db()
    assert sent.state == "approved"
    assert sent.approved_at is not None
    assert official(province) == 10
    assert Count.objects.get().approved == 10
    assert verify_totals().ok


def test_every_move_is_a_row_with_who_and_why(report, officer, commune_officer):
    sent = report()
    submissions.return_report(submissions=[sent], actor=officer, on=TODAY, why="HI too low")
    moves = Move.objects.values_list("verb", "before", "after", "by__username", "why")
    assert list(moves) == [
        ("send", "draft", "submitted", "commune_officer", ""),
        ("return", "submitted", "returned", "officer", "HI too low"),
    ]


def test_returning_takes_a_reason(report, officer):
    with pytest.raises(Refused) as refusal:
        submissions.return_report(submissions=[report()], actor=officer, on=TODAY, why="  ")
    assert refused_codes(refusal) == {"reason_needed"}


def test_a_reason_longer_than_fits_is_refused_and_not_cut(report, officer):
    sent = [report()]
    with pytest.raises(Refused) as refusal:
        submissions.return_report(submissions=sent, actor=officer, on=TODAY, why="x" * 301)
    assert refused_codes(refusal) == {"too_long"}
    submissions.return_report(submissions=sent, actor=officer, on=TODAY, why=f" {'x' * 300} ")
    assert Move.objects.last().why == "x" * 300


def test_a_returned_report_keeps_what_was_official(report, officer, province):
    sent = report()
    submissions.approve(submissions=[sent], actor=officer, on=TODAY)
    submissions.return_report(submissions=[sent], actor=officer, on=TODAY, why="check again")
    assert official(province) == 10
    report(12)
    assert official(province) == 10
    submissions.approve(submissions=[Submission.objects.get()], actor=officer, on=TODAY)
    assert official(province) == 12


def test_revoking_takes_the_numbers_out_of_the_official_totals(report, officer, province):
    sent = report()
    submissions.approve(submissions=[sent], actor=officer, on=TODAY)
    submissions.revoke(submissions=[sent], actor=officer, on=TODAY, why="wrong month")
    assert official(province) is None
    assert Count.objects.get().value == 10
    assert Revision.objects.first().old_approved == 10
    assert verify_totals().ok


def test_nobody_approves_their_own_report(report, officer):
    sent = report(actor=officer)
    with pytest.raises(Refused) as refusal:
        submissions.approve(submissions=[sent], actor=officer, on=TODAY)
    assert refused_codes(refusal) == {"own_report"}


@pytest.mark.parametrize("who", ["commune_officer", "chair", "leader", "auditor", "outsider"])
def test_only_the_standing_officer_approves(report, who, request):
    sent = report()
    with pytest.raises(Refused) as refusal:
        submissions.approve(submissions=[sent], actor=request.getfixturevalue(who), on=TODAY)
    assert "not_allowed" in refused_codes(refusal)
    assert Submission.objects.get().state == "submitted"


def test_where_the_district_verifies_the_province_approves_only_what_is_verified(
    report, officer, chair, district_verifies, province
):
    sent = report()
    with pytest.raises(Refused) as refusal:
        submissions.approve(submissions=[sent], actor=officer, on=TODAY)
    assert refused_codes(refusal) == {"wrong_state"}
    submissions.verify(submissions=[sent], actor=chair, on=TODAY)
    assert official(province) is None
    submissions.approve(submissions=[sent], actor=officer, on=TODAY)
    assert official(province) == 10


def test_from_july_2025_the_province_approves_communes_directly(
    report, officer, reformed, district_verifies
):
    commune = builders.by_code("99001", builders.REFORM_DAY)
    reporter = builders.seated("new_officer", Role.OFFICER, commune)
    august = date(2025, 8, 4)
    sent = report(unit=commune, actor=reporter, month=Month.of(2025, 7), on=august)
    submissions.approve(submissions=[sent], actor=officer, on=august)
    assert Submission.objects.get(unit=commune).state == "approved"


def test_all_are_approved_or_none(report, officer, communes):
    first = report()
    second = report(unit=communes[1], actor=COMMAND_LINE)
    submissions.withdraw(submissions=[second], actor=COMMAND_LINE, on=TODAY)
    with pytest.raises(Refused):
        submissions.approve(submissions=[first, second], actor=officer, on=TODAY)
    assert Count.objects.filter(approved__isnull=False).count() == 0


def test_an_open_question_stops_sending_and_approving(report, officer, catalogue):
    sent = report()
    rule = ValidationRule.objects.create(
        code="ANY", kind="at_most", severity="explain", indicator=catalogue["HI"]
    )
    Explanation.objects.create(submission=sent, rule=rule, finding="?", read=10, expected="<= 9")
    with pytest.raises(Refused) as refusal:
        submissions.approve(submissions=[sent], actor=officer, on=TODAY)
    assert refused_codes(refusal) == {"explanation_needed"}


@pytest.mark.parametrize("verb", sorted(MOVES))
def test_every_verb_leads_from_the_states_it_names_and_from_no_other(verb):
    states = {"draft", "submitted", "verified", "approved", "returned"}
    assert {state for state in states if next_state(verb, state)} == MOVES[verb].before


def test_the_database_refuses_an_unknown_state(report):
    report()
    with (
        pytest.raises(IntegrityError, match="submission_state_known"),
        transaction.atomic(),
    ):
        Submission.objects.update(state="nonsense")


def test_the_database_refuses_an_approval_without_its_time(report):
    report()
    with (
        pytest.raises(IntegrityError, match="submission_approved_has_time"),
        transaction.atomic(),
    ):
        Submission.objects.update(state="approved")


def test_the_database_refuses_a_sent_report_without_its_time(report):
    report()
    with (
        pytest.raises(IntegrityError, match="submission_sent_has_time"),
        transaction.atomic(),
    ):
        Submission.objects.update(sent_at=None)


def test_approving_one_value_takes_at_most_twenty_queries_however_many_communes_there_are(
    catalogue, province, officer, district_verifies
):
    district = builders.by_code("902")
    few = _queries_to_approve(builders.by_code("99004"), catalogue, officer)
    for n in range(100, 300):
        builders.unit(f"98{n}", f"Xóm {n}", parent=district)
    builders.rebuild_map()
    units = list(district.child_placements.values_list("unit", flat=True))
    record_counts(
        entries=[Entry(JANUARY, unit, catalogue["SI_V"].pk, 1) for unit in units],
        actor=COMMAND_LINE,
        on=TODAY,
        approve=True,
    )
    many = _queries_to_approve(builders.by_code("99005"), catalogue, officer)
    assert many == few
    assert many <= 20


def _queries_to_approve(commune, catalogue, officer) -> int:
    record_counts(
        entries=[Entry(JANUARY, commune.pk, catalogue["HI"].pk, 7)],
        actor=COMMAND_LINE,
        on=TODAY,
    )
    sent = Submission.objects.get(unit=commune, month=JANUARY)
    submissions.verify(submissions=[sent], actor=COMMAND_LINE, on=TODAY)
    with CaptureQueriesContext(connection) as queries:
        submissions.approve(submissions=[sent], actor=officer, on=TODAY)
    return len(queries)


def test_a_commune_does_not_verify_or_send_back_its_own_reports(
    report, chair, officer, district_verifies, communes
):
    own_chair = builders.seated("commune_chair", Role.CHAIR, communes[0])
    sent = report()
    for act in (
        lambda: submissions.verify(submissions=[sent], actor=own_chair, on=TODAY),
        lambda: submissions.return_report(submissions=[sent], actor=own_chair, on=TODAY, why="x"),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refused_codes(refusal) == {"not_allowed"}
    submissions.verify(submissions=[sent], actor=chair, on=TODAY)
    submissions.approve(submissions=[sent], actor=officer, on=TODAY)
    with pytest.raises(Refused) as refusal:
        submissions.return_report(submissions=[sent], actor=chair, on=TODAY, why="x")
    assert refused_codes(refusal) == {"not_allowed"}
    assert Submission.objects.get().state == "approved"


def test_approval_takes_a_seat_at_the_province_whatever_the_role(report, communes):
    local = builders.seated("local", Role.STANDING_OFFICER, communes[0])
    sent = report()
    with pytest.raises(Refused) as refusal:
        submissions.approve(submissions=[sent], actor=local, on=TODAY)
    assert refused_codes(refusal) == {"not_allowed"}


def test_who_wrote_any_number_of_a_report_does_not_approve_it(
    report, officer, commune_officer, communes, catalogue
):
    report(actor=officer)
    record_counts(
        entries=[Entry(JANUARY, communes[0].pk, catalogue["SI_V"].pk, 3)],
        actor=commune_officer,
        on=TODAY,
    )
    with pytest.raises(Refused) as refusal:
        submissions.approve(submissions=[Submission.objects.get()], actor=officer, on=TODAY)
    assert refused_codes(refusal) == {"own_report"}


def test_an_approval_that_was_undone_does_not_free_those_who_wrote_before_it(
    report, officer, commune_officer, communes, catalogue
):
    second = builders.seated("second", Role.STANDING_OFFICER, builders.by_code("99"))
    report(actor=officer)
    record_counts(
        entries=[Entry(JANUARY, communes[0].pk, catalogue["SI_V"].pk, 3)],
        actor=commune_officer,
        on=TODAY,
    )
    sent = Submission.objects.get()
    submissions.approve(submissions=[sent], actor=second, on=TODAY)
    undo(submissions=[sent], actor=second, on=TODAY)
    with pytest.raises(Refused) as refusal:
        submissions.approve(submissions=[sent], actor=officer, on=TODAY)
    assert refused_codes(refusal) == {"own_report"}


def test_who_handed_in_what_others_typed_does_not_approve_it(report, officer):
    sent = report()
    submissions.withdraw(submissions=[sent], actor=officer, on=TODAY)
    submissions.send(submissions=[sent], actor=officer, on=TODAY)
    sent.refresh_from_db()
    assert "approve" not in steps(reports=[sent], actor=officer, on=TODAY)[sent.pk]
    with pytest.raises(Refused) as refusal:
        submissions.approve(submissions=[sent], actor=officer, on=TODAY)
    assert refused_codes(refusal) == {"own_report"}


def test_who_handed_in_a_report_that_was_approved_since_is_free_again(
    report, officer, commune_officer
):
    second = builders.seated("second", Role.STANDING_OFFICER, builders.by_code("99"))
    submissions.approve(submissions=[report(actor=officer)], actor=second, on=TODAY)
    corrected = report(12)
    assert "approve" in steps(reports=[corrected], actor=officer, on=TODAY)[corrected.pk]
    submissions.approve(submissions=[corrected], actor=officer, on=TODAY)
    assert Count.objects.get().approved == 12


def test_a_repeat_does_not_send_a_returned_report_again(report, officer):
    submissions.return_report(submissions=[report()], actor=officer, on=TODAY, why="check")
    report()
    assert Submission.objects.get().state == "returned"
    report(11)
    assert Submission.objects.get().state == "submitted"


def test_the_first_sending_says_whether_a_report_came_on_time(report, officer):
    first = report().sent_at
    submissions.return_report(
        submissions=[Submission.objects.get()], actor=officer, on=TODAY, why="check"
    )
    assert report(11).sent_at == first


class TestJudgingAtApproval:
    """The rules are asked again when it counts: something may have come in since the sending."""

    @pytest.fixture
    def between(self, catalogue):
        rule = ValidationRule.objects.create(
            code="TOTAL_BETWEEN_PARTS",
            kind="total_between",
            severity="explain",
            indicator=catalogue["TOTAL"],
        )
        rule.parts.set([catalogue["HI"], catalogue["SI_V"]])
        return rule

    @pytest.fixture
    def record(self, catalogue):
        def record(numbers, month=JANUARY, **more):
            entries = [
                Entry(month, unit.pk, catalogue[code].pk, value)
                for (unit, code), value in numbers.items()
            ]
            return record_counts(entries=entries, actor=COMMAND_LINE, on=TODAY, **more)

        return record

    @pytest.fixture
    def early(self, record, between, office, communes):
        """The province's office reported 99 before any commune did; then the communes came."""
        assert record({(office, "TOTAL"): 99}).warnings == []
        record({(communes[0], "HI"): 60, (communes[3], "HI"): 40, (communes[0], "SI_V"): 10})
        return Submission.objects.get(unit=office)

    def test_the_provinces_total_that_came_first_is_held_against_the_communes(
        self, early, officer, office
    ):
        with pytest.raises(Refused) as refusal:
            submissions.approve(submissions=[early], actor=officer, on=TODAY)
        (fault,) = refusal.value.faults
        assert (fault.code, fault.read, fault.expected) == (
            "explanation_needed",
            "99",
            "100 .. 110",
        )
        assert fault.message.startswith(office.full_name)
        assert not Count.objects.filter(approved__isnull=False).exists()
        assert Submission.objects.get(unit=office).state == "submitted"

    def test_answered_without_a_new_number_it_is_approved(self, early, record, officer, office):
        record({(office, "TOTAL"): 99}, explanation="one list came late")
        assert Explanation.objects.get().text == "one list came late"
        submissions.approve(submissions=[early], actor=officer, on=TODAY)
        assert Count.objects.get(unit=office).approved == 99

    def test_an_answer_about_other_numbers_is_no_answer(
        self, early, record, officer, office, communes
    ):
        record({(office, "TOTAL"): 99}, explanation="one list came late")
        record({(communes[4], "HI"): 500})
        with pytest.raises(Refused) as refusal:
            submissions.approve(submissions=[early], actor=officer, on=TODAY)
        assert [fault.expected for fault in refusal.value.faults] == ["600 .. 610"]

    def test_a_rule_that_blocks_refuses_the_approval(self, early, between, officer, office):
        ValidationRule.objects.update(severity="block")
        with pytest.raises(Refused) as refusal:
            submissions.approve(submissions=[early], actor=officer, on=TODAY)
        assert refused_codes(refusal) == {"TOTAL_BETWEEN_PARTS"}

    def test_a_rule_that_informs_does_not_stop_the_approval(self, early, officer, office):
        ValidationRule.objects.update(severity="inform")
        submissions.approve(submissions=[early], actor=officer, on=TODAY)
        assert Count.objects.get(unit=office).approved == 99

    def test_who_may_not_approve_reads_nothing_about_the_numbers(self, early, commune_officer):
        with pytest.raises(Refused) as refusal:
            submissions.approve(submissions=[early], actor=commune_officer, on=TODAY)
        assert refused_codes(refusal) == {"not_allowed"}

    def test_the_command_line_cannot_approve_past_a_question_by_reporting_again(
        self, early, record, office
    ):
        with pytest.raises(Refused) as refusal:
            record({(office, "TOTAL"): 99}, approve=True)
        assert refused_codes(refusal) == {"explanation_needed"}

    def test_two_hundred_reports_with_an_open_question_are_judged_in_as_many_reads_as_one(
        self, record, catalogue, province, officer, communes
    ):
        district = builders.by_code("902")
        for n in range(100, 300):
            builders.unit(f"98{n}", f"Xóm {n}", parent=district)
        builders.rebuild_map()
        units = [placed.unit for placed in district.child_placements.select_related("unit")]
        record({(unit, "HI"): 7 for unit in [communes[0], *units]})
        record({(unit, "POP"): 5 for unit in [communes[0], *units]})
        ValidationRule.objects.create(
            code="HI_AT_MOST_POP",
            kind="at_most",
            severity="explain",
            indicator=catalogue["HI"],
            other=catalogue["POP"],
        )
        one = self._reads_to_be_refused(Submission.objects.filter(unit=communes[0]), officer)
        many = self._reads_to_be_refused(Submission.objects.exclude(unit=communes[0]), officer)
        assert (one[0], many[0]) == (1, len(units))
        assert many[1] == one[1] <= 20
        assert len(units) >= 200
        ValidationRule.objects.update(severity="inform")
        with CaptureQueriesContext(connection) as queries:
            submissions.approve(submissions=list(Submission.objects.all()), actor=officer, on=TODAY)
        assert len(queries) <= 40
        assert not Submission.objects.exclude(state="approved").exists()

    @staticmethod
    def _reads_to_be_refused(reports, officer) -> tuple[int, int]:
        """How many reports were at fault, and the queries it took to say so."""
        reports = list(reports)
        with CaptureQueriesContext(connection) as queries, pytest.raises(Refused) as refusal:
            submissions.approve(submissions=reports, actor=officer, on=TODAY)
        assert refused_codes(refusal) == {"explanation_needed"}
        return len(refusal.value.faults), len(queries)
