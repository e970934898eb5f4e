"""A figure that a chair disputes, and the answer."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.models import Indicator
from districts.models import Unit
from districts.months import MonthField


class Dispute(models.Model):
    """A note on a figure somebody holds to be wrong. Append-only.

    ``figure`` keeps the figure as it was printed when it was disputed.
    """

    month = MonthField(_("month"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="disputes", verbose_name=_("unit"))
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="+", verbose_name=_("indicator")
    )
    figure = models.CharField(_("figure disputed"), max_length=60)
    note = models.TextField(_("note"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(note=""), name="dispute_has_note"),
        ]
        indexes = [
            models.Index(fields=["unit", "indicator", "month"], name="dispute_by_figure"),
        ]

    def __str__(self):
        return f"{self.indicator_id} {self.unit_id} {self.month}"


class Answer(models.Model):
    """The answer to a dispute; one ends it. Append-only."""

    class Verdict(models.TextChoices):
        STANDS = "stands", _("the figure stands")
        CORRECTED = "corrected", _("the figure is corrected")

    dispute = models.OneToOneField(Dispute, models.PROTECT, related_name="answer")
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    text = models.TextField(_("answer"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="answer_has_text"),
            models.CheckConstraint(
                condition=Q(verdict__in=["stands", "corrected"]), name="answer_verdict_known"
            ),
        ]

    def __str__(self):
        return f"{self.dispute_id}: {self.verdict}"
