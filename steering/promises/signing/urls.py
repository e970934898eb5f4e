"""Addresses: the three ways to sign."""

from django.urls import path

from . import views

urlpatterns = [
    path("commitments/<int:paper_id>/sign/", views.sign, name="sign"),
    path("commitments/<int:paper_id>/scan/", views.scan, name="scan"),
    path("commitments/<int:paper_id>/pdf/", views.pdf, name="signed_pdf"),
]
