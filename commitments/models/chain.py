"""The chain of promises: one signed link for everything promised and what became of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from steering.committee.models import Committee


class Link(models.Model):
    """One link of a committee's chain. ``signature`` is made with a key outside the database.

    ``subject_digest`` covers the row the link speaks of (``kind``, ``subject``), ``digest`` all of
    the link and the one before (``previous``); the signature (Ed25519) covers the digest. Digests
    and signature are hexadecimal, ``key`` names the key.
    """

    class Kind(models.TextChoices):
        COMMITMENT = "commitment", _("commitment signed")
        EVENT = "event", _("event of a commitment")
        DECISION = "decision", _("decision with its targets")
        KEY = "key", _("change of key")

    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="links", verbose_name=_("committee")
    )
    number = models.PositiveIntegerField(_("number in the chain"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    subject = models.BigIntegerField(_("subject"))
    subject_digest = models.CharField(_("digest of the subject"), max_length=64)
    at = models.DateTimeField(_("at"))
    taken_over_on = models.DateField(_("taken over on"), null=True, blank=True)
    previous = models.CharField(_("digest before"), max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64)
    key = models.CharField(_("key"), max_length=16)
    signature = models.CharField(_("signature"), max_length=128)

    class Meta:
        verbose_name = _("link of the chain")
        verbose_name_plural = _("links of the chain")
        ordering = ["committee", "number"]
        constraints = [
            models.UniqueConstraint(fields=["committee", "number"], name="link_number_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="link_numbered_from_one"),
            models.CheckConstraint(
                condition=Q(kind__in=["commitment", "event", "decision", "key"]),
                name="link_kind_known",
            ),
        ]
        indexes = [models.Index(fields=["kind", "subject"], name="link_by_subject")]

    def __str__(self):
        return f"{self.committee_id}/{self.number} {self.kind}"
