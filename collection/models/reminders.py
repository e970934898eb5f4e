"""Reminders that were sent to whoever has not reported."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from districts.models import Unit
from districts.months import MonthField

NOT_MAILED, PARTLY_MAILED = "reminder.not_mailed", "reminder.partly_mailed"
"""What the journal says of a reminder that the mail server took for nobody, or only for some."""


class Reminder(models.Model):
    """One reminder to one group of units for one month, word for word as it went out. Append-only.

    One that the mail server took for nobody is none: see ``querysets.reminded``.

    ``group`` is the district that groups the communes reminded, or the province where no district
    stands between.
    """

    month = MonthField(_("month"))
    group = models.ForeignKey(
        Unit, models.PROTECT, related_name="reminders", verbose_name=_("reminded together")
    )
    units = models.JSONField(_("units reminded"))
    recipients = models.JSONField(_("sent to"), default=list)
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="reminder_says_something"),
        ]
        indexes = [models.Index(fields=["group", "month"], name="reminder_by_group_month")]

    def __str__(self):
        return f"{self.group} {self.month}"
