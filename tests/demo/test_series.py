"""The demonstration's numbers: every published line is met, and the rest has a plausible shape."""

from collections import defaultdict
from decimal import Decimal

import pytest

from districts.months import Month
from steering.demo.places import Place
from steering.demo.province import GROUPS
from steering.demo.published import Published, published
from steering.demo.reporting import sendings
from steering.demo.series import OFFICE, REFORM, Series, build
from steering.demo.targets import PlannedDecision, decisions

RATES = {
    "HI_RATE": ("HI", "POP"),
    "SYNC_RATE": ("SYNC", "MANAGED"),
    "DVC_RATE": ("DVC_ONLINE", "DVC_FILES"),
}
STOCKS = ("HI", *GROUPS, "SI_C", "SI_V", "UI", "VNEID", "CONVENTION")
DECEMBER = Month.of(2023, 12)


def months_of(period: str) -> list[Month]:
    return [Month.parse(period)] if "-" in period else Month.of(int(period), 12).year_to_date()


def total(series: Series, indicator: str, period: str) -> Decimal:
    """The province's figure for a month or year, straight from what its units report."""
    if indicator in RATES:
        above, below = RATES[indicator]
        return 100 * total(series, above, period) / total(series, below, period)
    months = months_of(period)
    if indicator == "POP":
        return Decimal(series.base_total("POP", months[-1]))
    return Decimal(sum(series.total(indicator, month) for month in months))


def assigned(planned: list[PlannedDecision], indicator: str, year: int) -> Decimal:
    """The province's first target for a year, of the authority that the article names."""
    authority = "vss" if indicator == "COLLECT" else "ppc"
    [target] = [
        assignment.value
        for decision in planned
        if decision.authority == authority and decision.year == year
        for assignment in decision.assignments
        if assignment.tier == "province" and assignment.indicator == indicator
    ]
    return target


def measured(series: Series, planned: list[PlannedDecision], line: Published) -> Decimal:
    year = int(line.period[:4])
    if line.measure == "target":
        return assigned(planned, line.indicator, year)
    value = total(series, line.indicator, line.period)
    if line.measure == "change_on_year":
        return value - total(series, line.indicator, f"{year - 1}{line.period[4:]}")
    if line.measure == "percent_of_target":
        return 100 * value / assigned(planned, line.indicator, year)
    return value


@pytest.fixture(scope="module")
def planned(series: Series) -> list[PlannedDecision]:
    return decisions(series)


@pytest.mark.parametrize(
    "line", published(), ids=lambda line: f"{line.indicator} {line.period} {line.measure}"
)
def test_the_province_meets_every_published_line(
    series: Series, planned: list[PlannedDecision], line: Published
):
    assert line.holds_for(measured(series, planned, line))


def test_the_same_places_and_seed_give_the_same_numbers(places: list[Place], series: Series):
    again = build(list(reversed(places)))
    assert again.counts == series.counts
    assert again.bases == series.bases
    assert decisions(again) == decisions(series)


def test_another_seed_changes_the_communes_and_not_the_province(
    places: list[Place], series: Series
):
    other = build(places, seed="another")
    assert other.counts[DECEMBER] != series.counts[DECEMBER]
    assert other.total("HI", DECEMBER) == series.total("HI", DECEMBER)


def test_the_200_communes_report_until_june_2025_and_the_75_from_july(series: Series):
    reporting = {
        month: len({unit for unit, _indicator in series.counts[month]} - {OFFICE})
        for month in series.months
    }
    assert series.months[0] == Month.of(2022, 12)
    assert series.months[-1] == Month.of(2025, 12)
    assert {reporting[month] for month in series.months if month < REFORM} == {200}
    assert {reporting[month] for month in series.months if month >= REFORM} == {75}


def test_a_new_commune_continues_the_sum_of_its_predecessors(series: Series, places: list[Place]):
    june, july = REFORM - 1, REFORM
    before = defaultdict(int)
    for place in places:
        before[place.heir] += series.counts[june][place.code, "HI"]
    for heir, number in before.items():
        assert abs(series.counts[july][heir, "HI"] - number) <= number * 0.02 + 10


def reports(series: Series):
    """Every commune's report of every month with the bases in force: (month, unit, numbers)."""
    bases = defaultdict(dict)
    successor = {who.place.code: who.place.heir for who in series.characters}
    for month in series.months:
        if month == REFORM:
            merged = defaultdict(lambda: defaultdict(int))
            for unit, held in bases.items():
                for base, number in held.items():
                    merged[successor[unit]][base] += number
            bases = merged
        for (unit, base), number in series.bases.get(month, {}).items():
            bases[unit][base] = number
        numbers = defaultdict(dict)
        for (unit, indicator), number in series.counts[month].items():
            numbers[unit][indicator] = number
        for unit in sorted(numbers.keys() - {OFFICE}):
            yield month, unit, {**bases[unit], **numbers[unit]}


def test_every_report_agrees_with_itself(series: Series):
    for month, unit, report in reports(series):
        where = f"{unit} {month}"
        assert sum(report[group] for group in GROUPS) <= report["HI"], where
        assert report["HI"] <= report["POP"], where
        assert report["UI"] <= report["SI_C"], where
        assert report["SI_C"] + report["SI_V"] <= report["LF"], where
        assert report["HI_STU"] <= report["STU"], where
        assert report["HI_AFF"] <= report["AFF"], where
        assert report["VNEID"] <= report["ADULT"], where
        assert all(report[base] <= report["POP"] for base in ("LF", "ADULT", "STU", "AFF")), where
        assert all(isinstance(number, int) and number >= 0 for number in report.values()), where


def test_only_expiring_cards_and_the_campaign_of_june_2025_change_by_more_than_a_tenth(
    series: Series,
):
    last: dict[tuple[str, str], tuple[Month, int]] = {}
    found = set()
    for month in series.months:
        for (unit, indicator), number in series.counts[month].items():
            known = last.get((unit, indicator))
            if indicator in STOCKS and known and known[0] == month - 1 and month != REFORM:
                change = abs(number - known[1])
                if change >= 20 and change * 10 > known[1]:
                    found.add((str(month), indicator))
            last[unit, indicator] = month, number
    assert found == {
        *((f"{year}-01", group) for year in (2023, 2024, 2025) for group in ("HI_HH", "HI_AFF")),
        ("2025-06", "VNEID"),
    }


def test_yearly_cards_expire_in_january_and_pupils_come_back_in_september(series: Series):
    def numbers(indicator: str, year: int) -> list[int]:
        return [series.total(indicator, Month.of(year, month)) for month in range(1, 13)]

    for year in (2023, 2024, 2025):
        december = series.total("HI_HH", Month.of(year - 1, 12))
        january, *_others, this_december = numbers("HI_HH", year)
        assert january < december * 0.9 < this_december
        pupils = numbers("HI_STU", year)
        assert pupils[8] > pupils[7] == min(pupils)


def test_communes_are_as_large_as_communes_of_son_la(series: Series, places: list[Place]):
    people = {place.code: series.bases[Month.of(2023, 1)][place.code, "POP"] for place in places}
    wards = [people[place.code] for place in places if place.kind == "ward"]
    assert min(people.values()) > 1500
    assert max(people.values()) < 25000
    assert sum(wards) / len(wards) > 1.2 * sum(people.values()) / len(people)


def test_nine_of_twelve_districts_reach_the_plan_of_2023_and_sop_cop_is_last(
    series: Series, planned: list[PlannedDecision], places: list[Place]
):
    targets = {
        assignment.code: int(assignment.value)
        for assignment in next(plan for plan in planned if plan.key == "ppc-2023").assignments
        if assignment.tier == "district" and assignment.indicator == "HI"
    }
    results = defaultdict(int)
    for place in places:
        results[place.district] += series.counts[DECEMBER][place.code, "HI"]
    percents = {code: results[code] / target for code, target in targets.items()}
    assert sum(percent >= 1 for percent in percents.values()) == 9
    assert min(percents, key=percents.get) == "127"


def test_each_district_passes_on_to_its_communes_exactly_what_the_province_assigned_to_it(
    planned: list[PlannedDecision], places: list[Place]
):
    by_key = {decision.key: decision for decision in planned}
    district_of = {place.code: place.district for place in places}
    passing = [decision for decision in planned if decision.district]
    assert len(passing) == 4 * 12
    checked = 0
    for decision in passing:
        above = by_key[decision.passes_on]
        assert above.issued_on < decision.issued_on
        assert {a.tier for a in decision.assignments} == {"commune"}
        assert {district_of[a.code] for a in decision.assignments} == {decision.district}
        for one in above.assignments:
            is_its_own = (one.tier, one.code) == ("district", decision.district)
            if is_its_own and not one.indicator.endswith("_RATE"):
                mine = [a for a in decision.assignments if a.indicator == one.indicator]
                assert sum(a.value for a in mine) == one.value
                checked += 1
    assert checked > 200


def test_the_districts_add_up_to_the_province(planned: list[PlannedDecision]):
    checked = 0
    for decision in planned:
        if decision.authority != "ppc" or decision.district:
            continue
        for whole in decision.assignments:
            if whole.tier == "province" and not whole.indicator.endswith("_RATE"):
                parts = [
                    a.value
                    for a in decision.assignments
                    if (a.tier, a.indicator) == ("district", whole.indicator)
                ]
                assert sum(parts) == whole.value
                checked += 1
    assert checked == 3 * 8 + 2


def test_the_amendment_of_2024_raises_voluntary_insurance_and_lowers_nobodys_target(
    planned: list[PlannedDecision],
):
    by_key = {decision.key: decision for decision in planned}
    amended, amendment = by_key["ppc-2024"], by_key["ppc-2024-amendment"]
    assert {a.indicator for a in amendment.assignments} == {"SI_V", "SI_V_NEW"}
    assert "minh họa" in amendment.note
    for key in ("", *(f"-{d.district}" for d in planned if d.passes_on == "ppc-2024")):
        before, after = by_key[f"ppc-2024{key}"], by_key[f"ppc-2024-amendment{key}"]
        was = {(a.tier, a.code, a.indicator): a.value for a in before.assignments}
        assert all(a.value >= was[a.tier, a.code, a.indicator] for a in after.assignments)
    assert amended.amends == ""


def test_one_plan_runs_by_the_shape_of_its_year_and_ends_below_its_target(
    planned: list[PlannedDecision],
):
    [shaped] = [a for decision in planned for a in decision.assignments if a.path]
    months, values = zip(*shaped.path, strict=True)
    assert list(months) == Month.of(2025, 11).year_to_date()
    assert sorted(values) == list(values)
    assert values[-1] < shaped.value


def test_some_report_late_and_old_months_are_approved_as_a_whole(places: list[Place]):
    units = [place.code for place in places]
    due = Month.of(2023, 12).last_day
    arrived = sendings(Month.of(2023, 12), units, due)
    assert sorted(unit for sending in arrived for unit in sending.units) == sorted(units)
    assert all(sending.approved for sending in arrived)
    late = [unit for sending in arrived if sending.at.date() > due for unit in sending.units]
    assert 0 < len(late) < 30


def test_the_last_months_have_drafts_reports_waiting_and_reports_missing(places: list[Place]):
    units = sorted({place.heir for place in places})
    for month in (Month.of(2025, 10), Month.of(2025, 11), Month.of(2025, 12)):
        arrived = sendings(month, units, month.last_day)
        assert {(sending.sent, sending.approved) for sending in arrived} == {
            (True, True),
            (True, False),
            (False, False),
        }
        assert 0 < sum(len(sending.units) for sending in arrived) < len(units)
