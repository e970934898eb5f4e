"""Addresses: what the code on a paper shows to anybody."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
