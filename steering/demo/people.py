"""Six accounts to try the system with: one per role, and an outsider. Posts only, no persons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from districts.models import Unit
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor
from steering.accounts.models import User
from steering.committee.actions import found_committee, seat_member
from steering.committee.models import Committee
from steering.committee.roles import Role

from . import words
from .words import COMMITTEE

PASSWORD = "minh-hoa-2025"
"""Printed by the command. Whoever lets others reach the server changes it first."""

TERM_BEGINS = date(2022, 1, 1)
REFORM_DAY = date(2025, 7, 1)


@dataclass(frozen=True)
class Seat:
    """A seat on the committee of the unit in force under ``code`` since ``since``."""

    code: str
    role: Role
    since: date = TERM_BEGINS


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in. ``post`` is what the history shows."""

    username: str
    post: str
    seats: Sequence[Seat] = ()
    email: str = ""
    phone: str = ""


ACCOUNTS = (
    Account(
        "can-bo-tinh",
        "Cán bộ thường trực, BHXH tỉnh (minh họa)",
        [Seat("14", Role.STANDING_OFFICER)],
        email="can-bo-tinh@sonla.example",
        phone="0212 000 0000",
    ),
    Account(
        "lanh-dao",
        "Phó Trưởng ban Thường trực Ban Chỉ đạo tỉnh (minh họa)",
        [Seat("14", Role.LEADER)],
    ),
    Account(
        "chu-tich",
        "Chủ tịch UBND huyện, từ 07/2025 Chủ tịch UBND xã Quỳnh Nhai (minh họa)",
        [Seat("118", Role.CHAIR), Seat("03703", Role.CHAIR, REFORM_DAY)],
    ),
    Account(
        "can-bo-xa",
        "Cán bộ thị trấn Mường Giàng, từ 07/2025 xã Quỳnh Nhai (minh họa)",
        [Seat("03703", Role.OFFICER), Seat("03703", Role.OFFICER, REFORM_DAY)],
    ),
    Account("kiem-toan", "Kiểm tra, giám sát (minh họa)", [Seat("14", Role.AUDITOR)]),
    Account("nguoi-ngoai", "Người ngoài Ban Chỉ đạo (minh họa)"),
)


def found(unit: Unit, *, actor: Actor, on: date) -> Committee:
    """The steering committee of a unit, named as its documents name it."""
    name = f"{COMMITTEE} {lower_first(unit.full_name)}"
    return found_committee(unit=unit, name=name, notice=words.NOTICE, actor=actor, on=on)


@transaction.atomic
def seat_everybody(*, actor: Actor, on: date) -> list[User]:
    """Make the accounts that are missing, each with its seats; those that exist stay as they are.

    Returns the accounts made.
    """
    made = []
    for account in ACCOUNTS:
        if User.objects.filter(username=account.username).exists():
            continue
        user = User.objects.create_user(
            username=account.username,
            password=PASSWORD,
            post=account.post,
            email=account.email,
            phone=account.phone,
            is_staff=True,
        )
        write_journal(actor=actor, action="account.created", subject=user)
        for seat in account.seats:
            unit = Unit.objects.by_code(seat.code, seat.since)
            seat_member(
                user=user,
                role=seat.role,
                committee=found(unit, actor=actor, on=on),
                since=seat.since,
                actor=actor,
                on=on,
            )
        made.append(user)
    return made


def lower_first(name: str) -> str:
    """A unit's full name inside a sentence: «huyện Quỳnh Nhai»."""
    return name[:1].lower() + name[1:]
