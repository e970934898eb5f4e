"""Signing in and out, and what somebody keeps about their own account."""

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ..actions import write_journal
from ..faults import Refused
from ..models import User
from ..programs.tokens import end_tokens
from . import second_factor
from .forms import CodeForm, NumericCodeForm, SettingsForm, SignInForm
from .language import remember_language
from .sessions import end_other_sessions
from .waiting import Waiting


class SignIn(LoginView):
    """The way in: account and password, then the second factor of whoever has one."""

    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: SignInForm) -> HttpResponse:
        user = form.get_user()
        if second_factor.second_factor_of(user).is_on:
            Waiting.begin(self.request, user, self.get_success_url())
            return redirect("accounts:code")
        return signed_in(self.request, user, user.backend, self.get_success_url())


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step of signing in. Without a first one it leads back to it."""
    waiting = Waiting.of(request)
    if waiting is None:
        messages.warning(request, _("Please sign in again; the first step was too long ago."))
        return redirect("accounts:login")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            second_factor.check(user=waiting.user, code=form.cleaned_data["code"])
        except Refused as refusal:
            form.add_error("code", refusal.faults[0].message)
        else:
            return signed_in(request, waiting.user, waiting.backend, waiting.next_url)
    return render(request, "accounts/code.html", {"form": form})


def signed_in(request: HttpRequest, user: User, backend: str, next_url: str) -> HttpResponse:
    """Sign ``user`` in and lead on, in the language they keep."""
    Waiting.end(request)
    login(request, user, backend)
    response = redirect(next_url)
    if user.language:
        remember_language(response, user.language)
    return response


class ChangePassword(PasswordChangeView):
    """A new password of one's own; the journal knows that, not what it is."""

    template_name = "accounts/password.html"
    success_url = reverse_lazy("accounts:settings")

    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        user = self.request.user
        write_journal(actor=user, action="user.password_set", subject=user)
        end_tokens(user=user, actor=user)
        messages.success(self.request, _("The new password holds from now on."))
        return response


@login_required
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Language and shortcuts of one's own account."""
    form = SettingsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        messages.success(request, _("Saved."))
        response = redirect("accounts:settings")
        if user.language:
            remember_language(response, user.language)
        return response
    return render(request, "accounts/settings.html", {"form": form})


@never_cache
@login_required
@require_http_methods(["GET"])
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Whether there is a second factor, and what to do about it."""
    state = second_factor.second_factor_of(request.user)
    form = CodeForm()
    form.fields["code"].widget.attrs.pop("autofocus")
    return render(request, "accounts/second_factor.html", {"state": state, "form": form})


@never_cache
@login_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the secret to the telephone, and take the code that proves it arrived.

    Whoever has a second factor switches it off first, which takes a code.
    """
    if second_factor.second_factor_of(request.user).is_on:
        return redirect("accounts:second_factor")
    form = NumericCodeForm(request.POST or None)
    if form.is_valid():
        try:
            codes = second_factor.confirm(user=request.user, code=form.cleaned_data["code"])
        except Refused as refusal:
            form.add_error("code", refusal.faults[0].message)
        else:
            end_other_sessions(request)
            return render(request, "accounts/backup_codes.html", {"codes": codes, "fresh": True})
    device = second_factor.begin(user=request.user)
    return render(
        request,
        "accounts/set_up.html",
        {
            "form": form,
            "qr": _as_svg(device.config_url),
            "secret": second_factor.readable_secret(device),
        },
    )


@never_cache
@login_required
@sensitive_post_parameters("code")
@require_POST
def renew_codes(request: HttpRequest) -> HttpResponse:
    """New backup codes, against a code."""
    if not _proven(request):
        return redirect("accounts:second_factor")
    codes = second_factor.renew_backup_codes(user=request.user)
    return render(request, "accounts/backup_codes.html", {"codes": codes})


@login_required
@sensitive_post_parameters("code")
@require_POST
def switch_off(request: HttpRequest) -> HttpResponse:
    """No second factor any more, against a code."""
    if _proven(request):
        second_factor.switch_off(user=request.user, actor=request.user)
        messages.success(request, _("From now on the password alone signs you in."))
    return redirect("accounts:second_factor")


def _proven(request: HttpRequest) -> bool:
    """Whether the form holds a right code; if not, the next page says why."""
    try:
        second_factor.check(user=request.user, code=str(request.POST.get("code", "")))
    except Refused as refusal:
        messages.error(request, refusal.faults[0].message)
        return False
    return True


def _as_svg(text: str) -> Any:
    """A QR code drawn here: a service that draws it would learn the secret."""
    return mark_safe(segno.make(text, error="m").svg_inline(svgclass="qr", omitsize=True, border=3))
