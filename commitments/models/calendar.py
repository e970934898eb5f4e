"""What the government decided about days off and the standing officer recorded. National."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LONGEST_SOURCE = 200


class DecidedDay(models.Model):
    """A day taken off or worked by a decision; it outweighs what the law and the package say."""

    day = models.DateField(_("day"), unique=True)
    worked = models.BooleanField(_("worked"))
    source = models.CharField(_("decision"), max_length=LONGEST_SOURCE)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("decided day")
        verbose_name_plural = _("decided days")
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="decided_day_has_source"),
        ]

    def __str__(self):
        return f"{self.day:%d/%m/%Y}"


class CompleteYear(models.Model):
    """A year of which everything the government announced has been recorded."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    source = models.CharField(_("decision"), max_length=LONGEST_SOURCE)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("year with its days off")
        verbose_name_plural = _("years with their days off")
        ordering = ["year"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="complete_year_has_source"),
        ]

    def __str__(self):
        return str(self.year)
