from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommitmentsConfig(AppConfig):
    name = "commitments"
    verbose_name = _("Targets, commitments and counts")

    def ready(self):
        from . import checks  # noqa: F401  registers the system check
