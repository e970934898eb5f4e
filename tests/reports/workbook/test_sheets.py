"""What stands in the cells of each sheet, read back from the file."""

from dataclasses import replace
from decimal import Decimal

import pytest

from reports.conference.contents import PassedOn, UnitFigures
from reports.engine.rules import Status
from reports.wording.words import status_word
from reports.workbook import style
from tests.reports.workbook.conftest import reopened


def rows(sheet, first=1):
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=first)]


def table(sheet, head_row):
    """Rows below a heading row as dictionaries by heading."""
    headings = [cell.value for cell in sheet[head_row]]
    return [dict(zip(headings, row, strict=True)) for row in rows(sheet, head_row + 1)]


def with_figure(data, code, **changes):
    """The conference with one figure of its own unit changed."""
    figures = dict(data.own.figures)
    figures[code] = replace(figures[code], **changes)
    return replace(data, own=UnitFigures(data.own.unit, figures))


class TestCover:
    def test_it_bears_the_header_of_the_state(self, book):
        sheet = book["Cover"]
        assert sheet["A1"].value == "PEOPLE'S COMMITTEE OF TỈNH SƠN LA"
        assert sheet["A2"].value.startswith("BAN CHỈ ĐẠO")
        assert sheet["K2"].value == "Independence - Freedom - Happiness"
        assert sheet["K4"].value == "Sơn La, 05/01/2024"
        assert sheet["K4"].font.i

    def test_it_says_whose_plan_which_map_and_which_version(self, data, book):
        said = dict(zip(*(_column(book["Cover"], letter) for letter in "AI"), strict=True))
        assert said["Measured against the plan of"] == "People's Committee of tỉnh Sơn La"
        assert said["Map of units"] == "as it was in 12/2023"
        assert said["Version of the data"] == data.version[:16]


def _column(sheet, letter):
    return [cell.value for cell in sheet[letter]]


class TestSummary:
    def test_the_headline_figures_are_numbers_with_what_they_are_divided_by(self, data, book):
        figure = data.own.figures["HI_RATE"]
        (row,) = [
            row
            for row in rows(book["Summary"])
            if row[0] == "Health insurance coverage (%)" and row[1] is not None
        ]
        assert row[1] == float(figure.value / 100)
        assert row[2] == float(figure.target / 100)
        assert row[5] == figure.denominator
        assert row[7] == figure.denominator_source

    def test_money_is_in_billions_and_exact_in_the_data(self, book):
        collected = [row for row in rows(book["Summary"]) if str(row[0]).startswith("Collection")]
        assert collected[-1][1] == 2499.812345678

    def test_a_plan_of_the_other_authority_is_shown_as_theirs(self, data):
        theirs = data.own.figures["COLLECT"]
        data = with_figure(data, "COLLECT", target=None, percent_of_target=None)
        data = replace(data, elsewhere={"COLLECT": theirs})
        summary = reopened(data)["Summary"]
        (row,) = [row for row in rows(summary) if str(row[0]).startswith("Collection") and row[7]]
        assert row[3] == float(theirs.percent_of_target / 100)
        assert row[7] == "plan: Vietnam Social Security"

    def test_the_chart_keeps_its_axes_and_begins_at_the_plan(self, book):
        (chart,) = book["Summary"]._charts
        assert chart.x_axis.delete is False
        assert chart.y_axis.delete is False
        assert chart.x_axis.crossesAt == 1
        assert len(chart.series[0].dPt) == 3

    def test_no_chart_without_ranks(self, data):
        unranked = [
            UnitFigures(
                unit.unit, {code: replace(f, rank=None) for code, f in unit.figures.items()}
            )
            for unit in data.children
        ]
        book = reopened(replace(data, children=tuple(unranked)))
        assert not book["Summary"]._charts
        assert "Ranking" not in book.sheetnames


class TestUnits:
    def test_each_main_indicator_has_the_whole_first_and_every_unit(self, data, book, english):
        sheet = book["Units"]
        found = table(sheet, 6)
        whole = [row for row in found if row["Unit"] == data.unit.full_name]
        assert len(whole) == len(data.main)
        insured = data.children[1].figures["HI"]
        row = next(row for row in found if row["Unit"] == data.children[1].unit.full_name)
        assert row["Result"] == insured.value
        assert row["Target of the year"] == insured.target
        assert row["Percent of the plan"] == float(insured.percent_of_target / 100)
        assert row["Over or short"] == insured.value - insured.target
        assert row["Change on last year"] == insured.change
        assert row["Status"] == status_word(insured.status)
        assert (row["Reports approved"], row["Reports expected"]) == (3, 3)

    def test_a_status_carries_its_tint_and_follows_its_word(self, data, book, english):
        sheet = book["Units"]
        cell = sheet["C8"]
        status = data.own.figures["HI"].status
        assert cell.fill.fgColor.rgb[2:] == style.STATUS_COLOURS[status][1]
        rules = [
            rule
            for area in sheet.conditional_formatting
            if cell.coordinate in area.sqref
            for rule in area.rules
        ]
        assert [rule.formula for rule in rules] == [[f'"{status_word(s)}"'] for s in Status]

    def test_the_operator_is_part_of_the_format_and_not_of_the_number(self, book):
        cell = book["Units"]["E8"]
        assert isinstance(cell.value, int)
        assert cell.number_format == '"≥ "#,##0'

    def test_a_provisional_result_is_hatched_and_says_so(self, data):
        data = with_figure(data, "HI", provisional=True)
        sheet = reopened(data)["Units"]
        assert sheet["D8"].fill.patternType == "lightUp"
        assert table(sheet, 6)[1]["Note"] == "provisional"

    def test_a_blank_stays_blank(self, data):
        data = with_figure(data, "HI", value=None, exact=None, status=Status.NO_DATA)
        row = table(reopened(data)["Units"], 6)[1]
        assert row["Result"] is None
        assert row["Status"] == "… No data"
        assert row["Note"] == "not reported"


class TestRanking:
    def test_the_three_bases_stand_side_by_side_in_their_own_order(self, data, book):
        sheet = book["Ranking"]
        block = rows(sheet, 8)[: len(data.children)]
        assert [row[0] for row in block] == [1, 2, 3]
        for column in (2, 7, 11):
            numbers = [row[column] for row in block]
            assert numbers == sorted(numbers, reverse=True)

    def test_equal_numbers_share_a_rank(self, data):
        tied = []
        for unit, change in zip(data.children, (5, 7, 5), strict=True):
            figures = dict(unit.figures)
            figures["HI"] = replace(figures["HI"], change=change)
            tied.append(UnitFigures(unit.unit, figures))
        sheet = reopened(replace(data, children=tuple(tied)))["Ranking"]
        assert [row[9] for row in rows(sheet, 8)[:3]] == [1, 2, 2]


class TestCommunes:
    def test_subtotals_stand_above_their_communes_in_an_outline(self, data, book):
        sheet = book["Communes"]
        names = [cell.value for cell in sheet["B"]][8:]
        expected = [
            unit.unit.full_name
            for group in data.groups
            for unit in (group.district, *group.communes)
        ]
        assert names == expected
        assert [sheet.row_dimensions[row].outlineLevel for row in (9, 10, 11)] == [0, 1, 1]
        assert sheet.sheet_properties.outlinePr.summaryBelow is False

    def test_without_districts_the_communes_stand_alone(self, data):
        group = replace(data.groups[0], district=None)
        data = replace(data, groups=(group,), children=group.communes)
        sheet = reopened(data)["Communes"]
        assert sheet.max_row == 8 + len(group.communes)
        assert sheet.row_dimensions[9].outlineLevel == 0


class TestPromises:
    def test_who_has_signed_stands_beside_the_targets(self, data):
        first, *others = data.promises.units
        promises = replace(
            data.promises,
            units=(replace(first, signed_on=None, version=None, agrees=None), *others),
        )
        found = table(reopened(replace(data, promises=promises))["Targets and commitments"], 7)
        assert [row["Commitment"] for row in found[:4]] == [
            None,
            "□ not signed",
            "■ signed",
            "■ signed",
        ]
        assert found[2]["Signed on"].date() == others[0].signed_on
        assert [row["At least the target"] for row in found[:3]] == [None, None, "✓"]

    def test_targets_of_units_are_added_and_compared_with_the_whole(self, data):
        first, *others = data.promises.units
        targets = dict(first.targets)
        targets["HI"] = replace(targets["HI"], target=targets["HI"].target + 10)
        promises = replace(data.promises, units=(replace(first, targets=targets), *others))
        sheet = reopened(replace(data, promises=promises))["Targets and commitments"]
        found = {row["Unit"]: row for row in table(sheet, 7)}
        heading = "Health insurance participants (people)"
        whole = data.promises.own.targets["HI"].target
        assert found["Sum of the units"][heading] == whole + 10
        assert found["Sum less the whole"][heading] == 10

    def test_on_another_map_commitments_have_no_place(self, data):
        promises = replace(data.promises, signing=False)
        sheet = reopened(replace(data, promises=promises))["Targets and commitments"]
        assert "Commitment" not in [cell.value for cell in sheet[6]]


class TestCompleteness:
    @pytest.mark.parametrize(
        "sent, on_time, said", [(3, 3, "■ 3/3"), (3, 2, "▲ 3/3"), (2, 2, "□ 2/3"), (0, 0, "□ 0/3")]
    )
    def test_a_symbol_and_numbers_say_who_reported(self, data, sent, on_time, said):
        first, *others = data.reporting
        month = replace(first.months[0], sent=sent, on_time=on_time)
        first = replace(first, months=(month, *first.months[1:]))
        sheet = reopened(replace(data, reporting=(first, *others)))["Completeness"]
        assert sheet["C9"].value == said

    def test_a_unit_not_in_force_is_not_expected(self, data):
        first, *others = data.reporting
        months = [replace(month, expected=None, sent=0, on_time=0) for month in first.months]
        first = replace(first, months=tuple(months))
        sheet = reopened(replace(data, reporting=(first, *others)))["Completeness"]
        assert sheet["C9"].value == "·"
        assert sheet["R9"].value == 0


class TestCascade:
    def test_a_target_not_passed_on_exactly_is_named_with_its_people(self, data):
        own = data.promises.own
        found = [
            PassedOn(own.unit, data.promises.indicators[0], people, 0, 12) for people in (0, -488)
        ]
        promises = replace(data.promises, passed_on=tuple(found))
        said = str(rows(reopened(replace(data, promises=promises))["Targets and commitments"]))
        assert "1 of 2 targets exactly" in said
        assert "come to −488 people" in said


class TestNotes:
    def test_sums_are_added_again(self, book):
        verdicts = [row[4] for row in rows(book["Notes and checks"]) if row[3] == 0]
        assert len(verdicts) > 10
        assert all(verdict.startswith("OK") for verdict in verdicts)

    def test_a_sum_that_does_not_agree_is_named_with_its_difference(self, data):
        data = with_figure(data, "HI", value=data.own.figures["HI"].value - 4)
        (row,) = [
            row
            for row in rows(reopened(data)["Notes and checks"])
            if str(row[4]).startswith("DIFFERENCE")
        ]
        assert row[3] == 4

    def test_a_target_below_the_result_is_said(self, data):
        planned = data.promises.own
        targets = dict(planned.targets)
        targets["HI_RATE"] = replace(targets["HI_RATE"], target=Decimal("50.00"))
        promises = replace(data.promises, own=replace(planned, targets=targets))
        said = str(rows(reopened(replace(data, promises=promises))["Notes and checks"]))
        assert "The target of 2024, 50.0%, is below the result" in said

    def test_explanations_stand_with_what_the_rule_found(self, data, book):
        said = str(rows(book["Notes and checks"]))
        assert data.explained[0].finding in said
        assert data.explained[0].text in said


class TestData:
    def test_it_is_a_table_of_every_figure_with_unlike_headings(self, data, book):
        sheet = book["Data"]
        (found,) = sheet.tables.values()
        assert found.displayName == "tblDuLieu"
        headings = [column.name for column in found.tableColumns]
        assert headings == [cell.value for cell in sheet[6]]
        assert len(set(headings)) == len(headings)
        units = (data.own, *data.children, *data.communes)
        assert found.ref == f"A6:AB{6 + sum(len(unit.figures) for unit in units)}"

    def test_counts_are_whole_and_rates_are_percent(self, data, book):
        found = {(r["unit code"], r["indicator code"]): r for r in table(book["Data"], 6)}
        rate = data.own.figures["HI_RATE"]
        assert found["14", "COLLECT"]["value"] == 2_499_812_345_678
        assert found["14", "HI_RATE"]["value"] == float(rate.value)
        assert found["14", "HI"]["month"] == "2023-12"

    def test_what_nobody_reports_has_no_row(self, data):
        data = with_figure(data, "HI", expected=0)
        found = {(r["unit code"], r["indicator code"]) for r in table(reopened(data)["Data"], 6)}
        assert ("14", "HI") not in found


def test_the_trajectory_shows_every_month_and_draws_it(data, book):
    sheet = book["Trajectory"]
    months = [cell.value for cell in sheet["A"][7:31]]
    assert [month.strftime("%Y-%m") for month in months] == [
        str(point.month) for point in data.trajectories[0].points
    ]
    chart = sheet._charts[0]
    assert (chart.x_axis.delete, chart.y_axis.delete) == (False, False)
    assert [series.val.numRef.f for series in chart.series] == [
        "'Trajectory'!$B$8:$B$31",
        "'Trajectory'!$C$8:$C$31",
    ]
    assert chart.y_axis.scaling.min > 0


def test_the_trajectory_begins_at_the_first_month_with_a_result(data):
    lines = [
        replace(
            line,
            points=tuple(
                replace(point, value=None) if position < blank else point
                for position, point in enumerate(line.points)
            ),
        )
        for line, blank in zip(data.trajectories, (11, 5, *[3] * 20), strict=False)
    ]
    sheet = reopened(replace(data, trajectories=tuple(lines)))["Trajectory"]
    months = [cell.value for cell in sheet["A"] if hasattr(cell.value, "strftime")]
    written = [month.strftime("%Y-%m") for month in months]
    assert written[:13] == [str(point.month) for point in lines[0].points[11:]]
    assert written[13:] == [str(point.month) for point in lines[0].points[3:]]
    assert sheet._charts[0].series[0].val.numRef.f == "'Trajectory'!$B$8:$B$20"
