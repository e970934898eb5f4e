"""Addresses: what the code on a paper shows to anybody."""

from django.urls import path

from . import keys, views

urlpatterns = [
    path("verify/", views.verify, name="verify_any"),
    path("verify/key/", keys.keys, name="keys"),
    path("verify/key.pem", keys.key, name="key"),
    path("verify/<str:code>/", views.verify, name="verify"),
]
