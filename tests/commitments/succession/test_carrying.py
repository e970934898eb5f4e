"""What a district signed stays readable and verifiable, and leads to those who carry it now."""

from datetime import date

import pytest

from commitments.actions.promises.signing import NewLine, Signature, sign_commitments
from commitments.actions.reference.reorganising import apply_reorganisation, draft_change
from commitments.actions.targets.decisions import NewTarget, record_decision
from commitments.actions.targets.succeeding import accept_proposals
from commitments.chain.verifying import verify_commitments
from commitments.models import Commitment, Target
from commitments.succession.carrying import carried_by
from districts.actions import NewSuccession, NewUnit
from districts.models import WHOLE
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from tests import builders
from tests.builders import REFORM_DAY, by_code

DECEMBER = Month.of(2025, 12)
AFTER = date(2025, 8, 1)


@pytest.fixture
def districts(province, communes, catalogue):
    """901 and 902 were assigned 300 and 200, passed on to their communes, and signed for."""
    builders.committee(province)
    east, west = by_code("901"), by_code("902")
    values = dict(zip(communes, (100, 120, 80, 150, 50), strict=True)) | {east: 300, west: 200}
    record_decision(
        unit=province, authority="ppc", number="1/QĐ-UBND", year=2025,
        issued_on=date(2025, 1, 24),
        targets=[
            NewTarget(unit.pk, catalogue["HI"].pk, value, DECEMBER)
            for unit, value in values.items()
        ],
        actor=COMMAND_LINE, on=date(2025, 1, 24),
    )  # fmt: skip
    sign(province, catalogue, {east: 300, west: 200}, date(2025, 3, 7))
    return east, west


def sign(province, catalogue, values, day):
    return sign_commitments(
        committee=builders.committee(province),
        year=2025,
        signed_on=day,
        signatures=[
            Signature(
                unit,
                [NewLine(catalogue["HI"].pk, value, assigned=value)],
                "Chủ tịch",
                "Chủ tịch tỉnh",
            )
            for unit, value in values.items()
        ],
        actor=COMMAND_LINE,
        on=day,
    )


@pytest.fixture
def abolished(province, communes, districts):
    """The tier of districts ends: 99001 to 99003 become one commune, 99004 and 99005 another."""
    one, other = (
        NewUnit(
            code=code, tier="commune", kind="rural_commune", name=name, full_name=f"Xã {name}",
            parent=province, reports_at="commune",
        )
        for code, name in (("99001", "Sen Gió"), ("99004", "Ghềnh Gió"))
    )  # fmt: skip
    heirs = [one, one, one, other, other]
    reorganisation = draft_change(
        name="Sắp xếp",
        effective_on=REFORM_DAY,
        new_units=[one, other],
        successions=[
            NewSuccession(old, heir, WHOLE, main=True)
            for old, heir in zip(communes, heirs, strict=True)
        ],
        moves=[],
        ended=[*communes, *districts],
        actor=COMMAND_LINE,
        on=AFTER,
    )
    apply_reorganisation(reorganisation=reorganisation, actor=COMMAND_LINE, on=AFTER)


def test_while_a_district_stands_nobody_else_carries_its_promise(districts):
    assert carried_by(Commitment.objects.get(unit=districts[0]), date(2025, 6, 30)) == []


@pytest.mark.usefixtures("abolished")
def test_a_districts_commitment_stays_and_leads_to_the_communes_that_carry_it(
    province, districts, catalogue
):
    signed = Commitment.objects.with_state().get(unit=districts[0])
    assert signed.state == "ended"
    assert [(line.assigned, line.value) for line in signed.lines.all()] == [(300, 300)]
    assert verify_commitments().ok

    [carrier] = carried_by(signed, AFTER)
    assert (carrier.unit.name, carrier.commitment) == ("Sen Gió", None)
    assert [unit.name for unit in carrier.continues] == ["Ao Sen", "Cầu Tre", "Đèo Gió"]


@pytest.mark.usefixtures("abolished")
def test_what_the_carriers_are_assigned_adds_up_to_what_the_districts_had_signed(
    province, districts, catalogue
):
    accept_proposals(
        province=province, day=REFORM_DAY, number="2/QĐ-UBND", issued_on=REFORM_DAY,
        actor=COMMAND_LINE, on=AFTER,
    )  # fmt: skip
    carriers = [
        carrier.unit
        for signed in Commitment.objects.filter(unit__in=districts)
        for carrier in carried_by(signed, AFTER)
    ]
    targets = Target.objects.filter(unit__in=carriers, decision__number="2/QĐ-UBND")
    assert sorted(targets.values_list("value", flat=True)) == [200, 300]
    assert all("Ao Sen" in one.source or "Ghềnh Xanh" in one.source for one in targets)


@pytest.mark.usefixtures("abolished")
def test_a_carrier_is_shown_with_its_own_commitment_once_it_is_signed(
    province, districts, catalogue
):
    heir = by_code("99001", REFORM_DAY)
    [new] = sign(province, catalogue, {heir: 300}, date(2025, 7, 20))
    [carrier] = carried_by(Commitment.objects.get(unit=districts[0]), AFTER)
    assert carrier.commitment == new
    assert verify_commitments().ok


@pytest.mark.usefixtures("abolished")
def test_a_commitment_recorded_after_its_unit_has_ended_has_ended_too(
    province, districts, catalogue
):
    [late] = sign(province, catalogue, {by_code("902"): 210}, date(2025, 4, 1))
    assert [(event.what, event.on) for event in late.events.all()] == [
        ("signed", date(2025, 4, 1)),
        ("ended", REFORM_DAY),
    ]
    assert [carrier.unit.name for carrier in carried_by(late, AFTER)] == ["Ghềnh Gió"]
    assert verify_commitments().ok
