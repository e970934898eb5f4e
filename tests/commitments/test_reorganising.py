"""A change of the map takes totals and commitments with it."""

from datetime import date

import pytest

from commitments.actions.counts import Entry, record_counts
from commitments.actions.promises import NewLine, Signature, sign_commitments
from commitments.actions.reorganising import apply_reorganisation, revert_reorganisation
from commitments.models import Commitment, Total
from commitments.rules import Refused
from commitments.totals import verify_totals
from districts.actions import Move, NewSuccession, NewUnit, draft_reorganisation
from districts.models import WHOLE, Unit
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.committee.access import NotAllowed
from tests import builders

JULY = Month.of(2025, 7)
TODAY = date(2025, 8, 1)


@pytest.fixture
def draft(province, communes):
    """Districts end; 99001 to 99004 become one commune; 99005 lives on under the province."""
    merged = NewUnit(
        code="99001",
        tier="commune",
        kind="rural_commune",
        name="Sen Mới",
        full_name="Xã Sen Mới",
        parent=province,
        reports_at="commune",
    )
    return draft_reorganisation(
        name="Sắp xếp",
        effective_on=builders.REFORM_DAY,
        new_units=[merged],
        successions=[NewSuccession(old, merged, WHOLE, main=True) for old in communes[:4]],
        moves=[Move(communes[4], province)],
        ended=[*communes[:4], builders.by_code("901"), builders.by_code("902")],
        actor=COMMAND_LINE,
    )


@pytest.fixture
def put(catalogue):
    def put(unit, number, month):
        record_counts(
            entries=[Entry(month, unit.pk, catalogue["HI"].pk, number)],
            actor=COMMAND_LINE,
            on=TODAY,
            approve=True,
        )

    return put


def totals(month) -> dict[str, int]:
    return dict(Total.objects.filter(month=month).values_list("node__code", "approved"))


def test_totals_follow_a_commune_that_lives_on_under_another_parent(draft, put, communes, officer):
    put(communes[4], 50, JULY - 1)
    put(communes[4], 55, JULY)
    assert totals(JULY) == {"902": 55, "99": 55}
    apply_reorganisation(reorganisation=draft, actor=officer, on=TODAY)
    assert totals(JULY) == {"99": 55}
    assert totals(JULY - 1) == {"902": 50, "99": 50}
    assert verify_totals().ok


def test_reverting_brings_everything_back(draft, put, communes, officer):
    put(communes[4], 55, JULY)
    apply_reorganisation(reorganisation=draft, actor=officer, on=TODAY)
    revert_reorganisation(reorganisation=draft, actor=officer, on=TODAY, why="postponed")
    assert totals(JULY) == {"902": 55, "99": 55}
    assert Unit.objects.in_force_on(builders.REFORM_DAY).filter(tier="district").count() == 2
    assert verify_totals().ok


def test_a_unit_that_has_reported_past_its_end_cannot_end(draft, put, communes, officer):
    put(communes[0], 10, JULY)
    with pytest.raises(Refused) as refusal:
        apply_reorganisation(reorganisation=draft, actor=officer, on=TODAY)
    assert [(fault.code, fault.read) for fault in refusal.value.faults] == [
        ("counts_exist", communes[0].full_name)
    ]
    assert totals(JULY) == {"901": 10, "99": 10}


def test_a_change_is_not_reverted_once_a_new_unit_has_reported(draft, put, officer):
    apply_reorganisation(reorganisation=draft, actor=officer, on=TODAY)
    put(builders.by_code("99001", builders.REFORM_DAY), 70, JULY)
    with pytest.raises(Refused) as refusal:
        revert_reorganisation(reorganisation=draft, actor=officer, on=TODAY, why="postponed")
    assert [fault.code for fault in refusal.value.faults] == ["counts_exist"]


def test_reverting_takes_a_reason(draft, officer):
    apply_reorganisation(reorganisation=draft, actor=officer, on=TODAY)
    with pytest.raises(Refused) as refusal:
        revert_reorganisation(reorganisation=draft, actor=officer, on=TODAY, why="")
    assert [fault.code for fault in refusal.value.faults] == ["reason_needed"]


def test_what_ended_units_had_promised_is_marked_ended_and_not_touched(
    draft, catalogue, province, officer
):
    sign_commitments(
        committee=builders.committee(province),
        year=2025,
        signed_on=date(2025, 3, 1),
        signatures=[
            Signature(
                unit=builders.by_code("901"),
                lines=[NewLine(catalogue["HI"].pk, 10)],
                signer_post="Chủ tịch",
                receiver_post="Chủ tịch",
            )
        ],
        actor=officer,
        on=date(2025, 3, 1),
    )
    apply_reorganisation(reorganisation=draft, actor=officer, on=TODAY)
    assert Commitment.objects.with_state().get().state == "ended"
    revert_reorganisation(reorganisation=draft, actor=officer, on=TODAY, why="postponed")
    assert Commitment.objects.with_state().get().state == "resumed"
    assert Commitment.objects.standing().exists()


@pytest.mark.parametrize("who", ["leader", "chair", "commune_officer", "auditor", "outsider"])
def test_only_the_standing_officer_changes_the_map(draft, who, request):
    with pytest.raises(NotAllowed):
        apply_reorganisation(
            reorganisation=draft, actor=request.getfixturevalue(who), on=date(2025, 6, 1)
        )
