"""What the page of a file says: four steps, what is wrong where, and what came of it. Reads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from collection.entry.lines import Sheet
from collection.entry.sheets import sheet_of
from collection.models import Upload
from commitments.intake.headers import words
from commitments.models import Indicator
from districts.models import Unit
from districts.months import Month
from steering.accounts.models import User

from .annexes import may_hold
from .checking import (
    Doubt,
    Kind,
    doubts_of,
)

MOST_SHOWN = 200
"""Doubts on one page; more are better corrected in the annotated copy."""
REMEMBERED = 100


@dataclass(frozen=True)
class Step:
    """One of the four steps: done, at hand, or still to come."""

    label: str
    said: str
    state: str


@dataclass(frozen=True)
class Field:
    """A doubt with the field that answers it: a cell typed over, or a reason."""

    doubt: Doubt
    name: str
    value: str

    @property
    def id(self) -> str:
        return self.name.replace("!", "-").replace("/", "-").replace(" ", "-")


@dataclass(frozen=True)
class ColumnField:
    """A column of a foreign table: what stands over it, and what it is taken to hold."""

    place: str
    text: str
    chosen: str
    undecided: bool
    remembered: bool


@dataclass(frozen=True)
class Unsent:
    """A report that the file filled and that nobody has sent: how many cells stand in the way."""

    sheet: Sheet

    @property
    def faults(self) -> int:
        return len(self.sheet.faults)

    @property
    def only_blank(self) -> bool:
        """Whether all it lacks is numbers in empty cells."""
        return all(fault.code == "missing" for fault in self.sheet.faults)


@dataclass(frozen=True)
class UploadPage:
    """A file as its sender sees it. ``refused`` are reasons why the last form was not accepted."""

    upload: Upload
    today: date
    refused: Sequence[str] = ()

    @property
    def found(self) -> Mapping[str, Any]:
        return self.upload.found

    @property
    def state(self) -> str:
        return self.upload.state

    @cached_property
    def steps(self) -> list[Step]:
        """Choose, recognise, check, accept: a list of tasks."""
        at = {
            Upload.State.RECEIVED: 1,
            Upload.State.RECOGNISED: 1,
            Upload.State.CHECKED: 2 if self.unconfirmed or self.open else 3,
        }.get(self.upload.state, 4)
        if self.upload.state == Upload.State.REFUSED:
            at = 1
        labels = (_("Choose"), _("Recognise"), _("Check"), _("Accept"))
        said = (self.upload.name, self._recognised, self._checked, self._accepted)
        return [
            Step(label, words_, "done" if index < at else "current" if index == at else "todo")
            for index, (label, words_) in enumerate(zip(labels, said, strict=True))
        ]

    @property
    def _recognised(self) -> str:
        return self.upload.get_form_display() if self.upload.form else ""

    @property
    def _checked(self) -> str:
        if "right" not in self.found:
            return ""
        counts = {"right": self.right, "asked": len(self.questions), "wrong": len(self.wrong)}
        return _("%(right)s right, %(asked)s to explain, %(wrong)s wrong") % counts

    @property
    def _accepted(self) -> str:
        finished = (Upload.State.ACCEPTED, Upload.State.DISCARDED, Upload.State.REFUSED)
        return self.upload.get_state_display() if self.upload.state in finished else ""

    # --- what was found --------------------------------------------------------------------------

    @property
    def right(self) -> int:
        return self.found.get("right", 0)

    @property
    def kept(self) -> int:
        return self.found.get("kept", 0)

    @cached_property
    def doubts(self) -> Sequence[Doubt]:
        return doubts_of(self.found)

    def _of(self, kind: Kind) -> list[Doubt]:
        return [doubt for doubt in self.doubts if doubt.kind == kind]

    @cached_property
    def wrong(self) -> list[Doubt]:
        return self._of(Kind.WRONG)

    @cached_property
    def questions(self) -> list[Doubt]:
        return self._of(Kind.QUESTION)

    @cached_property
    def unconfirmed(self) -> list[Doubt]:
        """What the file says against what is asked of it: answered before anything is accepted."""
        return self._of(Kind.CONFIRM)

    @cached_property
    def confirmed(self) -> list[Doubt]:
        return self._of(Kind.CONFIRMED)

    @property
    def told(self) -> list[Doubt]:
        return self._of(Kind.TOLD)[:MOST_SHOWN]

    @property
    def open(self) -> list[Doubt]:
        return [*self.wrong, *self.questions]

    @property
    def left_out(self) -> int:
        """Wrong places that no working sheet can keep."""
        return max(len(self.open) - self.kept, 0)

    @property
    def hidden(self) -> int:
        return max(len(self.open) - MOST_SHOWN, 0)

    @cached_property
    def fields(self) -> list[Field]:
        """What can be corrected or explained on the page, what is wrong first."""
        return list(self._fields())

    def _fields(self) -> Iterator[Field]:
        for doubt in [*self.open[:MOST_SHOWN], *self._of(Kind.ANSWERED)[:MOST_SHOWN]]:
            if doubt.kind == Kind.WRONG:
                name = f"cell-{doubt.cell}" if doubt.cell else ""
                value = self.upload.corrections.get(doubt.cell, doubt.read)
            else:
                name, value = f"reason-{doubt.question}", doubt.answer
            yield Field(doubt, name, value)

    # --- what came of it -------------------------------------------------------------------------

    @cached_property
    def unsent(self) -> Unsent | None:
        """The report of a file of one report, while it still has to be sent."""
        reports = (self.upload.outcome or {}).get("reports", [])
        if len(reports) != 1 or reports[0]["receipt"]:
            return None
        month = Month.parse(reports[0]["month"])
        unit = Unit.objects.reporting_in(month).filter(code=reports[0]["code"]).first()
        sheet = unit and sheet_of(unit, month, self.today)
        return Unsent(sheet) if sheet and not sheet.is_sent else None

    # --- columns ---------------------------------------------------------------------------------

    @property
    def asks(self) -> bool:
        """Whether something about the file itself must be said before it can be checked."""
        return self.upload.state == Upload.State.RECOGNISED

    @cached_property
    def columns(self) -> list[ColumnField]:
        """The columns of a foreign table, with what earlier files under such a head held."""
        heads = self.found.get("heads", [])
        remembered = _remembered() if heads else {}
        mapping, undecided = self.upload.mapping, set(self.found.get("undecided", []))
        fields = []
        for head in heads:
            place, known = head["place"], remembered.get(words(head["text"]))
            named = head["code"] if place not in undecided else ""
            suggested = known if known is not None else head["meant"]
            chosen = mapping.get(place, named or suggested)
            is_known = known is not None and place not in mapping and not named
            fields.append(ColumnField(place, head["text"], chosen, place in undecided, is_known))
        return fields

    @cached_property
    def indicators(self) -> list[Indicator]:
        """What a column may hold."""
        return [one for one in Indicator.objects.all() if may_hold(self.upload, one)]


def _remembered() -> dict[str, str]:
    """Words of a head to the indicator it was last said to mean, of files that were accepted."""
    rows = Upload.objects.filter(state=Upload.State.ACCEPTED, form=Upload.Form.MATRIX).exclude(
        mapping={}
    )
    known: dict[str, str] = {}
    for mapping, found in rows.values_list("mapping", "found")[:REMEMBERED]:
        for head in found.get("heads", []):
            if head["place"] in mapping:
                known.setdefault(words(head["text"]), mapping[head["place"]])
    return known


def uploads_of(user: User) -> Sequence[Upload]:
    """The last files somebody handed in."""
    return Upload.objects.filter(by=user).select_related("unit")[:20]
