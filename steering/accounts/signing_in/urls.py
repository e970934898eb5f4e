"""Addresses of signing in and of what somebody keeps about their own account."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from . import views

app_name = "accounts"

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("code/", views.code, name="code"),
    path("logout/", LogoutView.as_view(next_page="accounts:login"), name="logout"),
    path("password/", views.ChangePassword.as_view(), name="password"),
    path("settings/", views.settings, name="settings"),
    path("second-factor/", views.second_factor_page, name="second_factor"),
    path("second-factor/set-up/", views.set_up, name="set_up_second_factor"),
    path("second-factor/codes/", views.renew_codes, name="renew_backup_codes"),
    path("second-factor/off/", views.switch_off, name="switch_off_second_factor"),
]
