"""Who reported for which month, and who passed the report on."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from districts.models import Unit
from districts.months import MonthField

from .catalogue import Rule


class Period(models.Model):
    """One reporting month of one province: what it covers, when it is due, whether it is closed."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="periods", verbose_name=_("province")
    )
    month = MonthField(_("month"))
    data_from = models.DateField(_("data from"))
    data_to = models.DateField(_("data to"))
    due_on = models.DateField(_("due on"))
    due_by_hand = models.BooleanField(_("due day set by hand"), default=False, db_default=False)
    closes_on = models.DateField(_("closes on"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "month"], name="period_unit_month_unique"),
            models.CheckConstraint(
                condition=Q(data_from__lte=F("data_to"))
                & Q(data_to__lt=F("due_on"))
                & Q(due_on__lte=F("closes_on")),
                name="period_dates_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.month}"

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class PeriodEvent(models.Model):
    """A period was closed or reopened: by whom, when, why. Append-only."""

    class What(models.TextChoices):
        CLOSED = "closed", _("closed")
        REOPENED = "reopened", _("reopened")

    period = models.ForeignKey(Period, models.PROTECT, related_name="events")
    what = models.CharField(_("what"), max_length=10, choices=What)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    why = models.TextField(_("why"), blank=True)

    class Meta:
        verbose_name = _("closing or reopening")
        verbose_name_plural = _("closings and reopenings")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(what="reopened") | ~Q(why=""), name="period_reopened_with_reason"
            ),
        ]

    def __str__(self):
        return f"{self.period_id}: {self.what}"


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    VERIFIED = "verified", _("verified")
    APPROVED = "approved", _("approved")
    RETURNED = "returned", _("returned")


class Submission(models.Model):
    """One unit's report for one month. Moves are made by actions and listed in ``rules.MOVES``."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="submissions", verbose_name=_("unit")
    )
    month = MonthField(_("month"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(_("version"), default=1)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reported by"),
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-month", "unit__sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "month"], name="submission_unit_month_unique"),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="submission_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_at__isnull=False),
                name="submission_approved_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "returned"]) | Q(sent_at__isnull=False),
                name="submission_sent_has_time",
            ),
        ]
        indexes = [models.Index(fields=["month", "state"], name="submission_by_month_state")]

    def __str__(self):
        return f"{self.unit} {self.month}"


class Move(models.Model):
    """A report went from one state to another: who, when, why. Append-only."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="moves")
    verb = models.CharField(_("move"), max_length=12)
    before = models.CharField(_("from"), max_length=10, choices=State)
    after = models.CharField(_("to"), max_length=10, choices=State)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    why = models.TextField(_("why"), blank=True)

    class Meta:
        verbose_name = _("move of a report")
        verbose_name_plural = _("moves of a report")
        ordering = ["id"]

    def __str__(self):
        return f"{self.submission_id}: {self.before} → {self.after}"


class Explanation(models.Model):
    """The reporter's answer to a rule that asked for one, in one report."""

    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="explanations", verbose_name=_("report")
    )
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+", verbose_name=_("rule"))
    finding = models.CharField(_("what the rule found"), max_length=300)
    read = models.BigIntegerField(_("number read"))
    expected = models.CharField(_("expected"), max_length=60)
    text = models.TextField(_("explanation"), blank=True)

    class Meta:
        verbose_name = _("explanation")
        verbose_name_plural = _("explanations")
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "rule"], name="explanation_once_per_rule"
            ),
        ]

    def __str__(self):
        return f"{self.rule_id}: {self.text[:60]}"
