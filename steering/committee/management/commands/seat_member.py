"""Seat somebody on the committee of a unit, founding the committee if it has none.

manage.py createsuperuser --username lan
manage.py seat_member lan standing_officer 14 --since 2024-01-01

The command line may seat anyone: this is how the first member of a new installation gets in.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.models import Unit
from districts.months import parse_day
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.faults import Refused
from steering.accounts.models import User
from steering.accounts.programs.answers import AnsweringCommand, argument
from steering.committee.actions import found_committee, seat_member
from steering.committee.roles import Role


class Command(AnsweringCommand):
    help = "Seats somebody on the committee of a unit."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("username")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("unit", help="code of the province, district or commune")
        day = argument(parse_day, "2024-01-31")
        parser.add_argument("--since", type=day, help="first day of the seat; else today")

    @transaction.atomic
    def answer(self, *, username, role, unit, since, **options) -> dict[str, Any]:
        today = timezone.localdate()
        since = since or today
        user, place = _user(username), _unit(unit, since)
        committee = found_committee(unit=place, actor=COMMAND_LINE, on=today)
        seat = seat_member(
            user=user, role=role, committee=committee, since=since, actor=COMMAND_LINE, on=today
        )
        return {"ok": True, "seat": str(seat), "since": seat.since.isoformat()}

    def show(self, answer: dict[str, Any]) -> str:
        return f"{answer['seat']} ({answer['since']})"


def _user(username: str) -> User:
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist:
        message = _("There is no user “%(read)s”. Create one with manage.py createsuperuser.")
        raise Refused.because("unknown_user", message % {"read": username}, read=username) from None


def _unit(code: str, day: date) -> Unit:
    try:
        return Unit.objects.by_code(code, day)
    except Unit.DoesNotExist:
        message = _("No unit with the code “%(read)s” is in force on %(day)s.")
        details = {"read": code, "day": f"{day:%d/%m/%Y}"}
        raise Refused.because("unknown_unit", message % details, read=code) from None
