"""What heads of units signed: commitments, their lines and what happened to them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from districts.models import Unit
from steering.committee.models import Committee

from .catalogue import Indicator
from .decisions import Operator


class CommitmentQuerySet(models.QuerySet):
    def with_state(self) -> "CommitmentQuerySet":
        """Each with ``state``: what happened to it last (``CommitmentEvent.What``)."""
        latest = CommitmentEvent.objects.filter(commitment=models.OuterRef("pk")).order_by("-pk")
        return self.annotate(state=models.Subquery(latest.values("what")[:1]))

    def standing(self) -> "CommitmentQuerySet":
        """Those that hold: signed, neither superseded nor ended."""
        return self.with_state().filter(state__in=["signed", "resumed"])


class Way(models.TextChoices):
    """How a paper was signed. A typed name is a record, not a legal digital signature."""

    TYPED = "typed", _("typed name")
    SCAN = "scan", _("signed on paper, scanned")
    DIGITAL = "digital", _("signed digitally (PDF)")


class Commitment(models.Model):
    """What the head of a unit signed for a year. Rows are added at signing and never change.

    ``paper`` is the frozen paper that was signed, ``way`` how; both are empty for commitments
    recorded as already signed. ``file`` is the scan or the signed PDF, ``certificate`` what was
    read from the latter: name, organisation, issuer, validity and what the check found, nothing
    else, for a certificate's serial may hold an identity number.

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
    paper = models.OneToOneField(
        "Paper",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitment",
        verbose_name=_("paper"),
    )
    way = models.CharField(_("signed by way of"), max_length=8, choices=Way, blank=True)
    file = models.FileField(_("file"), upload_to="commitments/%Y/", max_length=200, blank=True)
    file_digest = models.CharField(_("digest of the file"), max_length=64, blank=True)
    certificate = models.JSONField(_("certificate"), null=True, blank=True)
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
            models.CheckConstraint(
                condition=Q(way__in=["", *Way.values]), name="commitment_way_known"
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
