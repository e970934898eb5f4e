"""Other ways to forecast the same series: what the product's forecast is held against.

Each takes the values known month by month (of a flow, totals since January), the first month,
and the month wanted, and answers (value, low, high), or None. Without the library only ``theta``
is missing.
"""

import math
import warnings
from collections.abc import Sequence
from statistics import NormalDist, fmean

from districts.months import Month

try:
    import numpy
    import pandas
    from statsmodels.tsa.forecasting.theta import ThetaModel
except ImportError:
    ThetaModel = None

Said = tuple[float, float, float]
_YEAR = 12
_EIGHTY_PERCENT = NormalDist().inv_cdf(0.9)


def seasonal_naive(values: Sequence[int], first: Month, until: Month, *, flow: bool) -> Said | None:
    """What is there and what the same months brought a year before; without an interval."""
    last = first + len(values) - 1
    if last - first < _YEAR:
        return None
    said = values[-1] + values[until - _YEAR - first] - values[last - _YEAR - first]
    return said, said, said


def square_root(
    values: Sequence[int],
    first: Month,
    until: Month,
    *,
    flow: bool,
    ceiling: float | None = None,
) -> Said | None:
    """Pace and season, every month's season believed in full, one step's misses times √months."""
    steps = _steps(values, first, flow)
    if len(steps) < 5:
        return None
    last = Month(first + len(values) - 1)
    pace, months, season = _pattern(steps)
    noise = _noise(steps, pace)
    pace *= pace**2 / (pace**2 + noise**2 / months) if pace else 0.0
    level = float(values[-1])
    bottom = level if flow else 0.0
    top = math.inf if ceiling is None else max(float(ceiling), level)
    for month in map(Month, range(last + 1, until + 1)):
        if flow and month.month == 1:
            level = bottom = 0.0
            last = month - 1
        level = max(bottom, level + pace + season.get(month.month, 0.0))
    reach = _EIGHTY_PERCENT * noise * math.sqrt(until - last)
    value, low, high = (
        math.floor(min(top, max(bottom, number)) + 0.5)
        for number in (level, level - reach, level + reach)
    )
    return value, low, high


def theta(values: Sequence[int], first: Month, until: Month, *, flow: bool) -> Said | None:
    """The Theta method of statsmodels; a flow's months apart, its intervals added as chance adds.

    None where there is no library, too short a series, or what is to be forecast goes past
    December.
    """
    last = first + len(values) - 1
    if ThetaModel is None or len(values) < 2 * _YEAR + 1:
        return None
    read = list(_steps(values, first, flow).values()) if flow else list(values)
    index = pandas.period_range("2000-01", periods=len(read), freq="M")
    warnings.filterwarnings("ignore", module="statsmodels")
    fitted = ThetaModel(
        pandas.Series(numpy.asarray(read, dtype=float), index=index),
        period=_YEAR,
        deseasonalize=True,
        method="additive",
    ).fit(disp=0)
    ahead = fitted.forecast(until - last)
    band = fitted.prediction_intervals(until - last, alpha=0.2)
    if not flow:
        return float(ahead.iloc[-1]), float(band["lower"].iloc[-1]), float(band["upper"].iloc[-1])
    reach = math.sqrt(sum(((band["upper"] - band["lower"]) / 2) ** 2))
    said = values[-1] + float(ahead.sum())
    return said, max(float(values[-1]), said - reach), said + reach


def _steps(values: Sequence[int], first: Month, flow: bool) -> dict[Month, float]:
    steps: dict[Month, float] = {}
    for place in range(1, len(values)):
        month = Month(first + place)
        before = 0 if flow and month.month == 1 else values[place - 1]
        steps[month] = float(values[place] - before)
    return steps


def _pattern(steps: dict[Month, float]) -> tuple[float, int, dict[int, float]]:
    recent = [steps[month] for month in sorted(steps)[-_YEAR:]]
    by_calendar: dict[int, list[float]] = {}
    for month, step in steps.items():
        by_calendar.setdefault(month.month, []).append(step)
    season: dict[int, float] = {}
    if len(by_calendar) == _YEAR:
        usual = {number: fmean(found) for number, found in by_calendar.items()}
        middle = fmean(usual.values())
        season = {number: step - middle for number, step in usual.items()}
    return fmean(recent), len(recent), season


def _noise(steps: dict[Month, float], pace: float) -> float:
    ordered = sorted(steps)
    misses = [pace / 2]
    for place in range(max(3, len(ordered) - _YEAR), len(ordered)):
        before, _months, season = _pattern({month: steps[month] for month in ordered[:place]})
        month = ordered[place]
        misses.append(steps[month] - before - season.get(month.month, 0.0))
    return math.sqrt(fmean(miss**2 for miss in misses))
