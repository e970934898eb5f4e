"""Reads of units in the words of the domain. Time is always an argument."""

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from .months import Month
from .vietnamese import search_key


class UnitQuerySet(QuerySet):
    def in_force_on(self, day: date) -> "UnitQuerySet":
        """Units established on or before ``day`` and not yet abolished on it."""
        return self.filter(established_on__lte=day).filter(
            Q(abolished_on__isnull=True) | Q(abolished_on__gt=day)
        )

    def called_in(self, month: Month) -> "UnitQuerySet":
        """The same units under the names and of the kinds they had in ``month``.

        A change inside a month counts from the next. No query more: the name stands in the row.
        """
        former = self._renamings().after(month).filter(unit=OuterRef("pk"))
        return self.annotate(then_called=Subquery(former.as_it_was()[:1]))

    def at_tier(self, tier: str) -> "UnitQuerySet":
        return self.filter(tier=tier)

    def administrative(self) -> "UnitQuerySet":
        """Without the provincial offices, which are reporting units but no territory."""
        return self.exclude(tier="office")

    def below(self, unit: models.Model, month: Month) -> "UnitQuerySet":
        """Every unit under ``unit`` in ``month``, itself included, called as then."""
        return self.called_in(month).filter(
            ancestries__ancestor=unit, ancestries__since__lte=month, ancestries__until__gt=month
        )

    def children_of(self, unit: models.Model, month: Month) -> "UnitQuerySet":
        """Direct administrative children of ``unit`` in ``month``, called as then, by code."""
        return (
            self.administrative()
            .called_in(month)
            .filter(
                ancestries__ancestor=unit,
                ancestries__depth=1,
                ancestries__since__lte=month,
                ancestries__until__gt=month,
            )
            .order_by("code")
        )

    def by_code(self, code: str, day: date) -> models.Model:
        """The unit in force on ``day`` under an official code of 2, 3 or 5 digits.

        Called as in the month of ``day``. Raises Unit.DoesNotExist if there is none.
        """
        tier = {2: "province", 3: "district", 5: "commune"}.get(len(code))
        standing = self.in_force_on(day).called_in(Month.containing(day))
        return standing.get(code=code, tier=tier)

    def office_of(self, province: models.Model, month: Month) -> models.Model:
        """The reporting unit for what the province collects itself."""
        return self.below(province, month).get(tier="office")

    def province_of(self, unit: models.Model, month: Month) -> models.Model:
        """The province above ``unit`` in ``month`` (a province is above itself)."""
        above = unit.ancestries.in_month(month).values("ancestor")
        return self.called_in(month).at_tier("province").get(pk__in=above)

    def successors_of(self, unit: models.Model) -> "UnitQuerySet":
        """Units that continued ``unit`` by a reorganisation in force, the main one first."""
        return self.filter(
            inheritances__predecessor=unit, inheritances__reorganisation__state="applied"
        ).order_by("-inheritances__main", "-inheritances__share", "sort_key", "id")

    def predecessors_of(self, unit: models.Model) -> "UnitQuerySet":
        """Units that ``unit`` continued, wholly or in part, in code order."""
        return self.filter(
            successions__successor=unit, successions__reorganisation__state="applied"
        ).order_by("code", "id")

    def reporting_in(self, month: Month) -> "UnitQuerySet":
        """Units expected to send a report for ``month``, called as then."""
        return self.exclude(reports_at="").in_force_on(month.first_day).called_in(month)

    def matching(self, text: str) -> "UnitQuerySet":
        """Search by code or by name without accents, also by a name the unit once had."""
        key = search_key(text)
        once = self._renamings().in_force().filter(unit=OuterRef("pk"), search_key__contains=key)
        return self.filter(
            Q(code__startswith=text.strip()) | Q(search_key__contains=key) | Exists(once)
        )

    def _renamings(self) -> "RenamingQuerySet":
        return self.model.renamings.rel.related_model.objects


class RenamingQuerySet(QuerySet):
    def in_force(self) -> "RenamingQuerySet":
        """Changes that were confirmed, whatever their day."""
        return self.filter(state="applied")

    def after(self, month: Month) -> "RenamingQuerySet":
        """Changes in force that count only from a later month, the first of them first."""
        return self.in_force().filter(since__gt=month.first_day).order_by("since")

    def as_it_was(self) -> "RenamingQuerySet":
        """One column: what the unit was called until then, as ``Unit.then_called`` takes it."""
        return self.values_list(
            JSONObject(name="was_name", full_name="was_full_name", kind="was_kind")
        )


class AncestryQuerySet(QuerySet):
    def in_month(self, month: Month) -> "AncestryQuerySet":
        return self.filter(since__lte=month, until__gt=month)

    def as_of(self, day: date, month: Month | None = None) -> "AncestryQuerySet":
        """Who stands above whom on ``day``; a unit that has ended, where it stood on its last.

        ``month`` is that of ``day`` and need only be given where both are named later.
        """
        month = Month.containing(day) if month is None else month
        later = self.model.objects.filter(
            ancestor=OuterRef("descendant"),
            descendant=OuterRef("descendant"),
            until__gt=OuterRef("until"),
        )
        ended = Q(descendant__abolished_on__lte=day) & ~Exists(later)
        return self.filter(Q(until__gt=month) | ended, since__lte=month)

    def above(self, units: Iterable[int], month: Month) -> "AncestryQuerySet":
        """Strict ancestors of ``units`` in ``month``, the nearest first."""
        return self.in_month(month).filter(descendant__in=units, depth__gt=0).order_by(F("depth"))


class LineageQuerySet(QuerySet):
    def on_map_of(self, month: Month) -> "LineageQuerySet":
        return self.filter(since__lte=month, until__gt=month)


class ReorganisationQuerySet(QuerySet):
    def breaks(self) -> tuple[date, ...]:
        """The days on which the map changed, oldest first."""
        applied = self.filter(state="applied").order_by("effective_on")
        return tuple(dict.fromkeys(applied.values_list("effective_on", flat=True)))


class SuccessionQuerySet(QuerySet):
    def applied_on(self, day: date) -> "SuccessionQuerySet":
        """Successions of reorganisations that were in force on ``day``."""
        return self.filter(reorganisation__state="applied", reorganisation__effective_on__lte=day)
