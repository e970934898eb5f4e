"""Targets of units that ended are proposed to their successors, and decided by somebody."""

from datetime import date

import pytest

from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.targets.decisions import NewTarget, record_decision
from commitments.actions.targets.succeeding import accept_proposals
from commitments.models import Decision, Target
from commitments.rules import Refused
from commitments.succession.continued import days_of_change
from commitments.succession.proposals import SplitBy, proposals_for
from districts.models import Reorganisation, Succession, Tier
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.committee.access import NotAllowed
from tests import builders
from tests.builders import REFORM_DAY, by_code

JULY = date(2025, 7, 10)
DECEMBER = Month.of(2025, 12)


@pytest.fixture
def people(catalogue, communes):
    """Who lives in the old communes: 1000, 2000, 3000, 4000, 5000."""
    record_counts(
        entries=[
            Entry(
                Month.of(2025, 1), commune.pk, catalogue["POP"].pk, 1000 * n,
                base_source="Niên giám", dated=date(2024, 12, 31),
            )
            for n, commune in enumerate(communes, 1)
        ],
        actor=COMMAND_LINE,
        on=JULY,
        approve=True,
    )  # fmt: skip


@pytest.fixture
def assign(province, catalogue):
    """Assign {(unit, code): value} for 2025 by a decision of the province."""

    def assign(targets, number="1/QĐ-UBND", **decision):
        return record_decision(
            unit=decision.pop("unit", province),
            authority="ppc",
            number=number,
            year=2025,
            issued_on=date(2025, 1, 24),
            targets=[
                NewTarget(unit.pk, catalogue[code].pk, value, DECEMBER)
                for (unit, code), value in targets.items()
            ],
            actor=COMMAND_LINE,
            on=JULY,
            **decision,
        ).decision

    return assign


def proposed(province, catalogue, code, **options):
    """Code of each successor to what it would be assigned."""
    found = proposals_for(province=province, day=REFORM_DAY, **options)
    return {line.unit.code: line.value for line in found.of(catalogue[code])}


def test_a_successor_is_proposed_the_sum_of_what_its_predecessors_had(
    province, communes, reformed, catalogue, assign
):
    a, b, c, d, e = communes
    assign({(a, "HI"): 100, (b, "HI"): 200, (c, "HI"): 101, (d, "HI"): 50, (e, "HI"): 70})
    assert proposed(province, catalogue, "HI") == {"99001": 361, "99004": 90, "99005": 70}


def test_who_was_assigned_nothing_is_named(province, communes, reformed, catalogue, assign):
    assign({(communes[0], "HI"): 100})
    lines = proposals_for(province=province, day=REFORM_DAY).lines
    assert {
        line.unit.code: (line.value, [unit.code for unit in line.missing]) for line in lines
    } == {
        "99001": (100, ["99002", "99003"]),
        "99004": (None, ["99003", "99004"]),
        "99005": (None, ["99005"]),
    }
    assert all("Đèo Gió" in line.note for line in lines if line.unit.code != "99005")


def test_the_newest_target_of_the_last_day_counts_and_none_that_is_over(
    province, communes, reformed, catalogue, assign
):
    a = communes[0]
    first = assign({(a, "HI"): 100})
    assign({(a, "HI"): 130}, "2/QĐ-UBND", amends=first, effective_on=date(2025, 6, 1))
    assign({(a, "HI"): 900}, "3/QĐ-UBND", amends=first, effective_on=date(2025, 8, 1))
    record_decision(
        unit=province, authority="ppc", number="4/KH-UBND", year=2025,
        issued_on=date(2025, 5, 1),
        targets=[NewTarget(a.pk, catalogue["SI_V"].pk, 5, Month.of(2025, 6))],
        actor=COMMAND_LINE, on=JULY,
    )  # fmt: skip
    found = proposals_for(province=province, day=REFORM_DAY)
    assert {line.indicator.code for line in found.lines} == {"HI"}
    assert proposed(province, catalogue, "HI")["99001"] == 130


def test_a_rate_is_the_mean_weighed_by_the_base(
    province, communes, reformed, catalogue, assign, people
):
    a, b, c, _d, _e = communes
    assign({(a, "HI_RATE"): 9_000, (b, "HI_RATE"): 9_600, (c, "HI_RATE"): 9_300})
    # 1000 people at 90, 2000 at 96, 1800 of 3000 at 93
    assert proposed(province, catalogue, "HI_RATE") == {
        "99001": 9_363,
        "99004": 9_300,
        "99005": None,
    }


@pytest.mark.usefixtures("people")
def test_where_only_the_district_had_a_target_it_is_split_by_population(
    province, communes, reformed, catalogue, assign
):
    assign({(by_code("901"), "HI"): 601, (by_code("902"), "HI"): 90})
    found = proposals_for(province=province, day=REFORM_DAY)
    values = {line.unit.code: line.value for line in found.lines}
    # 901: 100, 200, 301 by 1000, 2000, 3000 people; the last divided 60 to 40
    assert values == {"99001": 481, "99004": 160, "99005": 50}
    assert sum(values.values()) == 691
    assert {line.split for line in found.lines} == {SplitBy.POPULATION}


def test_where_only_the_district_had_a_target_it_is_split_by_last_years_result(
    province, communes, reformed, catalogue, assign
):
    december = Month.of(2024, 12)
    record_counts(
        entries=[
            Entry(december, commune.pk, catalogue["HI"].pk, number)
            for commune, number in zip(communes, (10, 20, 70, 1, 1), strict=True)
        ],
        actor=COMMAND_LINE,
        on=JULY,
        approve=True,
    )
    assign({(by_code("901"), "HI"): 200})
    found = proposed(province, catalogue, "HI", split_by=SplitBy.RESULT)
    assert found == {"99001": 20 + 40 + 84, "99004": 56, "99005": None}


def test_accepting_records_an_amendment_with_a_note_of_its_source(
    province, communes, reformed, catalogue, assign, officer
):
    a, b, _c, _d, e = communes
    first = assign({(a, "HI"): 100, (b, "HI"): 200, (e, "HI"): 70})
    accept(province, officer)
    decision = Decision.objects.get(number="9/QĐ-UBND")
    assert (decision.amends, decision.effective_on) == (first, REFORM_DAY)
    targets = {target.unit.code: target for target in decision.targets.select_related("unit")}
    assert {code: target.value for code, target in targets.items()} == {"99001": 300, "99005": 70}
    assert targets["99001"].source == "tổng của 2 xã: Ao Sen, Cầu Tre; chưa giao: Đèo Gió"
    assert [line.value for line in proposals_for(province=province, day=REFORM_DAY).open] == [None]
    with pytest.raises(Refused):
        accept(province, officer, number="10/QĐ-UBND")


def test_a_sum_that_is_not_kept_needs_a_reason_and_says_by_how_many(
    province, communes, reformed, catalogue, assign, officer
):
    assign({(communes[0], "HI"): 100, (communes[4], "HI"): 70})
    edited = {(by_code("99001", REFORM_DAY).pk, catalogue["HI"].pk): 97}
    with pytest.raises(Refused) as refused:
        accept(province, officer, edited=edited)
    assert [(fault.code, fault.read) for fault in refused.value.faults] == [("sum_not_kept", "-3")]
    assert not Decision.objects.filter(number="9/QĐ-UBND").exists()
    accept(province, officer, edited=edited, reason="Xã đã có khu tái định cư")
    changed = Target.objects.get(decision__number="9/QĐ-UBND", unit__code="99001")
    assert changed.value == 97
    assert "100" in changed.source


def test_values_moved_between_successors_keep_the_sum_and_need_no_reason(
    province, communes, reformed, catalogue, assign, officer
):
    assign({(communes[0], "HI"): 100, (communes[4], "HI"): 70})
    upper, stays = by_code("99001", REFORM_DAY), communes[4]
    hi = catalogue["HI"].pk
    accept(province, officer, edited={(upper.pk, hi): 90, (stays.pk, hi): 80})
    values = Target.objects.filter(decision__number="9/QĐ-UBND").values_list("value", flat=True)
    assert sorted(values) == [80, 90]


def test_nobody_but_who_assigns_targets_accepts(province, communes, reformed, assign, leader):
    assign({(communes[0], "HI"): 100})
    with pytest.raises(NotAllowed):
        accept(province, leader)


def test_a_province_made_of_several_is_proposed_the_sum_of_theirs(province, catalogue, assign):
    neighbour = builders.unit("98", "Núi Xa", tier=Tier.PROVINCE)
    merged = builders.unit("97", "Suối Núi", tier=Tier.PROVINCE, since=REFORM_DAY)
    reform = Reorganisation.objects.create(
        name="Sáp nhập tỉnh", effective_on=REFORM_DAY, state=Reorganisation.State.APPLIED
    )
    for old in (province, neighbour):
        builders.end_unit(old, REFORM_DAY)
        reform.ended_units.add(old)
        builders.succession(reform, old, {merged: 1_000_000}, basis=Succession.Basis.WHOLE)
    builders.rebuild_map()
    assign({(province, "HI"): 500})
    assign({(neighbour, "HI"): 400}, "2/QĐ-UBND", unit=neighbour)
    assert days_of_change(merged) == [REFORM_DAY]
    [line] = proposals_for(province=merged, day=REFORM_DAY).lines
    assert (line.unit, line.value) == (merged, 900)
    accept(merged, COMMAND_LINE)
    decision = Decision.objects.get(number="9/QĐ-UBND")
    assert (decision.unit, decision.amends, decision.effective_on) == (merged, None, REFORM_DAY)


def accept(province, actor, number="9/QĐ-UBND", **options):
    return accept_proposals(
        province=province,
        day=REFORM_DAY,
        number=number,
        issued_on=JULY,
        issuer="UBND tỉnh",
        actor=actor,
        on=JULY,
        **options,
    )
