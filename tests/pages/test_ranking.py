"""The ranking: four bases, ties, movement, filters that survive, and when it is not shown."""

from datetime import datetime
from fractions import Fraction

import pytest
import time_machine
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from commitments.actions.reporting.counts import Entry, record_counts
from districts.models import Unit, UnitKind
from districts.months import Month
from reports.engine import ranking as rules
from reports.engine.ranking import (
    Basis,
    Punctuality,
)
from reports.pages.ranking import Asked, Size, ranking, read_asked
from steering.accounts.actors import COMMAND_LINE
from tests import builders

from .reported import TODAY, asking, assign, report

MARCH = Month.of(2025, 3)
FEBRUARY = MARCH - 1


@pytest.fixture
def filled(province, communes, catalogue):
    """Of 100 planned each: in February 70 80 90 95 100, in March 70 96 90 90 101."""
    report(catalogue, communes, Month.of(2024, 3), HI=[60, 90, 80, 85, 90])
    report(catalogue, communes, Month.of(2024, 12), HI=[100] * 5, POP=[500, 400, 300, 200, 100])
    report(catalogue, communes, FEBRUARY, HI=[70, 80, 90, 95, 100])
    report(catalogue, communes, MARCH, HI=[70, 96, 90, 90, 101])
    targets = {(unit, "HI"): 100 for unit in communes}
    targets |= {(builders.by_code("901"), "HI"): 300, (builders.by_code("902"), "HI"): 200}
    assign(province, catalogue, targets | {(province, "HI"): 500})


@pytest.fixture
def flat(request, communes):
    """All five communes in district 901."""
    for unit in communes[3:]:
        builders.move_unit(unit, builders.by_code("901"), builders.TERM_BEGINS)
    builders.rebuild_map()
    request.getfixturevalue("filled")


@pytest.fixture
def ranked(officer):
    def ranked(query="?month=2025-03&unit=901", *, user=officer, code=None, **asked):
        return ranking(asking(user, query), Asked(**asked), code=code)

    return ranked


def order(page):
    return [(line.rank, line.unit.code) for line in page.lines]


class TestBases:
    def test_by_percent_of_the_plan_equals_share_a_rank(self, flat, ranked):
        assert order(ranked()) == [
            (1, "99005"), (2, "99002"), (3, "99003"), (3, "99004"), (5, "99001"),
        ]  # fmt: skip

    def test_by_people_missing(self, flat, ranked):
        page = ranked(basis=Basis.MISSING)
        assert [(line.rank, line.gap) for line in page.lines] == [
            (1, 1), (2, -4), (3, -10), (3, -10), (5, -30),
        ]  # fmt: skip

    def test_by_increase_over_twelve_months(self, flat, ranked):
        page = ranked(basis=Basis.INCREASE)
        assert [(line.unit.code, line.change) for line in page.lines] == [
            ("99005", 11), ("99001", 10), ("99003", 10), ("99002", 6), ("99004", 5),
        ]  # fmt: skip

    def test_by_reports_on_time(self, flat, communes, catalogue, ranked):
        late = [Entry(Month.of(2025, 1), unit.pk, catalogue["HI"].pk, 70) for unit in communes[1:2]]
        with time_machine.travel(datetime(2025, 2, 3, 9), tick=False):
            record_counts(entries=late, actor=COMMAND_LINE, on=TODAY, approve=True)
        page = ranked(basis=Basis.ON_TIME)
        on_time = {line.unit.code: line.punctuality for line in page.lines}
        assert on_time["99002"] == Punctuality(on_time=1, due=12)
        assert on_time["99001"] == Punctuality(on_time=0, due=12)
        assert order(page)[0] == (1, "99002")
        assert page.own.punctuality == Punctuality(on_time=1, due=60)

    def test_the_headline_names_a_few_and_counts_many(
        self, flat, communes, catalogue, ranked, english
    ):
        assert ranked().headline == "Hồ Mây first, Ao Sen last by percent of the plan"
        report(catalogue, communes, MARCH + 1, HI=[90, 90, 90, 90, 101])
        many = ranked("?month=2025-04&unit=901").headline
        assert many == "Hồ Mây first, 4 communes last by percent of the plan"

    def test_worst_first_keeps_ranks_and_turns_the_order(self, flat, ranked):
        codes = [line.unit.code for line in ranked(worst_first=True).lines]
        assert codes == ["99001", "99003", "99004", "99002", "99005"]

    def test_what_should_become_less_ranks_the_lowest_first(self, catalogue):
        def lowest_first(operator):
            return {basis for basis in Basis if rules.lowest_first(basis, insured, operator)}

        insured = catalogue["HI"]
        assert lowest_first("at_most") == {Basis.PLAN, Basis.MISSING}
        assert lowest_first("at_least") == set()
        insured.direction = "down"
        assert lowest_first("at_least") == {Basis.INCREASE}

    def test_without_a_due_report_there_is_no_share(self):
        assert Punctuality(0, 0).share is None
        assert Punctuality(3, 4).share == Fraction(3, 4)


class TestMovement:
    def test_places_risen_and_fallen_since_last_month(self, flat, ranked):
        rose = {line.unit.code: line.rose for line in ranked().lines}
        assert rose == {"99001": 0, "99002": 2, "99003": 0, "99004": -1, "99005": 0}

    def test_whoever_was_not_there_last_month_pushes_nobody_down(self):
        before, now = {1: 90, 2: 80, 3: None}, {1: 90, 2: 80, 3: 100}
        assert rules.movements(before, now) == {1: 0, 2: 0}

    def test_a_provisional_figure_neither_rises_nor_falls(self, flat, communes, catalogue, ranked):
        report(catalogue, communes[1:2], MARCH, approve=False, HI=[97])
        line = next(line for line in ranked().lines if line.unit.code == "99002")
        assert line.figure.provisional
        assert (line.rank, line.rose) == (2, None)

    def test_in_january_the_plan_is_a_new_one(self, flat, communes, catalogue, ranked):
        report(catalogue, communes, Month.of(2025, 1), HI=[1, 2, 3, 4, 5])
        page = ranked("?month=2025-01&unit=901")
        assert {line.rose for line in page.lines} == {None}
        increase = ranked("?month=2025-01&unit=901", basis=Basis.INCREASE)
        assert all(line.rank is None for line in increase.lines)


class TestWhenItIsShown:
    @pytest.mark.parametrize(("approved", "shown"), [(0, False), (3, True), (5, True)])
    def test_whoever_is_complete_is_ranked_and_the_others_stand_below(
        self, flat, communes, catalogue, ranked, approved, shown
    ):
        april = MARCH + 1
        report(catalogue, communes[:approved], april, HI=[80] * approved)
        report(catalogue, communes[approved:], april, approve=False, HI=[80] * (5 - approved))
        page = ranked("?month=2025-04&unit=901")
        assert page.shown is shown
        assert len(page.unranked) == 5 - approved
        assert {line.figure.ranked for line in page.lines} == {approved}

    def test_punctuality_needs_no_approved_number(self, flat, ranked):
        assert ranked("?month=2025-05&unit=901", basis=Basis.ON_TIME).shown
        assert not ranked("?month=2025-05&unit=901").shown

    def test_units_without_a_number_stand_below_in_either_order(
        self, flat, communes, catalogue, ranked
    ):
        report(catalogue, communes[:4], MARCH + 1, HI=[80] * 4)
        for worst_first in (False, True):
            page = ranked("?month=2025-04&unit=901", worst_first=worst_first)
            assert (page.lines[-1].unit.code, page.lines[-1].rank) == ("99005", None)

    def test_below_a_commune_there_is_nobody_to_rank(self, filled, ranked, commune_officer):
        page = ranked("?month=2025-03", user=commune_officer)
        assert (page.lines, page.shown) == ((), False)


class TestFilters:
    def test_only_units_of_a_kind_are_ranked_among_themselves(self, flat, ranked):
        Unit.objects.filter(code__in=["99001", "99003"]).update(kind=UnitKind.WARD)
        page = ranked(kind=UnitKind.WARD)
        assert order(page) == [(1, "99003"), (2, "99001")]
        assert set(page.kinds) == {UnitKind.WARD, UnitKind.RURAL_COMMUNE}

    def test_thirds_by_people_once_there_are_six(self, flat, catalogue, ranked):
        assert ranked().sizes == ()
        sixth = builders.unit("99006", "Sáu", parent=builders.by_code("901"))
        builders.rebuild_map()
        report(catalogue, [sixth], Month.of(2024, 12), POP=[50])
        assert {line.unit.code for line in ranked(size=Size.SMALL).lines} == {"99005", "99006"}
        assert {line.unit.code for line in ranked(size=Size.LARGE).lines} == {"99001", "99002"}

    def test_an_address_that_makes_no_sense_falls_back(self):
        asked = read_asked({"by": "luck", "order": "random", "kind": "planet", "size": "huge"})
        assert asked == Asked()

    def test_an_address_is_read(self):
        asked = read_asked({"by": "missing", "order": "worst", "kind": "ward", "size": "small"})
        assert asked == Asked(Basis.MISSING, True, "ward", "small")


class TestThePage:
    @pytest.fixture
    def seen(self, client, officer):
        def seen(query, *, user=officer):
            client.force_login(user)
            with time_machine.travel(datetime(2026, 1, 10, 12), tick=False):
                return client.get(f"/ranking/{query}")

        return seen

    def test_the_column_sorted_by_says_so(self, flat, seen):
        html = seen("?month=2025-03&unit=901&by=missing").content.decode()
        assert html.count("aria-sort") == 1
        assert 'aria-sort="descending"' in html
        worst = seen("?month=2025-03&unit=901&by=missing&order=worst").content.decode()
        assert 'aria-sort="ascending"' in worst

    def test_filters_survive_another_order(self, flat, seen):
        Unit.objects.filter(code="99001").update(kind=UnitKind.WARD)
        html = seen("?month=2025-03&unit=901&kind=rural_commune&indicator=HI").content.decode()
        links = [part.split('"')[0] for part in html.split('href="/ranking/') if "by=" in part[:90]]
        assert links
        assert all("kind=rural_commune" in link and "indicator=HI" in link for link in links)

    def test_why_it_is_hidden_is_said(self, flat, communes, catalogue, seen):
        report(catalogue, communes[:3], MARCH + 1, approve=False, HI=[80] * 3)
        html = seen("?month=2025-04&unit=901&lang=en").content.decode()
        assert "0 of 5 reports are approved" in html
        assert "when all their reports are approved" in html
        assert "<table" not in html

    def test_a_unit_that_ended_leads_to_its_own_page(self, filled, reformed, seen):
        answer = seen("?month=2025-09&unit=901")
        assert (answer.status_code, answer.url) == (302, "/units/901/?month=2025-09")

    def test_nothing_is_ever_none(self, flat, seen):
        for query in ("?month=2025-03&unit=901", "?month=2025-03&by=on_time", "?month=2026-05"):
            assert ">None<" not in seen(query).content.decode()

    @pytest.mark.parametrize(
        ("reader", "unit", "status"),
        [
            ("leader", "99", 200),
            ("auditor", "901", 200),
            ("chair", "901", 200),
            ("chair", "99", 403),
            ("commune_officer", "99001", 200),
            ("commune_officer", "901", 403),
            ("outsider", "99", 403),
        ],
    )
    def test_everybody_sees_their_own_and_no_more(
        self, filled, seen, request, reader, unit, status
    ):
        answer = seen(f"?month=2025-03&unit={unit}", user=request.getfixturevalue(reader))
        assert answer.status_code == status


def test_an_indicator_that_is_no_main_one_is_not_found(filled, ranked):
    with pytest.raises(Http404):
        ranked(code="POP")


def test_as_many_queries_with_more_communes(filled, ranked, catalogue, province, communes):
    with CaptureQueriesContext(connection) as few:
        ranked("?month=2025-03&unit=901")
    east = builders.by_code("901")
    more = [builders.unit(f"9902{n}", f"Thêm {n}", parent=east) for n in range(9)]
    builders.rebuild_map()
    report(catalogue, more, MARCH, HI=[5] * 9)
    with CaptureQueriesContext(connection) as many:
        page = ranked("?month=2025-03&unit=901")
    assert len(page.lines) == 12
    assert len(many) == len(few) <= 55
