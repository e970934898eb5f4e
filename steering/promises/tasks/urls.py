"""Addresses: who does what by when."""

from django.urls import path, re_path

from . import views

urlpatterns = [
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/new/", views.give, name="give_task"),
    path("tasks/<int:task_id>/", views.task, name="task"),
    path("tasks/<int:task_id>/remind/", views.remind, name="remind_of_task"),
    re_path(r"^tasks/(?P<task_id>\d+)/(?P<move>done|reopen|drop)/$", views.move, name="move_task"),
]
