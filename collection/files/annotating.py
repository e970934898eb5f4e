"""The annotated copy of a file handed in: what its page says, written into the file. A read."""

from django.utils.translation import gettext as _

from collection.models import Upload
from commitments.intake.workbook.cells import Place
from districts.months import Month

from .checking import (
    Kind,
    doubts_of,
)
from .workbooks.annotated import (
    Mark,
    Problem,
    annotate,
)

_MARKS = {
    Kind.CONFIRM: Mark.WARNING,
    Kind.WRONG: Mark.ERROR,
    Kind.QUESTION: Mark.WARNING,
}


def annotated_copy(upload: Upload) -> bytes:
    """The file with its problems marked; with the receipts once it was accepted. May be Refused."""
    problems = [
        Problem(doubt.place, doubt.said, _MARKS[doubt.kind])
        for doubt in doubts_of(upload.found)
        if doubt.kind in _MARKS
    ]
    for fault in upload.found.get("refused", []):
        place = Place(fault["sheet"], fault["row"] or 0, fault["column"])
        problems.append(Problem(place, fault["message"]))
    outcome = upload.outcome or {}
    # Before it is accepted the copy counts and ticks what the page calls right.
    right = outcome.get("cells", upload.found.get("cells", []))
    with upload.file.open("rb") as file:
        original = file.read()
    return annotate(
        original,
        name=upload.name,
        problems=problems,
        accepted=[Place.parse(cell) for cell in right],
        said=_said(upload, outcome),
    )


def _said(upload: Upload, outcome: dict) -> list[str]:
    """What was done about the file as a whole: receipts, what is kept, what was corrected."""
    said = []
    for report in outcome.get("reports", []):
        names = {
            "unit": report["unit"],
            "month": Month.parse(report["month"]).shown,
            "number": report["receipt"],
        }
        if report["receipt"]:
            said.append(_("%(unit)s, %(month)s: receipt %(number)s.") % names)
        elif report["kept"]:
            names["number"] = report["kept"]
            message = _("%(unit)s, %(month)s: %(number)s numbers wait in the working sheet.")
            said.append(message % names)
    for cell, text in upload.corrections.items():
        said.append(
            _("%(cell)s was corrected on the page to “%(text)s”.") % {"cell": cell, "text": text}
        )
    for one in upload.found.get("changed", []):
        message = _("%(cell)s is locked and was changed: it said “%(was)s”, now “%(now)s”.")
        said.append(message % one)
    return said
