"""What the page of one report shows, on the map of its month and in a fixed number of queries."""

from datetime import date

import pytest

from collection.rules import BLANK
from commitments.actions.reporting.periods import close_period
from commitments.models import Count, Indicator, Kind, Rule
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from tests import builders
from tests.collection.conftest import FEBRUARY

QUERIES = 17


def test_a_report_nobody_has_begun(sheet, commune):
    shown = sheet()
    assert [line.indicator.code for line in shown.lines] == ["HI", "HI_HH_NEW", "SI_V"]
    assert {(line.text, line.value, line.version) for line in shown.lines} == {("", None, BLANK)}
    assert (shown.state, shown.filled, shown.all, shown.saved_at) == ("draft", 0, 3, None)
    assert (shown.period.due_on, shown.days_left) == (date(2024, 3, 7), 5)
    assert not shown.is_closed
    assert (shown.last.numbers, shown.last_year.numbers) == ({}, {})
    assert {fault.code for fault in shown.faults} == {"missing"}


def test_a_draft_stands_before_the_reported_number(sheet, type_in, counted, commune):
    counted(commune, {"HI": 1000, "SI_V": 5})
    type_in({"HI": "1100"})
    shown = sheet()
    line = shown.line("HI")
    assert (line.text, line.value, line.reported, line.approved) == ("1.100", 1100, 1000, 1000)
    assert line.is_new
    assert not shown.line("SI_V").is_new
    assert (shown.filled, shown.state) == (2, "approved")


def test_last_month_and_last_year_stand_beside_each_number(sheet, type_in, counted, commune):
    counted(commune, {"HI": 1000, "HI_HH_NEW": 4}, month=FEBRUARY - 1)
    counted(commune, {"HI": 900}, month=FEBRUARY - 12, approve=False)
    type_in({"HI": "1.100"})
    line = sheet().line("HI")
    assert (line.last, line.last_year, line.change) == (1000, 900, 10)
    assert (sheet().line("HI_HH_NEW").last, sheet().line("HI_HH_NEW").last_year) == (4, None)
    assert not sheet().last.carried


def test_the_twelve_months_before_are_there_for_the_line_that_continues_them(
    sheet, counted, commune, change_rule
):
    for ago, number in ((13, 1), (12, 900), (3, 950), (1, 1000)):
        counted(commune, {"HI": number}, month=FEBRUARY - ago)
    line = sheet().line("HI")
    assert line.before == (900, *[None] * 8, 950, None, 1000)
    assert line.usual == (900, 1100)
    assert sheet().line("SI_V").usual is None
    assert [earlier.month for earlier in sheet().before] == [FEBRUARY - n for n in range(12, 0, -1)]


def test_a_commune_of_today_takes_the_sums_of_its_predecessors(sheet, counted, communes, reformed):
    june = Month.of(2025, 6)
    for commune, value in zip(communes, (10, 20, 50, 100, 7), strict=True):
        counted(commune, {"HI": value}, month=june)
    july, on = june + 1, date(2025, 8, 2)
    upper = builders.by_code("99001", builders.REFORM_DAY)
    stays = builders.by_code("99005", builders.REFORM_DAY)
    shown = sheet(upper, july, on)
    assert (shown.line("HI").last, shown.last.carried) == (10 + 20 + 30, True)
    assert shown.line("HI").last_year is None
    unchanged = sheet(stays, july, on)
    assert (unchanged.line("HI").last, unchanged.last.carried) == (7, False)
    august = sheet(upper, july + 1, date(2025, 9, 2))
    assert (august.last.carried, august.last_year.carried) == (False, True)


def test_a_base_is_prefilled_with_source_and_never_asked_for(sheet, counted, commune):
    counted(commune, {"POP": 8000}, month=Month.of(2024, 1))
    (base,) = sheet().bases
    assert (base.indicator.code, base.number, base.given) == ("POP", 8000, Month.of(2024, 1))
    assert base.source == "Cục Thống kê"
    assert sheet().line("POP") is None


def test_a_rule_asks_at_its_line_about_what_is_typed(sheet, type_in, counted, commune, change_rule):
    counted(commune, {"HI": 1000}, month=FEBRUARY - 1)
    type_in({"HI": "1.486"})
    (question,) = sheet().line("HI").questions
    assert (question.finding.rule, question.is_open) == ("HI_CHANGE", True)
    assert "1.486" in question.finding.message
    type_in({"HI": "1,5"})
    assert sheet().questions == ()


def test_groups_are_added_up_beside_their_whole(sheet, type_in, catalogue, counted, commune):
    rule = Rule.objects.create(
        code="GROUPS", kind="parts_at_most", severity="explain", indicator=catalogue["HI"]
    )
    rule.parts.add(catalogue["HI_HH_NEW"], catalogue["SI_V"])
    counted(commune, {"HI_HH_NEW": 1, "SI_V": 2}, month=FEBRUARY - 1)
    type_in({"HI": "10", "SI_V": "4"})
    (added,) = sheet().sums
    assert (added.value, added.last, added.whole_value) == (4, 3, 10)
    assert (added.complete, added.change) == (False, None)
    type_in({"HI_HH_NEW": "8"})
    assert (sheet().sums[0].value, sheet().sums[0].complete) == (12, True)
    (question,) = sheet().line("HI").questions
    assert question.finding.rule == "GROUPS"
    assert [group.sums for group in sheet().groups] == [sheet().sums]


def test_a_sum_indicator_is_shown_where_all_its_parts_are_entered(sheet, catalogue, type_in):
    total = Indicator.objects.create(
        code="SI", name_vi="Tổng", name_en="All", kind=Kind.SUM, direction="up", position=9
    )
    total.parts.add(catalogue["HI_HH_NEW"], catalogue["SI_V"])
    type_in({"HI_HH_NEW": "3", "SI_V": "4"})
    (added,) = sheet().sums
    assert (added.code, added.value, added.whole) == (total.code, 7, None)


def test_the_office_reports_what_the_province_collects(sheet, office, counted):
    counted(office, {"TOTAL": 50_000})
    shown = sheet(office)
    assert [(line.indicator.code, line.text) for line in shown.lines] == [("TOTAL", "50.000")]
    assert shown.bases == ()


def test_a_closed_month_says_so(sheet, province):
    close_period(unit=province, month=FEBRUARY, actor=COMMAND_LINE, on=date(2024, 3, 25))
    assert sheet().is_closed


def test_texts_follow_the_language_of_the_reader(sheet, counted, commune, english):
    counted(commune, {"HI": 1486})
    assert sheet().line("HI").text == "1,486"


@pytest.mark.parametrize("cells", [3, 30])
def test_a_sheet_takes_the_same_number_of_queries_for_any_number_of_cells(
    sheet, type_in, counted, commune, catalogue, change_rule, cells, django_assert_num_queries
):
    made = [builders.indicator(f"X{n:02}", position=10 + n) for n in range(cells - 3)]
    catalogue |= {indicator.code: indicator for indicator in made}
    counted(commune, {"HI": 1, "POP": 5000} | {one.code: 3 for one in made}, month=FEBRUARY - 1)
    type_in({"HI": "1486", "SI_V": "abc"} | {one.code: "4" for one in made})
    with django_assert_num_queries(QUERIES):
        assert len(sheet().lines) == cells
    assert not Count.objects.filter(month=FEBRUARY).exists()
