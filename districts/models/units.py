"""Administrative units through time: what was in force when and under whom, what it is called."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from districts.months import FOREVER, Month, MonthField
from districts.querysets import (
    AncestryQuerySet,
    UnitQuerySet,
)

BEFORE_RECORDS = date(1900, 1, 1)
"""Stands for "established before the records begin"; makes the unit's key complete."""


class Tier(models.TextChoices):
    PROVINCE = "province", _("province")
    DISTRICT = "district", _("district")
    COMMUNE = "commune", _("commune")
    OFFICE = "office", _("provincial office")


PARENT_TIERS = {
    Tier.PROVINCE: frozenset(),
    Tier.DISTRICT: frozenset({Tier.PROVINCE}),
    Tier.COMMUNE: frozenset({Tier.PROVINCE, Tier.DISTRICT}),
    Tier.OFFICE: frozenset({Tier.PROVINCE}),
}
"""Below units of which tiers a unit may stand; a province stands below none."""


class UnitKind(models.TextChoices):
    PROVINCE = "province", _("province")
    MUNICIPALITY = "municipality", _("centrally run city")
    CITY = "city", _("provincial city")
    TOWN = "town", _("district-level town")
    URBAN_DISTRICT = "urban_district", _("urban district")
    RURAL_DISTRICT = "rural_district", _("rural district")
    WARD = "ward", _("ward")
    TOWNSHIP = "township", _("township")
    RURAL_COMMUNE = "rural_commune", _("rural commune")
    SPECIAL_ZONE = "special_zone", _("special zone")
    OFFICE = "office", _("collected by the province itself")


class EntryTier(models.TextChoices):
    """For which indicators a unit reports counts of its own; empty for units that only add up."""

    COMMUNE = "commune", _("commune")
    PROVINCE = "province", _("province")


class Unit(models.Model):
    """One administrative unit in one period of validity ``[established_on, abolished_on)``.

    The official code alone identifies nothing: codes are re-used. ``established_on`` is empty
    while the unit is only proposed by a draft reorganisation; such a unit is in force on no day.
    What a province collects itself is reported by a unit of its own, of tier ``office``.
    """

    code = models.CharField(_("code"), max_length=5)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind)
    name = models.CharField(_("name"), max_length=100)
    full_name = models.CharField(_("full name"), max_length=120)
    sort_key = models.CharField(_("sort key"), max_length=300, editable=False)
    search_key = models.CharField(_("search key"), max_length=120, editable=False, db_index=True)
    reports_at = models.CharField(
        _("reports for"), max_length=10, choices=EntryTier, blank=True, default=""
    )
    established_on = models.DateField(_("established on"), null=True, blank=True)
    abolished_on = models.DateField(_("abolished on"), null=True, blank=True)
    area_ha = models.PositiveIntegerField(_("area (ha)"), null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "tier", "established_on"], name="unit_code_tier_period_unique"
            ),
            models.CheckConstraint(
                condition=Q(abolished_on__isnull=True) | Q(abolished_on__gt=F("established_on")),
                name="unit_abolished_after_established",
            ),
            models.CheckConstraint(
                condition=Q(tier__in=["province", "district", "commune", "office"]),
                name="unit_tier_known",
            ),
            models.CheckConstraint(
                condition=Q(reports_at__in=["", "commune", "province"]),
                name="unit_reports_at_known",
            ),
        ]

    def __str__(self):
        return f"{self.full_name} ({self.code})"

    def _be_called(self, former: dict[str, str] | None) -> None:
        if former:
            self.name, self.full_name = former["name"], former["full_name"]
            self.kind = former["kind"]

    then_called = property(fset=_be_called)
    """Set by ``UnitQuerySet.called_in``: the name and kind the unit bore in the month asked."""

    def in_force_on(self, day: date) -> bool:
        return (
            self.established_on is not None
            and self.established_on <= day
            and (self.abolished_on is None or day < self.abolished_on)
        )

    @property
    def since(self) -> int:
        """First month number in which the unit counts; FOREVER while only proposed."""
        return FOREVER if self.established_on is None else Month.starting_from(self.established_on)

    @property
    def until(self) -> int:
        """First month number in which the unit no longer counts."""
        return FOREVER if self.abolished_on is None else Month.starting_from(self.abolished_on)


class Placement(models.Model):
    """Whose child a unit was, in ``[since, until)``. Empty ``since``: proposed by a draft."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="placements")
    parent = models.ForeignKey(Unit, models.PROTECT, related_name="child_placements")
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = [
            models.UniqueConstraint(fields=["unit", "since"], name="placement_unit_since_unique"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="placement_until_after_since",
            ),
            models.CheckConstraint(
                condition=~Q(unit=F("parent")), name="placement_not_its_own_parent"
            ),
            # At most one placement without an end, on both databases; PostgreSQL also bars overlap.
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(until__isnull=True, since__isnull=False),
                name="placement_one_open",
            ),
        ]
        indexes = [models.Index(fields=["parent", "unit"], name="placement_by_parent")]

    def __str__(self):
        return f"{self.unit} < {self.parent}"


class Ancestry(models.Model):
    """Who stood above whom in months ``[since, until)``, each unit above itself at depth 0.

    Derived from placements; rebuilt by ``districts.actions.rebuild_ancestry``.
    """

    ancestor = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    descendant = models.ForeignKey(Unit, models.CASCADE, related_name="ancestries")
    depth = models.PositiveSmallIntegerField()
    since = MonthField()
    until = MonthField(default=FOREVER)

    objects = AncestryQuerySet.as_manager()

    class Meta:
        verbose_name = _("ancestry")
        verbose_name_plural = _("ancestries")
        constraints = [
            models.UniqueConstraint(
                fields=["ancestor", "descendant", "since"], name="ancestry_unique"
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("since")), name="ancestry_until_after_since"
            ),
        ]
        indexes = [models.Index(fields=["descendant", "ancestor"], name="ancestry_by_descendant")]

    def __str__(self):
        return f"{self.ancestor_id} > {self.descendant_id} [{self.since}, {self.until})"


class Alias(models.Model):
    """Another spelling of a unit's name that somebody confirmed."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="aliases", verbose_name=_("unit"))
    name = models.CharField(_("spelling"), max_length=120)
    match_key = models.CharField(max_length=120, editable=False)
    confirmed_by = models.CharField(_("confirmed by"), max_length=150)
    confirmed_on = models.DateField(_("confirmed on"))

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        constraints = [
            models.UniqueConstraint(fields=["unit", "match_key"], name="alias_unique"),
        ]

    def __str__(self):
        return f"{self.name} = {self.unit}"


class TilePosition(models.Model):
    """Where a unit lies on its parent's tile map, from a day on; a province has no parent."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="tiles", verbose_name=_("unit"))
    parent = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="+")
    since = models.DateField(_("since"))
    row = models.PositiveSmallIntegerField(_("row"))
    column = models.PositiveSmallIntegerField(_("column"))

    class Meta:
        verbose_name = _("tile position")
        verbose_name_plural = _("tile positions")
        constraints = [
            models.UniqueConstraint(fields=["unit", "since"], name="tile_unit_since_unique"),
            models.UniqueConstraint(
                fields=["parent", "since", "row", "column"], name="tile_place_unique"
            ),
            # An empty parent equals no other in a database: the country's own map needs its own.
            models.UniqueConstraint(
                fields=["since", "row", "column"],
                condition=Q(parent__isnull=True),
                name="tile_country_place_unique",
            ),
        ]

    def __str__(self):
        return f"{self.unit}: {self.row}, {self.column}"
