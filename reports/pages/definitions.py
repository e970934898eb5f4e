"""What an indicator is, in words: how it is counted or computed, from what, on which ground."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from commitments.models import Indicator, Kind
from districts.models import EntryTier
from reports.engine.figures import Figure
from reports.wording.words import (
    measure,
    number,
)


def definition(
    indicator: Indicator, parts: Sequence[Indicator], figure: Figure | None
) -> list[tuple[str, str]]:
    """(term, text) pairs; of a rate with the two numbers it was divided from."""
    pairs = [
        (_("Code"), indicator.code),
        (_("Counted in"), measure(indicator)),
        (_("How it is computed"), computed(indicator, parts)),
    ]
    if indicator.kind == Kind.RATIO and figure is not None and figure.denominator is not None:
        pairs.append(
            (_("This month"), f"{number(figure.numerator or 0)} / {number(figure.denominator)}")
        )
    if figure is not None and figure.denominator_source:
        pairs.append((_("Source of the denominator"), figure.denominator_source))
    if indicator.entered_at:
        pairs.append((_("Reported by"), _reporter(indicator)))
    if indicator.legal_basis:
        pairs.append((_("Legal basis"), indicator.legal_basis))
    pairs.append((_("Read as"), indicator.get_direction_display()))
    return pairs


def _divided(figure: Figure) -> str:
    """``1.278.316 / 1.300.423``"""
    above = "–" if figure.numerator is None else number(figure.numerator)
    return f"{above} / {number(figure.denominator)}"


def computed(indicator: Indicator, parts: Sequence[Indicator]) -> str:
    """How the number of a month comes about, in words."""
    if indicator.kind == Kind.RATIO:
        return _(
            "%(numerator)s divided by %(denominator)s, in percent; never added or averaged"
        ) % {
            "numerator": indicator.numerator.name,
            "denominator": indicator.denominator.name,
        }
    if indicator.kind == Kind.SUM:
        return " + ".join(part.name for part in parts)
    if indicator.is_base:
        return _("A dated base: what a unit was given holds until the next is given")
    if indicator.kind == Kind.FLOW:
        return _("What each month brought, added up since January")
    return _("What there is at the end of the month; over time the last month counts")


def _reporter(indicator: Indicator) -> str:
    if indicator.entered_at == EntryTier.PROVINCE:
        return _("the social insurance agency of the province")
    return _("the communes, approved by the standing agency of the province")


_ORDER = (
    "health",
    "social",
    "overall",
    "finance",
    "health_group",
    "project06",
    "benefits",
    "care",
    "social_support",
    "steering",
    "base",
)
"""Groups as they are read: what has targets first, what it is divided by last."""


def group_place(indicator: Indicator) -> int:
    """Where the group of an indicator stands among the groups; unknown ones stand last."""
    return _ORDER.index(indicator.group) if indicator.group in _ORDER else len(_ORDER)


def group_name(indicator: Indicator) -> str:
    """The heading an indicator stands under."""
    return {
        "base": _("Population and other bases"),
        "health": _("Health insurance"),
        "health_group": _("Health insurance by group"),
        "social": _("Social and unemployment insurance"),
        "overall": _("All schemes"),
        "finance": _("Collection"),
        "benefits": _("Benefits"),
        "care": _("Examination and treatment"),
        "project06": _("Project 06"),
        "social_support": _("Donations"),
        "steering": _("Steering"),
    }.get(indicator.group, _("Other"))
