"""What is ready says what the engine says, of the data as they stand, and reads only its part."""

from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from commitments.models import Authority
from districts.models import Unit
from districts.months import Month
from districts.versions import Touches, raise_common, raise_versions
from reports.engine import figures as engine
from reports.engine import trajectories as lines
from reports.engine.ground import Ground
from reports.models import ReadyPart, ReadySet
from reports.ready import asking, making, reading
from reports.ready.making import make_ready
from reports.tasks import make_figures_ready
from steering.committee.actions import seat_member
from steering.committee.roles import Role
from tests import builders
from tests.builders import REFORM_DAY, by_code
from tests.pages.reported import TODAY, assign, report

pytestmark = pytest.mark.django_db

BEFORE, AFTER = Month.of(2025, 5), Month.of(2025, 11)
YEAR_BEFORE = Month.of(2024, 12)


@pytest.fixture
def filled(province, reformed, communes, catalogue) -> Unit:
    """A year before, May on the old map, June to November on the new one; not all of it is in."""
    heirs = [by_code(code, REFORM_DAY) for code in ("99001", "99004", "99005")]
    report(catalogue, communes, YEAR_BEFORE, HI=[60, 61, 62, 63, 64], POP=[200] * 5)
    report(catalogue, communes, Month.of(2025, 1), HI_HH_NEW=[1, 2, 3, 4, 5])
    report(catalogue, communes, BEFORE, HI=[70, 71, 72, None, 74], HI_HH_NEW=[6, 7, 8, 9, 0])
    report(catalogue, heirs, Month.of(2025, 8), HI=[80, 81, 82], HI_HH_NEW=[3, 2, 1])
    report(catalogue, heirs, AFTER, HI=[90, 91, 92], SI_V=[5, None, 7])
    report(catalogue, heirs[:1], AFTER, approve=False, HI=[99])
    plans = {(unit, "HI"): 120 for unit in heirs} | {(province, "HI"): 360}
    rates = {(unit, "HI_RATE"): 5_000 for unit in heirs}
    assign(province, catalogue, plans | rates)
    return province


SHOWN = [
    pytest.param(BEFORE, None, id="the old map"),
    pytest.param(BEFORE, REFORM_DAY, id="carried over"),
    pytest.param(AFTER, None, id="the new map"),
    pytest.param(AFTER, AFTER.first_day, id="the new map by its day"),
]


def made(province: Unit, month: Month, on_map: date | None = None, **asked) -> ReadySet | None:
    map_month = Ground().map_month(month, on_map)
    asked = {"authority": Authority.PPC} | asked
    return make_ready(province=province, month=month, map_month=map_month, **asked)


def all_units(province: Unit, month: Month, on_map: date | None = None) -> list[Unit]:
    return list(Unit.objects.below(province, Ground().map_month(month, on_map)))


@pytest.fixture
def no_engine(monkeypatch):
    """Calls of the engine fail: what is answered was ready."""

    def computed(**_asked):
        raise AssertionError("The engine was asked.")

    def forbid() -> None:
        monkeypatch.setattr(engine, "figures_of", computed)
        monkeypatch.setattr(engine, "statuses_of", computed)
        monkeypatch.setattr(lines, "trajectories", computed)

    return forbid


@pytest.mark.parametrize("authority", Authority.values)
@pytest.mark.parametrize(("month", "on_map"), SHOWN)
def test_every_ready_figure_is_the_engines(filled, no_engine, month, on_map, authority):
    made(filled, month, on_map, authority=authority)
    asked = {
        "units": all_units(filled, month, on_map),
        "month": month,
        "on_map": on_map,
        "authority": authority,
    }
    computed = engine.figures_of(**asked)
    no_engine()
    assert reading.figures_of(**asked) == computed
    assert any(figure.value is not None for figure in computed)


@pytest.mark.parametrize(("month", "on_map"), SHOWN)
def test_every_ready_trajectory_and_status_is_the_engines(
    filled, no_engine, catalogue, month, on_map
):
    made(filled, month, on_map)
    units = all_units(filled, month, on_map)
    asked = {
        "units": units,
        "indicators": [catalogue["HI"], catalogue["SI_V"]],
        "months": [Month(number) for number in range(month - 11, month + 1)],
        "on_map": Ground().map_month(month, on_map).first_day,
    }
    one = {"units": units, "indicator": catalogue["HI"], "month": month, "on_map": on_map}
    computed = lines.trajectories(**asked), engine.statuses_of(**one)
    no_engine()
    assert (reading.trajectories(**asked), reading.statuses_of(**one)) == computed


def test_units_beside_fewer_others_are_ranked_among_those(filled, no_engine, catalogue):
    made(filled, AFTER)
    units = [by_code(code, REFORM_DAY) for code in ("99001", "99005")]
    asked = {"units": units, "month": AFTER, "indicators": [catalogue["HI"]]}
    computed = engine.figures_of(**asked)
    no_engine()
    assert reading.figures_of(**asked) == computed
    assert {figure.ranked for figure in computed} == {2}


def test_the_words_of_a_source_are_those_of_the_reader(filled, catalogue):
    catalogue["POP"].frequency = "monthly"
    catalogue["POP"].save()
    heirs = [by_code(code, REFORM_DAY) for code in ("99001", "99004", "99005")]
    report(catalogue, heirs, AFTER, POP=[200, 201, 202])
    made(filled, AFTER)
    asked = {"units": [filled], "month": AFTER, "indicators": [catalogue["HI_RATE"]]}
    said = []
    for language in ("vi", "en"):
        with translation.override(language):
            (ready,), (computed,) = reading.figures_of(**asked), engine.figures_of(**asked)
            assert ready == computed
            said.append(ready.denominator_source)
    assert said[0] != said[1]
    assert said[1] == "approved reports for 2025-11"


def test_a_set_is_read_no_more_once_something_changed(filled, catalogue):
    made(filled, AFTER)
    heir = by_code("99004", REFORM_DAY)
    report(catalogue, [heir], AFTER, HI=[4711])
    asked = {"units": [heir], "month": AFTER, "indicators": [catalogue["HI"]]}
    assert reading.figures_of(**asked)[0].value == 4711


@pytest.mark.parametrize(
    "raising", [raise_common, lambda: raise_versions([by_code("99001").pk])], ids=["all", "one"]
)
def test_a_set_holds_until_something_else_than_counts_changed(filled, raising):
    made(filled, AFTER)
    raise_versions([filled.pk], Touches.NONE)
    raise_versions([filled.pk], Touches.COUNTS)
    assert ReadySet.objects.holding().count() == 1
    raising()
    assert ReadySet.objects.holding().count() == 0


def test_only_what_rests_on_changed_counts_is_computed(filled, catalogue, monkeypatch):
    made(filled, AFTER)
    heirs = [by_code(code, REFORM_DAY) for code in ("99001", "99004", "99005")]
    report(catalogue, heirs[:1], AFTER, HI=[4711])
    asked, compute = [], engine.facts_of
    monkeypatch.setattr(
        engine, "facts_of", lambda **said: asked.extend(said["units"]) or compute(**said)
    )
    figures = reading.figures_of(units=[filled, *heirs], month=AFTER, indicators=[catalogue["HI"]])
    assert [figure.value for figure in figures] == [4711 + 91 + 92, 4711, 91, 92]
    assert asked == [filled, heirs[0]]


def test_nothing_is_computed_for_what_stands_beside_the_figures(filled, no_engine, officer):
    made(filled, AFTER)
    seat = builders.committee(filled)
    seat_member(
        user=builders.opened("new", officer), role=Role.LEADER, committee=seat, since=TODAY,
        actor=officer, on=TODAY,
    )  # fmt: skip
    no_engine()
    assert reading.figures_of(units=[filled], month=AFTER)


CHANGES = st.tuples(
    st.sampled_from(["99001", "99002", "99003", "99004", "99005"]),
    st.sampled_from([YEAR_BEFORE, Month.of(2025, 2), BEFORE, Month.of(2025, 9), AFTER]),
    st.sampled_from(["HI", "POP", "HI_HH_NEW", "SI_V"]),
    st.integers(0, 150),
    st.booleans(),
)


@settings(max_examples=8)
@given(changes=st.lists(CHANGES, min_size=1, max_size=4), remake=st.booleans())
def test_after_any_counts_what_is_read_is_what_the_engine_says(filled, catalogue, changes, remake):
    with transaction.atomic():
        for month, on_map in ((BEFORE, None), (BEFORE, REFORM_DAY), (AFTER, None)):
            made(filled, month, on_map)
        for code, month, indicator, value, approve in changes:
            unit = Unit.objects.in_force_on(month.first_day).filter(code=code, tier="commune")
            report(catalogue, unit, month, approve=approve, **{indicator: [value] * len(unit)})
        for month, on_map in ((BEFORE, None), (BEFORE, REFORM_DAY), (AFTER, None)):
            if remake:
                assert made(filled, month, on_map)
            units = all_units(filled, month, on_map)
            asked = {"units": units, "month": month, "on_map": on_map}
            assert reading.figures_of(**asked) == engine.figures_of(**asked)
            over = {
                "units": units,
                "indicators": [catalogue["HI"], catalogue["SI_V"]],
                "months": [Month(number) for number in range(month - 11, month + 1)],
                "on_map": Ground().map_month(month, on_map).first_day,
            }
            assert reading.trajectories(**over) == lines.trajectories(**over)
        transaction.set_rollback(True)


def test_what_a_set_does_not_hold_is_computed(filled, catalogue):
    made(filled, AFTER)
    old = by_code("99001")
    asked = {"units": [old], "month": BEFORE, "indicators": [catalogue["HI"]]}
    assert reading.figures_of(**asked) == engine.figures_of(**asked)
    long = [Month(number) for number in range(AFTER - 30, AFTER + 1)]
    heir = by_code("99001", REFORM_DAY)
    over = {"units": [heir], "indicators": [catalogue["HI"]], "months": long}
    assert reading.trajectories(**over) == lines.trajectories(**over)
    assert reading.figures_of(units=[], month=AFTER) == []


def test_a_set_of_another_form_is_not_read(filled, monkeypatch):
    made(filled, AFTER)
    monkeypatch.setattr(reading, "FORM", 99)
    ground = Ground()
    assert reading._find([filled], AFTER, AFTER, Authority.PPC, ground) is None


def test_a_page_reads_its_part_in_two_queries(filled, catalogue, django_assert_num_queries):
    made(filled, AFTER)
    ground = Ground()
    indicators = [ground.catalogue[one.pk] for one in catalogue.values()]
    assert ground.breaks
    with django_assert_num_queries(2):
        reading.figures_of(units=[filled], month=AFTER, indicators=indicators, ground=ground)
    children = list(Unit.objects.children_of(filled, AFTER))
    # The part of an indicator, and who stands below whom: ranks are given when they are read.
    with django_assert_num_queries(2):
        reading.figures_of(units=children, month=AFTER, indicators=indicators[:1], ground=ground)


# --- making --------------------------------------------------------------------------------------


def test_making_again_changes_nothing(filled):
    first = made(filled, AFTER)
    parts = ReadyPart.objects.count()
    assert made(filled, AFTER) == first
    assert (ReadySet.objects.count(), ReadyPart.objects.count()) == (1, parts)


def test_the_set_before_goes_when_another_takes_its_place(filled):
    first = made(filled, AFTER)
    raise_versions([filled.pk])
    second = made(filled, AFTER)
    assert list(ReadySet.objects.all()) == [second] != [first]


def test_the_other_map_and_the_other_authority_have_sets_of_their_own(filled):
    made(filled, BEFORE)
    made(filled, BEFORE, REFORM_DAY)
    made(filled, BEFORE, authority=Authority.VSS)
    assert ReadySet.objects.holding().count() == 3


def meanwhile(monkeypatch, change) -> None:
    """Have something happen after the figures were computed and before they are stored."""
    parts = making._parts

    def changed_meanwhile(*asked):
        found = parts(*asked)
        change()
        return found

    monkeypatch.setattr(making, "_parts", changed_meanwhile)


def test_figures_of_two_states_are_not_stored(filled, monkeypatch):
    meanwhile(monkeypatch, lambda: raise_versions([filled.pk]))
    assert made(filled, AFTER) is None
    assert ReadySet.objects.count() == 0


def test_counts_that_come_in_meanwhile_are_told_by_the_log(filled, catalogue, monkeypatch):
    heir = by_code("99004", REFORM_DAY)
    meanwhile(monkeypatch, lambda: report(catalogue, [heir], AFTER, HI=[4711]))
    assert made(filled, AFTER)
    asked = {"units": [filled, heir], "month": AFTER, "indicators": [catalogue["HI"]]}
    assert reading.figures_of(**asked) == engine.figures_of(**asked)
    assert reading.figures_of(**asked)[1].value == 4711


def test_the_next_set_takes_over_what_no_count_changed(filled, catalogue, monkeypatch):
    made(filled, AFTER)
    heir = by_code("99004", REFORM_DAY)
    report(catalogue, [heir], AFTER, HI=[4711])
    asked, compute = [], making.facts_of
    monkeypatch.setattr(
        making, "facts_of", lambda **said: asked.extend(said["units"]) or compute(**said)
    )
    made(filled, AFTER)
    assert set(asked) == {filled, heir}
    assert ReadySet.objects.get().parts.filter(unit=heir).exists()


def test_the_night_removes_what_does_not_hold_or_is_old(filled):
    made(filled, BEFORE)
    raise_versions([filled.pk])
    made(filled, AFTER)
    now = timezone.now()
    assert making.forget_ready(made_before=now - timedelta(days=1)) == 1
    assert ReadySet.objects.get().month == AFTER
    assert making.forget_ready(made_before=now + timedelta(days=1)) == 1
    assert ReadyPart.objects.count() == 0


# --- asking --------------------------------------------------------------------------------------


@pytest.fixture
def sent(keeping, settings, monkeypatch) -> list[dict]:
    """What the broker was given, one entry for each message."""
    settings.READY_IN_BACKGROUND = True
    found: list[dict] = []
    monkeypatch.setattr(
        asking.current_app, "send_task", lambda _name, *, kwargs, expires: found.append(kwargs)
    )
    return found


def test_one_page_of_a_new_state_has_all_figures_made(sent, filled, client, officer, catalogue):
    client.force_login(officer)
    for address in ("/?month=2025-11", "/?month=2025-11&lang=en", "/units/99001/?month=2025-11"):
        assert client.get(address).status_code == 200
    assert len(sent) == 1
    make_figures_ready(**sent[0])
    assert ReadySet.objects.holding().get().province == filled
    report(catalogue, [by_code("99004", REFORM_DAY)], AFTER, HI=[93])
    client.get("/?month=2025-11")
    assert len(sent) == 2


def test_no_page_waits_for_a_broker(sent, filled, client, officer, monkeypatch, caplog):
    def refuse(*_sent, **_asked):
        raise ConnectionError

    monkeypatch.setattr(asking.current_app, "send_task", refuse)
    client.force_login(officer)
    assert client.get("/?month=2025-11").status_code == 200
    assert "no broker answers" in caplog.text


def test_a_page_of_ready_figures_is_the_page_of_computed_ones(filled, client, officer):
    client.force_login(officer)
    addresses = (
        "/?month=2025-11",
        "/?month=2025-05&map=today",
        "/units/99001/?month=2025-11",
        "/indicators/HI/?month=2025-11",
        "/ranking/?month=2025-11",
        "/api/v1/figures/?unit=99&month=2025-11&children=1",
    )

    def read() -> list[bytes]:
        return [_unmasked(client.get(address).content) for address in addresses]

    computed = read()
    made(filled, AFTER)
    made(filled, BEFORE, REFORM_DAY)
    assert read() == computed


def _unmasked(content: bytes) -> list[bytes]:
    return [line for line in content.splitlines() if b"csrf" not in line.lower()]


# --- what the tables refuse ----------------------------------------------------------------------


def test_the_tables_refuse_a_part_of_nothing_or_of_two_things(filled, catalogue):
    ready = made(filled, AFTER)
    part = {"set": ready, "facts": b"", "points": b""}
    for whose in ({}, {"unit": filled, "indicator": catalogue["HI"]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReadyPart.objects.create(**part, **whose)


def test_the_tables_refuse_a_second_part_or_set_of_the_same(filled, catalogue):
    ready = made(filled, AFTER)
    part = {"set": ready, "facts": b"", "points": b""}
    for whose in ({"unit": filled}, {"indicator": catalogue["HI"]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReadyPart.objects.create(**part, **whose)
    ready.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        ready.save(force_insert=True)


def test_the_tables_refuse_a_plan_of_nobody(filled):
    ready = made(filled, AFTER)
    ready.pk, ready.authority = None, "nobody"
    with pytest.raises(IntegrityError), transaction.atomic():
        ready.save(force_insert=True)


def test_the_store_of_the_tests_is_their_own(sent, settings, tmp_path):
    assert str(tmp_path) in str(caches["kept"]._dir)
