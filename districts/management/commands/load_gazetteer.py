"""Load administrative units from the gazetteer in the package. Repeatable.

manage.py load_gazetteer --province 14
manage.py load_gazetteer --all --format json
"""

from dataclasses import asdict

from django.utils.translation import gettext as _

from districts.actions import load_gazetteer
from districts.gazetteer.register import RegisterError, UnknownProvince, read_register
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.answers import AnsweringCommand
from steering.accounts.faults import Refused


class Command(AnsweringCommand):
    help = "Loads units, their successions and tiles: of some provinces, or of the whole country."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument(
            "--province",
            action="append",
            metavar="CODE",
            help="a province's code, of any period, with all that hangs together; may be repeated",
        )
        which.add_argument("--all", action="store_true", help="the whole country")

    def answer(self, *, province, **options):
        try:
            register = read_register()
            if province:
                register = register.around(province)
        except UnknownProvince as error:
            raise Refused.because("unknown_province", str(error), read=error.code) from None
        except RegisterError as error:
            raise Refused.because(
                "bad_register",
                error.message,
                sheet=error.file,
                row=error.row,
                column=error.column,
                read=error.read,
            ) from None
        return {"ok": True, **asdict(load_gazetteer(register=register, actor=COMMAND_LINE))}

    def show(self, answer):
        if not any(count for key, count in answer.items() if key != "ok"):
            return _("Everything was loaded already; nothing changed.")
        return _(
            "Loaded: %(units)s units, %(placements)s placements, %(successions)s successions,"
            " %(tiles)s tiles."
        ) % {key: answer[key] for key in ("units", "placements", "successions", "tiles")}
