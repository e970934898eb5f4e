"""The numbers: counts as reported and as approved, every revision, and the derived totals."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.rules import LONGEST_REASON
from districts.models import Unit
from districts.months import MonthField

from .catalogue import Indicator


class Count(models.Model):
    """One number of one reporting unit. Blank is not zero.

    ``value`` is what was last reported, ``approved`` what was last approved; a correction changes
    ``value`` only. Written by ``actions.counts`` and nothing else.
    """

    pk = models.CompositePrimaryKey("month", "unit_id", "indicator_id")
    month = MonthField(_("month"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="counts", verbose_name=_("unit"))
    # Of millions of rows each indicator has its twentieth: an index of it alone tells nothing.
    indicator = models.ForeignKey(
        Indicator,
        models.PROTECT,
        related_name="counts",
        verbose_name=_("indicator"),
        db_index=False,
    )
    value = models.BigIntegerField(_("reported"), null=True, blank=True)
    approved = models.BigIntegerField(_("approved"), null=True, blank=True)

    class Meta:
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        constraints = [
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0), name="count_value_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True) | Q(approved__gte=0),
                name="count_approved_not_negative",
            ),
        ]

    def __str__(self):
        return f"{self.month} {self.unit_id} {self.indicator_id}: {self.value}"


class Revision(models.Model):
    """One change of one count: old and new, who, when, why, from which cell. Append-only."""

    month = MonthField(_("month"))
    # ``revision_by_count`` begins with the unit, and an indicator has its twentieth of all rows.
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("unit"), db_index=False
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="+", verbose_name=_("indicator"), db_index=False
    )
    old_value = models.BigIntegerField(_("reported before"), null=True)
    new_value = models.BigIntegerField(_("reported after"), null=True)
    old_approved = models.BigIntegerField(_("approved before"), null=True)
    new_approved = models.BigIntegerField(_("approved after"), null=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    why = models.CharField(_("why"), max_length=LONGEST_REASON, blank=True)
    source = models.CharField(_("file and cell"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-id"]
        indexes = [models.Index(fields=["unit", "indicator", "month"], name="revision_by_count")]

    def __str__(self):
        return f"{self.month} {self.unit_id} {self.indicator_id}: {self.new_value}"


class _Sum(models.Model):
    """A sum for one unit in one month. Derived; can be rebuilt.

    A cell exists only while at least one unit in it reported or approved a number.
    """

    pk = models.CompositePrimaryKey("month", "node_id", "indicator_id")
    month = MonthField(_("month"))
    node = models.ForeignKey(Unit, models.CASCADE, related_name="+", verbose_name=_("unit"))
    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="+", verbose_name=_("indicator")
    )
    approved = models.BigIntegerField(_("approved sum"), null=True)
    reported = models.BigIntegerField(_("reported sum"), null=True)
    units_approved = models.PositiveIntegerField(_("units approved"))
    units_reported = models.PositiveIntegerField(_("units reported"))

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(units_approved__gt=0) | Q(units_reported__gt=0),
                name="%(class)s_of_something",
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=False, units_approved__gt=0)
                | Q(approved__isnull=True, units_approved=0),
                name="%(class)s_approved_counted",
            ),
            models.CheckConstraint(
                condition=Q(reported__isnull=False, units_reported__gt=0)
                | Q(reported__isnull=True, units_reported=0),
                name="%(class)s_reported_counted",
            ),
        ]

    def __str__(self):
        return f"{self.month} {self.node_id} {self.indicator_id}: {self.approved}"


class Total(_Sum):
    """The sum below one unit in one month, on the map of that month."""

    class Meta(_Sum.Meta):
        verbose_name = _("total")
        verbose_name_plural = _("totals")


class CarriedTotal(_Sum):
    """What one unit of the last map has of a month before its area last changed.

    The units in it are those that reported, of the map of the month.
    """

    # A month and a node of it are asked for, never all that is carried of an indicator.
    indicator = models.ForeignKey(
        Indicator,
        models.CASCADE,
        related_name="+",
        verbose_name=_("indicator"),
        db_index=False,
    )

    class Meta(_Sum.Meta):
        verbose_name = _("total carried over")
        verbose_name_plural = _("totals carried over")
