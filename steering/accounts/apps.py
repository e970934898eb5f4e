from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "steering.accounts"
    label = "accounts"
    verbose_name = _("Accounts and journal")

    def ready(self):
        from . import checks  # noqa: F401  registers the system check
