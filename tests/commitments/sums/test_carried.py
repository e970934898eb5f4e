"""What the last map carries over of earlier months is stored, right at commit and repaired."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps

from commitments.actions.reporting import submissions
from commitments.actions.reporting.counts import Entry, record_counts
from commitments.models import CarriedTotal, Count, Submission, Total
from commitments.sums.carried import carried_over
from commitments.sums.carriers import Carriers
from commitments.sums.cells import stored
from commitments.totals import verify_totals
from districts.models import Reorganisation, Unit
from districts.months import Month
from districts.settled import settled_since
from reports.engine.figures import figures_for
from steering.accounts.actors import COMMAND_LINE
from tests import builders
from tests.recomputation.worlds import MONTHS, World

TODAY = date(2025, 8, 1)
MAY, JULY = Month.of(2025, 5), Month.of(2025, 7)

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(communes, catalogue):
    def report(numbers: dict[int, int], month=MAY, approve=True):
        record_counts(
            entries=[
                Entry(month, communes[place].pk, catalogue["HI"].pk, number)
                for place, number in numbers.items()
            ],
            actor=COMMAND_LINE,
            on=TODAY,
            approve=approve,
        )

    return report


def carried(code: str, tier: str = "commune", month: Month = MAY) -> tuple | None:
    """(approved, reported, units approved, units reported) of a unit of the new map."""
    unit = Unit.objects.in_force_on(builders.REFORM_DAY).get(code=code, tier=tier)
    cells = CarriedTotal.objects.filter(month=month, node=unit)
    return cells.values_list("approved", "reported", "units_approved", "units_reported").first()


def test_an_approval_of_an_earlier_month_is_carried_over_at_once(report, reformed):
    report({0: 10, 2: 101})
    assert carried("99001") == (10 + 61, 71, 2, 2)
    assert carried("99004") == (40, 40, 1, 1)
    assert carried("99", "province") == (111, 111, 2, 2)


def test_what_waits_is_carried_over_as_reported(report, reformed):
    report({0: 10}, approve=False)
    assert carried("99001") == (None, 10, 0, 1)


def test_what_is_taken_back_is_carried_over_no_more(report, reformed):
    report({0: 10, 3: 5})
    sent = Submission.objects.filter(unit__code="99001")
    submissions.revoke(submissions=sent, actor=COMMAND_LINE, on=TODAY, why="sai")
    assert carried("99001") == (None, 10, 0, 1)
    assert carried("99", "province") == (5, 15, 1, 2)


def test_a_reform_carries_over_what_was_counted_before_it(report, province):
    report({0: 10, 3: 5})
    assert not CarriedTotal.objects.exists()
    builders.reform_99(province)
    assert carried("99", "province") == (15, 15, 2, 2)


def test_a_unit_whose_area_never_changed_needs_nothing_carried(
    report, communes, reformed, catalogue
):
    report({4: 7})
    assert carried("99005") is None
    assert carried("99", "province") == (7, 7, 1, 1)
    [figure] = figures_for(
        unit=communes[4], month=MAY, indicators=[catalogue["HI"]], on_map=builders.REFORM_DAY
    )
    assert figure.value == 7


def test_nothing_is_carried_over_of_months_of_the_last_map(report, reformed, catalogue):
    upper = Unit.objects.by_code("99001", builders.REFORM_DAY)
    record_counts(
        entries=[Entry(JULY, upper.pk, catalogue["HI"].pk, 3)],
        actor=COMMAND_LINE,
        on=TODAY,
        approve=True,
    )
    assert Total.objects.filter(month=JULY).exists()
    assert not CarriedTotal.objects.exists()


def test_a_map_that_changes_again_is_read_from_the_counts(report, province, reformed, catalogue):
    report({0: 10, 2: 101})
    upper = Unit.objects.by_code("99001", builders.REFORM_DAY)
    again = date(2025, 10, 1)
    merged = Reorganisation.objects.create(
        name="Nhập xã", effective_on=again, state=Reorganisation.State.APPLIED
    )
    builders.end_unit(upper, again)
    one = builders.unit("99007", "Sen Suối", parent=province, since=again)
    builders.succession(merged, upper, {one: 1_000_000})
    builders.rebuild_map()
    assert not CarriedTotal.objects.filter(node=upper).exists()
    for unit, day in ((upper, builders.REFORM_DAY), (one, again), (province, again)):
        [figure] = figures_for(unit=unit, month=MAY, indicators=[catalogue["HI"]], on_map=day)
        assert figure.value == (111 if unit == province else 71)


def test_a_unit_is_settled_from_its_last_change_on(communes, province, reformed):
    settled = settled_since([province.pk, communes[0].pk, communes[4].pk])
    assert settled[province.pk] == settled[communes[0].pk] == JULY
    assert settled[communes[4].pk] < MAY


def test_what_is_carried_over_wrongly_is_found_and_repaired(report, reformed):
    report({0: 10, 2: 101})
    good = stored(CarriedTotal, MAY)
    CarriedTotal.objects.filter(approved=40).update(approved=41)
    CarriedTotal.objects.filter(approved=111).delete()
    found = verify_totals()
    assert {fault.code for fault in found.wrong} == {"wrong_carried_total"}
    assert len(found.wrong) == 2
    assert verify_totals(repair=True).ok
    assert stored(CarriedTotal, MAY) == good


@pytest.mark.parametrize("seed", [3, 8])
def test_existing_counts_are_carried_over_by_the_migration_as_by_the_actions(seed):
    World(seed)
    by_actions = {month: stored(CarriedTotal, month) for month in MONTHS}
    CarriedTotal.objects.all().delete()
    fill = import_module("commitments.migrations.0007_totals_carried_over").carry_over
    fill(apps, None)
    found = {month: stored(CarriedTotal, month) for month in MONTHS}
    assert found == by_actions == {month: carried_over(month) for month in MONTHS}
    assert all(found[month] for month in MONTHS if month < JULY)


@pytest.mark.parametrize("seed", [5, 21])
def test_what_is_stored_is_what_the_lineage_says(seed):
    """Worked out on the day's map instead of the last one, as for a map that changed again."""
    World(seed)
    nodes = [unit.pk for unit in Unit.objects.in_force_on(builders.REFORM_DAY)]
    carriers = Carriers(nodes, JULY)
    for month in MONTHS:
        if month >= JULY:
            continue
        sums: dict[tuple[int, int], int] = {}
        for count in Count.objects.filter(month=month, approved__isnull=False):
            for node in carriers.nodes_of_origin.get(count.unit_id, ()):
                key = node, count.indicator_id
                sums[key] = sums.get(key, 0) + carriers.part(count.unit_id, node, count.approved)
        settled = settled_since(nodes)
        expected = {key: number for key, number in sums.items() if month < settled[key[0]]}
        approved = {key: cell[0] for key, cell in stored(CarriedTotal, month).items()}
        assert {key: n for key, n in approved.items() if n is not None} == expected
