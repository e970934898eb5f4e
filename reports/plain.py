"""A figure as plain data, for scripts: the same keys on the command line and in the API."""

from decimal import Decimal
from typing import Any

from .figures import Figure

KEYS = (
    "value",
    "year_to_date",
    "reported_value",
    "target",
    "percent_of_target",
    "points_to_target",
    "percent_to_date",
    "last_year",
    "change",
    "rank",
    "status",
    "approved",
    "reported",
    "expected",
    "provisional",
    "estimated",
)
RATIO_KEYS = ("numerator", "denominator", "denominator_source")


def plain(value: Any) -> Any:
    """A value as JSON holds it: ratios are numbers."""
    return float(value) if isinstance(value, Decimal) else value


def as_dict(figure: Figure) -> dict[str, Any]:
    """A figure as scripts read it."""
    keys = KEYS + (RATIO_KEYS if figure.indicator.kind == "ratio" else ())
    return {
        "unit": figure.unit.code,
        "name": figure.unit.full_name,
        "indicator": figure.indicator.code,
        **{key: plain(getattr(figure, key)) for key in keys},
    }
