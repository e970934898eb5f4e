"""Reads of seats in the words of the domain. Time is always an argument."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Model, Q, QuerySet

from .roles import Role


class MembershipQuerySet(QuerySet):
    def in_force_on(self, day: date) -> "MembershipQuerySet":
        """Seats whose term covers ``day``."""
        return self.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gt=day))

    def overlapping(self, since: date, until: date | None) -> "MembershipQuerySet":
        """Seats that share at least one day with ``[since, until)``."""
        seats = self.filter(Q(until__isnull=True) | Q(until__gt=since))
        return seats if until is None else seats.filter(since__lt=until)

    def with_any_role(self, roles: Iterable[str]) -> "MembershipQuerySet":
        return self.filter(role__in=list(roles))

    def of_units_in_force_on(self, day: date) -> "MembershipQuerySet":
        """Seats on committees whose unit has not ended by ``day``."""
        return self.filter(
            Q(committee__unit__abolished_on__isnull=True) | Q(committee__unit__abolished_on__gt=day)
        )

    def heads_of(self, units: Iterable[int], day: date) -> "MembershipQuerySet":
        """The chairs of the committees of ``units`` whose term covers ``day``, the latest last."""
        chairs = self.filter(role=Role.CHAIR, committee__unit__in=units, user__is_active=True)
        return chairs.in_force_on(day).select_related("user", "committee").order_by("since", "pk")

    def head_of(self, unit: int, day: date) -> Model | None:
        """Who heads a unit on ``day``: the chair whose term began last; None if nobody does."""
        return self.heads_of([unit], day).last()
