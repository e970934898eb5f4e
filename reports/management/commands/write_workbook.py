"""Write the workbook a conference is run from.

manage.py write_workbook conference --unit 14 --month 2023-12 --output conference-2023.xlsx
manage.py write_workbook conference --unit 14 --month 2023-12 --map 2025-07-01 --language en \
    --output conference.xlsx
"""

import os
import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from commitments.models import Authority
from districts.months import Month, parse_day
from reports.conference.assembly import assemble_conference
from reports.engine.asking import find_unit
from reports.engine.figures import NotOnThisMap
from reports.workbook.build import build
from steering.accounts.faults import Refused
from steering.accounts.programs.answers import AnsweringCommand, argument


class Command(AnsweringCommand):
    help = "Writes the workbook of a conference (.xlsx)."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("workbook", choices=("conference",))
        parser.add_argument("--unit", required=True, help="code of 2, 3 or 5 digits")
        parser.add_argument("--month", required=True, type=argument(Month.parse, "2023-12"))
        parser.add_argument("--output", required=True, type=Path, metavar="FILE")
        day = argument(parse_day, "2025-07-01")
        parser.add_argument("--map", type=day, help="a day, e.g. 2025-07-01")
        parser.add_argument("--authority", choices=Authority.values, default=Authority.PPC)
        parser.add_argument("--language", choices=("vi", "en"), default="vi")

    def answer(self, *, unit, month, output, map, authority, language, **options):
        if not output.parent.is_dir():
            message = _("There is no folder “%(read)s”; create it or name another file.")
            raise Refused.because(
                "no_folder", message % {"read": output.parent}, read=str(output.parent)
            )
        try:
            conference = assemble_conference(
                unit=find_unit(unit, map or month.first_day),
                month=month,
                authority=authority,
                on_map=map,
                language=language,
            )
        except NotOnThisMap as error:
            raise Refused.because("not_on_this_map", str(error), read=str(map)) from None
        replace_file(output, build(conference))
        return {"ok": True, "path": str(output), "version": conference.version}

    def show(self, answer):
        return answer["path"]


def replace_file(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` whole or not at all: a reader never sees half a file."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
