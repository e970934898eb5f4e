"""Which state of the data somebody read: a stamp for each province, one for what all share."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .units import Unit


class DataVersion(models.Model):
    """The stamp that the last action which changed something of ``province`` left behind.

    Without a province it is the common row: catalogue, map, names, settings. A stamp is drawn anew
    each time and never returns, so that a database taken back from a copy repeats none.

    ``settled`` is the stamp that was left when last something else than counts changed a figure,
    ``touched`` the units whose counts did since then, one after the other as ``,12,15``.
    """

    province = models.OneToOneField(
        Unit, models.CASCADE, null=True, related_name="+", verbose_name=_("province")
    )
    stamp = models.CharField(_("stamp"), max_length=32)
    settled = models.CharField(_("stamp without counts"), max_length=32, blank=True)
    touched = models.TextField(_("units whose counts changed"), blank=True)

    class Meta:
        verbose_name = _("data version")
        verbose_name_plural = _("data versions")
        constraints = [
            models.CheckConstraint(condition=~Q(stamp=""), name="data_version_stamped"),
            # An empty province equals no other in a database: the common row needs its own.
            models.UniqueConstraint(
                Coalesce("province", 0),
                condition=Q(province__isnull=True),
                name="data_version_one_common",
            ),
        ]

    def __str__(self):
        return f"{self.province or '–'}: {self.stamp}"
