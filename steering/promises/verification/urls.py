"""Addresses: what the code on a paper shows to anybody."""

from django.urls import path

from . import keys

urlpatterns = [
    path("verify/key/", keys.keys, name="keys"),
    path("verify/key.pem", keys.key, name="key"),
]
