"""Addresses of collecting the monthly counts: entering, handing in files, reviewing, closing."""

app_name = "collection"

urlpatterns = []
