"""What was reached by a December: what a paper says of last year. No database."""

from collections import defaultdict

from commitments.models import Indicator, Kind
from districts.months import Month
from steering.demo.series import Series
from steering.demo.targets import percent


class Results:
    """What districts and new communes had reached by a December, scaled as targets are."""

    def __init__(self, series: Series, december: Month):
        self.series, self.december = series, december
        self.members: dict[str, list[str]] = defaultdict(list)
        for character in series.characters:
            place = character.place
            self.members[place.district].append(place.code)
            self.members[place.heir].append(place.code)

    def of(self, unit: str, indicator: Indicator) -> int:
        """A stock of December, a flow of the year, or a rate of what was reached."""
        if indicator.kind != Kind.RATIO:
            return self._count(unit, indicator.code, flow=indicator.kind == Kind.FLOW)
        above = self._count(unit, indicator.numerator.code)
        below = self._base(unit, indicator.denominator.code)
        return int(percent(above, below) * indicator.scale)

    def _count(self, unit: str, code: str, *, flow: bool = False) -> int:
        if code == "SI":
            return self._count(unit, "SI_C") + self._count(unit, "SI_V")
        months = self.december.year_to_date() if flow else [self.december]
        return sum(
            self.series.counts[month][commune, code]
            for month in months
            for commune in self.members[unit]
        )

    def _base(self, unit: str, base: str) -> int:
        given = self.series.bases_in_force(base, self.december)
        return sum(given[commune, base] for commune in self.members[unit])
