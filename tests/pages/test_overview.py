"""The overview: headline, league table, cards, tile map, attention list, and each of its states."""

import gzip
import re
from datetime import datetime
from importlib import import_module

import pytest
import time_machine
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from commitments.models import Explanation, Kind, Rule, Severity, Submission
from districts.models import TilePosition, Unit
from districts.months import Month
from reports.engine.figures import Status
from reports.pages.attention import Sort
from reports.pages.overview import overview
from tests import builders

from .reported import TODAY, asking, assign, report, sign

MARCH = Month.of(2025, 3)
DECEMBER = Month.of(2023, 12)


@pytest.fixture
def plans(province, communes):
    """What each unit is assigned: 100 people in every commune, their sums above."""
    above = {builders.by_code("901"): 300, builders.by_code("902"): 200, province: 500}
    targets = dict.fromkeys(communes, 100) | above
    return {(unit, "HI"): value for unit, value in targets.items()}


@pytest.fixture
def filled(province, communes, catalogue, plans):
    """December 2023: district 901 reached 276 of 300, 902 reached 206 of 200."""
    report(catalogue, communes, DECEMBER, HI=[90, 100, 86, 101, 105], POP=[200] * 5)
    assign(province, catalogue, plans, year=2023)


@pytest.fixture
def page(officer):
    def page(query="?month=2023-12", *, user=officer, **wanted):
        return overview(asking(user, query), **wanted)

    return page


@pytest.fixture
def seen(client, officer):
    """The page as it is sent to a reader of ``TODAY``."""

    def seen(query="?month=2023-12", *, user=officer, path="/"):
        client.force_login(user)
        with time_machine.travel(datetime(TODAY.year, TODAY.month, TODAY.day, 12), tick=False):
            return client.get(f"{path}{query}")

    return seen


def more_communes(catalogue, count=15):
    west = builders.by_code("902")
    made = [
        builders.unit(f"9901{number:x}", f"Thêm {number}", parent=west) for number in range(count)
    ]
    builders.rebuild_map()
    report(catalogue, made, DECEMBER, HI=[3] * count, POP=[9] * count)


class TestHeadline:
    def test_it_says_percent_and_who_is_missing_how_many(self, filled, page, english):
        said = page().headline
        assert "96.4% of the 2023 plan" in said
        assert said.endswith("1 district is 24 people short")

    def test_several_units_are_missing_their_sum(self, filled, page, chair, english):
        assert page(user=chair).headline.endswith("2 communes are 24 people short")

    def test_of_a_commune_it_begins_like_a_sentence(self, filled, page, commune_officer, english):
        said = page(user=commune_officer).headline
        assert said[:1].isupper()
        assert "90.0%" in said

    def test_lines_name_who_is_behind_and_what_closing_it_would_bring(self, filled, page, english):
        said = " ".join(page().lines)
        assert "<b>1</b> of 2 districts" in said
        assert "<b>Đồi Thông</b> (92.0%)" in said
        assert "101.2%" in said

    def test_names_are_escaped(self, filled, page, english):
        Unit.objects.filter(code="901").update(name="<i>Đồi")
        assert "&lt;i&gt;Đồi" in " ".join(page().lines)

    def test_without_a_target_it_says_so(self, communes, catalogue, page, english):
        report(catalogue, communes, DECEMBER, HI=[10] * 5)
        assert "50 people" in page().headline
        assert "no target" in page().headline
        assert page().lines == []


class TestLeague:
    def test_rows_run_by_percent_of_the_plan_and_add_up(self, filled, page):
        made = page()
        assert [row.unit.code for row in made.rows] == ["902", "901"]
        assert [row.figure.rank for row in made.rows] == [1, 2]
        assert sum(row.figure.value for row in made.rows) == made.own.figure.value == 482
        assert [row.gap for row in made.rows] == [6, -24]

    def test_worst_first_turns_the_order_around(self, filled, page):
        assert [row.unit.code for row in page(worst_first=True).rows] == ["901", "902"]

    def test_units_without_a_number_stand_last_either_way(self, filled, communes, catalogue, page):
        report(catalogue, communes[3:], MARCH, HI=[1, 2])
        for worst_first in (False, True):
            rows = page("?month=2025-03", worst_first=worst_first).rows
            assert [row.unit.code for row in rows if row.figure.achieved is None] == ["901"]

    def test_communes_short_are_counted_below_each_district(self, filled, page):
        made = page()
        assert [(row.unit.code, row.short, row.communes) for row in made.rows] == [
            ("902", 0, 2),
            ("901", 2, 3),
        ]
        assert (made.own.short, made.own.communes) == (2, 5)

    def test_coverage_stands_beside_the_count(self, filled, page):
        assert [str(row.rate.value) for row in page().rows] == ["51.50", "46.00"]

    def test_a_district_chair_sees_the_communes(self, filled, page, chair):
        made = page(user=chair)
        assert [row.unit.code for row in made.rows] == ["99002", "99001", "99003"]
        assert not made.has_communes

    def test_another_main_indicator_can_lead(self, filled, page):
        made = page(code="HI_RATE")
        assert made.lead.code == "HI_RATE"
        with pytest.raises(Http404):
            page(code="POP")

    def test_a_year_of_points_stands_behind_each_row(self, filled, page):
        points = page().rows[0].points
        assert [point.month for point in points] == [DECEMBER - 11 + n for n in range(12)]
        assert points[-1].value == 206


class TestCards:
    def test_cards_are_those_known_of_the_unit(self, filled, page):
        codes = [card.figure.indicator.code for card in page().cards]
        assert codes[0] == "HI_RATE"
        assert "HI" not in codes

    def test_a_rate_names_what_it_is_divided_by(self, filled, page):
        card = page().cards[0]
        assert (card.figure.numerator, card.figure.denominator) == (482, 1000)
        assert (card.counted.code, card.divisor.code) == ("HI", "POP")


class TestTiles:
    def test_units_lie_where_the_map_has_them(self, filled, page, province):
        for code, row, column in (("901", 0, 1), ("902", 1, 0)):
            TilePosition.objects.create(
                unit=builders.by_code(code),
                parent=province,
                since=builders.BEFORE_RECORDS,
                row=row,
                column=column,
            )
        codes = [[row and row.unit.code for row in line] for line in page().tiles]
        assert codes == [[None, "901"], ["902", None]]

    def test_the_legend_counts_whoever_has_no_figure_too(self, filled, communes, catalogue, page):
        assert [status for status, _count in page().legend][4:] == []
        report(catalogue, communes, Month.of(2022, 12), HI=[1] * 5)
        report(catalogue, communes[3:], DECEMBER - 1, HI=[1, 2])
        legend = dict(page("?month=2023-11").legend)
        assert legend[Status.NO_DATA] == 1
        assert sum(legend.values()) == 2

    def test_what_may_still_change_is_explained_where_it_occurs(
        self, filled, communes, catalogue, page
    ):
        assert not page().has_provisional
        report(catalogue, communes[3:4], MARCH, HI=[1])
        assert page("?month=2025-03").has_provisional

    def test_without_places_there_is_no_map(self, filled, page):
        assert page().tiles == ()


class TestStates:
    def test_a_month_without_figures_shows_the_last_one_with(self, filled, page, english):
        made = page("?month=2025-11")
        assert made.is_empty
        assert made.of_month == DECEMBER
        assert made.headline == "No figures for 11/2025 yet"
        assert made.own.figure.value == 482

    def test_a_month_to_come_says_so(self, filled, page, english):
        assert "still to come" in page("?month=2026-05").headline

    def test_half_a_sum_is_not_judged(self, filled, communes, catalogue, page, english):
        report(catalogue, communes[:2], MARCH, HI=[90, 100])
        made = page("?month=2025-03")
        assert made.is_partial
        assert "2 of 5" in made.headline
        assert not made.cards[0].is_judged
        assert "made up" not in " ".join(made.lines)
        assert made.last_complete == DECEMBER

    def test_a_province_without_anything_has_a_page(self, officer, catalogue, page):
        made = page("?month=2023-12")
        assert made.own.figure.achieved is None
        assert made.rows[0].figure.status == Status.NO_TARGET


class TestAttention:
    @pytest.fixture
    def total_rule(self, catalogue):
        rule = Rule.objects.create(
            code="TOTAL", kind=Rule.Kind.TOTAL_BETWEEN, severity=Severity.INFORM,
            indicator=catalogue["TOTAL"],
        )  # fmt: skip
        rule.parts.set([catalogue["HI"], catalogue["SI_V"]])

    @pytest.fixture
    def in_short(self, page):
        def in_short(query="?month=2023-12"):
            return [(item.sort, item.title) for item in page(query).attention]

        return in_short

    def test_a_total_below_its_part_comes_first(
        self, filled, total_rule, catalogue, office, page, english
    ):
        report(catalogue, [office], DECEMBER, TOTAL=[400])
        item = page().attention[0]
        assert item.sort == Sort.CONTRADICTION
        assert "less than one of its parts" in item.title
        assert "400" in item.text and "482" in item.text

    def test_an_explanation_stands_apart_from_what_contradicts(
        self, filled, total_rule, catalogue, office, page, seen, english
    ):
        report(catalogue, [office], DECEMBER, TOTAL=[400])
        Explanation.objects.create(
            submission=Submission.objects.get(unit=office, month=DECEMBER),
            rule=Rule.objects.get(code="TOTAL"),
            read=400,
            text="Chỉ gồm người tỉnh quản lý",
        )
        item = page().attention[0]
        assert item.answer == "Chỉ gồm người tỉnh quản lý"
        assert item.answer not in item.text
        assert f"“{item.answer}”</details>" in seen().content.decode()

    def test_a_total_between_its_parts_is_no_contradiction(
        self, filled, total_rule, catalogue, office, communes, in_short
    ):
        report(catalogue, communes, DECEMBER, SI_V=[10] * 5)
        report(catalogue, [office], DECEMBER, TOTAL=[500])
        assert Sort.CONTRADICTION not in [sort for sort, _title in in_short()]

    def test_next_years_targets_below_this_years_result(
        self, filled, province, catalogue, page, english
    ):
        assign(province, catalogue, {(province, "HI"): 470}, year=2024, number="2/QĐ")
        item = page().attention[0]
        assert "2024 are below the results of 2023" in item.title
        assert "470" in item.text and "482" in item.text

    def test_a_target_at_the_result_is_none(self, filled, province, catalogue, in_short):
        assign(province, catalogue, {(province, "HI"): 482}, year=2024, number="2/QĐ")
        assert Sort.CONTRADICTION not in [sort for sort, _title in in_short()]

    def test_reports_that_wait_or_were_never_sent(self, communes, catalogue, page, english):
        report(catalogue, communes[:2], MARCH, HI=[1, 2])
        report(catalogue, communes[2:3], MARCH, approve=False, HI=[1])
        titles = [item.title for item in page("?month=2025-03").attention]
        assert "2 of 5 reports of 03/2025 have not been sent" in titles
        assert "1 report is waiting for approval" in titles

    def test_who_has_not_signed_is_named_until_all_have(
        self, filled, province, catalogue, page, english
    ):
        def unsigned():
            return [item for item in page().attention if "commitments for 2023" in item.title]

        east, west = builders.by_code("901"), builders.by_code("902")
        sign(province, east, catalogue["HI"], 300, year=2023)
        assert unsigned()[0].title.startswith("1 of 2")
        assert "Bến Đá" in unsigned()[0].text
        sign(province, west, catalogue["HI"], 200, year=2023)
        assert unsigned() == []


class TestThePage:
    def test_every_figure_leads_to_its_origin(self, filled, seen):
        html = seen().content.decode()
        for code in ("99", "901", "902"):
            assert f"/provenance/{code}/HI/2023-12/" in html

    def test_nothing_is_ever_none(self, filled, seen):
        for query in ("?month=2023-12", "?month=2025-11", "?month=2026-05", "?unit=99001"):
            html = seen(query).content.decode()
            assert "None" not in html.replace("none", "")
            assert "NaN" not in html

    def test_no_style_and_no_script_stand_in_the_page(self, filled, seen):
        html = seen().content.decode()
        assert " style=" not in html
        assert "<style" not in html
        assert "onclick" not in html

    def test_hall_mode_is_an_address(self, filled, seen):
        html = seen("?month=2023-12&view=hall").content.decode()
        assert 'class="hall' in html
        assert "reports/hall" in html
        assert 'data-key="p" href="/?month=2023-12"' in html
        assert 'data-key="p" href="/?month=2023-12&amp;view=hall"' in seen().content.decode()

    def test_many_units_stand_in_columns_on_the_wall_and_on_paper(
        self, filled, catalogue, communes, seen
    ):
        few = seen("?month=2023-12&unit=902").content.decode()
        assert "reports/columns" not in few
        more_communes(catalogue)
        columns = r'reports/columns[^"]*\.css"%s>'
        paper = seen("?month=2023-12&unit=902").content.decode()
        assert re.search(columns % ' media="print"', paper)
        wall = seen("?month=2023-12&unit=902&view=hall").content.decode()
        assert re.search(columns % "", wall)
        for html in (paper, wall):
            assert "of-columns" in html

    def test_paper_has_the_head_of_the_state_in_every_language(self, filled, seen):
        html = seen("?month=2023-12&lang=en").content.decode()
        assert "Độc lập - Tự do - Hạnh phúc" in html

    def test_the_other_map_is_offered_where_it_differs(self, filled, reformed, seen):
        assert "map=today" in seen().content.decode()
        assert "map=today" not in seen("?month=2025-09").content.decode()

    def test_a_unit_that_ended_leads_to_its_own_page(self, filled, reformed, seen):
        answer = seen("?month=2025-09&unit=901")
        assert (answer.status_code, answer.url) == (302, "/units/901/?month=2025-09")

    def test_a_long_list_asks_before_it_shows_all(
        self, filled, province, catalogue, seen, page, monkeypatch
    ):
        assign(province, catalogue, {(province, "HI"): 1}, year=2024, number="2/QĐ")
        titles = [item.title for item in page().attention]
        assert len(titles) > 1
        monkeypatch.setattr(import_module("reports.views.overview"), "SHOWN_AT_FIRST", 1)
        short = seen().content.decode()
        assert titles[0] in short and titles[1] not in short and "attention=all" in short
        whole = seen("?month=2023-12&attention=all").content.decode()
        assert titles[1] in whole and "attention=all#" not in whole

    def test_an_unknown_indicator_is_not_found(self, filled, seen):
        assert seen("?month=2023-12&indicator=NOPE").status_code == 404

    @pytest.mark.parametrize("reader", ["leader", "auditor", "chair", "commune_officer"])
    def test_everybody_with_a_seat_sees_their_own(self, filled, seen, request, reader):
        assert seen(user=request.getfixturevalue(reader)).status_code == 200

    @pytest.mark.parametrize(
        ("reader", "unit"), [("chair", "99"), ("commune_officer", "901"), ("outsider", "99")]
    )
    def test_nobody_sees_more(self, filled, seen, request, reader, unit):
        answer = seen(f"?month=2023-12&unit={unit}", user=request.getfixturevalue(reader))
        assert answer.status_code == 403

    def test_it_weighs_little(self, filled, seen):
        assert len(gzip.compress(seen().content)) < 60_000


class TestQueries:
    """Counted, and the same however many communes there are."""

    def test_as_many_with_more_communes(self, filled, page, catalogue):
        with CaptureQueriesContext(connection) as few:
            page()
        more_communes(catalogue, 12)
        with CaptureQueriesContext(connection) as many:
            made = page()
        assert made.own.communes == 17
        assert len(many) == len(few) <= 80


def test_flows_are_not_judged_while_an_earlier_month_is_missing(page, catalogue, communes):
    assert catalogue["HI_HH_NEW"].kind == Kind.FLOW
    report(catalogue, communes, MARCH, HI=[1] * 5, HI_HH_NEW=[1] * 5)
    cards = {card.figure.indicator.code: card for card in page("?month=2025-03").cards}
    assert cards["HI_HH_NEW"].figure.provisional
    assert not cards["HI_HH_NEW"].is_judged
