"""Load administrative units from the gazetteer in the package, and correct them. Repeatable.

manage.py load_gazetteer --province 14
manage.py load_gazetteer --all --format json
"""

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.actions.reference.gazetteer import take_over_gazetteer
from districts.gazetteer.cells import RegisterError
from districts.gazetteer.register import UnknownProvince, read_register
from districts.models import Unit
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.faults import Refused
from steering.accounts.programs.answers import AnsweringCommand
from steering.accounts.statistics import renew_statistics


class Command(AnsweringCommand):
    help = (
        "Loads units, their successions and tiles: of some provinces, or of the whole country. "
        "Corrects what an earlier edition of the gazetteer had wrong."
    )

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
        taken = take_over_gazetteer(register=register, actor=COMMAND_LINE)
        renew_statistics()
        return {"ok": True, **taken.as_dict()}

    def show(self, answer):
        lines = [self._loaded(answer)]
        if answer["drafts"]:
            lines.append(self._drafted(answer))
        if answer["corrected"]:
            lines.append(_("Corrected:"))
            lines += [_difference(_("is"), **one) for one in answer["corrected"]]
        if answer["kept"]:
            lines.append(_("Kept, because somebody changed it on purpose:"))
            lines += [_difference(_("the gazetteer says"), **one) for one in answer["kept"]]
        return "\n".join(lines)

    def _loaded(self, answer):
        if not any(number for key, number in answer.items() if key not in ("ok", "kept")):
            return _("Everything was loaded already; nothing changed.")
        return _(
            "Loaded: %(units)s units, %(placements)s placements, %(successions)s successions,"
            " %(tiles)s tiles."
        ) % {key: answer[key] for key in ("units", "placements", "successions", "tiles")}

    def _drafted(self, answer):
        drafts = answer["drafts"]
        return ngettext(
            "%(number)d change of name or kind waits to be confirmed with its resolution.",
            "%(number)d changes of name or kind wait to be confirmed with their resolutions.",
            drafts,
        ) % {"number": drafts}


def _difference(now, *, unit, name, field, **values):
    """One line: code and name, what stood there, what stands or would stand there."""
    try:
        label = Unit._meta.get_field(field).verbose_name
    except FieldDoesNotExist:
        label = _("successors")
    was, is_ = ("–" if values[key] is None else values[key] for key in ("was", "is"))
    return f"  {unit} {name}, {label}: {was}; {now}: {is_}"
