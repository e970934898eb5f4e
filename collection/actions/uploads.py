"""A file on its way into the counts: received, recognised, corrected, explained, discarded.

Accepting is ``accepting.py``. Every step changes the row by UPDATE … WHERE state, so of two people
with the same page open the second changes nothing that the first has finished.
"""

import hashlib
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from collection.files.annexes import looked_at, may_hold
from collection.files.checking import (
    Kind,
    check,
    doubts_of,
)
from collection.files.intake.uploaded import (
    Uploaded,
    read_uploaded,
)
from collection.models import Upload
from commitments.intake.files import open_data, refuse_at_sight
from commitments.intake.workbook.cells import Book, Place
from commitments.models import Decision, Indicator
from commitments.rules import LONGEST_REASON
from districts.models import Unit
from districts.months import Month
from reports.wording.words import moment
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor
from steering.accounts.faults import Fault, Refused, too_long
from steering.committee import access
from steering.committee.roles import Permission
from steering.jobs.actions import enqueue
from steering.jobs.models import Job

UNDER_WAY = (Upload.State.RECEIVED, Upload.State.RECOGNISED, Upload.State.CHECKED)
LARGE_BYTES = 200_000
LARGE_ROWS = 300
MOST_CORRECTIONS = 2_000


# --- choosing ------------------------------------------------------------------------------------


@transaction.atomic
def receive(
    *,
    name: str,
    data: bytes,
    actor: Actor,
    on: date,
    month: Month | None = None,
    unit: Unit | None = None,
) -> Upload:
    """Keep a file as it came. ``month`` and ``unit`` are what its sender says it is about.

    Raises Refused for what its first bytes give away, for a file larger than is read, for a unit
    that is not the sender's, and for the very file that was accepted before.
    """
    if unit is None:
        access.require_somewhere(actor, Permission.REPORT_COUNTS, on)
    else:
        access.require(actor, Permission.REPORT_COUNTS, unit, on)
    return keep(name, data, actor, month=month, unit=unit)


def keep(
    name: str,
    data: bytes,
    actor: Actor,
    *,
    month: Month | None = None,
    unit: Unit | None = None,
    decision: Decision | None = None,
) -> Upload:
    """Keep a file of somebody who may hand it in. Raises Refused for what cannot be read."""
    name = PurePath(name.replace("\\", "/")).name[-200:] or "?"
    refuse_at_sight(name, data)
    digest = hashlib.sha256(data).hexdigest()
    refuse_known(digest, month, decision)
    about = {"month": month, "unit": unit, "decision": decision}
    upload = Upload(name=name, digest=digest, size=len(data), by=actor, **about)
    upload.file.save(f"{digest[:16]}{PurePath(name).suffix.lower()}", ContentFile(data), save=False)
    upload.save(force_insert=True)
    write_journal(
        actor=actor,
        action="upload.received",
        subject=upload,
        after={"digest": digest, "size": upload.size}
        | ({"decision": decision.number} if decision else {}),
    )
    return upload


def refuse_known(digest: str, month: Month | None = None, decision: Decision | None = None) -> None:
    """Refuse a file whose very bytes were accepted before, for the same month or decision."""
    accepted = Upload.objects.filter(digest=digest, state=Upload.State.ACCEPTED, decision=decision)
    if month is not None:
        accepted = accepted.filter(Q(month=None) | Q(month=month))
    earlier = accepted.select_related("by").first()
    if earlier is not None:
        message = _(
            "This file was already accepted on %(at)s, handed in by %(by)s. Nothing is written "
            "again."
        )
        names = {
            "at": moment(earlier.accepted_at),
            "by": earlier.by,
        }
        raise Refused.because("already_accepted", message % names, read=earlier.name)


# --- recognising and checking --------------------------------------------------------------------


def go_on(*, upload: Upload, actor: Actor, on: date) -> None:
    """Look at the file: at once if it is small, else in the background."""
    require_own(upload, actor)
    book = None
    if upload.size <= LARGE_BYTES:
        try:
            book = open_upload(upload)
        except Refused as refused:
            _refuse(upload, refused, actor)
            return
    if book is None or sum(len(sheet.rows) for sheet in book.sheets) > LARGE_ROWS:
        label = _("Checking the file %(name)s") % {"name": upload.name}
        give_to_worker(upload=upload, kind="check_upload", label=label, actor=actor)
    else:
        look(upload=upload, actor=actor, on=on, book=book)


def give_to_worker(*, upload: Upload, kind: str, label: str, actor: Actor, **arguments: Any) -> Job:
    """Have a job do it; the one that is under way, if there is one."""
    with transaction.atomic():
        held = Upload.objects.select_for_update(of=("self",)).select_related("job")
        job = held.get(pk=upload.pk).job
        if job is None or not job.unfinished:
            arguments = {"upload": upload.pk, **arguments}
            job = enqueue(kind=kind, label=label, arguments=arguments, actor=actor)
            Upload.objects.filter(pk=upload.pk).update(job=job)
    upload.job = job
    return job


def look(*, upload: Upload, actor: Actor, on: date, book: Book | None = None) -> Upload:
    """Read and check the file as it stands now with its corrections, and keep what was found.

    It ends recognised where something is still to be said about it (month, columns, a
    confirmation), checked where its numbers are sorted, refused where nothing can be done. Reading
    holds no lock: what was found is written at its end, in one statement.
    """
    require_own(upload, actor)
    try:
        book = book or open_upload(upload)
        if upload.decision_id is not None:
            return _change(upload, **looked_at(upload, book, actor, on))
        read = read_upload(upload, book, actor, on)
    except Refused as refused:
        return _refuse(upload, refused, actor)
    found = _recognised(read, book)
    state = Upload.State.RECOGNISED
    if not (found["undecided"] or read.asks_month or _waits_for_tick(upload, read)):
        checked = check(
            read,
            answers=answers_of(upload),
            actor=actor,
            on=on,
            confirmed=upload.confirmations,
        )
        found |= checked.as_dict()
        state = Upload.State.CHECKED
    about: dict[str, Any] = {"form": read.form, "state": state, "found": found}
    if read.template is not None:
        units = read.template.units
        about |= {"month": read.template.month, "unit": units[0] if len(units) == 1 else None}
    elif read.form == Upload.Form.MATRIX and upload.month is None and len(read.months) == 1:
        about["month"] = read.months[0]
    return _change(upload, **about)


def read_upload(upload: Upload, book: Book, actor: Actor, on: date) -> Uploaded:
    """The file with its corrections and columns. May be Refused."""
    read = read_uploaded(
        book,
        on=on,
        month=upload.month,
        units=[upload.unit] if upload.unit_id else None,
        corrections=upload.corrections,
        mapped=upload.mapping,
    )
    if read.template is not None:
        _refuse_others(read.template.units, actor, on)
    return read


def _refuse_others(units: list[Unit], actor: Actor, on: date) -> None:
    """Refuse a template of units that are all somebody else's, naming both sides."""
    reached = access.visible(
        Unit.objects.exclude(reports_at=""), actor, on, permission=Permission.REPORT_COUNTS
    )
    if units and not reached.filter(pk__in=[unit.pk for unit in units]).exists():
        mine = list(reached.order_by("-established_on")[:2])
        if mine:
            message = _("The file is of %(read)s, but you report for %(unit)s.")
            names = {"read": units[0].full_name, "unit": mine[0].full_name}
            raise Refused.because("other_unit", message % names, read=units[0].code)
        raise access.NotAllowed(Permission.REPORT_COUNTS, units[0])


def _waits_for_tick(upload: Upload, read: Uploaded) -> bool:
    template = read.template
    return template is not None and template.needs_confirmation and not upload.confirmed


def _recognised(read: Uploaded, book: Book) -> dict[str, Any]:
    """What the file is, as plain data for the page."""
    template = read.template
    found: dict[str, Any] = {
        "rows": read.reading.rows,
        "numbers": len(read.reading.entries),
        "blank": read.reading.blank,
        "ignored": read.reading.ignored_sheets or book.ignored_sheets,
        "asks_month": read.asks_month,
        "undecided": [str(head.place) for head in read.undecided],
        "heads": [
            {
                "place": str(head.place),
                "text": head.text,
                "code": head.indicator.code if head.indicator else "",
                "meant": head.meant.code if head.meant else "",
            }
            for head in read.heads
            if head.holds_numbers
        ],
    }
    if template is not None:
        found |= {
            "version": template.version,
            "older": template.is_older,
            "known": template.known.value,
            "keys_changed": template.keys_changed,
            "ticks": template.needs_confirmation,
            "units": [unit.full_name for unit in template.units],
            "changed": [
                {"cell": str(one.place), "was": one.was, "now": one.now} for one in template.changed
            ],
        }
    return found


def _refuse(upload: Upload, refused: Refused, actor: Actor) -> Upload:
    """The file is of no use as it is; why is kept for its page.

    A template that nobody can place is not lost yet: its sender may say of whom it is.
    """
    unplaced = any(fault.code == "template_unknown" for fault in refused.faults)
    found = {"refused": [fault.as_dict() for fault in refused.faults], "asks_unit": unplaced}
    state = Upload.State.RECOGNISED if unplaced else Upload.State.REFUSED
    form = Upload.Form.TEMPLATE if unplaced else upload.form
    with transaction.atomic():
        if not unplaced:
            after = {"faults": [fault.message for fault in refused.faults][:20]}
            write_journal(actor=actor, action="upload.refused", subject=upload, after=after)
        return _change(upload, state=state, found=found, form=form)


# --- what the page adds to the file --------------------------------------------------------------


@transaction.atomic
def recognise(
    *, upload: Upload, actor: Actor, on: date, month: Month, unit: Unit | None = None
) -> Upload:
    """Say of which month, and unit, a file is that does not say so itself."""
    require_own(upload, actor)
    if unit is not None:
        access.require(actor, Permission.REPORT_COUNTS, unit, on)
    refuse_known(upload.digest, month)
    said = {"month": str(month)} | ({"unit": unit.code} if unit else {})
    _write_step(upload, actor, "upload.recognised", said)
    return _change(upload, month=month, unit=unit or upload.unit)


@transaction.atomic
def confirm(*, upload: Upload, actor: Actor) -> Upload:
    """Take the numbers of a template although other cells of it were changed."""
    require_own(upload, actor)
    _write_step(upload, actor, "upload.confirmed", {"changed": upload.found.get("changed", [])})
    return _change(upload, confirmed=True)


@transaction.atomic
def answer_questions(*, upload: Upload, keys: Collection[str], actor: Actor) -> Upload:
    """Confirm what the file asks about, each question by its ``Doubt.key``.

    Raises Refused for a question the file does not ask. The journal keeps what was confirmed.
    """
    require_own(upload, actor)
    asked = {
        doubt.key: doubt
        for doubt in doubts_of(upload.found)
        if doubt.kind in (Kind.CONFIRM, Kind.CONFIRMED)
    }
    if unknown := [key for key in keys if key not in asked]:
        message = _("The file does not ask this any more. Look at its page again.")
        raise Refused(Fault("not_asked", message, read=key) for key in unknown)
    said = {key: asked[key].message for key in keys}
    _write_step(upload, actor, "upload.answered", said)
    return _change(upload, confirmations=sorted({*upload.confirmations, *keys}))


@transaction.atomic
def map_columns(*, upload: Upload, columns: Mapping[str, str], actor: Actor) -> Upload:
    """Say which column (place of its head) holds which indicator; "" leaves a column out."""
    require_own(upload, actor)
    known = {head["place"] for head in upload.found.get("heads", [])}
    codes = {one.code for one in Indicator.objects.all() if may_hold(upload, one)}
    faults = []
    for place, code in columns.items():
        if place not in known:
            message = _("There is no column at %(read)s.") % {"read": place}
            faults.append(Fault("unknown_column", message, read=place))
        elif code and code not in codes:
            message = _("There is no indicator “%(read)s” to be entered.") % {"read": code}
            faults.append(Fault("unknown_indicator", message, column=place, read=code))
    if faults:
        raise Refused(faults)
    mapping = {**upload.mapping, **columns}
    _write_step(upload, actor, "upload.mapped", mapping)
    return _change(upload, mapping=mapping)


@transaction.atomic
def correct(*, upload: Upload, cells: Mapping[str, str], actor: Actor) -> Upload:
    """Type over cells of the file (``Nhập!C6``); the file as it came stays as it is.

    Only cells that something was wrong with can be typed over, and an empty text leaves one out.
    """
    require_own(upload, actor)
    wrong = {str(Place(one["sheet"], one["row"], one["column"])) for one in _marked(upload)}
    faults = [
        Fault("not_wrong", _("Nothing is wrong with %(read)s.") % {"read": cell}, read=cell)
        for cell in cells
        if cell not in wrong and cell not in upload.corrections
    ]
    if faults:
        raise Refused(faults)
    corrections = {**upload.corrections, **{cell: text[:100] for cell, text in cells.items()}}
    if len(corrections) > MOST_CORRECTIONS:
        message = _("So much is better corrected in the file itself. Hand it in again.")
        raise Refused.because("too_many_corrections", message)
    _write_step(upload, actor, "upload.corrected", dict(cells))
    return _change(upload, corrections=corrections)


@transaction.atomic
def explain(*, upload: Upload, answers: Mapping[str, str], actor: Actor) -> Upload:
    """Answer rules: ``unit/month/rule`` to the reason, as long as one in the file may be."""
    require_own(upload, actor)
    asked = {doubt["question"] for doubt in upload.found.get("doubts", [])} - {""}
    given = {key: text.strip() for key, text in answers.items() if key in asked}
    faults = [
        fault
        for text in given.values()
        for fault in too_long(text, LONGEST_REASON, column="reason")
    ]
    if faults:
        raise Refused(faults)
    explanations = {**upload.explanations, **given}
    _write_step(upload, actor, "upload.explained", given)
    return _change(upload, explanations=explanations)


@transaction.atomic
def discard(*, upload: Upload, actor: Actor) -> Upload:
    """Accept nothing; the file is kept, and may be handed in again."""
    require_own(upload, actor)
    write_journal(actor=actor, action="upload.discarded", subject=upload)
    return _change(upload, state=Upload.State.DISCARDED)


def answers_of(upload: Upload) -> dict[tuple[int, Month], dict[str, str]]:
    """The reasons given on the page, by report and rule."""
    found: dict[tuple[int, Month], dict[str, str]] = {}
    for key, text in upload.explanations.items():
        unit, month, rule = key.split("/", 2)
        found.setdefault((int(unit), Month.parse(month)), {})[rule] = text
    return found


def _marked(upload: Upload) -> list[Mapping[str, Any]]:
    return [doubt for doubt in upload.found.get("doubts", []) if doubt["row"] and doubt["column"]]


def open_upload(upload: Upload) -> Book:
    """The file as it came. Raises Refused if it cannot be read."""
    with upload.file.open("rb") as file:
        return open_data(upload.name, file.read())


def require_own(upload: Upload, actor: Actor) -> None:
    """A file is its sender's to work on."""
    if upload.by != actor:
        raise Refused.because("not_yours", _("This file was handed in by somebody else."))


def _write_step(upload: Upload, actor: Actor, action: str, after: Mapping[str, Any]) -> None:
    write_journal(actor=actor, action=action, subject=upload, after=after)


def _change(upload: Upload, **fields: Any) -> Upload:
    """Change a file that is still under way. Raises Refused if it is finished."""
    if not Upload.objects.filter(pk=upload.pk, state__in=UNDER_WAY).update(**fields):
        message = _("This file is finished with; nothing about it changes any more.")
        raise Refused.because("upload_finished", message)
    for name, value in fields.items():
        setattr(upload, name, value)
    return upload
