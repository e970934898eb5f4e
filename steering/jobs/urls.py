"""Addresses of background work."""

from django.urls import path

from . import views

app_name = "jobs"

urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("<int:job_id>/", views.job, name="job"),
    path("<int:job_id>/file/", views.file, name="file"),
    path("<int:job_id>/again/", views.again, name="again"),
]
