"""The working sheet of a report: what somebody typed and has not sent yet."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.models import Indicator, Rule
from districts.models import Unit
from districts.months import MonthField


class DraftCell(models.Model):
    """One cell as it was typed, kept even when it is no number. Nobody's figure until it is sent.

    ``value`` is the number read from ``text``, empty where there is none.
    """

    month = MonthField(_("month"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="+", verbose_name=_("indicator")
    )
    text = models.CharField(_("as typed"), max_length=60, blank=True)
    value = models.BigIntegerField(_("number read"), null=True, blank=True)
    copied = models.BooleanField(_("copied from last month"), default=False)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("draft cell")
        verbose_name_plural = _("draft cells")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "unit", "indicator"], name="draft_cell_unique"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0),
                name="draft_cell_value_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | ~Q(text=""), name="draft_cell_value_was_typed"
            ),
        ]

    def __str__(self):
        return f"{self.month} {self.unit_id} {self.indicator_id}: {self.text!r}"


class DraftAnswer(models.Model):
    """What somebody answers to a rule and has not sent: the report keeps its answers until then.

    It fits what the rule found then, ``read`` and ``expected``, and nothing else.
    """

    month = MonthField(_("month"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+", verbose_name=_("rule"))
    read = models.BigIntegerField(_("number read"))
    expected = models.CharField(_("expected"), max_length=60)
    text = models.TextField(_("explanation"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("draft answer")
        verbose_name_plural = _("draft answers")
        constraints = [
            models.UniqueConstraint(fields=["month", "unit", "rule"], name="draft_answer_unique"),
        ]

    def __str__(self):
        return f"{self.month} {self.unit_id} {self.rule_id}: {self.text[:60]}"
