"""Composes the REST resources of the apps under one version, with their description."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

urlpatterns = [
    path("", include("steering.accounts.programs.api")),
    path("", include("steering.jobs.api")),
    path("", include("reports.api")),
    path("", include("collection.api.urls")),
    path("", include("steering.promises.api")),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
]
