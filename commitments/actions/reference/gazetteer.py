"""The gazetteer taken over, with what rests on it: names of committees, stored totals."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from commitments.totals import verify_totals
from districts.actions import Loaded, load_gazetteer
from districts.gazetteer.register import Register
from steering.accounts.actors import Actor
from steering.committee.actions import respell_committees


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
    spelt = {
        one.unit.pk: (one.was, one.now) for one in loaded.corrected if one.field == "full_name"
    }
    return TakenOver(
        loaded,
        committees=respell_committees(names=spelt, actor=actor),
        totals=verify_totals(repair=True, actor=actor).repaired if loaded.ancestry else 0,
    )
