"""A figure as plain data, for scripts: the same keys on the command line and in the API."""

from decimal import Decimal
from typing import Any

from districts.months import Month
from reports.engine.figures import Figure

KEYS = (
    "value",
    "year_to_date",
    "reported_value",
    "target",
    "operator",
    "deadline",
    "decision",
    "authority",
    "version",
    "plan_to_date",
    "percent_of_target",
    "points_to_target",
    "percent_to_date",
    "last_year",
    "last_year_to_date",
    "last_year_coverage",
    "change",
    "rank",
    "ranked",
    "status",
    "approved",
    "reported",
    "expected",
    "provisional",
    "estimated",
)
RATIO_KEYS = ("numerator", "denominator", "denominator_source")


def plain(value: Any) -> Any:
    """A value as JSON holds it: ratios are numbers, months 2024-12, coverage two counts."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Month):
        return str(value)
    if isinstance(value, tuple):
        return dict(zip(("approved", "expected"), value, strict=True))
    return value


def as_dict(figure: Figure) -> dict[str, Any]:
    """A figure as scripts read it."""
    keys = KEYS + (RATIO_KEYS if figure.indicator.kind == "ratio" else ())
    return {
        "unit": figure.unit.code,
        "name": figure.unit.full_name,
        "indicator": figure.indicator.code,
        **{key: plain(getattr(figure, key)) for key in keys},
    }
