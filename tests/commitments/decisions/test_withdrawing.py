"""What may still happen to a recorded decision, and until when its targets count."""

from datetime import date

import pytest

from commitments.actions.reporting.periods import close_period
from commitments.actions.targets.decisions import NewTarget, record_decision
from commitments.actions.targets.withdrawing import correct_decision, keep_scan, withdraw_decision
from commitments.decisions.scans import MOST_BYTES, Scan, read_scan
from commitments.decisions.versions import Versions
from commitments.models import Decision, Link, Target
from commitments.rules import Refused
from districts.months import Month
from reports.engine.figures import figures_for
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from steering.committee.access import NotAllowed
from tests import builders

DECEMBER = Month.of(2024, 12)
TODAY = date(2024, 12, 1)


@pytest.fixture
def decide(province, catalogue):
    builders.committee(province)

    def decide(value=100, *, number="148/QĐ-UBND", issued_on=date(2024, 1, 26), **more) -> Decision:
        unit = more.pop("unit", province)
        return record_decision(
            unit=unit,
            authority="ppc",
            number=number,
            year=2024,
            issued_on=issued_on,
            targets=more.pop("targets", [NewTarget(unit.pk, catalogue["HI"].pk, value, DECEMBER)]),
            actor=more.pop("actor", COMMAND_LINE),
            on=TODAY,
            **more,
        ).decision

    return decide


@pytest.fixture
def planned(province, catalogue):
    """(target, decision, version) that the province is held against in a month."""

    def planned(month: int):
        (figure,) = figures_for(
            unit=province, month=Month.of(2024, month), indicators=[catalogue["HI"]]
        )
        return figure.target, figure.decision, figure.version

    return planned


def withdraw(decision, day=date(2024, 9, 10), reason="Ban hành nhầm", actor=COMMAND_LINE):
    return withdraw_decision(
        decision=decision, withdrawn_on=day, reason=reason, actor=actor, on=TODAY
    )


class TestHowLongItCounts:
    def test_an_amendment_makes_the_next_version(self, decide, planned):
        first = decide(100)
        decide(120, number="900/QĐ-UBND", issued_on=date(2024, 7, 10), amends=first)
        assert planned(6) == (100, "148/QĐ-UBND", 1)
        assert planned(7) == (120, "900/QĐ-UBND", 2)

    def test_withdrawn_it_counts_no_longer_and_months_before_keep_it(self, decide, planned):
        first = decide(100)
        withdraw(decide(120, number="900/QĐ-UBND", issued_on=date(2024, 7, 10), amends=first))
        assert planned(8) == (120, "900/QĐ-UBND", 2)
        assert planned(9) == (100, "148/QĐ-UBND", 1)

    def test_a_later_amendment_does_not_take_the_number_of_a_withdrawn_one(self, decide, planned):
        first = decide(100)
        withdraw(decide(120, number="900/QĐ-UBND", issued_on=date(2024, 7, 10), amends=first))
        third = decide(110, number="950/QĐ-UBND", issued_on=date(2024, 10, 1), amends=first)
        assert planned(9)[2] == 1
        assert planned(10) == (110, "950/QĐ-UBND", 3)
        assert Versions("ppc", 2024).made_by(third) == 3

    def test_what_is_replaced_ends_with_its_amendments(self, decide, planned, catalogue, province):
        first = decide(100)
        decide(120, number="900/QĐ-UBND", issued_on=date(2024, 5, 10), amends=first)
        decide(
            number="990/QĐ-UBND", issued_on=date(2024, 8, 1), effective_on=date(2024, 8, 1),
            replaces=first, targets=[NewTarget(province.pk, catalogue["SI_V"].pk, 5, DECEMBER)],
        )  # fmt: skip
        assert planned(7) == (120, "900/QĐ-UBND", 2)
        assert planned(8) == (None, None, None)

    def test_what_is_withdrawn_before_it_took_effect_replaced_nothing(self, decide, planned):
        first = decide(100)
        other = decide(
            90, number="990/QĐ-UBND", issued_on=date(2024, 5, 1), effective_on=date(2024, 8, 1),
            replaces=first,
        )  # fmt: skip
        withdraw(other, date(2024, 7, 1))
        assert planned(8) == (100, "148/QĐ-UBND", 1)


class TestWithdrawing:
    def test_it_is_chained_and_in_the_journal(self, decide):
        decision = decide()
        withdraw(decision)
        assert Link.objects.filter(kind="decision", subject=decision.pk).count() == 2
        entry = JournalEntry.objects.get(action="decision.withdrawn")
        assert (entry.why, entry.after["withdrawn_on"]) == ("Ban hành nhầm", "2024-09-10")
        assert Target.objects.count() == 1

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"reason": " "}, "reason_needed"),
            ({"reason": "x" * 301}, "too_long"),
            ({"day": date(2023, 12, 31)}, "too_early"),
        ],
    )
    def test_it_is_refused_and_nothing_changes(self, decide, change, code):
        decision = decide()
        with pytest.raises(Refused) as refusal:
            withdraw(decision, **change)
        assert [fault.code for fault in refusal.value.faults] == [code]
        assert Decision.objects.get().withdrawn_on is None

    def test_nobody_withdraws_twice(self, decide):
        decision = withdraw(decide())
        with pytest.raises(Refused) as refusal:
            withdraw(decision, date(2024, 10, 1))
        assert refusal.value.faults[0].code == "withdrawn_already"

    def test_a_closed_month_stays_as_published(self, decide, province):
        decision = decide()
        close_period(unit=province, month=Month.of(2024, 9), actor=COMMAND_LINE, on=TODAY, why="")
        with pytest.raises(Refused) as refusal:
            withdraw(decision)
        assert refusal.value.faults[0].code == "month_closed"
        withdraw(decision, date(2024, 10, 1))

    def test_it_takes_the_standing_officer(self, decide, leader, chair, officer):
        decision = decide()
        for stranger in (leader, chair):
            with pytest.raises(NotAllowed):
                withdraw(decision, actor=stranger)
        assert withdraw(decision, actor=officer).withdrawn_on


class TestCorrecting:
    def test_facts_are_mended_with_a_reason(self, decide):
        decision = decide(signer_name="Nguyễn Văn Mẫu")
        facts = {"signer_name": "Trần Thị Mẫu", "note": ""}
        changes = {"decision": decision, "facts": facts, "actor": COMMAND_LINE, "on": TODAY}
        with pytest.raises(Refused) as refusal:
            correct_decision(reason="", **changes)
        assert refusal.value.faults[0].code == "reason_needed"
        correct_decision(reason="Ghi nhầm tên", **changes)
        entry = JournalEntry.objects.get(action="decision.corrected")
        assert entry.before == {"signer_name": "Nguyễn Văn Mẫu"}
        assert entry.after == {"signer_name": "Trần Thị Mẫu"}
        assert Link.objects.filter(kind="decision").count() == 2

    def test_its_number_stays_once_something_rests_on_it(self, decide):
        changes = {"reason": "Sai số", "actor": COMMAND_LINE, "on": TODAY}
        bare, used = decide(number="7/QĐ-UBND", targets=[]), decide()
        mended = correct_decision(decision=bare, facts={"number": "08 /QÐ–UBND"}, **changes)
        assert (mended.number, mended.number_key) == ("08/QĐ-UBND", "8/QD-UBND")
        for decision, number, code in (
            (used, "9/QĐ-UBND", "rested_on"),
            (mended, "148/QĐ-UBND", "already_recorded"),
            (mended, "8/KH-UBND", "kind_differs"),
        ):
            with pytest.raises(Refused) as refusal:
                correct_decision(decision=decision, facts={"number": number}, **changes)
            assert refusal.value.faults[0].code == code


class TestScans:
    def test_another_scan_needs_a_reason(self, decide):
        decision = decide()
        asked = {"decision": decision, "actor": COMMAND_LINE, "on": TODAY}
        kept = keep_scan(scan=Scan(b"%PDF-1.7 a", "pdf"), **asked)
        assert kept.scan.name.endswith(".pdf")
        assert keep_scan(scan=Scan(b"%PDF-1.7 a", "pdf"), **asked).scan_digest == kept.scan_digest
        with pytest.raises(Refused):
            keep_scan(scan=Scan(b"%PDF-1.7 b", "pdf"), **asked)
        keep_scan(scan=Scan(b"%PDF-1.7 b", "pdf"), reason="Thiếu trang", **asked)
        assert JournalEntry.objects.filter(action="decision.scan_kept").count() == 2

    @pytest.mark.parametrize(
        ("data", "ending"),
        [(b"%PDF-1.4", "pdf"), (b"\xff\xd8\xff\xe0", "jpg"), (b"\x89PNG\r\n\x1a\n", "png")],
    )
    def test_content_tells_what_it_is(self, data, ending):
        assert read_scan(data).ending == ending

    @pytest.mark.parametrize(
        ("data", "code"),
        [(b"MZ", "no_scan"), (b"", "no_scan"), (b"%PDF-" + bytes(MOST_BYTES), "scan_too_large")],
    )
    def test_anything_else_is_refused(self, data, code):
        with pytest.raises(Refused) as refusal:
            read_scan(data)
        assert refusal.value.faults[0].code == code


class TestPassingOn:
    def test_a_chair_passes_on_and_assigns_nothing_of_their_own(self, decide, chair, catalogue):
        first = decide()
        district, commune = builders.by_code("901"), builders.by_code("99001")
        targets = [NewTarget(commune.pk, catalogue["HI"].pk, 40, DECEMBER)]
        own = {"unit": district, "targets": targets, "actor": chair, "number": "12/QĐ-UBND"}
        with pytest.raises(NotAllowed):
            decide(**own)
        assert decide(**own, passes_on=first).passes_on == first
        with pytest.raises(NotAllowed):
            decide(**own | {"unit": builders.by_code("902")}, passes_on=first)

    def test_units_elsewhere_get_nothing(self, decide, catalogue):
        first, district = decide(), builders.by_code("901")
        targets = [NewTarget(builders.by_code("99004").pk, catalogue["HI"].pk, 40, DECEMBER)]
        with pytest.raises(Refused) as refusal:
            decide(unit=district, number="12/QĐ-UBND", targets=targets, passes_on=first)
        assert [fault.code for fault in refusal.value.faults] == ["not_below"]
        assert Decision.objects.count() == 1

    def test_a_decision_of_below_is_not_passed_on(self, decide, province):
        first = decide()
        with pytest.raises(Refused) as refusal:
            decide(number="13/QĐ-UBND", passes_on=first)
        assert refusal.value.faults[0].code == "nothing_to_pass_on"


class TestNumbers:
    def test_the_type_is_told_by_the_number_and_counted_apart(self, decide, province):
        decide(number="148 /QÐ–UBND")
        decide(number="148/KH-UBND")
        kinds = Decision.objects.order_by("kind").values_list("kind", "number")
        assert list(kinds) == [("decision", "148/QĐ-UBND"), ("plan", "148/KH-UBND")]

    @pytest.mark.parametrize(
        ("more", "code"),
        [({"kind": "plan"}, "kind_differs"), ({"only_new": True}, "already_recorded")],
    )
    def test_what_contradicts_is_refused(self, decide, more, code):
        decide()
        with pytest.raises(Refused) as refusal:
            decide(number="0148/QD-UBND", **more)
        assert refusal.value.faults[0].code == code
