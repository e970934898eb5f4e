"""Files that people hand in, from choosing to accepting."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.models import Decision
from districts.models import Unit
from districts.months import MonthField
from steering.jobs.models import Job


class Upload(models.Model):
    """One file on its way into the counts; it is kept as it came, with what became of it.

    ``decision`` is there for an annex: its numbers are targets, not counts.
    ``unit`` and ``month`` are what the file is about, where it or its sender says so. ``mapping``
    tells which column of a foreign table holds which indicator, ``corrections`` what was typed
    over cells of the file on the page, ``explanations`` the answers given there, ``confirmations``
    the keys of the questions of the file that were answered with yes, ``confirmed`` that somebody
    has seen what is unusual about a template. ``found`` is what the last look
    at the file found, ``job`` the background work that looks at it or takes it over.
    """

    class Form(models.TextChoices):
        UNKNOWN = "", _("not recognised yet")
        TEMPLATE = "template", _("the template")
        TIDY = "tidy", _("a tidy table")
        MATRIX = "matrix", _("a table of units and indicators")

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        RECOGNISED = "recognised", _("recognised")
        CHECKED = "checked", _("checked")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        DISCARDED = "discarded", _("discarded")

    name = models.CharField(_("file name"), max_length=200)
    file = models.FileField(_("file"), upload_to="uploads/%Y/%m/", max_length=200)
    digest = models.CharField(_("digest"), max_length=64, db_index=True)
    size = models.PositiveIntegerField(_("size"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    month = MonthField(_("month"), null=True, blank=True)
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("decision"),
    )  # fmt: skip
    form = models.CharField(_("form"), max_length=10, choices=Form, blank=True, default="")
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.RECEIVED)
    mapping = models.JSONField(_("columns"), default=dict, blank=True)
    corrections = models.JSONField(_("corrections"), default=dict, blank=True)
    explanations = models.JSONField(_("explanations"), default=dict, blank=True)
    confirmations = models.JSONField(_("questions confirmed"), default=list, blank=True)
    confirmed = models.BooleanField(_("confirmed"), default=False)
    found = models.JSONField(_("what was found"), default=dict, blank=True)
    job = models.ForeignKey(
        Job, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("job")
    )
    outcome = models.JSONField(_("outcome"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "received", "recognised", "checked", "accepted", "refused", "discarded",
                    ]
                ),
                name="upload_state_known",
            ),
            models.CheckConstraint(
                condition=Q(form__in=["", "template", "tidy", "matrix"]), name="upload_form_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted")
                | Q(accepted_at__isnull=False, outcome__isnull=False),
                name="upload_accepted_has_outcome",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name
