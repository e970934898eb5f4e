"""Entering a month's counts: which report, the report itself, and the receipt."""

from collections.abc import Callable
from datetime import date
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from collection.actions.drafts import Saved, clear_drafts, save_cells, save_explanations
from collection.actions.sending import send_report, withdraw
from collection.addresses import reporting_unit
from collection.entry.page import (
    EntryPage,
    choices,
    current_month,
    own_units,
)
from collection.entry.sheets import sheet_of
from collection.files.workbooks.keys import VERSION
from collection.forms import DISCARD, SEND, WITHDRAW, SentForm
from collection.models import Receipt
from collection.querysets import period_of
from commitments.models import Indicator
from commitments.querysets import province_above
from commitments.rules import Refused
from districts.models import Unit
from districts.months import Month
from reports.pages.scope import read_month
from steering.committee.access import NotAllowed, require, require_somewhere
from steering.committee.roles import Permission


@require_safe
@login_required
def entry(request: HttpRequest) -> HttpResponse:
    """Straight to the report of the month for whoever has one unit; the others choose."""
    today = timezone.localdate()
    asked, search = request.GET.get("month"), request.GET.get("q", "").strip()
    month = read_month(asked) if asked else current_month(today)
    require_somewhere(request.user, Permission.REPORT_COUNTS, today)
    own = own_units(request.user, month, today)
    if len(own) == 1 and not search:
        return redirect("collection:sheet", month, own[0].code)
    context = {
        "choices": choices(request.user, month, today, search),
        "month": month,
        "search": search,
        "earlier_url": f"?month={month - 1}",
        "later_url": f"?month={month + 1}" if month < Month.containing(today) else "",
    }
    return render(request, "collection/entry.html", context)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps copies of reports on a device; its address is the part it may serve."""
    return render(request, "collection/entry_worker.js", content_type="text/javascript")


def for_reporter(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Call ``view(request, unit, month, today)`` for somebody who may report for the unit."""

    @login_required
    @wraps(view)
    def inner(request: HttpRequest, month: str, unit_code: str) -> HttpResponse:
        today = timezone.localdate()
        at = read_month(month)
        unit = reporting_unit(unit_code, at)
        require(request.user, Permission.REPORT_COUNTS, unit, today)
        if at > Month.containing(today):
            raise Http404(
                _("%(month)s has not begun yet. Correct the month.") % {"month": at.shown}
            )
        return view(request, unit, at, today)

    return inner


@require_http_methods(["GET", "POST"])
@for_reporter
def sheet(request: HttpRequest, unit: Unit, month: Month, today: date) -> HttpResponse:
    """The form of one report, wholly usable without scripts."""
    if request.method == "POST":
        return _post(request, unit, month, today)
    page = EntryPage(sheet_of(unit, month, today), opened="correct" in request.GET)
    return _show(request, page)


def _post(request: HttpRequest, unit: Unit, month: Month, today: date) -> HttpResponse:
    """Save what was typed, then do what was asked for; what is refused keeps every text."""
    form = SentForm.read(request.POST)
    report = {"unit": unit, "month": month, "actor": request.user, "on": today}
    saved: dict[str, Saved] = {}
    try:
        if form.do == DISCARD:
            clear_drafts(**report)
            messages.success(request, _("What was typed and not sent is discarded."))
        elif form.do == WITHDRAW:
            withdraw(**report)
            messages.success(request, _("The report is withdrawn. Send it again when it is right."))
        else:
            saved = _save(form, report)
            if form.explanations:
                save_explanations(**report, explanations=form.explanations)
            if any(cell.conflict for cell in saved.values()):
                return _again(request, report, saved, form)
            if form.do == SEND:
                receipt = send_report(**report, at=timezone.now(), why=form.why)
                return redirect("collection:receipt", month, unit.code, receipt.number)
    except NotAllowed:
        raise
    except Refused as refused:
        return _again(request, report, saved, form, refused)
    return redirect("collection:sheet", month, unit.code)


def _save(form: SentForm, report: dict) -> dict[str, Saved]:
    """Save the cells alone: what is refused afterwards leaves them, and their conflicts, known."""
    saved = save_cells(**report, cells=form.cells, at=timezone.now()) if form.cells else []
    return {cell.indicator: cell for cell in saved}


def _again(
    request: HttpRequest,
    report: dict,
    saved: dict[str, Saved],
    form: SentForm,
    refused: Refused | None = None,
) -> HttpResponse:
    """The form once more, with what is wrong and everything as it was typed."""
    sheet = sheet_of(report["unit"], report["month"], report["on"])
    page = EntryPage(
        sheet.with_answers(form.explanations),
        opened=True,
        saved=saved,
        refused=refused.faults if refused else (),
        why=form.why,
    )
    return _show(request, page, status=422 if refused else 409)


def _show(request: HttpRequest, page: EntryPage, status: int = 200) -> HttpResponse:
    # The version tells lists of cells apart: what a device keeps for another is not this one's.
    told = {"page": page, "template_version": VERSION}
    return render(request, "collection/sheet.html", told, status=status)


@require_safe
@login_required
def receipt(request: HttpRequest, month: str, unit_code: str, number: str) -> HttpResponse:
    """What was received, to keep or to print."""
    at = read_month(month)
    unit = reporting_unit(unit_code, at)
    require(request.user, Permission.SEE_FIGURES, unit, timezone.localdate())
    chosen = Receipt.objects.select_related("submission__unit", "by")
    held = get_object_or_404(chosen, number=number, submission__unit=unit, submission__month=at)
    names = Indicator.objects.in_bulk(held.values, field_name="code")
    province = province_above(unit.pk, at)
    context = {
        "receipt": held,
        "unit": unit,
        "month": at,
        "rows": [(names[code], held.values[code]) for code in names],
        "period": period_of(province, at),
        "today": timezone.localdate(),
        "sent_again": held.submission.receipts.filter(pk__gt=held.pk).exists(),
        # The step is written in the moment of the receipt or just after it.
        "sending": held.submission.moves.filter(verb="send", at__gte=held.at).first(),
        "answers": held.submission.explanations.exclude(text="").order_by("rule"),
    }
    return render(request, "collection/receipt.html", context)
