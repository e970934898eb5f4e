"""The nation that benchmarks are run on: every province says what the model province says."""

import pytest

from benchmarks.nation import loading
from commitments.models import Count, Decision, Move, Revision, Submission, Target, Total
from commitments.totals import verify_totals
from districts.models import Tier, Unit
from districts.months import Month
from reports.engine.figures import figures_for
from tests import builders
from tests.builders import by_code
from tests.pages.reported import assign, report

pytestmark = pytest.mark.django_db

MAY = Month.of(2025, 5)


@pytest.fixture
def nation(province, communes, catalogue, monkeypatch) -> Unit:
    """Province 98 beside province 99, with four communes, made a nation of."""
    report(catalogue, communes, MAY, HI=[70, 71, 72, 73, 74], POP=[200] * 5)
    assign(province, catalogue, {(province, "HI"): 400, (communes[0], "HI"): 80})
    other = builders.unit("98", "Nơi khác", tier=Tier.PROVINCE)
    district = builders.unit("981", "Huyện khác", tier=Tier.DISTRICT, parent=other)
    for number in range(1, 5):
        builders.unit(f"9800{number}", f"Xã {number}", parent=district)
    builders.rebuild_map()
    monkeypatch.setattr(loading, "MODEL", "99")
    monkeypatch.setattr(loading, "call_command", lambda *_said, **_asked: None)
    loading.load()
    return other


def test_every_unit_elsewhere_has_the_reports_of_one_of_the_model(nation):
    for model in (Count, Submission, Revision):
        own = model.objects.filter(unit__code="99001", month=MAY).count()
        assert own
        assert model.objects.filter(unit__code="98001", month=MAY).count() == own
    moves = Move.objects.filter(submission__unit__code="98001")
    assert moves.count() == Move.objects.filter(submission__unit__code="99001").count() > 0


def test_its_totals_are_the_projects_own(nation, catalogue):
    total = Total.objects.get(node=nation, month=MAY, indicator=catalogue["HI"])
    assert (total.approved, total.units_approved) == (70 + 71 + 72 + 73, 4)
    assert verify_totals().wrong == []


def test_its_targets_are_of_its_own_provinces_decision(nation):
    decision = Decision.objects.get(unit=nation)
    told = Target.objects.filter(decision=decision).values_list("unit__code", "value")
    assert sorted(told) == [("98", 400), ("98001", 80)]


def test_the_model_stays_as_it_was(nation, province, catalogue):
    (figure,) = figures_for(unit=province, month=MAY, indicators=[catalogue["HI"]])
    assert figure.value == 70 + 71 + 72 + 73 + 74
    assert Count.objects.filter(unit=by_code("99001"), month=MAY).count() == 2
