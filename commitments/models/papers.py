"""Papers: what a commitment says before it is signed, frozen when it is prepared."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from districts.models import Unit
from steering.committee.models import Committee

from .commitments import CommitmentEvent


class PaperQuerySet(models.QuerySet):
    def with_state(self) -> "PaperQuerySet":
        """Each with ``state``, one of ``PaperState``: what it is worth, whatever the day."""
        events = CommitmentEvent.objects.filter(commitment__paper=models.OuterRef("pk")).order_by(
            "-pk"
        )
        newer = Paper.objects.filter(
            unit=models.OuterRef("unit"), year=models.OuterRef("year"), pk__gt=models.OuterRef("pk")
        )
        return self.annotate(
            _happened=models.Subquery(events.values("what")[:1]),
            state=models.Case(
                models.When(_happened="superseded", then=models.Value(PaperState.SUPERSEDED)),
                models.When(_happened="ended", then=models.Value(PaperState.ENDED)),
                models.When(_happened__isnull=False, then=models.Value(PaperState.SIGNED)),
                models.When(withdrawal__isnull=False, then=models.Value(PaperState.WITHDRAWN)),
                models.When(models.Exists(newer), then=models.Value(PaperState.REPLACED)),
                default=models.Value(PaperState.PREPARED),
                output_field=models.CharField(),
            ),
        )

    def waiting(self) -> "PaperQuerySet":
        """Those that may be signed: prepared, not signed, withdrawn or replaced."""
        return self.with_state().filter(state=PaperState.PREPARED)


class PaperState(models.TextChoices):
    """What a paper is worth."""

    PREPARED = "prepared", _("prepared, not signed")
    REPLACED = "replaced", _("replaced before signing")
    WITHDRAWN = "withdrawn", _("withdrawn")
    SIGNED = "signed", _("signed")
    SUPERSEDED = "superseded", _("superseded by a new version")
    ENDED = "ended", _("ended by a reorganisation")


class Paper(models.Model):
    """A commitment prepared for signing: its content, frozen, with the code printed on it.

    ``content`` is the canonical text that ``content_digest`` (SHA-256) covers: unit, year, version,
    decisions, lines. ``code`` has at least 80 random bits and is derived from nothing: it is the
    address of the page of verification. ``chain_number`` and ``chain_head`` are the head of the
    committee's chain as of preparation, as printed; 0 and blank for a chain without a link.
    Preparing anew makes a new row; the one before is then replaced before signing.
    """

    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="papers", verbose_name=_("committee")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="papers", verbose_name=_("unit"))
    year = models.PositiveSmallIntegerField(_("year"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    code = models.CharField(_("code"), max_length=26, unique=True)
    content = models.TextField(_("content"))
    content_digest = models.CharField(_("content digest"), max_length=64)
    chain_number = models.PositiveIntegerField(_("number of the chain's head"), default=0)
    chain_head = models.CharField(_("head of the chain"), max_length=64, blank=True)
    prepared_on = models.DateField(_("prepared on"))
    at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    why = models.CharField(_("why it was prepared anew"), max_length=300, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper of a commitment")
        verbose_name_plural = _("papers of commitments")
        ordering = ["unit", "year", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(version__gte=1), name="paper_version_from_one"),
        ]
        indexes = [models.Index(fields=["unit", "year"], name="paper_by_unit")]

    def __str__(self):
        return f"{self.unit_id} {self.year}/{self.version}"


class PaperWithdrawal(models.Model):
    """That a paper must not be signed any more, and why."""

    paper = models.OneToOneField(
        Paper, models.PROTECT, related_name="withdrawal", verbose_name=_("paper")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    why = models.CharField(_("why"), max_length=300)

    class Meta:
        verbose_name = _("withdrawal of a paper")
        verbose_name_plural = _("withdrawals of papers")

    def __str__(self):
        return f"{self.paper_id}"
