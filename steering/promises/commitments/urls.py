"""Addresses: the register of commitments and their papers."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
