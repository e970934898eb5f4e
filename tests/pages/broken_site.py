"""A site whose pages go wrong, for tests of what is said then; the rest is the real one."""

from django.core.exceptions import BadRequest
from django.urls import include, path

from steering.committee.access import NotAllowed
from steering.committee.roles import Permission


def broken(request):
    raise RuntimeError("secret detail")


def refused(request):
    raise NotAllowed(Permission.APPROVE_REPORTS)


def unreadable(request):
    raise BadRequest("“2023-99” is not a month.")


urlpatterns = [
    path("broken/", broken),
    path("refused/", refused),
    path("unreadable/", unreadable),
    path("", include("steering.urls")),
]
handler400 = "steering.errors.bad_request"
handler403 = "steering.errors.not_allowed"
handler404 = "steering.errors.not_found"
