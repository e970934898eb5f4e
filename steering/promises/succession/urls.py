"""Addresses: what successors of units that ended are to be assigned."""

from django.urls import path

from . import views

urlpatterns = [
    path("successions/", views.successions, name="successions"),
    path("successions/<str:unit>/<str:day>/", views.succession, name="succession"),
]
