"""The annex of a decision: handed in as a file like counts, and taken along as a workbook."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from collection.actions.annexes import receive_annex
from collection.actions.uploads import go_on
from collection.models import Upload
from commitments.intake.files import MAX_BYTES
from reports.views.excel import CONTENT_TYPE
from reports.workbook.annex import write_annex
from steering.accounts.faults import Refused
from steering.committee.access import NotAllowed
from steering.committee.templatetags.backoffice import notices_for

from .register import DecisionPage
from .views import decision_kept, decision_seen


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def annex(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the annex of a decision; it is kept, read and checked like any file."""
    decision, today = decision_kept(request, pk)
    refused: list[str] = []
    if request.method == "POST":
        try:
            file = request.FILES.get("file")
            if file is None:
                raise Refused.because("no_file", _("Choose a file first."))
            upload = receive_annex(
                name=file.name,
                data=file.read(MAX_BYTES + 1),
                decision=decision,
                actor=request.user,
                on=today,
            )
            go_on(upload=upload, actor=request.user, on=today)
            return redirect("collection:uploaded", upload.pk)
        except NotAllowed:
            raise
        except Refused as refusal:
            refused = [fault.message for fault in refusal.faults]
    context = {
        "decision": decision,
        "refused": refused,
        "limit": MAX_BYTES // 2**20,
        "uploads": Upload.objects.filter(by=request.user, decision=decision)[:20],
    }
    return render(request, "promises/annex.html", context, status=422 if refused else 200)


@require_safe
@login_required
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The annex of a decision as a workbook, of the units the reader sees; it reads back equal."""
    page = DecisionPage(decision_seen(request, pk), request.user, timezone.localdate())
    if not page.rows:
        raise Http404(_("This decision assigns nothing that you see."))
    content = write_annex(
        decision=page.decision,
        indicators=page.indicators,
        rows=[(row.unit, row.cells) for row in page.rows],
        notice=" ".join(notices_for(request.user)),
    )
    name = f"{page.decision.number.replace('/', '-')}.xlsx"
    return HttpResponse(
        content,
        content_type=CONTENT_TYPE,
        headers={"Content-Disposition": content_disposition_header(True, name)},
    )
