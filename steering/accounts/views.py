"""Signing in and out, and what somebody keeps about their own account."""

from django.contrib.auth.views import LoginView

from .forms import SignInForm


class SignIn(LoginView):
    """The way in."""

    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True
