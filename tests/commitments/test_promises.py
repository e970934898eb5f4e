"""Decisions and targets, commitments and the chain of their digests."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from commitments.actions.counts import Entry, record_counts
from commitments.actions.periods import close_period
from commitments.actions.promises import (
    NewLine,
    NewTarget,
    Signature,
    digest_of,
    record_decision,
    sign_commitments,
    verify_commitments,
)
from commitments.models import Commitment, CommitmentLine, Decision, Target
from commitments.rules import Refused
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.append_only import released
from steering.accounts.models import JournalEntry
from steering.committee.access import NotAllowed
from tests import builders

DECEMBER = Month.of(2024, 12)
ISSUED = date(2024, 1, 26)
SIGNED = date(2024, 3, 7)


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


@pytest.fixture
def sign(province, catalogue):
    """Districts sign for 2024, one line each."""

    def sign(*signed, year=2024, actor=COMMAND_LINE):
        return sign_commitments(
            committee=builders.committee(province),
            year=year,
            signed_on=SIGNED,
            signatures=[
                Signature(
                    unit=unit,
                    lines=[NewLine(catalogue["HI"].pk, value, assigned=value, last_year=value - 1)],
                    signer_post="Chủ tịch UBND huyện",
                    receiver_post="Chủ tịch UBND tỉnh",
                    place="Đồi Thông",
                )
                for unit, value in signed
            ],
            actor=actor,
            on=SIGNED,
        )

    return sign


@pytest.fixture
def districts(province):
    return [builders.by_code("901"), builders.by_code("902")]


class TestCommitments:
    def test_each_is_chained_to_the_one_signed_before(self, sign, districts):
        first, second = sign((districts[0], 10), (districts[1], 20))
        assert (first.sequence, second.sequence) == (1, 2)
        assert first.previous_digest == ""
        assert second.previous_digest == first.digest
        assert verify_commitments().as_dict() == {
            "ok": True,
            "checked": 2,
            "wrong": 0,
            "repaired": 0,
            "errors": [],
        }

    def test_a_second_signature_is_a_new_version(self, sign, districts):
        sign((districts[0], 10))
        (second,) = sign((districts[0], 11))
        assert second.version == 2
        assert list(Commitment.objects.standing()) == [second]
        assert Commitment.objects.with_state().get(version=1).state == "superseded"

    def test_nobody_signs_for_less_than_assigned_or_twice_for_one_indicator(
        self, province, districts, catalogue
    ):
        less = [NewLine(catalogue["HI"].pk, 9, assigned=10)]
        twice = [NewLine(catalogue["SI_V"].pk, 9), NewLine(catalogue["SI_V"].pk, 10)]
        with pytest.raises(Refused) as refusal:
            sign_commitments(
                committee=builders.committee(province),
                year=2024,
                signed_on=SIGNED,
                signatures=[
                    Signature(unit=unit, lines=lines, signer_post="x", receiver_post="x")
                    for unit, lines in zip(districts, (less, twice), strict=True)
                ],
                actor=COMMAND_LINE,
                on=SIGNED,
            )
        assert [fault.code for fault in refusal.value.faults] == ["below_assigned", "duplicate"]
        assert not Commitment.objects.exists()

    def test_verifying_finds_a_commitment_that_was_never_signed(self, sign, districts, province):
        (signed,) = sign((districts[0], 10))
        forged = Commitment(
            committee=signed.committee,
            sequence=2,
            unit=districts[1],
            unit_name="x",
            year=2024,
            signed_on=SIGNED,
            signer_post="x",
            receiver_post="x",
            previous_digest=signed.digest,
        )
        forged.digest = digest_of(forged, [])
        forged.save()
        assert not verify_commitments().ok

    def test_the_province_signs_with_no_one_and_a_stranger_not_at_all(self, sign, province):
        stranger = builders.unit("98", "Tỉnh khác", tier="province")
        builders.rebuild_map()
        with pytest.raises(Refused) as refusal:
            sign((province, 10), (stranger, 10))
        assert [fault.code for fault in refusal.value.faults] == ["not_in_committee"] * 2

    @pytest.mark.parametrize("who", ["leader", "chair", "commune_officer", "auditor", "outsider"])
    def test_only_the_standing_officer_records_signatures(self, sign, districts, who, request):
        with pytest.raises(NotAllowed):
            sign((districts[0], 10), actor=request.getfixturevalue(who))

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE commitments_commitment SET signer_post = 'x'",
            "DELETE FROM commitments_commitmentline",
            "UPDATE commitments_commitmentline SET value = 1",
            "DELETE FROM commitments_commitmentevent",
        ],
    )
    def test_the_database_refuses_to_change_what_was_signed(self, sign, districts, statement):
        sign((districts[0], 10))
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    @pytest.mark.parametrize(
        "tamper",
        [
            lambda: CommitmentLine.objects.filter(commitment__sequence=1).update(value=9),
            lambda: CommitmentLine.objects.filter(commitment__sequence=2).update(
                operator="at_most"
            ),
            lambda: Commitment.objects.filter(sequence=1).update(signer_post="x"),
            lambda: Commitment.objects.filter(sequence=1).update(digest="0" * 64),
            lambda: _remove(sequence=1),
            lambda: _remove(sequence=2),
        ],
        ids=["a line", "an operator", "a post", "a digest", "the first gone", "the last gone"],
    )
    def test_verifying_finds_whatever_an_intruder_changed(self, sign, districts, tamper):
        sign((districts[0], 10), (districts[1], 20))
        with released():
            tamper()
        assert not verify_commitments().ok


def _remove(**which) -> None:
    for commitment in Commitment.objects.filter(**which):
        commitment.events.all().delete()
        commitment.lines.all().delete()
        commitment.delete()


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
