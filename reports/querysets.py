"""Reads of what this package keeps, in the words of the domain."""

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from districts.models import DataVersion


class ReadySetQuerySet(QuerySet):
    def current(self) -> "ReadySetQuerySet":
        """Sets made from the data as they stand: both stamps are those of now."""
        own = DataVersion.objects.filter(province=OuterRef("province"))
        common = DataVersion.objects.filter(province=None)
        return self.filter(stamp=_stamp(own), common=_stamp(common))


def _stamp(versions: QuerySet[DataVersion]) -> Coalesce:
    """The stamp that was raised; empty where none ever was."""
    return Coalesce(Subquery(versions.values("stamp")[:1]), Value(""))
