"""The province of the run: its map before and after the reform, three people, numbers and files."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.management import call_command

from collection.querysets import entered_by
from districts.models import Tier, Unit
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import User
from steering.committee.actions import found_committee, seat_member
from steering.committee.roles import Role

PROVINCE = "14"
SINCE, TODAY = date(2020, 1, 1), date(2026, 1, 1)
MONTHS = [Month.of(2025, number) for number in (1, 2, 3, 8, 9, 10)]
"""Three months of the map with districts, which verify, and three of the one without."""
TYPED = 5
"""How many communes, the first by code, are typed by hand; the others come in files."""
FIRST = {"HI": 60_000, "CONVENTION": 500}
"""Where the numbers of an indicator begin, if elsewhere than at 4,000."""

LITTLE = 40
"""How many turns change a number by less than a rule asks about."""


@dataclass(frozen=True)
class People:
    """Three standing officers, so that nobody has to approve what they reported themselves."""

    importer: User
    typist: User
    reviewer: User


def build() -> People:
    """Make the province in an empty database."""
    call_command("migrate", verbosity=0)
    call_command("load_gazetteer", province=[PROVINCE], format="json", stdout=io.StringIO())
    call_command("load_catalogue", stdout=io.StringIO())
    unit = Unit.objects.by_code(PROVINCE, TODAY)
    committee = found_committee(unit=unit, actor=COMMAND_LINE, on=TODAY)
    people = []
    for name in ("importer", "typist", "reviewer"):
        user = User.objects.create_user(username=name, is_staff=True)
        seat_member(
            user=user,
            role=Role.STANDING_OFFICER,
            committee=committee,
            since=SINCE,
            actor=COMMAND_LINE,
            on=TODAY,
        )
        people.append(user)
    return People(*people)


def communes(month: Month) -> list[Unit]:
    """The communes that report for ``month``, by code."""
    return list(Unit.objects.reporting_in(month).filter(tier=Tier.COMMUNE).order_by("code"))


def number(indicator: str, turn: int) -> int:
    """A number that fits the rules, or needs an answer, and differs from those of other turns."""
    return FIRST.get(indicator, 4_000) + turn % 390


def typed_by_hand(unit: Unit, month: Month, turn: int) -> dict[str, str]:
    """Every number that the sheet of ``unit`` asks for, as somebody types it."""
    return {made.code: str(number(made.code, turn)) for made in entered_by(unit, month)}


def table_of(month: Month, units: Sequence[Unit], turn: int) -> bytes:
    """A tidy table of everything that ``units`` report for ``month``."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["month", "unit", "indicator", "value"])
    for unit in units:
        rows.writerows(
            # So little changes that no rule asks why.
            [str(month), unit.code, made.code, number(made.code, turn % LITTLE)]
            for made in entered_by(unit, month)
        )
    return text.getvalue().encode()
