"""Documents of a month: the report table, the ranking, the notice of late reporters."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from django.utils import translation

from commitments.models import Submission
from districts.months import Month
from reports.documents import asking
from reports.documents.late import late
from reports.documents.monthly import monthly
from reports.documents.months import figures_of_month, late_reports
from reports.documents.ranking import ranking
from reports.documents.setting import pdf
from reports.documents.setting.document import Table
from reports.documents.setting.word import writing
from reports.engine.comparing import remaining, since_last_month
from reports.engine.ranking import overall, points
from steering.accounts.faults import Refused
from tests.builders import by_code
from tests.reports.documents import reading

DECEMBER = Month.of(2024, 12)
AT = datetime(2025, 1, 10, 1, 0, tzinfo=UTC)
ASKED = {"language": "vi", "at": AT}


@pytest.fixture(autouse=True)
def main_indicators(catalogue):
    """HI and HI_RATE are what the conference is about."""
    type(catalogue["HI"]).objects.exclude(code__in=["HI", "HI_RATE"]).update(main=False)
    type(catalogue["HI"]).objects.filter(code__in=["HI", "HI_RATE"]).update(main=True)


@pytest.fixture
def filled(put, assign, province, communes):
    """Districts 901 (communes 1 to 3) and 902 with results of two Decembers and of November."""
    base = Month.of(2023, 1)
    put(base, POP=[1000, 1000, 1000, 1000, 1000])
    put(Month.of(2023, 12), HI=[100, 100, 100, 100, 100])
    put(DECEMBER - 1, HI=[110, 110, 110, 110, 110])
    put(DECEMBER, HI=[120, 121, 122, 123, 124])
    north, south = by_code("901"), by_code("902")
    return assign(
        {(province, "HI"): 600, (north, "HI"): 400, (south, "HI"): 200}, number="148/QĐ-UBND"
    )


def rows(document) -> list[tuple[str, ...]]:
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    return [row.cells for row in table.rows]


def test_the_report_has_the_whole_first_and_its_columns_numbered(filled, province):
    with translation.override("vi"):
        made = monthly(figures_of_month(province, DECEMBER, **ASKED))
    (table,) = (block for block in made.blocks if isinstance(block, Table))
    numbers = [column.number for column in table.columns]
    assert numbers == [
        "A",
        "B",
        *["1", "2", "3", "4", "5=4/1", "6=4-3", "7=4-2", "8=1-4", "9", "10"],
    ]
    found = rows(made)
    assert found[0][0].startswith("I. ")
    whole = found[1]
    assert whole[1] == "TOÀN TỈNH"
    assert whole[2:9] == ("600", "500", "550", "610", "101,7", "+60", "+110")
    assert whole[9] == "đạt"


def test_the_numbers_are_those_of_the_figures(filled, province, figure):
    with translation.override("vi"):
        made = rows(monthly(figures_of_month(province, DECEMBER, **ASKED)))
    south = next(row for row in made if row[1:2] == (by_code("902").full_name,))
    found = {f.unit.code: f for f in [figure("HI", unit=by_code("902"))]}["902"]
    assert south[5] == str(found.achieved)
    assert south[2] == str(found.target)


def test_what_is_left_is_never_below_nothing(filled, figure, province):
    assert remaining(figure("HI")) == 0
    assert remaining(figure("HI", unit=by_code("902"))) == 0
    assert remaining(figure("HI_RATE")) is None


def test_a_flow_has_no_change_on_last_month_in_january(put, figure):
    january, december = Month.of(2024, 1), Month.of(2023, 12)
    put(december, HI_HH_NEW=[1, 1, 1, 1, 1])
    put(january, HI_HH_NEW=[2, 2, 2, 2, 2])
    now, before = figure("HI_HH_NEW", month=january), figure("HI_HH_NEW", month=december)
    assert now.achieved == 10
    assert since_last_month(now, before) is None
    assert since_last_month(now, None) is None


def test_the_score_is_the_mean_of_points_and_at_most_120(filled, figure, province):
    north, south = (figure("HI", unit=by_code(code)) for code in ("901", "902"))
    assert points(south) == min(south.percent_of_target, 120)
    found = overall({1: [north], 2: [south], 3: []})
    assert found[3].total is None
    assert found[3].rank is None
    totals = {unit: Fraction(score.total) for unit, score in found.items() if score.total}
    best = max(totals, key=totals.__getitem__)
    assert found[best].rank == 1
    assert (found[1].reached, found[1].targets) == (0, 1)


def test_the_ranking_lists_the_best_first_and_says_its_method(filled, province):
    with translation.override("vi"):
        made = ranking(figures_of_month(province, DECEMBER, **ASKED))
        content = writing.write(made)
    first, second = rows(made)
    assert first[1] == by_code("902").full_name
    assert (first[5], second[5]) == ("1", "2")
    assert "tối đa 120" in reading.word_text(content)


def test_the_version_changes_with_a_figure_only(filled, province, put):
    first = figures_of_month(province, DECEMBER, **ASKED)
    again = figures_of_month(province, DECEMBER, language="en", at=datetime(2025, 2, 1, tzinfo=UTC))
    assert first.version == again.version
    put(DECEMBER, HI=[120, 121, 122, 123, 125])
    assert figures_of_month(province, DECEMBER, **ASKED).version != first.version


def test_nothing_to_rank_or_to_report_is_refused(province, catalogue):
    found = figures_of_month(province, DECEMBER, **ASKED)
    with pytest.raises(Refused):
        asking.with_figures(found)
    with pytest.raises(Refused):
        asking.with_ranks(found)


def test_late_are_those_sent_after_the_due_day_and_those_not_sent(filled, province, communes):
    due = late_reports(province, DECEMBER, language="vi", at=datetime(2026, 1, 1, tzinfo=UTC))
    days = {communes[0]: datetime(2025, 1, 2, tzinfo=UTC), communes[1]: AT.replace(day=30)}
    for unit, moment in days.items():
        Submission.objects.filter(unit=unit, month=DECEMBER).update(sent_at=moment)
    Submission.objects.filter(unit=communes[2], month=DECEMBER).update(state="draft")
    found = late_reports(province, DECEMBER, language="vi", at=AT.replace(month=2))
    codes = {one.unit.code: one for one in found.late}
    assert due.expected == found.expected == 5
    assert "99001" not in codes
    assert codes["99002"].sent_on is not None
    assert codes["99002"].days == (codes["99002"].sent_on - codes["99002"].due).days
    with translation.override("vi"):
        text = reading.pdf_text(pdf.write(late(found)))
    assert "THÔNG BÁO" in text
    assert communes[1].full_name in text


def test_before_the_due_day_nobody_is_late(province, communes):
    found = late_reports(province, DECEMBER, language="vi", at=datetime(2025, 1, 2, tzinfo=UTC))
    assert found.late == ()
    with pytest.raises(Refused):
        asking.with_late(found)
    later = late_reports(province, DECEMBER, language="vi", at=datetime(2025, 2, 2, tzinfo=UTC))
    assert (len(later.late), later.missing) == (5, 5)
