"""Addresses: the register of decisions and their annexes."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
