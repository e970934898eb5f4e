"""Addresses: the register of commitments and their papers."""

from django.urls import path

from . import documents, views

urlpatterns = [
    path("commitments/", views.commitments, name="commitments"),
    path("commitments/prepare/", views.prepare, name="prepare"),
    path("commitments/documents/", documents.order_documents, name="order_documents"),
    path("commitments/<int:paper_id>/", views.commitment, name="commitment"),
    path("commitments/<int:paper_id>/paper.<slug:ending>", views.paper_file, name="paper_file"),
    path("commitments/<int:paper_id>/file/", views.file, name="commitment_file"),
    path("commitments/<int:paper_id>/withdraw/", views.withdraw, name="withdraw_paper"),
    path("commitments/<int:paper_id>/promise/", views.promise, name="promise"),
    path("commitments/recorded/<int:commitment_id>/", views.recorded, name="recorded"),
    path(
        "commitments/recorded/<int:commitment_id>/paper.<slug:ending>",
        views.recorded_file,
        name="recorded_file",
    ),
]
