"""What becomes of units: changes of the map, who continued whom, changes of name or kind."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from districts.months import FOREVER, MonthField
from districts.querysets import (
    LineageQuerySet,
    RenamingQuerySet,
    ReorganisationQuerySet,
    SuccessionQuerySet,
)
from districts.rules import WHOLE

from .units import Placement, Unit, UnitKind


class Reorganisation(models.Model):
    """A change of the map on one day: a draft, applied, or reverted."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        APPLIED = "applied", _("applied")
        REVERTED = "reverted", _("reverted")

    name = models.CharField(_("name"), max_length=200)
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    effective_on = models.DateField(_("effective on"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    ended_units = models.ManyToManyField(
        Unit, blank=True, related_name="ended_by", verbose_name=_("units that end")
    )
    proposed_units = models.ManyToManyField(
        Unit, blank=True, related_name="proposed_by", verbose_name=_("units that begin")
    )
    proposed_placements = models.ManyToManyField(
        Placement, blank=True, related_name="proposed_by", verbose_name=_("placements that begin")
    )

    objects = ReorganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reorganisation")
        verbose_name_plural = _("reorganisations")
        ordering = ["-effective_on", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "effective_on"], name="reorganisation_name_day_unique"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "applied", "reverted"]),
                name="reorganisation_state_known",
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.effective_on:%d/%m/%Y})"


class Succession(models.Model):
    """Which unit continued which, with what share of its people, and how that share is known.

    ``share`` is in parts per million; the shares of one predecessor add up to one million.
    """

    class Basis(models.TextChoices):
        WHOLE = "whole", _("whole")
        DECREE = "decree", _("decree")
        POPULATION = "population", _("population")
        ASSUMED = "assumed", _("assumed")

    reorganisation = models.ForeignKey(
        Reorganisation, models.CASCADE, related_name="successions", verbose_name=_("reorganisation")
    )
    predecessor = models.ForeignKey(
        Unit, models.PROTECT, related_name="successions", verbose_name=_("predecessor")
    )
    successor = models.ForeignKey(
        Unit, models.PROTECT, related_name="inheritances", verbose_name=_("successor")
    )
    share = models.PositiveIntegerField(_("share (parts per million)"))
    main = models.BooleanField(_("main successor"), default=False)
    basis = models.CharField(_("basis of the share"), max_length=12, choices=Basis)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        constraints = [
            models.UniqueConstraint(
                fields=["reorganisation", "predecessor", "successor"], name="succession_unique"
            ),
            models.UniqueConstraint(
                fields=["reorganisation", "predecessor"],
                condition=Q(main=True),
                name="succession_one_main",
            ),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=WHOLE), name="succession_share_in_range"
            ),
            models.CheckConstraint(
                condition=~Q(basis="whole") | Q(share=WHOLE), name="succession_whole_is_whole"
            ),
            models.CheckConstraint(
                condition=Q(basis__in=["whole", "decree", "population", "assumed"]),
                name="succession_basis_known",
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="succession_not_itself"
            ),
        ]

    def __str__(self):
        return f"{self.predecessor} → {self.successor}"


class Lineage(models.Model):
    """Who carries a reporting unit's counts on the map of month ``[since, until)``.

    While the unit is in force it carries its own (share one million); afterwards its successors
    do, with the product of the shares on the way. ``estimated`` where a share on the way divides
    or is assumed. Derived from successions; the same shape as Ancestry, so one query serves both.
    """

    origin = models.ForeignKey(Unit, models.CASCADE, related_name="lineages")
    heir = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    share = models.PositiveIntegerField()
    estimated = models.BooleanField(default=False)
    since = MonthField()
    until = MonthField(default=FOREVER)

    objects = LineageQuerySet.as_manager()

    class Meta:
        verbose_name = _("lineage")
        verbose_name_plural = _("lineages")
        constraints = [
            models.UniqueConstraint(fields=["origin", "heir", "since"], name="lineage_unique"),
            models.CheckConstraint(
                condition=Q(until__gt=F("since")), name="lineage_until_after_since"
            ),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=WHOLE), name="lineage_share_in_range"
            ),
        ]
        indexes = [models.Index(fields=["heir", "origin"], name="lineage_by_heir")]

    def __str__(self):
        return f"{self.origin_id} → {self.heir_id} [{self.since}, {self.until})"


class Renaming(models.Model):
    """A unit that from a day on has another name or kind and is the same unit, with its counts.

    A draft may not know the day or the resolution yet; whoever confirms it gives both. The unit
    itself is called as after its last change in force; how it was called before stands here.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        APPLIED = "applied", _("in force")
        REJECTED = "rejected", _("rejected")
        REVERTED = "reverted", _("reverted")

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="renamings", verbose_name=_("unit"))
    since = models.DateField(_("since"), null=True, blank=True)
    name = models.CharField(_("new name"), max_length=100)
    full_name = models.CharField(_("new full name"), max_length=120)
    kind = models.CharField(_("new kind"), max_length=20, choices=UnitKind)
    was_name = models.CharField(_("name until then"), max_length=100)
    was_full_name = models.CharField(_("full name until then"), max_length=120)
    was_kind = models.CharField(_("kind until then"), max_length=20, choices=UnitKind)
    search_key = models.CharField(max_length=240, editable=False)
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    resolved_on = models.DateField(_("date of the resolution"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    along_with = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="along",
        verbose_name=_("along with"),
    )

    objects = RenamingQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of name or kind")
        verbose_name_plural = _("changes of name or kind")
        ordering = ["-since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "since"],
                condition=Q(state="applied"),
                name="renaming_unit_day_unique",
            ),
            models.CheckConstraint(
                condition=~Q(state="applied") | Q(since__isnull=False),
                name="renaming_applied_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "applied", "rejected", "reverted"]),
                name="renaming_state_known",
            ),
        ]
        indexes = [models.Index(fields=["unit", "since"], name="renaming_by_unit")]

    def __str__(self):
        return f"{self.was_full_name} → {self.full_name}"
