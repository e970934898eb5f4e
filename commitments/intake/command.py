"""What the import commands share: the file, on whose behalf, and how the answer reads."""

from typing import Any

from django.utils.translation import gettext as _

from steering.accounts.actors import COMMAND_LINE, Actor
from steering.accounts.faults import Refused
from steering.accounts.models import User
from steering.accounts.programs.answers import AnsweringCommand


class ImportCommand(AnsweringCommand):
    """An answering command that imports a file, all or nothing."""

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("file")
        parser.add_argument("--dry-run", action="store_true", help="check everything, keep nothing")
        parser.add_argument("--explain", default="", metavar="TEXT", help="answers every warning")
        parser.add_argument(
            "--confirm",
            action="append",
            default=[],
            metavar="CODE",
            help="answers every question of that code with yes; may be repeated",
        )
        parser.add_argument(
            "--as", dest="username", help="import with this user's rights, not the command line's"
        )

    def show(self, answer: dict[str, Any]) -> str:
        for warning in answer["warnings"]:
            place = [str(warning[key]) for key in ("sheet", "row", "column") if warning[key]]
            self.stderr.write(f"{' '.join(place)}: {warning['message']}")
        told = {
            **answer,
            "warnings": len(answer["warnings"]),
            "ignored_sheets": ", ".join(answer["ignored_sheets"]) or 0,
        }
        if "confirmed" in answer:
            told["confirmed"] = ", ".join(dict.fromkeys(one["code"] for one in answer["confirmed"]))
        return super().show(told)


def find_actor(username: str | None) -> Actor:
    """The user of that name, or the command line if none is given. Raises Refused."""
    if username is None:
        return COMMAND_LINE
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist:
        message = _("There is no user “%(read)s”.") % {"read": username}
        raise Refused.because("unknown_user", message, read=username) from None
