"""Write a document in the form of Decree 30, for Word or as PDF.

manage.py write_document annex --unit 14 --year 2024 --output annex.pdf
manage.py write_document amendment --unit 14 --decision 512/QĐ-UBND --output amendment.docx
manage.py write_document commitment --unit 14 --year 2024 --output commitments/ --type pdf
manage.py write_document monthly --unit 14 --month 2023-12 --output report.docx
"""

from datetime import date, datetime
from pathlib import Path

from django.core.management import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.models import Authority
from districts.months import Month, parse_day
from reports.documents import asking
from reports.documents.amendment import amendment
from reports.documents.annex import annex
from reports.documents.assigned import Assigned
from reports.documents.files import TYPES, File, commitment_file, commitment_files, written
from reports.documents.late import late
from reports.documents.monthly import monthly
from reports.documents.months import figures_of_month, late_reports
from reports.documents.promised import promised_by, promised_to
from reports.documents.ranking import ranking
from reports.documents.setting.document import Document
from reports.management.commands.write_workbook import replace_file
from steering.accounts.faults import Refused
from steering.accounts.programs.answers import AnsweringCommand, argument

PERIODS = {
    "annex": ("year", "decision"),
    "amendment": ("year", "decision"),
    "commitment": ("year",),
    "monthly": ("month",),
    "ranking": ("month",),
    "late": ("month",),
}
"""What each document may be asked for by."""


class Command(AnsweringCommand):
    help = "Writes a document (.docx or .pdf, by the ending of the file)."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("document", choices=PERIODS)
        parser.add_argument("--unit", required=True, help="code of 2, 3 or 5 digits")
        period = parser.add_mutually_exclusive_group(required=True)
        period.add_argument("--year", type=argument(_year, "2024"))
        period.add_argument("--month", type=argument(Month.parse, "2023-12"))
        period.add_argument("--decision", metavar="NUMBER")
        parser.add_argument("--output", required=True, type=Path, metavar="FILE")
        parser.add_argument(
            "--type", choices=sorted(TYPES), default="pdf", help="of files in a folder"
        )
        parser.add_argument("--authority", choices=Authority.values, default=Authority.PPC)
        parser.add_argument("--language", choices=("vi", "en"), default="vi")
        day = argument(parse_day, "2025-07-01")
        parser.add_argument("--on", type=day, help="a day on which the unit meant was in force")
        moment = argument(datetime.fromisoformat, "2024-01-10T08:00")
        parser.add_argument("--at", type=moment, help="when it is written; now unless given")

    def answer(self, *, document, output, type, **options):
        wanted = PERIODS[document]
        if all(options[period] is None for period in wanted):
            names = " / ".join(f"--{period}" for period in wanted)
            raise CommandError(f"{document}: give {names}.", returncode=2)
        options["at"] = _in_zone(options["at"]) or timezone.now()
        if document == "commitment" and (output.is_dir() or not output.suffix):
            return _answer(_write_folder(output, type, **options))
        ending = output.suffix.removeprefix(".").lower()
        if ending not in TYPES:
            raise CommandError(
                f"{str(output)!r}: the file must end in .docx or .pdf.", returncode=2
            )
        _require_folder(output.parent)
        made = _write_file(document, ending, output.stem, **options)
        replace_file(output, made.content)
        return _answer([(output, made)])

    def show(self, answer):
        return "\n".join(file["path"] for file in answer["files"])


def _answer(made: list[tuple[Path, File]]) -> dict:
    return {
        "ok": True,
        "files": [
            {"path": str(path), "sha256": file.digest, "pages": file.pages} for path, file in made
        ],
    }


def _require_folder(folder: Path) -> None:
    if not folder.is_dir():
        message = _("There is no folder “%(read)s”; create it or name another file.")
        raise Refused.because("no_folder", message % {"read": folder}, read=str(folder))


def _write_file(document: str, ending: str, name: str, **asked) -> File:
    if document != "commitment":
        return written(_DOCUMENTS[document](**asked), ending, name)
    unit = asking.unit_of_year(asked["unit"], asked["year"], asked["on"])
    (found,) = asking.with_promises(promised_by(unit, asked["year"]), unit, asked["year"])
    return commitment_file(found, ending, name)


def _write_folder(folder: Path, ending: str, *, unit, year, on, **_rest) -> list[tuple[Path, File]]:
    """The commitments of all units of a committee, one file each: all of them or none."""
    _require_folder(folder if folder.exists() else folder.parent)
    found = asking.unit_of_year(unit, year, on)
    made = commitment_files(asking.with_promises(promised_to(found, year), found, year), ending)
    folder.mkdir(exist_ok=True)
    paths = [(folder / file.name, file) for file in made]
    for path, file in paths:
        replace_file(path, file.content)
    return paths


def _year(text: str) -> int:
    year = int(text)
    date(year, 12, 31)
    Month.of(year, 12)
    return year


def _in_zone(at: datetime | None) -> datetime | None:
    """A time as typed is that of the site."""
    return timezone.make_aware(at) if at and timezone.is_naive(at) else at


def _annex(**asked) -> Document:
    return _of_decision(annex, asking.first_decision, **asked)


def _amendment(**asked) -> Document:
    return _of_decision(amendment, asking.latest_amendment, **asked)


def _of_decision(build, of_year, *, unit, year, decision, authority, language, on, **_rest):
    """The decision named, or that of the year which ``of_year`` picks."""
    if decision:
        found = asking.decision_of(unit, decision, authority, on)
    else:
        found = of_year(asking.unit_of_year(unit, year, on), year, authority)
    return build(
        asking.with_targets(Assigned(found)), language=language, notices=asking.notices(found.unit)
    )


def _monthly(**asked) -> Document:
    return monthly(asking.with_figures(_figures(**asked)))


def _ranking(**asked) -> Document:
    return ranking(asking.with_ranks(_figures(**asked)))


def _figures(*, unit, month, authority, language, on, at, **_rest):
    found = asking.unit_of_month(unit, month, on)
    return figures_of_month(found, month, language=language, at=at, authority=authority)


def _late(*, unit, month, language, on, at, **_rest) -> Document:
    found = asking.unit_of_month(unit, month, on)
    return late(asking.with_late(late_reports(found, month, language=language, at=at)))


_DOCUMENTS = {
    "annex": _annex,
    "amendment": _amendment,
    "monthly": _monthly,
    "ranking": _ranking,
    "late": _late,
}
