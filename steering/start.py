"""Ways in: where somebody begins after signing in, and what the back office leaves to the site."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from districts.models import Tier
from steering.accounts.signing_in.views import ChangePassword

from .frame import Frame


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Whoever reports for a commune begins with its report of the month; others who sit below the
    province begin with their own unit, everybody else with "/"."""
    frame = Frame(request)
    seats = frame.seats
    if seats and frame.reports_counts and seats[0].committee.unit.tier == Tier.COMMUNE:
        return redirect("collection:entry")
    if seats and seats[0].committee.unit.tier != Tier.PROVINCE:
        return redirect("reports:unit", seats[0].committee.unit.code)
    return redirect("/")


@require_safe
def back_office_door(request: HttpRequest) -> HttpResponse:
    """The back office has no sign-in page of its own, so a second factor is asked for there too."""
    if request.user.is_authenticated:
        raise PermissionDenied(
            _("The back office is for members of committees whose account is opened for it.")
        )
    query = urlencode({"next": request.GET.get("next") or reverse("admin:index")})
    return redirect(f"{reverse('accounts:login')}?{query}")


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this address wherever a page names no icon, as in the back office."""
    return redirect(static("site/logo.svg"))


urlpatterns = [
    path("favicon.ico", icon),
    path("start/", landing, name="landing"),
    path("admin/login/", back_office_door),
    # Django's own page would leave tokens alive and the journal without a word.
    path("admin/password_change/", ChangePassword.as_view()),
]
