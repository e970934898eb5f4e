"""Committees and who sits on them, for which term."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from districts.models import Unit

from .querysets import MembershipQuerySet
from .roles import Role


class Committee(models.Model):
    """The steering committee of one unit."""

    unit = models.OneToOneField(
        Unit, models.PROTECT, related_name="committee", verbose_name=_("unit")
    )
    name = models.CharField(_("name"), max_length=200)
    notice = models.CharField(
        _("notice"),
        max_length=300,
        blank=True,
        help_text=_("Printed on every page and paper, e.g. that figures are illustrative."),
    )

    class Meta:
        verbose_name = _("committee")
        verbose_name_plural = _("committees")
        ordering = ["unit__tier", "unit__sort_key"]

    def __str__(self):
        return self.name


class Letterhead(models.Model):
    """What a committee's documents carry around their content: agencies, place, who signs.

    ``superior`` and ``agency`` stand above the number, ``symbol`` after it ("BC-BCĐ" of "BCĐ").
    ``posts`` are the lines above the signature, ``office`` those above the name: the post in the
    signer's own agency. Lines are parted by line ends. While a committee has none, its documents
    carry what ``letterheads.usual`` derives from its unit.
    """

    committee = models.OneToOneField(
        Committee, models.PROTECT, related_name="letterhead", verbose_name=_("committee")
    )
    superior = models.CharField(_("superior agency"), max_length=200, blank=True)
    agency = models.TextField(_("issuing agency"), max_length=300)
    symbol = models.CharField(_("symbol"), max_length=40)
    place = models.CharField(_("place"), max_length=100)
    recipients = models.TextField(_("recipients"), max_length=1000, blank=True)
    posts = models.TextField(_("authority and post of the signer"), max_length=300)
    office = models.TextField(_("post in the own agency"), max_length=300, blank=True)
    signer = models.CharField(_("name of the signer"), max_length=120, blank=True)
    preparer = models.CharField(_("who draws up tables"), max_length=120, blank=True)
    pledges = models.TextField(_("what a commitment pledges"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("letterhead")
        verbose_name_plural = _("letterheads")

    def __str__(self):
        return f"{self.committee}"


class Membership(models.Model):
    """A user's seat on a committee, with a role, in ``[since, until)``."""

    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="memberships", verbose_name=_("committee")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="memberships",
        verbose_name=_("user"),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["committee", "role", "since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="membership_until_after_since",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
            models.UniqueConstraint(
                fields=["committee", "user", "role", "since"], name="membership_unique"
            ),
            models.UniqueConstraint(
                fields=["committee", "user", "role"],
                condition=Q(until__isnull=True),
                name="membership_one_open",
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.get_role_display()}, {self.committee}"
