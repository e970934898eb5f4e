"""Seat somebody on the committee of a unit, founding the committee if it has none.

    manage.py createsuperuser --username lan
    manage.py seat_member lan standing_officer 14 --since 2024-01-01

The command line may seat anyone: this is how the first member of a new installation gets in.
"""

from argparse import ArgumentTypeError
from datetime import date

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.models import Unit
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import User
from steering.committee.actions import found_committee, seat_member
from steering.committee.roles import Role


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a day; write it like 2024-01-31") from None


class Command(BaseCommand):
    help = "Seat somebody on the committee of a unit."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("unit", help="code of the province, district or commune")
        parser.add_argument("--since", type=_day, help="first day of the seat; today if left out")

    def handle(self, *, username, role, unit, since, **options):
        today = timezone.localdate()
        since = since or today
        try:
            with transaction.atomic():
                seat = seat_member(
                    user=User.objects.get(username=username),
                    role=role,
                    committee=found_committee(
                        unit=Unit.objects.by_code(unit, since), actor=COMMAND_LINE, on=today
                    ),
                    since=since,
                    actor=COMMAND_LINE,
                    on=today,
                )
        except User.DoesNotExist:
            raise CommandError(
                _("There is no user “%(read)s”. Create one with manage.py createsuperuser.")
                % {"read": username}
            ) from None
        except Unit.DoesNotExist:
            raise CommandError(
                _("No unit with the code “%(read)s” is in force on %(day)s.")
                % {"read": unit, "day": f"{since:%d/%m/%Y}"}
            ) from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{seat}, {seat.since:%d/%m/%Y}")
