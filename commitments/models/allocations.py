"""How a target is divided over the units below: the working table, before it is assigned."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from districts.models import Unit

from .catalogue import Indicator
from .decisions import Decision


class Allocation(models.Model):
    """A table that divides what ``decision`` assigned to ``unit`` for one indicator.

    Kept on the server while people work on it; nobody's target until it is assigned by
    ``assigned_by``, the same decision or one that passes it on. ``version`` rises with every write,
    so that nobody overwrites what they have not seen. ``reason`` says why more than the target was
    divided.
    """

    class Method(models.TextChoices):
        BY_HAND = "by_hand", _("by hand")
        POPULATION = "population", _("by population")
        LAST_RESULT = "last_result", _("by last year's result")
        GROWTH = "growth", _("same growth on last year's result")
        LAST_SHARE = "last_share", _("by last year's shares of the target")
        EQUAL = "equal", _("equal parts")

    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="allocations", verbose_name=_("decision")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="allocations", verbose_name=_("unit that divides")
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="+", verbose_name=_("indicator")
    )
    method = models.CharField(_("method"), max_length=12, choices=Method, default=Method.BY_HAND)
    version = models.PositiveIntegerField(_("version"), default=1)
    reason = models.CharField(_("why more is divided"), max_length=300, blank=True)
    assigned_by = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_allocations",
        verbose_name=_("assigned by"),
    )
    assigned_at = models.DateTimeField(_("assigned at"), null=True, blank=True)

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["decision", "indicator", "unit"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "unit", "indicator"], name="allocation_unique"
            ),
            models.CheckConstraint(
                condition=Q(
                    method__in=[
                        "by_hand",
                        "population",
                        "last_result",
                        "growth",
                        "last_share",
                        "equal",
                    ]
                ),
                name="allocation_method_known",
            ),
        ]

    def __str__(self):
        return f"{self.decision_id} {self.unit_id} {self.indicator_id}"


class Portion(models.Model):
    """What one unit gets of an allocation so far (scaled); blank is not yet decided, not zero.

    ``version`` is the allocation's when it was last written, ``by`` and ``at`` who wrote it when.
    """

    allocation = models.ForeignKey(
        Allocation, models.CASCADE, related_name="portions", verbose_name=_("allocation")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    value = models.BigIntegerField(_("value (scaled)"), null=True, blank=True)
    locked = models.BooleanField(_("locked"), default=False)
    version = models.PositiveIntegerField(_("version"), default=1)
    source = models.CharField(_("where it comes from"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("at"), auto_now=True)

    class Meta:
        verbose_name = _("portion of an allocation")
        verbose_name_plural = _("portions of an allocation")
        constraints = [
            models.UniqueConstraint(fields=["allocation", "unit"], name="portion_unique"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0), name="portion_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(locked=False) | Q(value__isnull=False), name="portion_locked_with_value"
            ),
        ]

    def __str__(self):
        return f"{self.allocation_id} {self.unit_id}: {self.value}"
