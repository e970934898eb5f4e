"""REST resources: how a target is divided over the units below."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
