"""What was assigned: decisions, their targets and the paths of their plans."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.rules import LONGEST_REASON
from districts.models import Unit
from districts.months import Month, MonthField

from .catalogue import Indicator

ENDS = ("withdrawn", "amended_withdrawn", "replaced", "amended_replaced")
"""Days from which a decision no longer counts, as ``with_ends`` adds them: the first one holds.

It is gone from the day it is withdrawn, or another that replaces it takes effect; an amendment also
when what it amends is gone. What was withdrawn before it took effect replaced nothing.
"""


def _with_ends(rows: models.QuerySet, path: str) -> models.QuerySet:
    """Each row with ``ENDS`` of the decision that ``path`` leads to; no query more."""

    def replaced(decision: str) -> models.Subquery:
        took_effect = Q(withdrawn_on=None) | Q(withdrawn_on__gt=models.F("effective_on"))
        replacing = Decision.objects.filter(took_effect, replaces=models.OuterRef(decision))
        return models.Subquery(replacing.order_by("effective_on").values("effective_on")[:1])

    return rows.annotate(
        withdrawn=models.F(f"{path}withdrawn_on"),
        amended_withdrawn=models.F(f"{path}amends__withdrawn_on"),
        replaced=replaced(f"{path}pk"),
        amended_replaced=replaced(f"{path}amends"),
    )


class DecisionQuerySet(models.QuerySet):
    def with_ends(self) -> "DecisionQuerySet":
        """Each with ``ENDS``: the days from which it no longer counts."""
        return _with_ends(self, "")

    def changing_published(
        self, *, unit: Unit | int, month: Month, authority: str
    ) -> "DecisionQuerySet":
        """Amendments of a province that changed what ``month`` asks for after it was closed."""
        return (
            self.filter(unit=unit, authority=authority, changed_until__gte=month)
            .filter(effective_on__lte=month.last_day)
            .order_by("effective_on", "issued_on", "pk")
        )


class TargetQuerySet(models.QuerySet):
    def in_force(self, *, year: int, on: date, authority: str) -> "TargetQuerySet":
        """Targets of a year that count on a day, oldest decision first: of several the last counts.

        Those of a decision that was withdrawn or replaced by then do not.
        """
        found = self.with_ends().filter(
            decision__year=year,
            decision__authority=authority,
            decision__effective_on__lte=on,
        )
        for end in ENDS:
            found = found.filter(Q(**{end: None}) | Q(**{f"{end}__gt": on}))
        return found.order_by("decision__effective_on", "decision__issued_on", "decision_id", "pk")

    def with_ends(self) -> "TargetQuerySet":
        """Each with ``ENDS``: the days from which its decision no longer counts."""
        return _with_ends(self, "decision__")


class Authority(models.TextChoices):
    """Who assigns a plan; a report always says whose plan it measures against."""

    PPC = "ppc", _("Provincial People's Committee")
    VSS = "vss", _("Vietnam Social Security")


class Operator(models.TextChoices):
    AT_LEAST = "at_least", _("at least")
    MORE_THAN = "more_than", _("more than")
    AT_MOST = "at_most", _("at most")


class DocumentKind(models.TextChoices):
    """Types of documents that assign targets, with the abbreviations of Decree 30/2020/ND-CP."""

    DECISION = "decision", _("decision (QĐ)")
    PLAN = "plan", _("plan (KH)")
    RESOLUTION = "resolution", _("resolution (NQ)")
    OFFICIAL_LETTER = "letter", _("official letter (CV)")


class Decision(models.Model):
    """The legal instrument that assigns targets for a year. Nothing it assigned is overwritten.

    ``effective_on`` says from which day its targets count: 1 January of the year for a first
    decision (targets apply from January whenever they are issued), a later day for an amendment.
    ``changed_until`` is the last closed month whose targets an amendment changed when it was
    recorded, ``reason`` why what was published had to change.

    ``unit`` is the province whose committee assigns, or the district that passes on to its communes
    what it was assigned (``passes_on``). ``kind`` and ``number_year`` are those of the number: an
    issuer counts each type of document anew every year. From ``withdrawn_on`` on its targets no
    longer count; before that day they did.
    """

    authority = models.CharField(_("authority"), max_length=5, choices=Authority)
    kind = models.CharField(
        _("type"), max_length=12, choices=DocumentKind, default=DocumentKind.DECISION
    )
    number = models.CharField(_("number"), max_length=60)
    number_key = models.CharField(max_length=60, editable=False)
    number_year = models.PositiveSmallIntegerField(_("year of the number"), editable=False)
    issuer = models.CharField(_("issuing authority in words"), max_length=200, blank=True)
    signer_name = models.CharField(_("signer"), max_length=120, blank=True)
    signer_post = models.CharField(_("post of the signer"), max_length=200, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="decisions", verbose_name=_("unit that assigns")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    issued_on = models.DateField(_("issued on"))
    effective_on = models.DateField(_("effective on"))
    amends = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="amendments",
        verbose_name=_("amends"),
    )
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("replaces"),
    )
    passes_on = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="passed_on_by",
        verbose_name=_("passes on the targets of"),
    )
    scan = models.FileField(_("scan"), upload_to="decisions/%Y/", max_length=200, blank=True)
    scan_digest = models.CharField(max_length=64, blank=True, editable=False)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawal_reason = models.CharField(
        _("why it was withdrawn"), max_length=LONGEST_REASON, blank=True
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    reason = models.CharField(_("why closed months change"), max_length=LONGEST_REASON, blank=True)
    changed_until = MonthField(_("closed months changed until"), null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-year", "-effective_on", "-issued_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "authority", "kind", "number_year", "number_key"],
                name="decision_number_unique",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=DocumentKind.values), name="decision_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | ~Q(withdrawal_reason=""),
                name="decision_withdrawn_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(authority__in=Authority.values), name="decision_authority_known"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1990, year__lte=2100), name="decision_year_in_range"
            ),
            models.CheckConstraint(
                condition=Q(changed_until__isnull=True) | ~Q(reason=""),
                name="decision_changes_published_with_reason",
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def changed_from(self) -> Month:
        """The first month that its targets count in."""
        return Month.containing(self.effective_on)


class Target(models.Model):
    """What one decision assigned to one unit for one indicator, by the end of ``deadline``.

    ``value`` is scaled by the indicator's decimals: 96.1 % with two decimals is 9610. ``source``
    says what it was made from, where it was proposed: "sum of 3 communes".
    """

    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="targets", verbose_name=_("decision")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="targets", verbose_name=_("unit"))
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="targets", verbose_name=_("indicator")
    )
    operator = models.CharField(
        _("operator"), max_length=10, choices=Operator, default=Operator.AT_LEAST
    )
    value = models.BigIntegerField(_("value (scaled)"))
    deadline = MonthField(_("deadline"))
    source = models.CharField(_("where it comes from"), max_length=300, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "unit", "indicator"], name="target_unique_in_decision"
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="target_not_negative"),
            models.CheckConstraint(
                condition=Q(operator__in=Operator.values), name="target_operator_known"
            ),
        ]
        indexes = [models.Index(fields=["unit", "indicator"], name="target_by_unit")]

    def __str__(self):
        return f"{self.decision_id} {self.unit_id} {self.indicator_id}: {self.value}"

    @property
    def unscaled(self) -> int | Decimal:
        """The target as people read it: 96.10 for 9610 with two decimals. Reads the indicator."""
        decimals = self.indicator.decimals
        return Decimal(self.value).scaleb(-decimals) if decimals else self.value

    @property
    def path_points(self) -> list[tuple[Month, int]]:
        """The points of its path as (month, scaled value); empty for a straight line."""
        return [(point.month, point.value) for point in self.path.all()]


class PathPoint(models.Model):
    """One point of a plan path given with a target, where the plan is not a straight line."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="path")
    month = MonthField(_("month"))
    value = models.BigIntegerField(_("value (scaled)"))

    class Meta:
        verbose_name = _("point of the plan path")
        verbose_name_plural = _("plan path")
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["target", "month"], name="path_point_unique"),
            models.CheckConstraint(condition=Q(value__gte=0), name="path_point_not_negative"),
        ]

    def __str__(self):
        return f"{self.target_id} {self.month}: {self.value}"
