"""Figures of a province and month, made ready: computed once for each state of the data.

Derived from everything else and thrown away with the state they were made from; nobody is the
author of a row, and the engine alone says what is in one.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.models import Authority, Indicator
from districts.models import Unit
from districts.months import MonthField
from reports.querysets import ReadySetQuerySet


class ReadySet(models.Model):
    """All figures of one province and month, on one map, against the plan of one authority.

    ``span`` counts the changes of the map before the map shown. The stamps are those of the
    province and of what all share, read before the figures; of the log of touched units ``mark``
    characters were known. ``form`` is how the parts are written. A set never changes: another
    state of the data is another set.
    """

    province = models.ForeignKey(Unit, models.CASCADE, related_name="+", verbose_name=_("province"))
    month = MonthField(_("month"))
    span = models.PositiveSmallIntegerField(_("changes of the map before"))
    authority = models.CharField(_("authority"), max_length=10, choices=Authority)
    form = models.PositiveSmallIntegerField(_("form"))
    stamp = models.CharField(_("stamp"), max_length=32, blank=True)
    settled = models.CharField(_("stamp without counts"), max_length=32, blank=True)
    mark = models.PositiveIntegerField(_("place in the log"), default=0)
    common = models.CharField(_("stamp of what all share"), max_length=32, blank=True)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    objects = ReadySetQuerySet.as_manager()

    class Meta:
        verbose_name = _("ready figures")
        verbose_name_plural = _("ready figures")
        constraints = [
            models.UniqueConstraint(
                fields=["province", "month", "span", "authority", "form", "stamp", "common"],
                name="ready_set_unique",
            ),
            models.CheckConstraint(
                condition=Q(authority__in=Authority.values), name="ready_set_authority_known"
            ),
        ]

    def __str__(self):
        return f"{self.province} {self.month}"


class ReadyPart(models.Model):
    """What a page reads of a set at once: all of one unit, or one indicator of all units.

    ``facts`` and ``points`` are written by ``reports.ready.form``.
    """

    set = models.ForeignKey(ReadySet, models.CASCADE, related_name="parts")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")
    indicator = models.ForeignKey(Indicator, models.CASCADE, null=True, related_name="+")
    facts = models.BinaryField()
    points = models.BinaryField()

    class Meta:
        verbose_name = _("part of ready figures")
        verbose_name_plural = _("parts of ready figures")
        constraints = [
            models.UniqueConstraint(fields=["set", "unit"], name="ready_part_unit_unique"),
            models.UniqueConstraint(
                fields=["set", "indicator"], name="ready_part_indicator_unique"
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) ^ Q(indicator__isnull=True),
                name="ready_part_of_one_thing",
            ),
        ]

    def __str__(self):
        return f"{self.set}: {self.unit or self.indicator}"
