"""A change of the map takes totals and commitments with it."""

from datetime import date

import pytest

from commitments.actions.promises.signing import NewLine, Signature, sign_commitments
from commitments.actions.reference.reorganising import (
    apply_reorganisation,
    draft_change,
    revert_reorganisation,
)
from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.reporting.periods import close_period
from commitments.models import Commitment, Count, Period, Total
from commitments.rules import Refused
from commitments.totals import verify_totals
from districts.actions import Move, NewSuccession, NewUnit, draft_reorganisation
from districts.models import WHOLE, Reorganisation, Unit
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.committee.access import NotAllowed
from steering.committee.roles import Role
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


def test_totals_follow_the_communes_of_a_district_that_moves(put, province, communes, officer):
    other = builders.unit("98", "Núi Xa", tier="province")
    builders.rebuild_map()
    builders.seat(officer, Role.STANDING_OFFICER, other)
    draft = draft_change(
        name="Chuyển huyện",
        effective_on=builders.REFORM_DAY,
        moves=[Move(builders.by_code("902"), other)],
        actor=officer,
        on=TODAY,
    )
    put(communes[4], 55, JULY)
    apply_reorganisation(reorganisation=draft, actor=officer, on=TODAY)
    assert totals(JULY) == {"902": 55, "98": 55}
    assert verify_totals().ok
    assert set(Period.objects.filter(month=JULY).values_list("unit__code", flat=True)) == {
        "98", "99",
    }  # fmt: skip


def test_a_closed_month_keeps_the_map_it_was_counted_on(draft, put, province, communes, officer):
    put(communes[4], 55, JULY)
    put(communes[4], 56, JULY + 1)
    close_period(unit=province, month=JULY, actor=COMMAND_LINE, on=TODAY)
    with pytest.raises(Refused) as refusal:
        apply_reorganisation(reorganisation=draft, actor=officer, on=TODAY)
    assert [(fault.code, fault.read) for fault in refusal.value.faults] == [
        ("period_closed", "2025-07")
    ]
    assert totals(JULY) == {"902": 55, "99": 55}
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_closed_month_without_counts_of_the_units_does_not_matter(draft, put, province, officer):
    close_period(unit=province, month=JULY, actor=COMMAND_LINE, on=TODAY)
    apply_reorganisation(reorganisation=draft, actor=officer, on=TODAY)
    draft.refresh_from_db()
    assert draft.state == "applied"


def test_a_draft_nobody_sent_keeps_no_unit_alive_and_leaves_the_totals(
    draft, catalogue, communes, officer
):
    entry = Entry(JULY, communes[0].pk, catalogue["HI"].pk, 10)
    record_counts(entries=[entry], actor=COMMAND_LINE, on=TODAY, send=False)
    assert Total.objects.get(month=JULY, node__code="99").reported == 10
    apply_reorganisation(reorganisation=draft, actor=officer, on=TODAY)
    assert not Total.objects.filter(month=JULY).exists()
    assert Count.objects.get(unit=communes[0]).value == 10
    assert verify_totals().ok


def test_a_report_that_was_sent_keeps_its_unit_alive(draft, catalogue, communes, officer):
    entry = Entry(JULY, communes[0].pk, catalogue["HI"].pk, 10)
    record_counts(entries=[entry], actor=COMMAND_LINE, on=TODAY)
    with pytest.raises(Refused) as refusal:
        apply_reorganisation(reorganisation=draft, actor=officer, on=TODAY)
    assert [fault.code for fault in refusal.value.faults] == ["counts_exist"]


@pytest.mark.parametrize("touched", ["moved", "present parent", "successor", "ended"])
def test_whoever_touches_a_unit_of_somebody_else_may_not_even_draft(
    touched, province, communes, officer
):
    other = builders.unit("98", "Núi Xa", tier="province")
    theirs = builders.unit("98001", "Núi Đá", parent=other)
    builders.rebuild_map()
    change = {
        "moved": {"moves": [Move(theirs, builders.by_code("901"))]},
        "present parent": {"moves": [Move(theirs, province)]},
        "successor": {
            "ended": communes[:1],
            "successions": [NewSuccession(communes[0], theirs, WHOLE, main=True)],
        },
        "ended": {
            "ended": [theirs],
            "successions": [NewSuccession(theirs, communes[0], WHOLE, main=True)],
        },
    }[touched]
    if touched == "present parent":
        builders.seat(officer, Role.STANDING_OFFICER, theirs)
    with pytest.raises(NotAllowed) as refusal:
        draft_change(
            name="Lấn", effective_on=builders.REFORM_DAY, actor=officer, on=TODAY, **change
        )
    assert refusal.value.unit == (other if touched == "present parent" else theirs)
    assert not Reorganisation.objects.exists()
