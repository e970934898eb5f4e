"""What is known of the units a figure is divided over: people, last year's result and target."""

from dataclasses import dataclass
from fractions import Fraction

from commitments.allocation.cascade import bases_of
from commitments.allocation.dividing import Known
from commitments.allocation.places import Place
from commitments.allocation.shares import Share
from commitments.models import Indicator
from districts.models import Unit
from districts.months import Month
from reports.engine.ground import Ground
from reports.engine.series import Series

POPULATION = "POP"
"""The base nobody can be more than, whatever else a number is measured by."""


@dataclass(frozen=True)
class Measures:
    """What is known, and ``base``, the indicator of the people that shares are shares of."""

    known: Known
    base: Indicator | None
    last_year: Month


def measures_of(place: Place, *, last_targets: bool = True) -> Measures:
    """Last year's results and targets of the children on the map of the decision, and their people.

    What a count is measured by is what a rate of it is divided by (pupils, labour force), otherwise
    the population. Results are official ones of last December: flows of the whole year. A fixed
    number of queries. Without ``last_targets``, which one method needs and no page shows, those are
    left blank.
    """
    ground = Ground()
    catalogue = ground.catalogue
    indicator, children = catalogue[place.indicator.pk], place.children
    december = Month.of(place.decision.year, 1) - 1
    base, population = _base_of(indicator, ground), _population(indicator, ground)
    asked = {one.pk for one in (base, population) if one}
    people = bases_of([unit.pk for unit in children], asked, place.month)
    series = Series(
        children, [december], place.month, [indicator], place.decision.authority, ground=ground
    )

    def last_target(unit: Unit) -> int | None:
        plan = series.plan(unit, indicator, december) if last_targets else None
        return None if plan is None else _scaled(plan.value, indicator)

    shares = {
        unit.pk: Share(
            unit.pk,
            base=people.get((unit.pk, base.pk)) if base else None,
            last=_result(series, unit, indicator, december),
            last_target=last_target(unit),
        )
        for unit in children
    }
    most = {unit.pk: people.get((unit.pk, population.pk)) for unit in children if population}
    return Measures(Known(shares, most), base, december)


def _result(series: Series, unit: Unit, indicator: Indicator, month: Month) -> int | None:
    """Last year's result, scaled; None unless it is known of every unit below."""
    exact = series.exact(unit.pk, indicator.pk, month)
    if exact is None or not series.coverage(unit.pk, indicator.pk, month).is_complete:
        return None
    return _scaled(exact, indicator)


def _scaled(value: Fraction, indicator: Indicator) -> int:
    """Half up to the last digit that targets of the indicator have."""
    scaled = value * indicator.scale
    return int((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator))


def _base_of(indicator: Indicator, ground: Ground) -> Indicator | None:
    if indicator.kind == "ratio":
        below = ground.catalogue[indicator.denominator_id]
        return below if below.pk in ground.bases else None
    for one in ground.catalogue.values():
        if one.numerator_id == indicator.pk and one.denominator_id in ground.bases:
            return ground.catalogue[one.denominator_id]
    return _population(indicator, ground)


def _population(indicator: Indicator, ground: Ground) -> Indicator | None:
    """The population, for what is counted in people; None for rates, money, employers and files."""
    if indicator.unit_of_measure != "person":
        return None
    return next((one for one in ground.catalogue.values() if one.code == POPULATION), None)
