"""Addresses of the pages of figures; everything they show is in the query string."""

from django.urls import path

from . import views

app_name = "reports"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("units/<str:unit_code>/", views.overview, name="unit"),
]
