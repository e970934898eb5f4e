"""An indicator's page: the trajectory with its forecast, the units on one scale, the judgement."""

import gzip
import re
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import override

from districts.months import Month
from reports.actions import record_judgement
from reports.charts import trajectory, trajectory_facts, trajectory_rows
from reports.models import Judgement
from reports.outlook.judging import CRITERIA
from reports.pages.indicator import BEST, FURTHEST_BEHIND, indicator_page
from reports.pages.indicators import index_page
from steering.accounts.actors import COMMAND_LINE
from tests import builders

from .reported import TODAY, asking, assign, report

JUNE = Month.of(2025, 6)
FAIR = {criterion.field: "fair" for criterion in CRITERIA}


@pytest.fixture
def filled(province, communes, catalogue):
    """Half a year in which every commune gains one a month; planned to gain one and a half."""
    report(catalogue, communes, Month.of(2024, 12), HI=[100] * 5, POP=[200] * 5)
    for number in range(1, 7):
        values = [100 + number + place for place in range(5)]
        flows = [2] * 5
        report(catalogue, communes, Month.of(2025, number), HI=values, HI_HH_NEW=flows)
    targets = {(unit, "HI"): 118 for unit in communes}
    targets |= {(builders.by_code("901"), "HI"): 354, (builders.by_code("902"), "HI"): 236}
    targets |= {(province, "HI"): 590, (province, "HI_RATE"): 5900, (province, "HI_HH_NEW"): 120}
    assign(province, catalogue, targets)


@pytest.fixture
def open_page(officer):
    def open_page(code="HI", query="?month=2025-06", *, user=officer, **more):
        return indicator_page(asking(user, query), code, **more)

    return open_page


@pytest.fixture
def judge(province, catalogue):
    def judge(month=JUNE, comment="Đủ người, đủ kinh phí.", **more):
        return record_judgement(
            unit=province, indicator=catalogue["HI"], month=month, grades=FAIR,
            outlook="likely", comment=comment, actor=COMMAND_LINE, on=TODAY, **more,
        )  # fmt: skip

    return judge


class TestTrajectory:
    def test_the_plan_line_ends_at_what_was_decided(self, filled, open_page):
        last = open_page().points[-1]
        assert (last.month, last.plan, last.value) == (Month.of(2025, 12), 590, None)

    def test_five_months_are_too_few_to_forecast_and_six_are_enough(self, filled, open_page):
        # December, January, February, March, April.
        early = open_page(query="?month=2025-04")
        assert early.ahead is None
        assert early.no_forecast
        assert open_page(query="?month=2025-05").ahead is not None

    def test_the_interval_holds_the_forecast(self, filled, open_page):
        ahead = open_page().ahead
        assert [month.month for month in ahead] == [JUNE + number for number in range(1, 7)]
        assert all(month.low <= month.value <= month.high for month in ahead)

    def test_nothing_is_forecast_above_the_population(self, filled, open_page):
        page = open_page()
        assert page.rate_figure.denominator == 1000
        assert page.chart.ceiling.value == 1000
        assert max(month.high for month in page.ahead) <= 1000

    def test_the_table_says_what_the_picture_describes(self, filled, open_page):
        chart = open_page().chart
        texts = {text for row in trajectory_rows(chart) for text in (row.reached, row.plan)}
        drawn = trajectory(chart)
        for fact in trajectory_facts(chart):
            assert fact.text in drawn
        number = re.compile(r"[\d.]+")
        for fact in trajectory_facts(chart)[:3]:
            assert number.match(fact.text)[0] in texts

    def test_a_forecast_keeps_its_score(self, filled, communes, catalogue, open_page):
        for number in range(7, 10):
            values = [100 + number + place for place in range(5)]
            report(catalogue, communes, Month.of(2025, number), HI=values)
        score = open_page(query="?month=2025-09").score
        assert (score.made_in, score.actual) == (JUNE, 555)

    def test_the_break_of_the_map_is_drawn(self, filled, reformed, open_page):
        page = open_page(query="?month=2025-08")
        assert [broken.day for broken in page.chart.breaks] == [builders.REFORM_DAY]
        assert "01/07/2025" in trajectory(page.chart)

    def test_a_flow_in_its_first_year_says_why_nothing_is_forecast(self, filled, open_page):
        page = open_page("HI_HH_NEW")
        assert page.ahead is None
        with override("en"):
            assert page.no_forecast == "No forecast: a whole year has not been seen."
        with override("vi"):
            assert page.no_forecast == "Chưa dự báo: chưa có số liệu trọn một năm."

    def test_two_reports_missing_in_january_do_not_stop_a_flow(
        self, province, communes, catalogue, open_page
    ):
        """Fifty a month for two years, eighty a month since; in January three of five reported."""
        for month in range(Month.of(2023, 1), Month.of(2025, 10)):
            monthly = 10 if month < Month.of(2025, 1) else 16
            reporting = communes[:3] if month == Month.of(2025, 1) else communes
            flows = [monthly] * len(reporting)
            report(catalogue, reporting, Month(month), HI_HH_NEW=flows)
        page = open_page("HI_HH_NEW", query="?month=2025-09")
        reached = 3 * 16 + 8 * 80
        assert page.figure.value is not None
        assert [point.alone for point in page.points if point.month.year == 2025][:2] == [
            Fraction(3, 5),
            1,
        ]
        [*_, december] = page.ahead
        assert december.month == Month.of(2025, 12)
        assert december.low >= reached
        assert december.value == pytest.approx(reached + 3 * 80, abs=5)

    def test_a_flow_counts_from_january(self, filled, open_page):
        page = open_page("HI_HH_NEW")
        assert (page.figure.achieved, page.figure.plan_to_date) == (60, 60)
        assert [point.value for point in page.points if point.month <= JUNE][-2:] == [50, 60]

    def test_a_rate_is_short_of_points(self, filled, open_page, english):
        page = open_page("HI_RATE")
        assert page.figure.value == Decimal("54.00")
        assert page.headline == "Rate HI_RATE: 0.50 points short of the plan to date"

    def test_in_december_the_next_year_is_judged(
        self, filled, province, communes, catalogue, open_page
    ):
        december = Month.of(2025, 12)
        report(catalogue, communes, december, HI=[118] * 5)
        assert not open_page(query="?month=2025-12").has_prospects
        assign(province, catalogue, {(province, "HI"): 600}, year=2026, number="2/QĐ-UBND")
        page = open_page(query="?month=2025-12")
        assert (page.has_prospects, page.prospects_year) == (True, 2026)
        assert page.points[-1].plan == 600


class TestUnits:
    def test_best_first_on_the_plan_to_date(self, filled, open_page):
        page = open_page(query="?month=2025-06&unit=901")
        assert [row.unit.code for row in page.rows] == ["99003", "99002", "99001"]
        assert page.rows[0].figure.percent_to_date > page.rows[1].figure.percent_to_date

    def test_who_has_no_figures_comes_last(self, filled, communes, catalogue, open_page):
        report(catalogue, communes[:1], Month.of(2025, 7), HI=[110])
        page = open_page(query="?month=2025-07&unit=901")
        assert [row.unit.code for row in page.rows] == ["99001", "99002", "99003"]

    def test_small_charts_share_one_scale(self, filled, open_page):
        page = open_page(query="?month=2025-06&unit=901")
        assert [row.unit for row in page.multiples] == [row.unit for row in page.rows]
        reached = [step.reached for row in page.multiples for step in row.steps if step.reached]
        assert page.multiples_span.low <= min(reached)
        assert max(reached) <= page.multiples_span.high

    def test_of_many_units_both_ends_are_shown_until_somebody_asks(
        self, filled, province, catalogue, open_page
    ):
        west = builders.by_code("902")
        many = [builders.unit(f"992{n:02d}", f"Bản {n}", parent=west) for n in range(30)]
        builders.rebuild_map()
        report(catalogue, many, JUNE, HI=list(range(100, 130)))
        assign(province, catalogue, {(unit, "HI"): 118 for unit in many}, number="2/QĐ-UBND")
        page = open_page(query="?month=2025-06&unit=902")
        assert (len(page.first_rows), len(page.last_rows)) == (BEST, FURTHEST_BEHIND)
        assert len(page.first_rows) + page.between + len(page.last_rows) == len(page.rows) == 32
        whole = open_page(query="?month=2025-06&unit=902", all_rows=True)
        assert (whole.first_rows, whole.between) == (whole.rows, 0)


class TestStates:
    def test_what_is_not_in_the_catalogue_is_not_found(self, filled, open_page):
        with pytest.raises(Http404):
            open_page("NONSENSE")

    def test_a_unit_not_in_force_has_no_figures(self, filled, reformed, open_page):
        page = open_page(query="?month=2025-08&unit=901")
        assert page.figure is None
        assert "08/2025" in page.headline

    def test_without_a_target_there_is_nothing_to_judge(self, filled, open_page, english):
        page = open_page("SI_V")
        assert not page.has_prospects
        assert page.headline == "Indicator SI_V: no approved figures yet"

    def test_a_month_half_approved_gets_no_verdict(self, filled, communes, catalogue, open_page):
        report(catalogue, communes[:2], Month.of(2025, 7), HI=[107, 108])
        page = open_page(query="?month=2025-07")
        assert (page.is_partial, page.has_verdict, page.needed) == (True, False, None)

    def test_a_month_to_come_says_so(self, filled, open_page, english):
        page = open_page(query="?month=2027-01")
        assert page.headline == "Indicator HI: 01/2027 is still to come"
        assert page.state.sentence == ""

    def test_the_account_names_every_whole_the_result_is_part_of(self, filled, open_page, english):
        assert open_page().account[0] == (
            "540 people, 99.1% of the plan to date, 91.5% of the 2025 plan and "
            "54.0% of indicator POP."
        )

    def test_a_target_of_nothing_has_a_result_and_no_percent(
        self, filled, province, catalogue, open_page, english
    ):
        assign(province, catalogue, {(province, "SI_V"): 0}, number="2/QĐ-UBND")
        report(catalogue, [builders.by_code("99001")], JUNE, SI_V=[3])
        page = open_page("SI_V")
        assert page.figure.percent_of_target is None
        assert "%" not in " ".join(page.account)

    def test_units_without_result_and_target_make_no_rows_of_dashes(self, filled, open_page):
        assert open_page().has_rows
        assert not open_page("SI_V").has_rows

    def test_nobody_on_plan_is_said_in_words(self, filled, open_page, english):
        page = open_page(query="?month=2025-06&unit=901")
        assert not any(row.figure.status in ("met", "exceeded") for row in page.rows)
        assert page.rows_finding.startswith("Not one of ")

    def test_in_the_last_month_what_is_missing_is_said_once(
        self, filled, communes, catalogue, open_page, english
    ):
        report(catalogue, communes, Month.of(2025, 11), HI=[110] * 5)
        said = open_page(query="?month=2025-11").needed
        assert said == "Still needed by 12/2025: 40 people in the one month left."


class TestJudgements:
    def test_the_latest_of_the_year_counts_and_the_earlier_stay(self, filled, judge, open_page):
        judge(Month.of(2025, 2), "Đầu năm")
        judge(JUNE, "Giữa năm")
        last = judge(JUNE, "Xem lại")
        page = open_page()
        assert page.judgement == last
        assert [one.comment for one in page.judgements] == ["Xem lại", "Giữa năm", "Đầu năm"]

    def test_what_was_said_later_or_of_another_year_is_not_shown(self, filled, judge, open_page):
        judge(Month.of(2025, 7))
        judge(Month.of(2024, 11))
        assert open_page().judgement is None
        about_this_year = judge(Month.of(2024, 12))
        assert open_page().judgement == about_this_year

    @pytest.mark.parametrize(
        ("who", "may"), [("officer", True), ("leader", False), ("auditor", False)]
    )
    def test_the_way_to_judge_is_shown_to_who_may(self, filled, open_page, request, who, may):
        assert open_page(user=request.getfixturevalue(who)).may_judge is may


class TestIndex:
    def test_every_indicator_of_the_unit_under_its_heading(self, filled, officer):
        page = index_page(asking(officer, "?month=2025-06"))
        rows = {row.indicator.code: row for _title, rows in page.groups for row in rows}
        assert {"POP", "HI", "HI_RATE", "HI_HH_NEW"} <= set(rows)
        assert rows["HI"].planned.target == 590
        assert not rows["HI"].elsewhere

    def test_a_plan_of_the_other_authority_is_shown_as_such(self, filled, officer):
        page = index_page(asking(officer, "?month=2025-06&authority=vss"))
        rows = {row.indicator.code: row for _title, rows in page.groups for row in rows}
        assert (rows["HI"].elsewhere, rows["HI"].planned.target) == (True, 590)


# --- in the browser ------------------------------------------------------------------------------


@pytest.fixture
def visit(client):
    def visit(address, user, *, data=None):
        client.force_login(user)
        with time_machine.travel(datetime(TODAY.year, TODAY.month, TODAY.day, 9), tick=False):
            return client.get(address) if data is None else client.post(address, data)

    return visit


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    "address",
    [
        "/indicators/?month=2025-06",
        "/indicators/HI/?month=2025-06",
        "/indicators/HI_RATE/?month=2025-06",
        "/indicators/HI_HH_NEW/?month=2025-06",
        "/indicators/SI_V/?month=2025-06",
        "/indicators/HI/?month=2025-06&unit=99001",
        "/indicators/HI/?month=2025-07",
        "/indicators/HI/?month=2027-01",
        "/indicators/HI/judgement/?month=2025-06",
    ],
)
def test_every_page_answers_prints_no_none_and_is_light(filled, visit, officer, address, language):
    answer = visit(f"{address}&lang={language}", officer)
    text = answer.content.decode()
    assert answer.status_code == 200
    for wrong in ("None", "NaN", "style=", "<style"):
        assert wrong not in text
    assert len(gzip.compress(answer.content)) <= 60 * 1024


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("officer", {"99", "901", "902", "99001"}),
        ("leader", {"99", "901", "902", "99001"}),
        ("auditor", {"99", "901", "902", "99001"}),
        ("chair", {"901", "99001"}),
        ("commune_officer", {"99001"}),
        ("outsider", set()),
    ],
)
def test_who_sees_which_unit(filled, visit, request, who, allowed):
    user = request.getfixturevalue(who)
    for page in ("/indicators/", "/indicators/HI/"):
        for code in ("99", "901", "902", "99001"):
            answer = visit(f"{page}?month=2025-06&unit={code}", user)
            assert answer.status_code == (200 if code in allowed else 403), (page, code)


def said(**changes):
    return {**FAIR, "outlook": "open", "comment": "Còn thiếu nhân viên thu.", **changes}


class TestSigning:
    address = "/indicators/HI/judgement/?month=2025-06"

    def test_signing_leads_back_to_the_indicator(self, filled, visit, officer):
        answer = visit(self.address, officer, data=said(capacity_note="Thiếu người"))
        assert answer.status_code == 302
        assert answer["Location"].endswith("#judgement")
        judgement = Judgement.objects.get()
        assert (judgement.by, judgement.month, judgement.capacity_note) == (
            officer,
            JUNE,
            "Thiếu người",
        )
        assert "Còn thiếu nhân viên thu." in visit(answer["Location"], officer).content.decode()

    def test_without_a_comment_it_is_refused_and_what_was_typed_stays(self, filled, visit, officer):
        answer = visit(self.address + "&lang=en", officer, data=said(comment=" ", planning="poor"))
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "A judgement needs a comment" in text
        assert re.search(r'name="planning" value="poor"[^>]*checked', text)
        assert not Judgement.objects.exists()

    def test_faults_stand_in_the_order_of_the_page_and_name_their_field_once(
        self, filled, visit, officer
    ):
        answer = visit(self.address + "&lang=en", officer, data={"comment": ""})
        fields = [*(criterion.field for criterion in CRITERIA), "outlook", "comment"]
        asked = [name for name in answer.context["form"].fields if name in fields]
        assert asked == fields
        summary = answer.content.decode().split('id="faults"')[1].split("</div>")[0]
        assert summary.count("<li>") == len(fields)
        assert summary.count("Capacity to deliver") == 1

    @pytest.mark.parametrize("who", ["leader", "auditor", "chair", "outsider"])
    def test_who_may_not_gets_no_form_and_signs_nothing(self, filled, visit, request, who):
        user = request.getfixturevalue(who)
        address = self.address + "&unit=99"
        assert visit(address, user).status_code == 403
        assert visit(address, user, data=said()).status_code == 403
        assert not Judgement.objects.exists()

    def test_without_a_target_there_is_no_form(self, filled, visit, officer):
        answer = visit("/indicators/SI_V/judgement/?month=2025-06", officer)
        assert answer.status_code == 404


def test_a_month_to_come_offers_no_numbers_that_cannot_be_there(filled, visit, officer):
    future = visit("/indicators/HI/?month=2027-01", officer).content.decode()
    now = visit("/indicators/HI/?month=2025-06", officer).content.decode()
    for mark in ('id="table"', "/history/99/HI/"):
        assert mark in now
        assert mark not in future


def test_a_reader_without_sight_is_refused_before_anything_is_read(filled, outsider):
    with pytest.raises(PermissionDenied):
        asking(outsider, "?month=2025-06")
