"""Signing a paper: by name, as a scan, as a signed PDF."""

from collections.abc import Callable
from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from commitments.actions.promises.paper_signing import (
    Signer,
    may_sign,
    record_scan,
    record_signed_pdf,
    sign_by_name,
)
from commitments.models import Commitment, Paper
from commitments.papers.signatures import LARGEST_PDF
from steering.accounts.faults import Refused
from steering.committee.access import NotAllowed, require
from steering.committee.models import Membership
from steering.committee.roles import Permission
from steering.promises.commitments.paper_page import paper_page
from steering.promises.commitments.views import paper_asked

from .forms import NameForm, PdfForm, ScanForm


@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
@login_required
def sign(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Sign by typed name: a record, not a legal digital signature."""
    today = timezone.localdate()
    paper = paper_asked(request, paper_id, today)
    if not may_sign(paper, request.user, today):
        raise NotAllowed(Permission.SIGN_COMMITMENTS, paper.unit)
    form = NameForm(request, *_sent(request))
    return _page(
        request,
        paper,
        form,
        "sign",
        lambda given: sign_by_name(
            paper=paper,
            typed_name=given["name"],
            place=given["place"],
            actor=request.user,
            on=today,
        ),
        today,
    )


@require_http_methods(["GET", "POST"])
@login_required
def scan(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Record a paper signed by hand, with its scan."""
    today = timezone.localdate()
    paper = _to_record(request, paper_id, today)
    form = ScanForm(*_sent(request, files=True), initial=_signer_of(paper, today))
    return _page(
        request,
        paper,
        form,
        "scan",
        lambda given: record_scan(
            paper=paper,
            content=_content(given["file"]),
            signer=Signer(given["name"], given["post"], given["place"]),
            signed_on=given["signed_on"],
            actor=request.user,
            on=today,
        ),
        today,
    )


@require_http_methods(["GET", "POST"])
@login_required
def pdf(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Record a PDF that was signed digitally, after checking it."""
    today = timezone.localdate()
    paper = paper_asked(request, paper_id, today)
    if not may_sign(paper, request.user, today):
        require(request.user, Permission.RECORD_COMMITMENTS, paper.committee.unit, today)
    form = PdfForm(*_sent(request, files=True))
    return _page(
        request,
        paper,
        form,
        "pdf",
        lambda given: record_signed_pdf(
            paper=paper,
            content=_content(given["file"]),
            signer=Signer(""),
            actor=request.user,
            on=today,
        ),
        today,
    )


def _page(
    request: HttpRequest,
    paper: Paper,
    form: forms.Form,
    way: str,
    act: Callable[[dict], Commitment],
    today: date,
) -> HttpResponse:
    """Sign and go to the paper; what is refused stays on the page."""
    if form.is_bound and form.is_valid():
        try:
            act(form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as refusal:
            for fault in refusal.faults:
                form.add_error(None, fault.message)
        else:
            messages.success(request, _("The commitment is signed."))
            return redirect("promises:commitment", paper.pk)
    context = {"page": paper_page(paper, today), "form": form, "way": way}
    status = 422 if form.is_bound else 200
    return render(request, "promises/sign.html", context, status=status)


def _sent(request: HttpRequest, *, files: bool = False) -> tuple:
    """What a form is bound to: nothing before it was sent."""
    if request.method != "POST":
        return ()
    return (request.POST, request.FILES) if files else (request.POST,)


def _to_record(request: HttpRequest, paper_id: int, today: date) -> Paper:
    paper = paper_asked(request, paper_id, today)
    require(request.user, Permission.RECORD_COMMITMENTS, paper.committee.unit, today)
    return paper


def _signer_of(paper: Paper, today: date) -> dict[str, object]:
    head = Membership.objects.head_of(paper.unit_id, today)
    found = {"name": str(head.user), "post": head.user.post} if head else {}
    return {**found, "signed_on": today}


def _content(file) -> bytes:
    """The file, one byte longer than the limit at most."""
    return file.read(LARGEST_PDF + 1)
