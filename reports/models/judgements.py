"""What people said about the figures, signed; the figures themselves are never stored here."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.models import Indicator
from districts.models import Unit
from districts.months import MonthField


class Grade(models.TextChoices):
    """How one criterion stands; each criterion has words of its own for it (``judging``)."""

    GOOD = "good", _("good")
    FAIR = "fair", _("fair")
    DOUBTFUL = "doubtful", _("doubtful")
    POOR = "poor", _("poor")


class Outlook(models.TextChoices):
    """Whether the target of the year will be met, all things considered."""

    LIKELY = "likely", pgettext_lazy("outlook", "Likely to be met")
    OPEN = "open", pgettext_lazy("outlook", "Open")
    UNLIKELY = "unlikely", pgettext_lazy("outlook", "Unlikely to be met")


class Judgement(models.Model):
    """One signed judgement of whether a unit will meet a target, on the figures of a month.

    Stands beside the machine's forecast and never changes: a new judgement is a new row, and the
    latest one of the latest month counts. Signer and post are kept as text at signing.
    """

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="judgements", verbose_name=_("unit")
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="judgements", verbose_name=_("indicator")
    )
    month = MonthField(_("month"))
    difficulty = models.CharField(_("difficulty of the target"), max_length=10, choices=Grade)
    difficulty_note = models.CharField(_("note"), max_length=200, blank=True)
    planning = models.CharField(_("plan of action"), max_length=10, choices=Grade)
    planning_note = models.CharField(_("note"), max_length=200, blank=True)
    capacity = models.CharField(_("capacity to deliver"), max_length=10, choices=Grade)
    capacity_note = models.CharField(_("note"), max_length=200, blank=True)
    progress = models.CharField(_("progress on the ground"), max_length=10, choices=Grade)
    progress_note = models.CharField(_("note"), max_length=200, blank=True)
    outlook = models.CharField(_("overall judgement"), max_length=10, choices=Outlook)
    comment = models.TextField(_("comment"))
    signed_on = models.DateField(_("signed on"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    signer_name = models.CharField(_("signer"), max_length=150)
    signer_post = models.CharField(_("signer's post"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("judgement")
        verbose_name_plural = _("judgements")
        ordering = ["-month", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(comment=""), name="judgement_has_comment"),
            models.CheckConstraint(
                condition=Q(outlook__in=Outlook.values), name="judgement_outlook_known"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{criterion}__in": Grade.values}),
                    name=f"judgement_{criterion}_known",
                )
                for criterion in ("difficulty", "planning", "capacity", "progress")
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "indicator", "month"], name="judgement_by_target"),
        ]

    def __str__(self):
        return f"{self.indicator.code} {self.unit} {self.month}: {self.get_outlook_display()}"
