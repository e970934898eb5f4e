"""The gazetteer taken over, with what rests on it: names of committees, stored totals."""

from collections import Counter
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
    """What was loaded and corrected, and how many committees' names and totals followed.

    ``carried`` are the totals carried over to the last map.
    """

    loaded: Loaded
    committees: int
    totals: int
    carried: int

    @property
    def changed_nothing(self) -> bool:
        return self.loaded.changed_nothing

    def as_dict(self) -> dict[str, Any]:
        """The answer of a command."""
        return self.loaded.as_dict() | {
            "committees": self.committees,
            "totals": self.totals,
            "carried": self.carried,
        }


@transaction.atomic
def take_over_gazetteer(*, register: Register, actor: Actor) -> TakenOver:
    """Load what is missing and correct what an earlier edition had wrong, all or nothing.

    A total is stored on the map of its own month, so that corrected successions leave the totals,
    and with them closed months, as they are. What is carried over to the last map follows them.
    Only where units stand below others than before, or continue others, are the sums compared and
    put right.
    """
    loaded = load_gazetteer(register=register, actor=actor)
    spelt = {
        one.unit.pk: (one.was, one.now) for one in loaded.corrected if one.field == "full_name"
    }
    committees = respell_committees(names=spelt, actor=actor)
    repaired: Counter[str] = Counter()
    if loaded.ancestry or loaded.lineage:
        found = verify_totals(repair=True, actor=actor)
        repaired.update(fault.code for fault in found.wrong)
    return TakenOver(
        loaded,
        committees=committees,
        totals=repaired["wrong_total"],
        carried=repaired["wrong_carried_total"],
    )
