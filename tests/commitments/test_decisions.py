"""Decisions and the targets they assign."""

from datetime import date

import pytest

from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.reporting.periods import close_period
from commitments.actions.targets.decisions import NewTarget, record_decision
from commitments.models import Decision, Target
from commitments.rules import Refused
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from steering.committee.access import NotAllowed

DECEMBER = Month.of(2024, 12)
ISSUED = date(2024, 1, 26)


@pytest.fixture
def decide(province, catalogue):
    """Record decision 148 with {(unit, code): value}."""

    def decide(values, *, actor=COMMAND_LINE, number="148/QĐ-UBND", issued_on=ISSUED, **more):
        return record_decision(
            unit=province,
            authority="ppc",
            number=number,
            year=2024,
            issued_on=issued_on,
            targets=[
                NewTarget(unit.pk, catalogue[code].pk, value, DECEMBER)
                for (unit, code), value in values.items()
            ],
            actor=actor,
            on=issued_on,
            **more,
        )

    return decide


class TestDecisions:
    def test_a_target_belongs_to_a_decision(self, decide, province, catalogue):
        outcome = decide({(province, "HI"): 100, (province, "HI_RATE"): 9610})
        assert outcome.created == 2
        target = Target.objects.get(indicator=catalogue["HI_RATE"])
        assert (target.value, target.operator, target.deadline) == (9610, "at_least", DECEMBER)
        assert target.decision.effective_on == date(2024, 1, 1)
        assert JournalEntry.objects.get(action="decision.recorded").after["targets"] == 2

    def test_recording_it_again_changes_nothing(self, decide, province):
        decide({(province, "HI"): 100})
        outcome = decide({(province, "HI"): 100}, number="148 /QD-UBND")
        assert (outcome.created, outcome.unchanged) == (0, 1)
        assert Decision.objects.count() == 1

    def test_nothing_is_overwritten(self, decide, province):
        decide({(province, "HI"): 100})
        with pytest.raises(Refused) as refusal:
            decide({(province, "HI"): 101})
        assert [fault.code for fault in refusal.value.faults] == ["target_differs"]
        assert Target.objects.get().value == 100

    @pytest.mark.parametrize("change", [{"deadline": DECEMBER - 6}, {"path": [(DECEMBER - 3, 40)]}])
    def test_another_deadline_or_path_is_another_target(self, province, catalogue, change):
        given = {"unit_id": province.pk, "indicator_id": catalogue["HI"].pk, "value": 100}

        def record(**more):
            target = NewTarget(**given, **({"deadline": DECEMBER} | more))
            return record_decision(
                unit=province,
                authority="ppc",
                number="1/QĐ",
                year=2024,
                issued_on=ISSUED,
                targets=[target],
                actor=COMMAND_LINE,
                on=ISSUED,
            )

        record()
        with pytest.raises(Refused) as refusal:
            record(**change)
        (fault,) = refusal.value.faults
        assert fault.code == "target_differs"
        assert fault.read != fault.expected
        assert record().unchanged == 1
        assert Target.objects.get().deadline == DECEMBER

    def test_a_path_recorded_again_is_unchanged(self, province, catalogue):
        path = [(DECEMBER - 3, 40), (DECEMBER - 6, 20)]
        target = NewTarget(province.pk, catalogue["HI"].pk, 100, DECEMBER, path=path)
        for unchanged in (0, 1):
            outcome = record_decision(
                unit=province,
                authority="ppc",
                number="1/QĐ",
                year=2024,
                issued_on=ISSUED,
                targets=[target],
                actor=COMMAND_LINE,
                on=ISSUED,
            )
            assert outcome.unchanged == unchanged

    def test_an_amendment_counts_from_its_day_of_issue(self, decide, province):
        first = decide({(province, "HI"): 100}).decision
        amendment = decide(
            {(province, "HI"): 90},
            number="900/QĐ-UBND",
            issued_on=date(2024, 7, 10),
            amends=first,
        ).decision
        assert amendment.effective_on == date(2024, 7, 10)
        assert Target.objects.count() == 2

    @pytest.fixture
    def closed(self, province):
        """July and August 2024 are closed."""
        for month in (Month.of(2024, 7), Month.of(2024, 8)):
            close_period(unit=province, month=month, actor=COMMAND_LINE, on=date(2024, 9, 20))

    def test_an_amendment_that_reaches_into_closed_months_needs_a_reason(
        self, decide, province, closed
    ):
        first = decide({(province, "HI"): 100}).decision
        late = {
            "number": "900/QĐ-UBND",
            "issued_on": date(2024, 9, 25),
            "effective_on": date(2024, 8, 31),
            "amends": first,
        }
        with pytest.raises(Refused) as refusal:
            decide({(province, "HI"): 90}, **late)
        assert [fault.code for fault in refusal.value.faults] == ["reason_needed"]
        assert Decision.objects.count() == 1
        reason = "Trung ương giao lại chỉ tiêu"
        made = decide({(province, "HI"): 90}, **late, reason=reason).decision
        assert (made.reason, made.changed_until) == (reason, Month.of(2024, 8))
        entry = JournalEntry.objects.filter(action="decision.recorded").latest("pk")
        assert entry.why == reason
        assert entry.after["closed_months"] == ["2024-08"]
        asked = {"unit": province, "authority": "ppc"}
        changing = Decision.objects.changing_published
        assert list(changing(month=Month.of(2024, 8), **asked)) == [made]
        assert not changing(month=Month.of(2024, 7), **asked).exists()
        assert not changing(month=Month.of(2024, 9), **asked).exists()

    def test_a_decision_that_assigns_again_needs_it_too(self, decide, province, closed):
        decide({(province, "HI"): 100})
        late = {"number": "2/QĐ", "issued_on": date(2024, 9, 25)}
        with pytest.raises(Refused) as refusal:
            decide({(province, "HI"): 90}, **late)
        assert [fault.code for fault in refusal.value.faults] == ["reason_needed"]
        assert decide({(province, "SI_V"): 90}, **late).created == 1

    def test_an_amendment_from_an_open_month_on_needs_none(self, decide, province, closed):
        first = decide({(province, "HI"): 100}).decision
        amendment = decide(
            {(province, "HI"): 90},
            number="900/QĐ-UBND",
            issued_on=date(2024, 9, 1),
            amends=first,
        ).decision
        assert amendment.changed_until is None

    def test_a_target_below_last_years_result_is_told_and_not_refused(
        self, decide, province, communes, catalogue
    ):
        record_counts(
            entries=[Entry(Month.of(2023, 12), communes[0].pk, catalogue["HI"].pk, 120)],
            actor=COMMAND_LINE,
            on=ISSUED,
            approve=True,
        )
        outcome = decide({(province, "HI"): 100, (communes[0], "HI"): 130})
        assert [(w.rule, w.severity, w.unit_id) for w in outcome.warnings] == [
            ("TARGET_BELOW_LAST", "inform", province.pk)
        ]

    def test_a_target_given_twice_or_negative_is_refused(self, province, catalogue):
        twice = [NewTarget(province.pk, catalogue["HI"].pk, 5, DECEMBER)] * 2
        negative = NewTarget(province.pk, catalogue["SI_V"].pk, -5, DECEMBER)
        with pytest.raises(Refused) as refusal:
            record_decision(
                unit=province,
                authority="ppc",
                number="1",
                year=2024,
                issued_on=ISSUED,
                targets=[*twice, negative],
                actor=COMMAND_LINE,
                on=ISSUED,
            )
        assert [fault.code for fault in refusal.value.faults] == ["duplicate", "negative"]
        assert not Decision.objects.exists()

    def test_a_dry_run_leaves_nothing(self, decide, province):
        assert decide({(province, "HI"): 100}, dry_run=True).created == 1
        assert not Decision.objects.exists()

    @pytest.mark.parametrize("who", ["leader", "chair", "commune_officer", "auditor", "outsider"])
    def test_only_the_standing_officer_assigns(self, decide, province, who, request):
        with pytest.raises(NotAllowed):
            decide({(province, "HI"): 100}, actor=request.getfixturevalue(who))


@pytest.mark.parametrize(
    ("number", "code"),
    [("  ", "number_missing"), ("", "number_missing"), ("1" * 61, "number_too_long")],
)
def test_a_decision_without_a_number_that_can_be_kept_is_refused(province, number, code):
    with pytest.raises(Refused) as refused:
        record_decision(
            unit=province,
            authority="ppc",
            number=number,
            year=2024,
            issued_on=date(2024, 1, 26),
            targets=[],
            actor=COMMAND_LINE,
            on=date(2024, 1, 29),
        )
    assert [fault.code for fault in refused.value.faults] == [code]
    assert not Decision.objects.exists()
