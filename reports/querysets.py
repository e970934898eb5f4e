"""Reads of what this package keeps, in the words of the domain."""

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Substr

from districts.models import DataVersion


class ReadySetQuerySet(QuerySet):
    def holding(self) -> "ReadySetQuerySet":
        """Sets of which nothing changed since but counts, the latest first, with ``log``.

        It names the units whose counts did: their figures, and those that rest on them, are to be
        computed; all others are as they stand.
        """
        own = DataVersion.objects.filter(province=OuterRef("province"))
        common = DataVersion.objects.filter(province=None)
        return (
            self.filter(settled=_of(own, "settled"), common=_of(common, "stamp"))
            .annotate(log=Substr(_of(own, "touched"), F("mark") + 1))
            .order_by("-pk")
        )


def _of(versions: QuerySet[DataVersion], column: str) -> Coalesce:
    """What stands there; empty where nothing was ever raised."""
    return Coalesce(Subquery(versions.values(column)[:1]), Value(""))
