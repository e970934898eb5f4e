"""A document of a month, for Word or as PDF: made while one waits, kept nowhere."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.documents import asking
from reports.documents.files import TYPES, written
from reports.documents.late import late
from reports.documents.monthly import monthly
from reports.documents.months import figures_of_month, late_reports
from reports.documents.ranking import ranking
from reports.documents.setting.document import Document
from reports.pages.scope import Scope
from steering.accounts.faults import Refused

from .scoped import scoped


@scoped
def document(request: HttpRequest, scope: Scope, *, name: str, ending: str) -> HttpResponse:
    """The document of the unit and month, on the month's own map."""
    stands = scope.unit.since <= scope.month < scope.unit.until
    if name not in _DOCUMENTS or ending not in TYPES or not stands:
        raise Http404(_("There is no such document for this unit and month."))
    try:
        made = _DOCUMENTS[name](scope)
        file = written(made, ending, f"{name}-{scope.unit.code}-{scope.month}")
    except Refused as refusal:
        raise Http404(str(refusal)) from None
    return HttpResponse(
        file.content,
        content_type=TYPES[ending],
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )


def _figures(scope: Scope):
    return figures_of_month(
        scope.unit,
        scope.month,
        language=scope.language,
        at=timezone.now(),
        authority=scope.authority,
    )


def _monthly(scope: Scope) -> Document:
    return monthly(asking.with_figures(_figures(scope)))


def _ranking(scope: Scope) -> Document:
    return ranking(asking.with_ranks(_figures(scope)))


def _late(scope: Scope) -> Document:
    found = late_reports(scope.unit, scope.month, language=scope.language, at=timezone.now())
    return late(asking.with_late(found))


_DOCUMENTS = {"monthly": _monthly, "ranking": _ranking, "late": _late}
