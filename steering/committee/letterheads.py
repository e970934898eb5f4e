"""The letterhead of a unit's documents: its committee's own, or what is usual for such a unit."""

import unicodedata
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from districts.models import Tier, Unit
from steering.accounts.faults import Fault, too_long

from .models import Committee, Letterhead

FIELDS = (
    "superior",
    "agency",
    "symbol",
    "place",
    "recipients",
    "posts",
    "office",
    "signer",
    "preparer",
    "pledges",
)
REQUIRED = frozenset({"agency", "symbol", "place", "posts"})
LINES = frozenset({"agency", "recipients", "posts", "office", "pledges"})
"""Those that may have several lines."""


def letterhead_of(unit: Unit) -> Letterhead:
    """What the documents of a unit carry; an unsaved one where its committee has none."""
    found = Letterhead.objects.filter(committee__unit=unit).first()
    if found is not None:
        return found
    committee = Committee.objects.filter(unit=unit).first() or Committee(unit=unit)
    return usual(committee)


def usual(committee: Committee) -> Letterhead:
    """The texts that follow from the committee's name and its unit, in the active language."""
    unit = committee.unit
    council = pgettext("letterhead", "People's Committee of %(unit)s") % {
        "unit": unit.full_name[:1].lower() + unit.full_name[1:]
    }
    return Letterhead(
        committee=committee,
        superior=council.upper(),
        agency=(committee.name or pgettext("letterhead", "Steering committee")).upper(),
        symbol=pgettext("letterhead", "SC"),
        place=unit.name,
        recipients="\n".join((*_recipients(unit), pgettext("letterhead", "Kept: clerks, SI."))),
        posts="\n".join(
            (
                pgettext("letterhead", "FOR THE STEERING COMMITTEE"),
                pgettext("letterhead", "HEAD OF THE COMMITTEE"),
            )
        ),
        preparer=pgettext("letterhead", "DRAWN UP BY"),
        pledges=pgettext(
            "letterhead",
            "The receiving side assigns these targets to its villages with the responsibility of "
            "their heads; puts health insurance into village conventions; names a person, a task "
            "and a day for each measure; reports every month in time; reduces late payment.\n"
            "The assigning side and the social insurance agency give data and guidance in time.",
        ),
    )


def _recipients(unit: Unit) -> tuple[str, ...]:
    members = pgettext("letterhead", "Members of the steering committee;")
    if unit.tier == Tier.COMMUNE:
        return (members,)
    return (members, pgettext("letterhead", "People's Committees of the units below;"))


def lined(text: str) -> str:
    """A text as it is kept: composed, one line end, no space or empty line around it."""
    lines = (line.strip() for line in unicodedata.normalize("NFC", text).splitlines())
    return "\n".join(filter(None, lines))


def longest(field: str) -> int:
    """How many characters a text may have."""
    return Letterhead._meta.get_field(field).max_length


def letterhead_faults(texts: Mapping[str, str]) -> list[Fault]:
    """What keeps a letterhead from being kept; ``column`` names the field."""
    faults = [
        Fault("text_missing", _("Write this text: every document carries it."), column=field)
        for field in FIELDS
        if field in REQUIRED and not texts[field]
    ]
    for field in FIELDS:
        faults += too_long(texts[field], longest(field), column=field)
        if field not in LINES and "\n" in texts[field]:
            message = _("This text has one line; write it without line ends.")
            faults.append(Fault("several_lines", message, column=field))
    return faults
