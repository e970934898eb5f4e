"""The province's lines divided among its communes, month by month. Pure; chance by seed.

A province figure is always divided as a whole, in proportion to what the communes are like, so
the parts add up to it and no commune carries a remainder.
"""

import random
from collections.abc import Mapping, Sequence
from math import ceil

from districts.months import Month

from .places import TOWNSHIP, WARD, Character
from .province import FIRST, GROUPS, MONTHS, OTHERS, base_lines
from .published import calendar
from .shares import apportion, fit, scatter

Line = Mapping[Month, int]
Column = list[int]
"""One number per commune, in the order of the communes."""

FLOWS = ("HI_HH_NEW", "SI_C_NEW", "SI_V_NEW", "UNIT_NEW")
STOCKS = ("SI_C", "SI_V", "UI", "VNEID", "CONVENTION")
LEANINGS = (*GROUPS, *FLOWS, *STOCKS, "LF", "ADULT", "STU", "AFF")

MOST_COVERED = 0.998
"""The largest share of its population that a commune insures."""
MOST_ON_VNEID = 0.985
PEOPLE_PER_VILLAGE = 560
SCHOOL_YEAR_BEGINS = 9
NOISE = 0.004
FITTING_ROUNDS = 12

SEASONAL = ("HI_STU", "HI_AFF", "HI_HH")

# Shares of the insured by group: in wards, in townships, in communes near and far from a town.
_COMPOSITION = {
    "HI_EMP": (0.170, 0.140, 0.050, 0.025),
    "HI_SIA": (0.120, 0.090, 0.022, 0.010),
    "HI_POOR": (0.006, 0.025, 0.090, 0.210),
    "HI_EM": (0.040, 0.090, 0.200, 0.300),
    "HI_U6": (0.090, 0.095, 0.105, 0.118),
    "HI_MERIT": (0.034, 0.034, 0.034, 0.030),
    "HI_NPOOR": (0.008, 0.025, 0.060, 0.062),
    "HI_STU": (0.270, 0.270, 0.270, 0.270),
    "HI_AFF": (0.016, 0.040, 0.048, 0.018),
    "HI_HH": (0.190, 0.150, 0.062, 0.020),
    OTHERS: (0.012, 0.011, 0.010, 0.010),
}
# Weight per inhabitant of what grows with towns: in wards, townships, near and far communes.
_INTENSITY = {
    "SI_C": (0.300, 0.230, 0.070, 0.030),
    "SI_V": (0.024, 0.026, 0.023, 0.015),
    "LF": (0.55, 0.55, 0.57, 0.57),
    "ADULT": (0.68, 0.64, 0.60, 0.52),
    "HI_HH_NEW": (0.190, 0.150, 0.062, 0.020),
    "SI_C_NEW": (0.300, 0.230, 0.070, 0.030),
    "SI_V_NEW": (0.024, 0.026, 0.023, 0.015),
    "UNIT_NEW": (0.30, 0.20, 0.05, 0.01),
}


def _blend(shares: tuple[float, float, float, float], character: Character) -> float:
    """What a table above says of one commune."""
    ward, township, near, far = shares
    if character.place.kind == WARD:
        return ward
    if character.place.kind == TOWNSHIP:
        return township
    return near + (far - near) * character.remoteness


def _years(month: Month) -> float:
    return (month - FIRST) / 12


class Communes:
    """Divides the province's lines among the communes with these characters."""

    def __init__(self, characters: Sequence[Character], lines: Mapping[str, Line], seed: str):
        self.characters = characters
        self.lines = lines
        self.chance = random.Random(f"{seed} communes")
        self.columns: dict[str, dict[Month, Column]] = {}
        self.bases: dict[str, dict[Month, Column]] = {}
        self._divide_bases()
        self._divide_health()
        self._divide_social()
        self._divide_identity()
        self._divide_flows()

    # --- bases -----------------------------------------------------------------------------------

    def _weights(self, indicator: str, month: Month, noise: float = NOISE) -> list[float]:
        """Size of each commune times its leaning towards ``indicator``, with a little noise."""
        shares = _INTENSITY.get(indicator)
        return [
            character.size(_years(month))
            * (_blend(shares, character) if shares else 1.0)
            * character.leanings.get(indicator, 1.0) ** (0.25 if indicator == "LF" else 1.0)
            * (1 + self.chance.gauss(0, noise))
            for character in self.characters
        ]

    def _divide_bases(self) -> None:
        for base, years in base_lines().items():
            self.bases[base] = {}
            for year, total in years.items():
                month = max(FIRST, Month.of(year, 1))
                self.bases[base][month] = apportion(total, self._weights(base, month, noise=0.0))

    def base(self, base: str, month: Month) -> Column:
        """The base in force in ``month``."""
        given = self.bases[base]
        return given[max(begin for begin in given if begin <= month)]

    # --- health insurance ------------------------------------------------------------------------

    def _divide_health(self) -> None:
        groups = (*GROUPS, OTHERS)
        course = calendar()
        shape = [
            [
                _blend(_COMPOSITION[group], character) * character.leanings.get(group, 1.0)
                for group in groups
            ]
            for character in self.characters
        ]
        for group in ("HI", *GROUPS):
            self.columns[group] = {}
        for month in MONTHS:
            season = {group: float(course[group][month.month - 1]) / 100 - 1 for group in SEASONAL}
            insured = self._insured(month, shape, season)
            cells = fit(
                [
                    [
                        share * character.people * (1 + self.chance.gauss(0, NOISE))
                        for share in shares
                    ]
                    for shares, character in zip(shape, self.characters, strict=True)
                ],
                insured,
                [self.lines[group][month] for group in groups],
                rounds=FITTING_ROUNDS,
            )
            self.columns["HI"][month] = insured
            for position, group in enumerate(GROUPS):
                self.columns[group][month] = apportion(
                    self.lines[group][month], [row[position] for row in cells]
                )
        self._derive_base("STU", "HI_STU", begins=SCHOOL_YEAR_BEGINS, gap=(0.0, 0.03))
        self._derive_base("AFF", "HI_AFF", begins=1, gap=(0.01, 0.16))

    def _insured(
        self, month: Month, shape: list[list[float]], season: Mapping[str, float]
    ) -> Column:
        """Insured people per commune: its coverage, less where many cards are bought yearly."""
        position = {group: GROUPS.index(group) for group in SEASONAL}
        average = self.lines["HI"][month] / sum(self.base("POP", month))
        weights = [
            character.size(_years(month))
            * (
                average
                + self._coverage(character, month)
                + sum(shares[position[group]] * change for group, change in season.items())
            )
            for shares, character in zip(shape, self.characters, strict=True)
        ]
        caps = [int(people * MOST_COVERED) for people in self.base("POP", month)]
        return apportion(self.lines["HI"][month], weights, caps)

    @staticmethod
    def _coverage(character: Character, month: Month) -> float:
        """Coverage above the province's, moving evenly from one December to the next."""
        if month.month == 12:
            return character.coverage[month.year] / 100
        before, after = character.coverage[month.year - 1], character.coverage[month.year]
        return (before + (after - before) * month.month / 12) / 100

    def _derive_base(
        self, base: str, insured: str, *, begins: int, gap: tuple[float, float]
    ) -> None:
        """A yearly base at least as large as any number of insured while it holds."""
        starts = [month for month in MONTHS if month == FIRST or month.month == begins]
        self.bases[base] = {}
        gaps = [max(0.0, self.chance.uniform(gap[0] - 0.005, gap[1])) for _ in self.characters]
        for start, end in zip(starts, [*starts[1:], MONTHS[-1] + 1], strict=True):
            months = [month for month in MONTHS if start <= month < end]
            highest = [
                max(numbers)
                for numbers in zip(*(self.columns[insured][month] for month in months), strict=True)
            ]
            self.bases[base][start] = [
                ceil(number * (1 + gap)) for number, gap in zip(highest, gaps, strict=True)
            ]

    # --- social insurance, cards on the phone, conventions ---------------------------------------

    def _divide_stock(
        self, indicator: str, month: Month, weights: Sequence[float], caps: Column | None = None
    ) -> None:
        if month in self.lines[indicator]:
            column = apportion(self.lines[indicator][month], weights, caps)
            self.columns.setdefault(indicator, {})[month] = column

    def _divide_social(self) -> None:
        for month in MONTHS:
            for indicator in ("SI_C", "SI_V"):
                self._divide_stock(indicator, month, self._weights(indicator, month))
            insured = self.columns["SI_C"][month]
            weights = [
                number * character.leanings["UI"] ** 0.2
                for number, character in zip(insured, self.characters, strict=True)
            ]
            self._divide_stock("UI", month, weights, insured)

    def _divide_identity(self) -> None:
        for month in MONTHS:
            adults = self.base("ADULT", month)
            weights = [
                character.size(_years(month))
                * _blend(_INTENSITY["ADULT"], character)
                * character.leanings["VNEID"] ** 0.5
                * (1 - 0.15 * character.remoteness)
                for character in self.characters
            ]
            caps = [int(number * MOST_ON_VNEID) for number in adults]
            self._divide_stock("VNEID", month, weights, caps)
            villages = [
                max(3, round(character.people / PEOPLE_PER_VILLAGE))
                for character in self.characters
            ]
            keen = [
                number * character.leanings["CONVENTION"] ** 2
                for number, character in zip(villages, self.characters, strict=True)
            ]
            self._divide_stock("CONVENTION", month, keen, villages)

    # --- flows -----------------------------------------------------------------------------------

    def _divide_flows(self) -> None:
        for indicator in FLOWS:
            self.columns[indicator] = {
                month: scatter(
                    self.lines[indicator][month],
                    self._weights(indicator, month, noise=0.0),
                    self.chance,
                )
                for month in MONTHS
            }
