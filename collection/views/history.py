"""The history of every number and report, to read, to search and to take along; never to change."""

import csv
from collections.abc import Callable, Iterator
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from collection.addresses import read_history
from collection.review.trail import (
    KINDS,
    Change,
    Trail,
)
from collection.templatetags.collecting import kind_name, step_name
from commitments.models import Indicator
from steering.accounts.paging import Turn
from steering.committee.access import require_somewhere
from steering.committee.roles import Permission


def of_trail(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Call ``view(request, trail)`` with what the address asks for, for whoever reads history."""

    @require_safe
    @login_required
    @wraps(view)
    def inner(request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        require_somewhere(request.user, Permission.SEE_HISTORY, today)
        filters = read_history(request.GET, user=request.user, today=today)
        return view(request, Trail(request.user, today, filters))

    return inner


@of_trail
def history(request: HttpRequest, trail: Trail) -> HttpResponse:
    """Who changed which number, when, from what to what, why, from where?"""
    asked = request.GET.copy()
    for part in ("after", "before", "lang"):
        asked.pop(part, None)
    context = {
        "trail": trail,
        "page": trail.page(Turn.of(request.GET)),
        "asked": asked,
        "kinds": [(kind, kind_name(kind)) for kind in KINDS],
        "indicators": Indicator.objects.exclude(entered_at=""),
    }
    return render(request, "collection/history.html", context)


@of_trail
def export(request: HttpRequest, trail: Trail) -> HttpResponse:
    """The same rows as a CSV file, written while it is read."""
    lines = _lines(trail, translation.get_language())
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"history-{timezone.localdate():%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def _lines(trail: Trail, language: str) -> Iterator[str]:
    """The file line by line; the mark at its head tells Excel that it is UTF-8."""
    writer = csv.writer(_Echo())
    with translation.override(language):
        yield "\ufeff" + writer.writerow(
            [
                _("At"), _("By"), _("Account"), _("Role then"), _("Code"), _("Unit"), _("Month"),
                _("Indicator"), _("Change"), _("Reported before"), _("Reported after"),
                _("Approved before"), _("Approved after"), _("State before"), _("State after"),
                _("Why"), _("File and cell"),
            ]
        )  # fmt: skip
        for change in trail.everything():
            yield writer.writerow([harmless(cell) for cell in _cells(change)])


def _cells(change: Change) -> list[object]:
    row, at = change.row, timezone.localtime(change.at)
    who = [str(change.by or _("by command")), change.by.username if change.by else "", change.role]
    place = [change.unit.code, change.unit.full_name, str(change.month)]
    if change.is_number:
        what = [row.indicator.code, pgettext("kind of change", "number")]
        numbers = [row.old_value, row.new_value, row.old_approved, row.new_approved]
        end = ["", "", row.why, row.source]
    else:
        what = ["", step_name(row.verb)]
        numbers = [None] * 4
        end = [row.get_before_display(), row.get_after_display(), row.why, ""]
    return [f"{at:%Y-%m-%d %H:%M:%S}", *who, *place, *what, *numbers, *end]


def harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula: whoever typed it, it stays a text."""
    if not isinstance(cell, str):
        return cell
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell
