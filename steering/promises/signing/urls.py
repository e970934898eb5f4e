"""Addresses: the three ways to sign."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
