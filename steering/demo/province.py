"""The province's own monthly lines: published where something was published, smooth between.

Pure: reads the data files of this package and nothing else.
"""

from collections.abc import Mapping

from districts.months import Month

from .published import calendar, levels
from .shares import apportion

FIRST, LAST = Month.of(2022, 12), Month.of(2025, 12)
MONTHS = [Month(number) for number in range(FIRST, LAST + 1)]

OTHERS = "others"
"""People insured in none of the listed groups (armed forces and the like); never reported."""

GROUPS = (
    "HI_EMP",
    "HI_SIA",
    "HI_POOR",
    "HI_EM",
    "HI_U6",
    "HI_MERIT",
    "HI_NPOOR",
    "HI_STU",
    "HI_AFF",
    "HI_HH",
)
RESIDUAL = "HI_EM"
"""The group that follows from the published totals; it loses people when villages leave support."""

OTHERS_PER_MILLE = 10
GROWING = frozenset({"VNEID"})
"""Indicators that multiply between two levels instead of rising in a straight line."""

BASES = ("POP", "LF", "ADULT")
"""Yearly bases with a level of their own; pupils and farm households follow from the groups."""


def base_lines() -> dict[str, dict[int, int]]:
    """Yearly base to year to the number in force in that year."""
    known = levels()
    return {
        base: {int(period[:4]): value for period, value in known[base].items()} for base in BASES
    }


def lines() -> dict[str, dict[Month, int]]:
    """Every monthly indicator to its province figure, month by month; blank months are left out."""
    known, course = levels(), calendar()
    found: dict[str, dict[Month, int]] = {}
    for indicator, periods in known.items():
        if indicator in (*BASES, "HI", "TOTAL"):
            continue
        if any(len(period) == 4 for period in periods):
            found[indicator] = _flow(periods, [float(weight) for weight in course[indicator]])
        else:
            found[indicator] = _stock(periods, course.get(indicator), indicator in GROWING)
    _complete_health(found, _by_month(known["HI"]))
    found["TOTAL"] = _following(found["HI"], _by_month(known["TOTAL"]))
    return found


def _by_month(periods: Mapping[str, int]) -> dict[Month, int]:
    return {Month.parse(period): value for period, value in periods.items() if len(period) > 4}


def _between(knots: Mapping[Month, float], month: Month, *, growing: bool = False) -> float:
    """The value between the two neighbouring knots."""
    before = max(knot for knot in knots if knot <= month)
    after = min(knot for knot in knots if knot >= month)
    if before == after:
        return knots[before]
    way = (month - before) / (after - before)
    if growing:
        return knots[before] * (knots[after] / knots[before]) ** way
    return knots[before] + (knots[after] - knots[before]) * way


def _stock(periods: Mapping[str, int], course: list | None, growing: bool) -> dict[Month, int]:
    """A level at each month's end, from its first knot on, with the course of the year on it."""
    knots = _by_month(periods)
    line = {}
    for month in MONTHS:
        if month >= min(knots):
            percent = float(course[month.month - 1]) / 100 if course else 1.0
            line[month] = round(_between(knots, month, growing=growing) * percent)
    return line


def _flow(periods: Mapping[str, int], weights: list[float]) -> dict[Month, int]:
    """Yearly sums split over the months; a month given by itself keeps its own number."""
    line = _by_month(periods)
    for period, total in periods.items():
        if len(period) == 4:
            open_months = [
                month for month in Month.of(int(period), 12).year_to_date() if month not in line
            ]
            given = sum(value for month, value in line.items() if month.year == int(period))
            parts = apportion(total - given, [weights[month.month - 1] for month in open_months])
            line.update(zip(open_months, parts, strict=True))
    return dict(sorted(line.items()))


def _complete_health(found: dict[str, dict[Month, int]], knots: Mapping[Month, int]) -> None:
    """Add HI, the residual group and the unlisted others, so that HI meets every knot exactly."""
    others = {month: round(_between(knots, month) * OTHERS_PER_MILLE / 1000) for month in MONTHS}
    listed = {
        month: sum(found[group][month] for group in GROUPS if group != RESIDUAL) for month in MONTHS
    }
    residual_knots = {
        month: float(value - listed[month] - others[month]) for month, value in knots.items()
    }
    residual = {month: round(_between(residual_knots, month)) for month in MONTHS}
    found[RESIDUAL], found[OTHERS] = residual, others
    found["HI"] = {month: listed[month] + residual[month] + others[month] for month in MONTHS}


def _following(leader: Mapping[Month, int], knots: Mapping[Month, int]) -> dict[Month, int]:
    """A line that keeps the proportion to ``leader`` that it has at its knots."""
    ratios = {month: value / leader[month] for month, value in knots.items()}
    return {month: round(_between(ratios, month) * leader[month]) for month in MONTHS}
