"""What was promised: decisions, targets, and the commitments that heads of units signed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.rules import LONGEST_REASON
from districts.models import Unit
from districts.months import Month, MonthField
from steering.committee.models import Committee

from .catalogue import Indicator


class CommitmentQuerySet(models.QuerySet):
    def with_state(self) -> "CommitmentQuerySet":
        """Each with ``state``: what happened to it last (``CommitmentEvent.What``)."""
        latest = CommitmentEvent.objects.filter(commitment=models.OuterRef("pk")).order_by("-pk")
        return self.annotate(state=models.Subquery(latest.values("what")[:1]))

    def standing(self) -> "CommitmentQuerySet":
        """Those that hold: signed, neither superseded nor ended."""
        return self.with_state().filter(state__in=["signed", "resumed"])


class DecisionQuerySet(models.QuerySet):
    def changing_published(
        self, *, unit: Unit | int, month: Month, authority: str
    ) -> "DecisionQuerySet":
        """Amendments of a province that changed what ``month`` asks for after it was closed."""
        return (
            self.filter(unit=unit, authority=authority, changed_until__gte=month)
            .filter(effective_on__lte=month.last_day)
            .order_by("effective_on", "issued_on", "pk")
        )


class Authority(models.TextChoices):
    """Who assigns a plan; a report always says whose plan it measures against."""

    PPC = "ppc", _("Provincial People's Committee")
    VSS = "vss", _("Vietnam Social Security")


class Operator(models.TextChoices):
    AT_LEAST = "at_least", _("at least")
    MORE_THAN = "more_than", _("more than")
    AT_MOST = "at_most", _("at most")


class Decision(models.Model):
    """The legal instrument that assigns targets for a year. Nothing it assigned is overwritten.

    ``effective_on`` says from which day its targets count: 1 January of the year for a first
    decision (targets apply from January whenever they are issued), a later day for an amendment.
    ``changed_until`` is the last closed month whose targets an amendment changed when it was
    recorded, ``reason`` why what was published had to change.
    """

    authority = models.CharField(_("authority"), max_length=5, choices=Authority)
    number = models.CharField(_("number"), max_length=60)
    number_key = models.CharField(max_length=60, editable=False)
    issuer = models.CharField(_("issuing authority in words"), max_length=200, blank=True)
    signer_post = models.CharField(_("post of the signer"), max_length=200, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="decisions", verbose_name=_("province")
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
                fields=["unit", "authority", "year", "number_key"], name="decision_number_unique"
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

    ``value`` is scaled by the indicator's decimals: 96.1 % with two decimals is 9610.
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


class Commitment(models.Model):
    """What the head of a unit signed for a year. Rows are added at signing and never change.

    ``digest`` covers the content and the digest of the commitment signed before it in the same
    committee (``previous_digest``), so a later change or removal anywhere breaks the chain.
    """

    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="commitments", verbose_name=_("committee")
    )
    sequence = models.PositiveIntegerField(_("number in the chain"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="commitments", verbose_name=_("unit")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    signed_on = models.DateField(_("signed on"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    signer_name = models.CharField(_("signer"), max_length=120, blank=True)
    signer_post = models.CharField(_("signer's post"), max_length=200)
    receiver_name = models.CharField(_("received by"), max_length=120, blank=True)
    receiver_post = models.CharField(_("receiver's post"), max_length=200)
    unit_name = models.CharField(_("unit's name at signing"), max_length=120)
    note = models.CharField(_("note"), max_length=300, blank=True)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["committee", "sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "sequence"], name="commitment_sequence_unique"
            ),
            models.UniqueConstraint(
                fields=["unit", "year", "version"], name="commitment_version_unique"
            ),
            models.CheckConstraint(
                condition=Q(sequence__gte=1, version__gte=1), name="commitment_numbered_from_one"
            ),
        ]

    def __str__(self):
        return f"{self.unit_name} {self.year}/{self.version}"


class CommitmentLine(models.Model):
    """One promised figure: assigned and committed (scaled), with last year's result as known."""

    commitment = models.ForeignKey(
        Commitment, models.PROTECT, related_name="lines", verbose_name=_("commitment")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="+", verbose_name=_("indicator")
    )
    operator = models.CharField(_("operator"), max_length=10, choices=Operator)
    last_year = models.BigIntegerField(_("last year's result (scaled)"), null=True, blank=True)
    assigned = models.BigIntegerField(_("assigned (scaled)"), null=True, blank=True)
    value = models.BigIntegerField(_("committed (scaled)"))

    class Meta:
        verbose_name = _("line of a commitment")
        verbose_name_plural = _("lines of a commitment")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "indicator"], name="commitment_line_unique"
            ),
            models.CheckConstraint(
                condition=Q(operator__in=Operator.values), name="commitment_line_operator_known"
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="commitment_line_not_negative"),
        ]

    def __str__(self):
        return f"{self.commitment_id} {self.indicator_id}: {self.value}"


class CommitmentEvent(models.Model):
    """What happened to a signed commitment. Its state is read from the latest of these rows."""

    class What(models.TextChoices):
        SIGNED = "signed", _("signed")
        SUPERSEDED = "superseded", _("superseded by a new version")
        ENDED = "ended", _("ended by a reorganisation")
        RESUMED = "resumed", _("resumed as the reorganisation was reverted")

    commitment = models.ForeignKey(
        Commitment, models.PROTECT, related_name="events", verbose_name=_("commitment")
    )
    what = models.CharField(_("what"), max_length=12, choices=What)
    on = models.DateField(_("on"))
    at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    why = models.TextField(_("why"), blank=True)

    class Meta:
        verbose_name = _("event of a commitment")
        verbose_name_plural = _("events of a commitment")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment"],
                condition=Q(what="signed"),
                name="commitment_signed_once",
            ),
            models.CheckConstraint(
                condition=Q(what__in=["signed", "superseded", "ended", "resumed"]),
                name="commitment_event_known",
            ),
        ]

    def __str__(self):
        return f"{self.commitment_id}: {self.what}"
