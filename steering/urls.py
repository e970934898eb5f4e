"""Composes the apps by string include; imports none of them."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("collection.urls")),
    path("", include("steering.promises.urls")),
    path("", include("steering.start")),
    path("accounts/", include("steering.accounts.signing_in.urls")),
    path("", include("steering.committee.urls")),
    path("api/v1/", include(("steering.api", "api"))),
    path("jobs/", include("steering.jobs.urls")),
    # Signing out ends on a page that also clears what the device kept.
    path("admin/logout/", LogoutView.as_view(next_page="accounts:login")),
    path("admin/", admin.site.urls),
    path("language/", include("django.conf.urls.i18n")),
]

handler400 = "steering.errors.bad_request"
handler403 = "steering.errors.not_allowed"
handler404 = "steering.errors.not_found"
