"""Forms about one's own account."""

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from ..models import User


class SignInForm(AuthenticationForm):
    """Account and password."""

    error_messages = {
        "invalid_login": _(
            "This account and password do not belong together. Mind capital letters and the "
            "keyboard's Vietnamese mode; after five wrong passwords there is a wait."
        ),
        "inactive": _("This account is closed. Ask the standing agency of your province."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = _("Type the name of your account.")
        self.fields["password"].error_messages["required"] = _("Type your password.")
        # Names of accounts are typed as they are; a telephone must not correct them.
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


class CodeForm(forms.Form):
    """The code of a second factor."""

    code = forms.CharField(
        label=_("Code"),
        error_messages={"required": _("Type the code.")},
        max_length=20,
        widget=forms.TextInput(
            {
                "class": "code",
                "autocomplete": "one-time-code",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )


class NumericCodeForm(CodeForm):
    """The code of a telephone, for a keypad of digits."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric"}


class SettingsForm(forms.ModelForm):
    """What somebody may change about their own account."""

    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("As the browser asks")), *settings.LANGUAGES],
        help_text=_("The language pages open in after signing in."),
    )

    class Meta:
        model = User
        fields = ["language", "single_keys"]
        labels = {"single_keys": _("Single keys as shortcuts")}
