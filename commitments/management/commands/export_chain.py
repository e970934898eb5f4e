"""Write the signed chain of a committee to a small file that anybody can verify offline.

manage.py export_chain --unit 14 --output chain-14.json
"""

from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.chain.exporting import exported
from commitments.rules import Refused
from districts.models import Unit
from steering.accounts.programs.answers import AnsweringCommand
from steering.committee.models import Committee


class Command(AnsweringCommand):
    help = "Exports the chain of promises of a committee, with its signed head."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--unit", required=True, metavar="CODE")
        parser.add_argument("--output", required=True, metavar="FILE")

    def answer(self, *, unit, output, **options):
        now = timezone.now()
        committee = _committee(unit)
        content = exported(committee, at=now)
        try:
            Path(output).write_bytes(content)
        except OSError as error:
            message = _("%(file)s cannot be written: %(reason)s.")
            details = {"file": output, "reason": error.strerror}
            raise Refused.because("not_writable", message % details, read=output) from error
        links = committee.links.order_by("-number")
        return {"ok": True, "file": output, "unit": unit, "links": links[0].number}


def _committee(code: str) -> Committee:
    """The committee of the unit that bears the code: in force today, else the latest that did."""
    today = timezone.localdate()
    units = [
        committee.unit
        for committee in Committee.objects.filter(unit__code=code).select_related("unit")
    ]
    if not units:
        known = Unit.objects.filter(code=code).exists()
        message = (
            _("The unit %(code)s has no committee, so it has no chain.")
            if known
            else _("There is no unit with the code %(code)s.")
        )
        raise Refused.because("unknown_unit", message % {"code": code}, read=code)
    units.sort(key=lambda unit: (unit.in_force_on(today), unit.established_on))
    return units[-1].committee
