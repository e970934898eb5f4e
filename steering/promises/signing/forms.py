"""What is typed and handed in to sign a paper."""

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from districts.months import DayFormField
from steering.accounts.faults import Refused
from steering.accounts.signing_in import second_factor


class NameForm(forms.Form):
    """A typed name with the password and, where it is switched on, the second factor.

    Wrong passwords count like those at the door.
    """

    name = forms.CharField(label=_("your name"), max_length=120)
    password = forms.CharField(
        label=_("password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("code of the second factor"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    place = forms.CharField(label=_("place"), max_length=200, required=False)
    read = forms.BooleanField(label=_("I have read the commitment"))

    def __init__(self, request: HttpRequest, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        if not second_factor.second_factor_of(request.user).is_on:
            del self.fields["code"]

    def clean(self):
        given = super().clean()
        if self.errors:
            return given
        user = authenticate(
            self.request,
            username=self.request.user.get_username(),
            password=given["password"],
        )
        if user is None or user.pk != self.request.user.pk:
            self.add_error("password", _("This is not your password."))
        elif "code" in self.fields:
            try:
                second_factor.check(user=self.request.user, code=given["code"])
            except Refused as refusal:
                for fault in refusal.faults:
                    self.add_error("code", ValidationError(fault.message))
        return given


class ScanForm(forms.Form):
    """The scan of a paper signed by hand, with who signed it when."""

    file = forms.FileField(label=_("scan (PDF, PNG or JPEG)"))
    name = forms.CharField(label=_("signed by"), max_length=120)
    post = forms.CharField(label=_("post"), max_length=200, required=False)
    place = forms.CharField(label=_("place"), max_length=200, required=False)
    signed_on = DayFormField(
        label=_("signed on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class PdfForm(forms.Form):
    """The PDF that was signed digitally."""

    file = forms.FileField(label=_("PDF that was signed digitally"))
