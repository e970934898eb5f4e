"""Where a number comes from: parts, reports, versions, the units below; and its whole history."""

from decimal import Decimal

import pytest
from django.http import Http404

from commitments.actions.reporting.counts import Entry, record_counts
from districts.months import Month
from reports.pages.provenance import REVISIONS_ON_A_PAGE, history, provenance
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.paging import FIRST, Turn

from .reported import TODAY, asking, assign, report

MARCH = Month.of(2025, 3)
BASE = Month.of(2024, 12)


@pytest.fixture
def filled(province, communes, catalogue):
    report(catalogue, communes, BASE, HI=[80, 90, 70, 60, 50], POP=[200] * 5)
    report(catalogue, communes, MARCH, HI=[90, 100, 80, 70, 60])
    assign(province, catalogue, {(province, "HI"): 500})


@pytest.fixture
def behind(officer):
    def behind(unit, code="HI", query="?month=2025-03", *, user=officer):
        return provenance(asking(user, query, code=unit), code)

    return behind


def correct(unit, indicator, value, **details):
    """A number reported anew, with the file it comes from."""
    entry = Entry(MARCH, unit.pk, indicator.pk, value, **details)
    record_counts(entries=[entry], actor=COMMAND_LINE, on=TODAY, why="gõ nhầm")


class TestANumberThatAddsUp:
    def test_the_units_below_come_largest_first_and_add_up(self, filled, behind):
        page = behind("99")
        found = [(one.figure.unit.code, one.figure.value) for one in page.contributions]
        assert found == [("901", 270), ("902", 130)]
        assert [one.percent for one in page.contributions] == [Decimal("67.50"), Decimal("32.50")]
        assert page.added == page.figure.value == 400
        assert page.report is None

    def test_units_that_have_not_reported_stand_last(self, filled, communes, catalogue, behind):
        report(catalogue, communes[1:3], MARCH + 1, HI=[5, 9])
        page = behind("901", query="?month=2025-04")
        assert [one.figure.unit.code for one in page.contributions] == ["99003", "99002", "99001"]
        assert page.contributions[-1].percent is None

    def test_what_the_province_reports_itself_has_a_report(self, filled, office, catalogue, behind):
        report(catalogue, [office], MARCH, TOTAL=[444])
        page = behind("99", "TOTAL")
        assert page.figure.value == 444
        assert (page.report.unit, page.contributions) == (office, ())


class TestARate:
    def test_it_shows_what_is_divided_by_what_and_from_where(self, filled, behind):
        page = behind("99", "HI_RATE")
        assert [part.indicator.code for part in page.parts] == ["HI", "POP"]
        assert (page.figure.numerator, page.figure.denominator) == (400, 1000)
        assert "Niên giám" in page.figure.denominator_source
        assert {one.percent for one in page.contributions} == {None}
        assert page.added is None


class TestAReport:
    def test_who_approved_it_from_which_cell(self, filled, communes, catalogue, behind):
        correct(communes[0], catalogue["HI"], 95, source="thang3.xlsx, BHYT!C7")
        page = behind("99001")
        assert page.report.source == "thang3.xlsx, BHYT!C7"
        assert page.report.approval.verb == "approve"
        assert page.report.is_corrected
        assert (page.figure.value, page.report.count.value) == (90, 95)

    def test_only_the_latest_three_versions(self, filled, communes, catalogue, behind):
        for value in (91, 92, 93, 94):
            correct(communes[0], catalogue["HI"], value)
        page = behind("99001")
        assert [revision.new_value for revision in page.report.revisions] == [94, 93, 92]

    def test_a_base_is_that_of_the_month_it_was_given_in(self, filled, behind):
        page = behind("99001", "POP")
        assert page.report.month == BASE
        assert page.report.base.source == "Niên giám"
        assert page.report.count.approved == 200

    def test_a_month_without_a_report_has_none(self, filled, behind):
        page = behind("99001", query="?month=2025-09")
        assert (page.report.count, page.report.submission) == (None, None)
        assert page.report.approval is None

    def test_an_indicator_that_never_was_is_not_found(self, filled, behind):
        with pytest.raises(Http404, match="NOPE"):
            behind("99", "NOPE")


class TestAcrossTheReform:
    def test_what_was_carried_over_names_its_origins(self, filled, reformed, behind):
        page = behind("99001", query="?month=2025-03&map=2025-07-01")
        assert page.scope.unit.name == "Sen Gió"
        found = [(one.figure.unit.name, one.percent) for one in page.origins]
        assert found == [("Ao Sen", 100), ("Cầu Tre", 100), ("Đèo Gió", 60)]
        assert page.origins[2].estimated
        assert page.figure.value == 90 + 100 + 48
        assert page.report is None

    def test_on_its_own_map_nothing_is_carried_over(self, filled, reformed, behind):
        assert behind("99001").origins == ()


class TestThePages:
    @pytest.fixture
    def seen(self, client, officer):
        def seen(path, *, user=officer, **headers):
            client.force_login(user)
            return client.get(path, headers=headers)

        return seen

    def test_a_panel_is_part_of_a_page_and_a_page_is_whole(self, filled, seen):
        path = "/provenance/99/HI/2025-03/"
        panel = seen(path, **{"HX-Request": "true"})
        whole = seen(path)
        assert "<html" not in panel.content.decode()
        assert "<html" in whole.content.decode()
        assert "HX-Request" in panel.headers["Vary"]

    def test_links_lead_down_and_to_the_history(self, filled, seen):
        html = seen("/provenance/99/HI/2025-03/").content.decode()
        assert "/provenance/901/HI/2025-03/" in html
        assert "/history/99/HI/2025-03/" in html

    def test_text_from_a_file_is_escaped(self, filled, communes, catalogue, seen):
        correct(communes[0], catalogue["HI"], 95, source="<b>tệp</b>")
        html = seen("/provenance/99001/HI/2025-03/").content.decode()
        assert "<b>tệp" not in html
        assert "&lt;b&gt;tệp" in html

    def test_nothing_is_ever_none(self, filled, reformed, seen):
        for path in (
            "/provenance/99001/HI/2025-09/",
            "/provenance/99001/POP/2025-03/",
            "/provenance/99/HI_RATE/2030-01/",
            "/history/99001/HI/2025-09/",
        ):
            html = seen(path).content.decode()
            assert ">None" not in html and "None<" not in html

    @pytest.mark.parametrize("page", ["provenance", "history"])
    @pytest.mark.parametrize(
        ("reader", "unit", "status"),
        [
            ("leader", "99", 200),
            ("auditor", "99005", 200),
            ("chair", "99001", 200),
            ("chair", "902", 403),
            ("commune_officer", "99001", 200),
            ("commune_officer", "99002", 403),
            ("outsider", "99", 403),
        ],
    )
    def test_everybody_sees_their_own_and_no_more(
        self, filled, seen, request, page, reader, unit, status
    ):
        answer = seen(f"/{page}/{unit}/HI/2025-03/", user=request.getfixturevalue(reader))
        assert answer.status_code == status

    @pytest.mark.parametrize("page", ["provenance", "history"])
    def test_they_can_only_be_read(self, filled, client, officer, page):
        client.force_login(officer)
        assert client.post(f"/{page}/99/HI/2025-03/").status_code == 405

    def test_a_month_that_is_none_is_quoted(self, filled, seen):
        answer = seen("/provenance/99/HI/never/?lang=en")
        assert answer.status_code == 400
        assert "never" in answer.content.decode()


class TestHistory:
    @pytest.fixture
    def changes(self, officer):
        def changes(unit, code="HI", query="?month=2025-03", turn=FIRST):
            return history(asking(officer, query, code=unit), code, turn)

        return changes

    def test_every_change_of_a_report_the_latest_first(self, filled, communes, catalogue, changes):
        correct(communes[0], catalogue["HI"], 95)
        found = [(row.old_value, row.new_value) for row in changes("99001").page]
        assert found == [(90, 95), (None, 90)]

    def test_a_sum_has_the_changes_of_everything_below(self, filled, changes):
        codes = {row.unit.code for row in changes("901").page}
        assert codes == {"99001", "99002", "99003"}
        assert changes("901").many_units

    def test_a_rate_has_those_of_both_its_parts(self, filled, changes):
        found = changes("99001", "HI_RATE")
        pairs = {(row.indicator.code, row.month) for row in found.page}
        assert pairs == {("HI", MARCH), ("POP", BASE)}
        assert found.many_indicators

    def test_long_histories_have_pages(self, filled, communes, catalogue, changes):
        for value in range(REVISIONS_ON_A_PAGE):
            correct(communes[0], catalogue["HI"], 100 + value)
        first = changes("99001")
        last = changes("99001", turn=Turn(first.page.after))
        assert first.number == last.number == REVISIONS_ON_A_PAGE + 1
        assert len(first.page) == REVISIONS_ON_A_PAGE
        assert [row.new_value for row in last.page] == [90]
        assert not last.page.after
