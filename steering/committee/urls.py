"""Addresses of the pages of people and of the letterhead."""

from django.urls import path

from . import views

app_name = "committee"

urlpatterns = [
    path("letterhead/", views.letterhead, name="letterhead"),
    path("people/", views.people, name="people"),
    path("people/<str:username>/seat/", views.seat, name="seat"),
    path("people/<str:username>/second-factor/", views.reset, name="reset_second_factor"),
    path("seats/<int:pk>/move/", views.move, name="move"),
    path("seats/<int:pk>/end/", views.end, name="end"),
]
