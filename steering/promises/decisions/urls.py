"""Addresses: the register of decisions and their annexes."""

from django.urls import path

from . import annexes, views

urlpatterns = [
    path("decisions/", views.decisions, name="decisions"),
    path("decisions/new/", views.record, name="record_decision"),
    path("decisions/compare/", views.compare, name="compare_targets"),
    path("decisions/<int:pk>/", views.decision, name="decision"),
    path("decisions/<int:pk>/scan/", views.scan, name="decision_scan"),
    path("decisions/<int:pk>/withdraw/", views.withdraw, name="withdraw_decision"),
    path("decisions/<int:pk>/correct/", views.correct, name="correct_decision"),
    path("decisions/<int:pk>/annex/", annexes.annex, name="annex"),
    path("decisions/<int:pk>/annex.xlsx", annexes.workbook, name="annex_workbook"),
]
