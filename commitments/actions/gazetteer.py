"""The gazetteer taken over, with what rests on it: names of committees, stored totals."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from commitments.totals import verify_totals
from districts.actions import Difference, Loaded, load_gazetteer
from districts.gazetteer.register import Register
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor
from steering.committee.models import Committee


@dataclass(frozen=True)
class TakenOver:
    """What was loaded and corrected, and how many committees' names and totals followed."""

    loaded: Loaded
    committees: int
    totals: int

    @property
    def changed_nothing(self) -> bool:
        return self.loaded.changed_nothing

    def as_dict(self) -> dict[str, Any]:
        """The answer of a command."""
        return self.loaded.as_dict() | {"committees": self.committees, "totals": self.totals}


@transaction.atomic
def take_over_gazetteer(*, register: Register, actor: Actor) -> TakenOver:
    """Load what is missing and correct what an earlier edition had wrong, all or nothing.

    A total is stored on the map of its own month, so that corrected successions leave the totals,
    and with them closed months, as they are: a later map reads the counts through the lineage.
    Only where units stand below others than before are the totals compared and put right.
    """
    loaded = load_gazetteer(register=register, actor=actor)
    return TakenOver(
        loaded,
        committees=_rename_committees(loaded.corrected, actor),
        totals=verify_totals(repair=True, actor=actor).repaired if loaded.ancestry else 0,
    )


def _rename_committees(corrected: Iterable[Difference], actor: Actor) -> int:
    """Spell a corrected unit right in the names of its committees as well; how many changed."""
    spelt = {one.unit.pk: one for one in corrected if one.field == "full_name"}
    renamed = 0
    for committee in Committee.objects.filter(unit__in=spelt):
        was, now = spelt[committee.unit_id].was, spelt[committee.unit_id].now
        name = committee.name.replace(was, now).replace(_inside(was), _inside(now))
        if name != committee.name:
            before, committee.name = committee.name, name
            committee.save(update_fields=["name"])
            write_journal(
                actor=actor,
                action="committee.renamed",
                subject=committee,
                before={"name": before},
                after={"name": name},
            )
            renamed += 1
    return renamed


def _inside(name: str) -> str:
    """A unit's name as it stands inside a sentence: xã Mường É."""
    return name[:1].lower() + name[1:]
