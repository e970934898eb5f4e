"""Addresses: which way a plan takes to its target."""

from django.urls import path

from . import views

urlpatterns = [
    path("decisions/<int:pk>/path/<str:indicator>/", views.plan_path, name="plan_path"),
]
