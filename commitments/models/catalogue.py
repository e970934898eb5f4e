"""What is counted, and the rules a count is held against. Data, kept in Vietnamese and English."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from districts.models import EntryTier, Tier, Unit
from districts.months import FOREVER, MonthField


class Kind(models.TextChoices):
    """How an indicator adds up over time; over units all but ratios simply add."""

    STOCK = "stock", _("stock: last month of the span")
    FLOW = "flow", _("flow: sum of the months")
    SUM = "sum", _("sum of other indicators")
    RATIO = "ratio", _("ratio of two others")


class Indicator(models.Model):
    """One thing that is counted, or computed from what is counted.

    Entered indicators are integers. ``decimals`` says how a ratio is rounded for people, and how
    targets are scaled (``Target.value`` is the target times ten to ``decimals``).
    """

    class Direction(models.TextChoices):
        UP = "up", _("more is better")
        DOWN = "down", _("less is better")
        NONE = "none", _("neither")

    class Frequency(models.TextChoices):
        MONTHLY = "monthly", _("monthly")
        YEARLY = "yearly", _("when a new base is given")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name_vi = models.CharField(_("Vietnamese name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200)
    group = models.CharField(_("group"), max_length=30)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    unit_of_measure = models.CharField(_("unit of measure"), max_length=20)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    entered_at = models.CharField(
        _("entered at"), max_length=10, choices=EntryTier, blank=True, default=""
    )
    frequency = models.CharField(
        _("frequency"), max_length=10, choices=Frequency, blank=True, default=""
    )
    numerator = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("numerator")
    )
    denominator = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("denominator"),
    )
    parts = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="wholes", verbose_name=_("parts")
    )
    maximum = models.BigIntegerField(_("hard upper bound per report"), null=True, blank=True)
    main = models.BooleanField(_("main indicator of the conference"), default=False)
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    since = MonthField(_("valid since"), default=0)
    until = MonthField(_("valid until"), default=FOREVER)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="indicator_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="ratio", numerator__isnull=False, denominator__isnull=False)
                | (~Q(kind="ratio") & Q(numerator__isnull=True, denominator__isnull=True)),
                name="indicator_ratio_has_two_parts",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["sum", "ratio"], entered_at="", frequency="")
                | (Q(kind__in=["stock", "flow"]) & ~Q(entered_at="") & ~Q(frequency="")),
                name="indicator_entered_or_computed",
            ),
            models.CheckConstraint(
                condition=Q(entered_at="") | Q(maximum__isnull=False),
                name="indicator_entered_has_maximum",
            ),
            models.CheckConstraint(
                condition=Q(kind="ratio") | Q(decimals=0), name="indicator_counts_are_integers"
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("since")), name="indicator_until_after_since"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        return self.name_en if (get_language() or "vi").startswith("en") else self.name_vi

    @property
    def is_entered(self) -> bool:
        return self.entered_at != ""

    @property
    def is_base(self) -> bool:
        """A yearly base: what a unit was given holds until the next is given."""
        return self.frequency == self.Frequency.YEARLY

    @property
    def scale(self) -> int:
        """What a target's stored integer is divided by."""
        return 10**self.decimals


class Severity(models.TextChoices):
    BLOCK = "block", _("blocks")
    EXPLAIN = "explain", _("asks for an explanation")
    INFORM = "inform", _("informs")


class Rule(models.Model):
    """One validation rule as data; ``rules.py`` knows how each kind is judged."""

    class Kind(models.TextChoices):
        AT_MOST = "at_most", _("at most another indicator")
        PARTS_AT_MOST = "parts_at_most", _("the sum of a group is at most the whole")
        TOTAL_BETWEEN = "total_between", _("between the largest part and the sum of parts")
        CHANGE = "change", _("changes by more than a share since last month")
        TARGET_BELOW_LAST = "target_below_last", _("target below last year's result")

    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
    indicator = models.ForeignKey(
        Indicator,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="rules",
        verbose_name=_("indicator"),
    )
    other = models.ForeignKey(
        Indicator,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("compared with"),
    )
    parts = models.ManyToManyField(Indicator, blank=True, related_name="+", verbose_name=_("parts"))
    percent = models.PositiveSmallIntegerField(_("percent"), null=True, blank=True)
    least = models.PositiveIntegerField(_("at least so many"), null=True, blank=True)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(severity__in=Severity.values), name="rule_severity_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind="change") | Q(percent__isnull=False, least__isnull=False),
                name="rule_change_has_threshold",
            ),
        ]

    def __str__(self):
        return self.code


class ReviewLevel(models.Model):
    """A tier whose committee verifies reports before the province approves, in ``[since, until)``.

    Until June 2025 the district verifies; from July 2025 nobody stands between.
    """

    tier = models.CharField(_("tier"), max_length=10, choices=Tier)
    since = MonthField(_("since"))
    until = MonthField(_("until"), default=FOREVER)

    class Meta:
        verbose_name = _("review level")
        verbose_name_plural = _("review levels")
        constraints = [
            models.UniqueConstraint(fields=["tier", "since"], name="review_level_unique"),
            models.CheckConstraint(
                condition=Q(until__gt=F("since")), name="review_level_until_after_since"
            ),
        ]

    def __str__(self):
        return f"{self.get_tier_display()} [{self.since}, …)"


class Base(models.Model):
    """Where a yearly base comes from: the source and its date, for one unit from a month on.

    The number itself is the Count of the same (month, unit, indicator).
    """

    month = MonthField(_("from month"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="bases", verbose_name=_("unit"))
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="bases", verbose_name=_("indicator")
    )
    source = models.CharField(_("source"), max_length=300)
    dated = models.DateField(_("date of the source"))

    class Meta:
        verbose_name = _("base")
        verbose_name_plural = _("bases")
        constraints = [
            models.UniqueConstraint(fields=["month", "unit", "indicator"], name="base_unique"),
            models.CheckConstraint(condition=~Q(source=""), name="base_has_source"),
        ]

    def __str__(self):
        return f"{self.indicator_id} {self.unit_id} {self.month}: {self.source}"
