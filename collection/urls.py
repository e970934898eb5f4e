"""Addresses of collecting the monthly counts: entering, handing in files, reviewing, closing."""

from django.urls import path

from collection.views.template import template

app_name = "collection"

urlpatterns = [
    path("entry/<month>/<unit_code>/template/", template, name="template"),
]
