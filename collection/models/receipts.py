"""What a reporter holds in hand after sending: a number and a digest of what was received."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.models import Submission


class Receipt(models.Model):
    """One sending of one report: every number as received, and the digest over them. Append-only.

    ``values`` maps indicator codes to the numbers the report then held.
    """

    number = models.CharField(_("number"), max_length=40, unique=True)
    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="receipts", verbose_name=_("report")
    )
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    values = models.JSONField(_("numbers"))
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(digest=""), name="receipt_has_number_and_digest"
            ),
        ]

    def __str__(self):
        return self.number
