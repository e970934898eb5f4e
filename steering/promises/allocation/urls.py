"""Addresses: how a target is divided over the units below."""

from django.urls import path

from . import views

urlpatterns = [
    path("allocations/", views.allocations, name="allocations"),
    path(
        "allocations/<int:decision_id>/<str:indicator_code>/", views.allocation, name="allocation"
    ),
]
