"""Changes of the map: written down, put into force, undone exactly, and what is refused."""

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts.actions import (
    Move,
    NewSuccession,
    NewUnit,
    apply_units,
    draft_reorganisation,
    load_gazetteer,
    revert_units,
)
from districts.models import WHOLE, Ancestry, Lineage, Placement, Reorganisation, Unit
from districts.months import FOREVER, Month
from districts.rules import CannotReorganise
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.faults import Refused
from steering.accounts.models import JournalEntry
from tests import builders

pytestmark = pytest.mark.django_db

DAY = date(2024, 3, 1)
MONTH = Month.of(2024, 3)


def at(code: str, tier: str = "commune") -> Unit:
    """The old unit of province 99 under a code."""
    return Unit.objects.get(code=code, tier=tier, established_on__year=1900)


def new_commune(code: str, name: str, parent: Unit | NewUnit, **fields) -> NewUnit:
    fields = {"reports_at": "commune", **fields}
    return NewUnit(code, "commune", "rural_commune", name, f"Xã {name}", parent, **fields)


def merger(also: Sequence[NewUnit] = (), **changes) -> dict:
    """99001 and 99002 become one; 99003 is divided between it and 99004, which lives on."""
    made = new_commune("99001", "Sen Tre", at("901", "district"))
    plan = {
        "name": "Sáp nhập",
        "effective_on": DAY,
        "legal_basis": "Nghị quyết minh họa",
        "new_units": [made, *also],
        "successions": [
            NewSuccession(at("99001"), made, WHOLE),
            NewSuccession(at("99002"), made, WHOLE),
            NewSuccession(at("99003"), made, 600_000, "population", note="Điều tra 2019"),
            NewSuccession(at("99003"), at("99004"), 400_000, "population"),
        ],
        "ended": [at("99001"), at("99002"), at("99003")],
        "actor": COMMAND_LINE,
    }
    return {**plan, **changes}


def draft(**changes) -> Reorganisation:
    return draft_reorganisation(**merger(**changes))


def apply(reorganisation: Reorganisation) -> None:
    apply_units(reorganisation=reorganisation, actor=COMMAND_LINE)


def revert(reorganisation: Reorganisation) -> None:
    revert_units(reorganisation=reorganisation, actor=COMMAND_LINE)


def snapshot() -> dict[str, list[tuple]]:
    """Every row of the map but the keys of derived rows."""
    return {
        "units": list(Unit.objects.order_by("pk").values_list()),
        "placements": list(Placement.objects.order_by("pk").values_list()),
        "ancestry": sorted(row[1:] for row in Ancestry.objects.values_list()),
        "lineage": sorted(row[1:] for row in Lineage.objects.values_list()),
    }


def refusal(act: Callable[[], object]) -> set[str]:
    """The codes of the faults for which something is refused."""
    with pytest.raises(CannotReorganise) as refused:
        act()
    return {fault.code for fault in refused.value.faults}


# --- drafting ------------------------------------------------------------------------------------


def test_a_draft_changes_nothing_that_is_in_force(province):
    before = snapshot()
    reorganisation = draft()
    [proposed] = reorganisation.proposed_units.all()
    [placement] = reorganisation.proposed_placements.all()
    assert (proposed.established_on, placement.since) == (None, None)
    assert proposed not in Unit.objects.in_force_on(DAY)
    assert proposed.sort_key and proposed.search_key == "xa sen tre"
    after = snapshot()
    assert after["ancestry"] == before["ancestry"]
    assert after["lineage"] == before["lineage"]
    assert after["units"][:-1] == before["units"]


def test_the_successor_with_the_largest_share_is_the_main_one(province):
    rows = draft().successions.filter(main=True).values_list("predecessor__code", "share")
    assert sorted(rows) == [("99001", WHOLE), ("99002", WHOLE), ("99003", 600_000)]


def test_drafting_applying_and_reverting_are_in_the_journal(province, officer):
    reorganisation = draft(actor=officer)
    apply_units(reorganisation=reorganisation, actor=officer)
    revert_units(reorganisation=reorganisation, actor=officer)
    entries = JournalEntry.objects.filter(subject_type="districts.reorganisation").order_by("id")
    assert [entry.action for entry in entries] == [
        "reorganisation.drafted",
        "reorganisation.applied",
        "reorganisation.reverted",
    ]
    assert {entry.actor for entry in entries} == {officer}
    assert entries[1].after["ended_units"] == ["99001", "99002", "99003"]
    assert entries[1].before == {"state": "draft"}


# --- applying ------------------------------------------------------------------------------------


def test_applying_ends_and_establishes_units_on_the_day(province):
    reorganisation = draft()
    apply(reorganisation)
    made = Unit.objects.by_code("99001", DAY)
    assert reorganisation.state == "applied"
    assert (made.name, made.established_on) == ("Sen Tre", DAY)
    assert at("99001").abolished_on == at("99003").abolished_on == DAY
    assert at("99001").placements.get().until == DAY
    assert Unit.objects.below(province, MONTH).at_tier("commune").count() == 3
    assert Unit.objects.below(province, MONTH - 1).at_tier("commune").count() == 5
    assert Ancestry.objects.get(ancestor=province, descendant=made).depth == 2


def test_applying_passes_the_counts_on_to_the_successors(province):
    apply(draft())
    made = Unit.objects.by_code("99001", DAY)
    rows = Lineage.objects.filter(origin=at("99003")).order_by("since", "-share")
    assert list(rows.values_list("heir__name", "share", "estimated", "since", "until")) == [
        ("Đèo Gió", WHOLE, False, at("99003").since, MONTH),
        ("Sen Tre", 600_000, True, MONTH, FOREVER),
        ("Ghềnh Xanh", 400_000, True, MONTH, FOREVER),
    ]
    assert list(Unit.objects.predecessors_of(made)) == [at("99001"), at("99002"), at("99003")]
    assert list(Unit.objects.successors_of(at("99003"))) == [made, at("99004")]


def test_a_change_inside_a_month_counts_from_the_next_month(province):
    apply(draft(effective_on=date(2024, 3, 2)))
    assert Unit.objects.below(province, MONTH).at_tier("commune").count() == 5
    assert Unit.objects.below(province, MONTH + 1).at_tier("commune").count() == 3
    assert Lineage.objects.on_map_of(MONTH).get(origin=at("99001")).heir == at("99001")


def test_a_unit_that_lives_on_may_move_below_another(province):
    apply(draft(moves=[Move(at("99005"), at("901", "district"))]))
    places = at("99005").placements.order_by("since").values_list("parent__code", "until")
    assert list(places) == [("902", DAY), ("901", None)]
    assert at("99005") in Unit.objects.below(at("901", "district"), MONTH)


def test_new_units_may_stand_below_new_units(province):
    district = NewUnit("903", "district", "town", "Mới", "Thị xã Mới", province)
    commune = new_commune("99010", "Sen", district)
    apply(
        draft(
            new_units=[commune, district],
            successions=[NewSuccession(at("99001"), commune, WHOLE)],
            ended=[at("99001")],
            moves=[Move(at("99002"), district)],
        )
    )
    town = Unit.objects.by_code("903", DAY)
    below = Unit.objects.below(town, MONTH).at_tier("commune").order_by("code")
    assert [unit.code for unit in below] == ["99002", "99010"]
    assert Ancestry.objects.filter(ancestor=province, descendant=town).exists()


# --- reverting -----------------------------------------------------------------------------------


def test_reverting_undoes_exactly_what_applying_did(province):
    reorganisation = draft(moves=[Move(at("99005"), at("901", "district"))])
    before = snapshot()
    apply(reorganisation)
    assert snapshot() != before
    revert(reorganisation)
    assert snapshot() == before
    assert reorganisation.state == "reverted"


def test_the_real_reform_of_a_province_can_be_undone_and_the_old_map_stands_for_good(son_la):
    before = Unit.objects.below(son_la, Month.of(2025, 6)).count()
    revert(Reorganisation.objects.get())
    assert Unit.objects.below(son_la, Month.of(2030, 1)).count() == before == 1 + 1 + 12 + 200
    assert Unit.objects.in_force_on(date(2030, 1, 1)).filter(kind="ward").count() == 15
    assert not Lineage.objects.exclude(until=FOREVER).exists()


def test_what_was_reverted_cannot_be_applied_again(province):
    reorganisation = draft()
    apply(reorganisation)
    revert(reorganisation)
    assert refusal(lambda: apply(reorganisation)) == {"not_a_draft"}


def test_only_what_is_in_force_can_be_reverted(province):
    reorganisation = draft()
    assert refusal(lambda: revert(reorganisation)) == {"not_applied"}


def later_merger(successor: Unit) -> Reorganisation:
    """One year on, 99004 ends too."""
    return draft_reorganisation(
        name="Sáp nhập tiếp",
        effective_on=date(2025, 3, 1),
        successions=[NewSuccession(at("99004"), successor, WHOLE)],
        ended=[at("99004")],
        actor=COMMAND_LINE,
    )


def test_a_later_reorganisation_of_the_same_units_must_be_reverted_first(province, english):
    first = draft()
    apply(first)
    second = later_merger(Unit.objects.by_code("99001", DAY))
    apply(second)
    with pytest.raises(CannotReorganise, match="Sáp nhập tiếp"):
        revert(first)
    carried = Lineage.objects.on_map_of(Month.of(2025, 3)).filter(origin=at("99003"))
    assert list(carried.values_list("share", "estimated")) == [(WHOLE, True)]
    revert(second)
    revert(first)
    assert Unit.objects.in_force_on(DAY).at_tier("commune").count() == 5


def test_a_later_reorganisation_of_other_units_does_not_matter(province):
    first = draft()
    apply(first)
    apply(
        draft_reorganisation(
            name="Chuyển",
            effective_on=date(2025, 3, 1),
            moves=[Move(at("99005"), at("901", "district"))],
            actor=COMMAND_LINE,
        )
    )
    revert(first)
    assert first.state == "reverted"


def test_a_reorganisation_on_the_same_day_that_builds_on_it_must_be_reverted_first(province):
    first = draft()
    apply(first)
    second = draft_reorganisation(
        name="Cùng ngày",
        effective_on=DAY,
        successions=[NewSuccession(at("99004"), Unit.objects.by_code("99001", DAY), WHOLE)],
        ended=[at("99004")],
        actor=COMMAND_LINE,
    )
    assert refusal(lambda: revert(first) if apply(second) is None else None) == {"later_one"}
    revert(second)
    assert at("99004").abolished_on is None


def test_units_that_ended_or_got_children_otherwise_stop_a_revert(province):
    reorganisation = draft()
    apply(reorganisation)
    builders.end_unit(Unit.objects.by_code("99001", DAY), date(2025, 1, 1))
    assert refusal(lambda: revert(reorganisation)) == {"has_ended"}


# --- what is refused -----------------------------------------------------------------------------


def test_a_refusal_is_a_value_error_with_a_sentence_for_every_fault(province, english):
    with pytest.raises(ValueError, match="add up to 900000") as refused:
        draft(
            successions=[
                NewSuccession(at("99001"), at("99004"), 900_000, "decree"),
                NewSuccession(at("99002"), at("99004"), WHOLE),
            ]
        )
    assert isinstance(refused.value, Refused)
    assert {fault.code for fault in refused.value.faults} == {"shares", "no_successor"}


def test_a_refused_draft_leaves_nothing_behind(province):
    before = snapshot()
    refusal(lambda: draft(successions=[]))
    assert snapshot() == before
    assert not Reorganisation.objects.exists()


@pytest.mark.parametrize(
    ("fault", "changes"),
    [
        ("empty", lambda: {"new_units": [], "successions": [], "ended": []}),
        ("no_successor", lambda: {"successions": []}),
        ("does_not_end", lambda: {"ended": [at("99001"), at("99002")]}),
        (
            "share",
            lambda: {"successions": [NewSuccession(at("99001"), at("99004"), 600_000)]},
        ),
        (
            "heir_twice",
            lambda: {
                "successions": [
                    NewSuccession(at("99001"), at("99004"), 500_000, "decree"),
                    NewSuccession(at("99001"), at("99004"), 500_000, "decree"),
                ]
            },
        ),
        (
            "two_mains",
            lambda: {
                "successions": [
                    NewSuccession(at("99001"), at("99004"), 500_000, "decree", main=True),
                    NewSuccession(at("99001"), at("99005"), 500_000, "decree", main=True),
                ]
            },
        ),
        ("own_heir", lambda: {"successions": [NewSuccession(at("99001"), at("99001"), WHOLE)]}),
        (
            "successor_not_in_force",
            lambda: {
                "new_units": [],
                "successions": [NewSuccession(at("99001"), at("99002"), WHOLE)],
            },
        ),
        (
            "successor_reports_otherwise",
            lambda: {
                "new_units": [],
                "successions": [NewSuccession(at("99001"), at("901", "district"), WHOLE)],
                "ended": [at("99001")],
            },
        ),
        ("no_place", lambda: {"also": [new_commune("99010", "Sen", None)]}),
        (
            "code_in_force",
            lambda: {"also": [new_commune("99005", "Sen", at("901", "district"))]},
        ),
        (
            "code_in_force",
            lambda: {
                "also": [
                    new_commune("99010", "Sen", at("901", "district")),
                    new_commune("99010", "Súng", at("901", "district")),
                ]
            },
        ),
        ("parent_tier", lambda: {"also": [new_commune("99010", "Sen", at("99005"))]}),
        ("parent_not_in_force", lambda: {"moves": [Move(at("99005"), at("99001"))]}),
        ("cannot_move", lambda: {"moves": [Move(at("99001"), at("902", "district"))]}),
        (
            "placed_twice",
            lambda: {
                "moves": [
                    Move(at("99005"), at("901", "district")),
                    Move(at("99005"), at("99", "province")),
                ]
            },
        ),
        (
            "left_behind",
            lambda: {
                "new_units": [],
                "successions": [],
                "ended": [at("902", "district")],
            },
        ),
        ("not_in_force", lambda: {"effective_on": date(1900, 1, 1)}),
    ],
)
def test_a_change_that_cannot_be_is_refused(province, fault, changes):
    assert fault in refusal(lambda: draft(**changes()))


def test_an_office_of_a_province_that_ends_must_pass_on_too(province):
    other = builders.unit("98", "Suối Ngoài", tier="province")
    builders.unit("98", "Suối Ngoài", tier="office", parent=other)
    builders.rebuild_map()
    moves = [Move(at(code, "district"), other) for code in ("901", "902")]
    plan = {"name": "Nhập tỉnh", "effective_on": DAY, "moves": moves, "actor": COMMAND_LINE}
    ended = [province]
    assert refusal(lambda: draft_reorganisation(**plan, ended=ended)) == {"left_behind"}
    ended = [province, at("99", "office")]
    assert refusal(lambda: draft_reorganisation(**plan, ended=ended)) == {"no_successor"}
    reorganisation = draft_reorganisation(
        **plan,
        ended=ended,
        successions=[
            NewSuccession(province, other, WHOLE),
            NewSuccession(at("99", "office"), at("98", "office"), WHOLE),
        ],
    )
    apply(reorganisation)
    assert Lineage.objects.on_map_of(MONTH).get(origin=at("99", "office")).heir == at(
        "98", "office"
    )
    assert Unit.objects.below(other, MONTH).at_tier("commune").count() == 5


def test_a_name_is_given_once_a_day(province):
    draft()
    assert refusal(draft) == {"name_taken"}


def test_a_draft_is_looked_at_again_when_it_is_applied(province):
    reorganisation = draft()
    builders.end_unit(at("99002"), date(2024, 1, 1))
    before = snapshot()
    assert refusal(lambda: apply(reorganisation)) == {"not_in_force"}
    assert snapshot() == before


def test_two_drafts_of_one_code_may_wait_but_only_one_comes_into_force(province):
    first, second = draft(), draft(name="Phương án hai")
    apply(first)
    assert "not_in_force" in refusal(lambda: apply(second))
    assert Unit.objects.in_force_on(DAY).filter(code="99001").count() == 1


def test_applying_costs_as_many_queries_for_a_province_as_for_three_communes(province, register):
    def cost(reorganisation) -> int:
        with CaptureQueriesContext(connection) as queries:
            apply(reorganisation)
        return len(queries)

    small = cost(draft())
    load_gazetteer(register=register.around(["14"]), actor=COMMAND_LINE)
    reform = Reorganisation.objects.get(effective_on=builders.REFORM_DAY)
    revert(reform)
    Reorganisation.objects.filter(pk=reform.pk).update(state="draft")
    assert cost(reform) <= small + 5
    assert Unit.objects.below(at("14", "province"), Month.of(2025, 7)).count() == 1 + 1 + 75
