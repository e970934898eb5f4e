"""A conference without a database: real names of units, figures from a fixed seed that add up."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random

import commitments.catalogue
import districts.gazetteer
from commitments.models import Indicator, Kind
from districts.models import Unit
from districts.months import Month
from reports.conference.completeness import Coverage
from reports.conference.contents import (
    Conference,
    Explained,
    Group,
    Instrument,
    Promise,
    Promises,
    Reporting,
    Trajectory,
    UnitFigures,
)
from reports.engine import rules
from reports.engine.figures import Figure
from reports.engine.trajectories import Point

Tree = list[tuple[Unit, list[Unit]]]
"""Districts with their communes."""
NOTICE = "Số liệu minh họa"


def _rows(package, name: str) -> list[dict[str, str]]:
    with (Path(package.__path__[0]) / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@cache
def catalogue() -> dict[str, Indicator]:
    """The shipped catalogue as objects that no database knows."""
    made: dict[str, Indicator] = {}
    for position, row in enumerate(_rows(commitments.catalogue, "indicators.csv"), start=1):
        made[row["code"]] = Indicator(
            pk=position,
            code=row["code"],
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            group=row["group"],
            kind=row["kind"],
            unit_of_measure=row["unit_of_measure"],
            decimals=int(row["decimals"]),
            direction=row["direction"],
            entered_at=row["entered_at"],
            frequency=row["frequency"],
            numerator=made.get(row["numerator"]),
            denominator=made.get(row["denominator"]),
            main=bool(row["main"]),
            legal_basis=row["legal_basis"],
            position=position,
        )
    return made


@dataclass
class _Values:
    """What one unit has: indicator code to (value, last year, target); counts only."""

    unit: Unit
    values: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    expected: int = 1
    approved: int = 1


def _units(districts_wanted: int, communes_each: int | None) -> tuple[Unit, Tree]:
    rows = _rows(districts.gazetteer, "units.csv")
    below = [row for row in rows if row["parent"] == "p14" and row["tier"] == "district"]
    places = {row["id"] for row in below}
    communes = [row for row in rows if row["parent"] in places]
    (province,) = (row for row in rows if row["id"] == "p14")
    units = {
        row["id"]: Unit(
            pk=number,
            code=row["code"],
            tier=row["tier"],
            kind=row["kind"],
            name=row["name"],
            full_name=row["full_name"],
            reports_at="commune" if row["tier"] == "commune" else "",
        )
        for number, row in enumerate([province, *below, *communes], start=1)
    }
    tree = [
        (
            units[district["id"]],
            [units[row["id"]] for row in communes if row["parent"] == district["id"]],
        )
        for district in below
    ]
    return units["p14"], [
        (district, under[:communes_each]) for district, under in tree[:districts_wanted]
    ]


def _commune_values(unit: Unit, random: Random, ease: float) -> _Values:
    people = random.randint(2_500, 13_000)
    workers = int(people * 0.56)
    pupils = int(people * 0.23)
    listed = int(people * 0.07)
    insured = int(people * random.uniform(0.95, 1.0))
    have = {
        "POP": people,
        "LF": workers,
        "STU": pupils,
        "AFF": listed,
        "HI": insured,
        "HI_STU": int(pupils * random.uniform(0.97, 1)),
        "HI_AFF": int(listed * random.uniform(0.8, 0.97)),
        "SI_C": int(workers * random.uniform(0.04, 0.13)),
        "SI_V": int(workers * random.uniform(0.01, 0.03)),
        "SI_V_NEW": random.randint(3, 24),
        "SI_C_NEW": random.randint(0, 3),
        "HI_HH_NEW": random.randint(90, 260),
        "UNIT_NEW": random.randint(0, 1),
    }
    have["SI"] = have["SI_C"] + have["SI_V"]
    have["UI"] = int(have["SI_C"] * 0.93)
    made = _Values(unit)
    for code, value in have.items():
        base = catalogue()[code].frequency == "yearly"
        last = value if base else int(value * random.uniform(0.94, 1.0))
        target = 0 if base else round(value / (ease * random.uniform(0.99, 1.01)))
        made.values[code] = (value, last, target)
    return made


def _sum(unit: Unit, parts: Iterable[_Values]) -> _Values:
    made = _Values(unit, expected=0, approved=0)
    for part in parts:
        made.expected += part.expected
        made.approved += part.approved
        for code, triple in part.values.items():
            known = made.values.get(code, (0, 0, 0))
            made.values[code] = tuple(a + b for a, b in zip(known, triple, strict=True))
    return made


_PROVINCE_ONLY = {
    "TOTAL": (1_250_450, 1_213_796, 0),
    "COLLECT": (2_499_812_345_678, 2_301_000_000_000, 2_499_312_483_182),
    "BEN_SET": (24_051, 22_871, 0),
    "PENS_N": (33_214, 32_650, 0),
    "PENS_AMT": (163_900_000_000, 148_000_000_000, 0),
    "KCB_N": (1_041_252, 1_002_318, 0),
    "KCB_AMT": (867_300_000_000, 811_000_000_000, 0),
    "KCB_FAC": (228, 228, 0),
    "KCB_CCCD": (228, 201, 0),
    "MANAGED": (1_224_072, 1_201_000, 0),
    "SYNC": (1_192_246, 1_050_000, 0),
    "DVC_FILES": (93_000, 88_000, 0),
    "DVC_ONLINE": (93_000, 80_100, 0),
}


def _figures(have: _Values, month: Month, *, provisional: bool = False) -> dict[str, Figure]:
    made = {}
    for code, indicator in catalogue().items():
        if indicator.kind == Kind.RATIO:
            made[code] = _ratio(have, indicator, month, provisional)
        elif code in have.values:
            value, last, target = have.values[code]
            made[code] = _figure(
                have, indicator, month, Fraction(value), last, target or None, provisional
            )
    return {code: figure for code, figure in made.items() if figure}


def _main_only(figures: dict[str, Figure]) -> dict[str, Figure]:
    return {code: figure for code, figure in figures.items() if figure.indicator.main}


def _ratio(have: _Values, indicator: Indicator, month: Month, provisional: bool) -> Figure | None:
    numerator = have.values.get(indicator.numerator.code)
    denominator = have.values.get(indicator.denominator.code)
    if not numerator or not denominator:
        return None
    exact = Fraction(numerator[0] * 100, denominator[0])
    last = rules.half_up(Fraction(numerator[1] * 100, denominator[1]), 2)
    target = rules.half_up(Fraction(numerator[2] * 100, denominator[0]), 2)
    return _figure(
        have,
        indicator,
        month,
        exact,
        last,
        target if numerator[2] else None,
        provisional,
        numerator=numerator[0],
        denominator=denominator[0],
        denominator_source="Cơ quan thống kê, 31/12/2022",
    )


def _figure(have, indicator, month, exact, last, target, provisional, **ratio) -> Figure:
    flow = indicator.kind == Kind.FLOW
    value = rules.half_up(exact, 2) if ratio else int(exact)
    share = rules.share(exact, Fraction(target) if target else None)
    percent = None if share is None else rules.half_up(share * 100, 2)
    return Figure(
        unit=have.unit,
        indicator=indicator,
        month=month,
        value=value,
        exact=exact,
        year_to_date=value if flow else None,
        reported_value=value,
        target=target,
        operator="at_least" if target else None,
        deadline=Month.of(month.year, 12) if target else None,
        decision="01/QĐ-UBND" if target else None,
        plan_to_date=target,
        percent_of_target=percent,
        points_to_target=value - target if ratio and target else None,
        percent_to_date=percent,
        last_year=last,
        last_year_to_date=last if flow else None,
        last_year_coverage=(0 if last is None else have.expected, have.expected),
        baseline_coverage=None if flow else (have.expected, have.expected),
        change=None if last is None else value - last,
        rank=None,
        ranked=None,
        status=rules.status(
            achieved=exact,
            plan=Fraction(target) if target else None,
            operator="at_least",
            due=True,
        ),
        approved=have.approved,
        reported=have.approved,
        expected=have.expected,
        provisional=provisional,
        estimated=False,
        numerator=ratio.get("numerator"),
        denominator=ratio.get("denominator"),
        denominator_source=ratio.get("denominator_source"),
    )


def _ranked(rows: list[UnitFigures]) -> list[UnitFigures]:
    made = {row.unit.pk: dict(row.figures) for row in rows}
    for code in catalogue():
        places = rules.ranks(
            {row.unit.pk: row.figures[code].percent_to_date for row in rows if code in row.figures}
        )
        for pk, rank in places.items():
            made[pk][code] = replace(made[pk][code], rank=rank, ranked=len(places))
    return [UnitFigures(row.unit, made[row.unit.pk]) for row in rows]


def conference(
    *,
    districts_wanted: int = 12,
    communes_each: int | None = None,
    language: str = "vi",
    notice: str = NOTICE,
) -> Conference:
    """The review of December 2023 with so many districts, all their communes unless said."""
    random = Random(20231231)
    month = Month.of(2023, 12)
    province, tree = _units(districts_wanted, communes_each)
    groups, children, totals = [], [], []
    for district, communes in tree:
        ease = random.uniform(0.975, 1.035)
        values = [_commune_values(commune, random, ease) for commune in communes]
        together = _sum(district, values)
        totals.append(together)
        rows = _ranked([UnitFigures(v.unit, _main_only(_figures(v, month))) for v in values])
        row = UnitFigures(district, _figures(together, month, provisional=district.code == "127"))
        children.append(row)
        groups.append((row, rows))
    children = _ranked(children)
    groups = [Group(row, tuple(rows)) for row, (_, rows) in zip(children, groups, strict=True)]
    whole = _sum(province, totals)
    whole.values |= _PROVINCE_ONLY
    own = UnitFigures(province, _figures(whole, month))
    main = tuple(i for i in catalogue().values() if i.main)
    return Conference(
        unit=province,
        province=province,
        month=month,
        authority="ppc",
        map_day=None,
        language=language,
        committee="Ban Chỉ đạo phát triển người tham gia BHXH, BHYT",
        dated=date(2024, 1, 5),
        data_to=date(2023, 12, 31),
        notice=notice,
        main=main,
        own=own,
        children=tuple(children),
        groups=tuple(groups),
        trajectories=tuple(_trajectory(own.figures[i.code], month, random) for i in main),
        promises=_promises(own, children, month),
        months=tuple(Month(n) for n in range(month - 11, month + 1)),
        reporting=tuple(
            Reporting(
                group.district.unit,
                tuple(
                    _coverage(group.district.unit, Month(n), len(group.communes), random)
                    for n in range(month - 11, month + 1)
                ),
            )
            for group in groups
        ),
        elsewhere={},
        explained=(
            Explained(
                province,
                "TOTAL: 1.250.450 phải nằm giữa phần lớn nhất của nó, 1.278.316, và tổng các phần.",
                "Hai số theo hai phạm vi đếm khác nhau; công bố như báo cáo tại hội nghị.",
            ),
        ),
        version="0" * 64,
    )


def _trajectory(figure: Figure, month: Month, random: Random) -> Trajectory:
    end = figure.exact
    points = []
    for number in range(24):
        at = Month(month - 23 + number)
        before = at.month / 12
        exact = end * Fraction(int(1_000_000 * (0.93 + 0.07 * number / 23)), 1_000_000)
        value = rules.half_up(exact, 2) if figure.denominator else int(exact)
        plan = figure.target
        if plan is not None:
            share = (0.93 if number < 12 else 0.965) + 0.035 * before
            plan = type(plan)(round(float(plan) * share, 2))
        percent = rules.percent_of(Fraction(value), plan and Fraction(plan))
        points.append(Point(at, value, plan, 200, 200, number == 23, percent))
    return Trajectory(figure.indicator, tuple(points))


def _promises(own: UnitFigures, children: list[UnitFigures], month: Month) -> Promises:
    codes = ("HI", "HI_RATE", "HI_STU_RATE", "HI_AFF_RATE", "SI_V", "SI_RATE")
    indicators = tuple(catalogue()[code] for code in codes)

    def targets(row: UnitFigures) -> dict[str, Figure]:
        return {code: row.figures[code] for code in codes}

    units = []
    for number, row in enumerate(children):
        signed = number != 3
        units.append(
            Promise(
                row.unit,
                targets(row),
                signed_on=date(2024, 3, 7) if signed else None,
                version=1 if signed else None,
                signer_post=f"Chủ tịch UBND {row.unit.full_name}" if signed else "",
                agrees=True if signed else None,
            )
        )
    return Promises(
        year=month.year + 1,
        instruments=(
            Instrument("148/QĐ-UBND", date(2024, 1, 26), date(2024, 1, 1), "", "UBND tỉnh", NOTICE),
        ),
        indicators=indicators,
        own=Promise(own.unit, targets(own)),
        units=tuple(units),
        signing=True,
    )


def _coverage(unit: Unit, month: Month, expected: int, random: Random) -> Coverage:
    missing = random.choice((0, 0, 0, 0, 0, 1))
    late = random.choice((0, 0, 1, 2))
    sent = expected - missing
    return Coverage(unit, month, expected, sent, max(0, sent - late), sent)
