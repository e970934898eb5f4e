"""The template workbook of a month, to take away and fill in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from collection.files.blank_forms import blank_forms
from collection.files.workbooks.template import (
    file_name,
    write_template,
)
from reports.pages.scope import Scope
from reports.views.excel import CONTENT_TYPE
from reports.views.scoped import scoped


@scoped
def template(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The form of a unit, or one workbook with the forms of all units below it."""
    if scope.is_future or not scope.in_force:
        raise Http404(_("%(unit)s has no form for this month.") % {"unit": scope.unit})
    data = blank_forms(scope.unit, scope.month, issued_at=timezone.localtime())
    return HttpResponse(
        write_template(data),
        content_type=CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{file_name(data)}"'},
    )
