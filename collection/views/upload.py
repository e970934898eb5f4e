"""Handing in a file, in four steps: choose, recognise, check, accept."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collection.actions import uploads
from collection.actions.accepting import Choice, accept
from collection.addresses import read_month, reporting_unit
from collection.entry.page import (
    current_month,
    own_units,
)
from collection.files.annotating import annotated_copy
from collection.files.handing_in import (
    UploadPage,
    uploads_of,
)
from collection.files.workbooks.annotated import annotated_name
from collection.models import Upload
from commitments.intake.files import MAX_BYTES
from districts.models import Unit
from districts.months import Month
from districts.vietnamese import clean
from reports.views.excel import CONTENT_TYPE
from reports.workbook.sheet import without_controls
from steering.accounts.faults import Refused
from steering.accounts.models import User
from steering.committee.access import NotAllowed, require_somewhere
from steering.committee.roles import Permission


@require_http_methods(["GET", "POST"])
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """Choose a file; it is kept and looked at."""
    today = timezone.localdate()
    require_somewhere(request.user, Permission.REPORT_COUNTS, today)
    month, unit = _about(request)
    refused: list[str] = []
    if request.method == "POST":
        try:
            return redirect("collection:uploaded", _receive(request, today, month, unit).pk)
        except NotAllowed:
            raise
        except Refused as refusal:
            refused = [fault.message for fault in refusal.faults]
    context = {
        "refused": refused,
        "template": _template(request.user, month, today) if unit is None else "",
        "month": month,
        "unit": unit,
        "uploads": uploads_of(request.user),
        "limit": MAX_BYTES // 2**20,
    }
    return render(request, "collection/upload.html", context, status=422 if refused else 200)


def _template(user: User, month: Month | None, today: date) -> str:
    """Where the template of the month lies for whoever reports for one unit; else empty."""
    month = month or current_month(today)
    own = own_units(user, month, today)
    return reverse("collection:template", args=[month, own[0].code]) if len(own) == 1 else ""


def _about(request: HttpRequest) -> tuple[Month | None, Unit | None]:
    """Month and unit that the file is said to be about; the entry page says both."""
    said = request.POST if request.method == "POST" else request.GET
    month = read_month(said["month"]) if said.get("month") else None
    unit = reporting_unit(said["unit"], month) if said.get("unit") and month else None
    return month, unit


def _receive(request: HttpRequest, today: date, month: Month | None, unit: Unit | None) -> Upload:
    file = request.FILES.get("file")
    if file is None:
        raise Refused.because("no_file", _("Choose a file first."))
    upload = uploads.receive(
        name=_text(file.name),
        data=file.read(MAX_BYTES + 1),
        actor=request.user,
        on=today,
        month=month,
        unit=unit,
    )
    uploads.go_on(upload=upload, actor=request.user, on=today)
    return upload


@require_http_methods(["GET", "POST"])
@login_required
def uploaded(request: HttpRequest, upload_id: int) -> HttpResponse:
    """One file: what it is, what is wrong with it, what became of it."""
    upload = _find(request, upload_id)
    if request.method == "POST":
        return _answer(request, upload)
    if upload.job and upload.job.unfinished:
        return redirect("jobs:job", upload.job_id)
    return _show(request, upload)


def _answer(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Take what the form adds to the file, and look at the file again."""
    today, actor = timezone.localdate(), request.user
    try:
        _add(request, upload, today)
        uploads.go_on(upload=upload, actor=actor, on=today)
    except NotAllowed:
        raise
    except Refused as refused:
        return _show(request, upload, refused)
    return redirect("collection:uploaded", upload.pk)


def _add(request: HttpRequest, upload: Upload, today: date) -> None:
    said, actor = request.POST, request.user
    do = said.get("do")
    if do == "recognise":
        month, unit = _about(request)
        if month is None:
            raise Refused.because("month_missing", _("Say of which month the file is."))
        uploads.recognise(upload=upload, actor=actor, on=today, month=month, unit=unit)
    elif do == "confirm":
        if not said.get("seen"):
            raise Refused.because("not_confirmed", _("Tick that you have seen what was changed."))
        uploads.confirm(upload=upload, actor=actor)
    elif do == "answer":
        keys = said.getlist("question")
        if not keys:
            raise Refused.because("not_confirmed", _("Tick what you confirm."))
        uploads.answer_questions(upload=upload, keys=keys, actor=actor)
    elif do == "map":
        uploads.map_columns(upload=upload, columns=_named(request, "column-"), actor=actor)
    elif do == "correct":
        cells = _named(request, "cell-")
        was = _named(request, "was-")
        changed = {cell: text for cell, text in cells.items() if text != was.get(cell)}
        uploads.correct(upload=upload, cells=changed, actor=actor)
        uploads.explain(upload=upload, answers=_named(request, "reason-"), actor=actor)


def _named(request: HttpRequest, prefix: str) -> dict[str, str]:
    return {
        name.removeprefix(prefix): _text(text)
        for name, text in request.POST.items()
        if name.startswith(prefix)
    }


def _text(said: str) -> str:
    return without_controls(clean(said))


@require_POST
@login_required
def accept_upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Take the file over: all of it, what is right, or nothing."""
    upload, said = _find(request, upload_id), request.POST
    if said.get("choice") == "nothing":
        return discard(request, upload_id)
    try:
        choice = Choice(said.get("choice", ""))
    except ValueError:
        refused = Refused.because("no_choice", _("Choose what is to be accepted."))
        return _show(request, upload, refused)
    why = _text(said.get("why", ""))
    if upload.found.get("numbers", 0) > uploads.LARGE_ROWS and upload.state == "checked":
        label = _("Accepting the file %(name)s") % {"name": upload.name}
        job = uploads.give_to_worker(
            upload=upload,
            kind="accept_upload",
            label=label,
            actor=request.user,
            choice=choice,
            why=why,
        )
        return redirect("jobs:job", job.pk)
    try:
        accept(
            upload=upload,
            choice=choice,
            actor=request.user,
            on=timezone.localdate(),
            at=timezone.now(),
            why=why,
        )
    except Refused as refused:
        return _show(request, upload, refused)
    return redirect("collection:uploaded", upload.pk)


@require_POST
@login_required
def discard(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Accept nothing of the file."""
    upload = _find(request, upload_id)
    try:
        uploads.discard(upload=upload, actor=request.user)
    except Refused as refused:
        return _show(request, upload, refused)
    messages.info(request, _("Nothing of %(name)s was accepted.") % {"name": upload.name})
    return redirect("collection:upload")


@require_safe
@login_required
def annotated(request: HttpRequest, upload_id: int) -> HttpResponse:
    """The sender's own file with each problem marked where it stands."""
    upload = _find(request, upload_id)
    try:
        content = annotated_copy(upload)
    except Refused as refused:
        return _show(request, upload, refused)
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    name = annotated_name(upload.name)
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _find(request: HttpRequest, upload_id: int) -> Upload:
    """The reader's own file; otherwise nobody says that there is one."""
    mine = Upload.objects.filter(by=request.user).select_related(
        "unit", "by", "job", "decision__unit", "decision__passes_on"
    )
    upload = mine.filter(pk=upload_id).first()
    if upload is None:
        raise Http404(_("You have handed in no file under this number."))
    return upload


def _show(request: HttpRequest, upload: Upload, refused: Refused | None = None) -> HttpResponse:
    if refused is not None:
        upload.refresh_from_db()
    reasons = [str(fault) for fault in refused.faults] if refused else []
    page = UploadPage(upload, timezone.localdate(), refused=reasons)
    context = {"page": page, "upload": upload}
    return render(request, "collection/uploaded.html", context, status=422 if refused else 200)
