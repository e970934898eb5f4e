"""Corrections of the gazetteer in what was loaded from an earlier edition of it.

A value is corrected where it still is what the earlier edition said. Where it is anything else,
somebody changed it on purpose: it is kept, and said.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from districts.gazetteer.register import Register
from districts.gazetteer.rows import Correction, SuccessionRow, WrongHeir
from districts.models import Renaming, Reorganisation, Succession, Unit
from districts.rules import WHOLE
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor

from .derived import set_keys

Ids = Mapping[str, int]
"""Primary keys by the ids of the register."""

Heirs = dict[int, tuple[int, bool, str]]
"""Successor to its share in parts per million, whether it is the main one, the share's basis."""

SUCCESSORS = "successors"


@dataclass(frozen=True)
class Difference:
    """One thing about a unit that the gazetteer said, or somebody wrote, otherwise than it is now.

    ``field`` is a field of the unit, or "successors" with a text of them all.
    """

    unit: Unit
    field: str
    was: Any
    now: Any

    def as_dict(self) -> dict[str, Any]:
        """{"unit", "name", "field", "was", "is"}: code, full name, what stood there, what does."""
        return {
            "unit": self.unit.code,
            "name": self.unit.full_name,
            "field": self.field,
            "was": self.was,
            "is": self.now,
        }


@dataclass(frozen=True)
class Corrected:
    """What was corrected, and what was kept because somebody had changed it (``was``: the kept)."""

    corrected: tuple[Difference, ...]
    kept: tuple[Difference, ...]


def correct(
    *,
    register: Register,
    ids: Ids,
    heirs: Mapping[int, Heirs],
    reforms: Mapping[date, Reorganisation],
    actor: Actor,
) -> Corrected:
    """Bring the corrections of ``register`` into units and successions; each into the journal.

    ``heirs`` are the successors that are stored, by predecessor. The caller derives the tables.
    """
    named = _Units(register, ids, actor)
    lineage = _Lineage(register, ids, heirs, reforms, actor)
    found = [*named.differences(), *lineage.differences()]
    return Corrected(
        tuple(difference for kept, difference in found if not kept),
        tuple(difference for kept, difference in found if kept),
    )


Found = tuple[bool, Difference]
"""Whether what is stored was kept, and where it differs."""


class _Units:
    """Names, kinds and areas."""

    def __init__(self, register: Register, ids: Ids, actor: Actor):
        self.actor = actor
        self.rows: dict[int, list[Correction]] = defaultdict(list)
        for row in register.corrections:
            self.rows[ids[row.unit]].append(row)
        self.units = Unit.objects.select_for_update().in_bulk(self.rows)
        first = Renaming.objects.in_force().filter(unit__in=self.rows).order_by("-since")
        self.renamed = {renaming.unit_id: renaming for renaming in first}

    def differences(self) -> Iterator[Found]:
        for pk, rows in self.rows.items():
            yield from self._correct(self.units[pk], rows)

    def _correct(self, unit: Unit, rows: Iterable[Correction]) -> Iterator[Found]:
        before, after, evidence = {}, {}, []
        for row in rows:
            holder, name = self._holder(unit, row.field)
            stored = getattr(holder, name)
            if stored == row.was:
                before.setdefault(row.field, stored)
                after[row.field] = row.now
                evidence.append(row.evidence)
                setattr(holder, name, row.now)
                holder.save(update_fields=[name])
            elif stored != row.now:
                yield True, Difference(unit, row.field, stored, row.now)
        if after:
            set_keys(unit).save(update_fields=["sort_key", "search_key"])
            _journal(unit, before, after, evidence, self.actor)
        for field, now in after.items():
            yield False, Difference(unit, field, before[field], now)

    def _holder(self, unit: Unit, field: str) -> tuple[Unit | Renaming, str]:
        """Where the value stands: a name that was changed since stands in its first change."""
        if field == "area_ha" or unit.pk not in self.renamed:
            return unit, field
        return self.renamed[unit.pk], f"was_{field}"


class _Lineage:
    """Successors, where an earlier edition named too many."""

    def __init__(
        self,
        register: Register,
        ids: Ids,
        heirs: Mapping[int, Heirs],
        reforms: Mapping[date, Reorganisation],
        actor: Actor,
    ):
        self.heirs, self.reforms, self.actor = heirs, reforms, actor
        self.wrong: dict[int, list[WrongHeir]] = defaultdict(list)
        self.right: dict[int, list[SuccessionRow]] = defaultdict(list)
        for wrong in register.wrong_heirs:
            self.wrong[ids[wrong.predecessor]].append(
                wrong._replace(successor=ids[wrong.successor])
            )
        for row in register.successions:
            if ids[row.predecessor] in self.wrong:
                self.right[ids[row.predecessor]].append(row._replace(successor=ids[row.successor]))

    def differences(self) -> Iterator[Found]:
        stale = {}
        for predecessor, wrong in self.wrong.items():
            stored, right = self.heirs[predecessor], heirs_of(self.right[predecessor])
            if stored != right:
                kept = stored != self._before(self.right[predecessor], wrong)
                stale[predecessor] = kept, stored, right
        known = {*stale, *(heir for _, *sides in stale.values() for side in sides for heir in side)}
        units = Unit.objects.in_bulk(known) if known else {}
        for predecessor, (kept, stored, right) in stale.items():
            was, now = _told(stored, units), _told(right, units)
            if not kept:
                self._replace(units[predecessor], right, was, now)
            yield kept, Difference(units[predecessor], SUCCESSORS, was, now)

    def _before(self, right: Iterable[SuccessionRow], wrong: Iterable[WrongHeir]) -> Heirs:
        """The successors as the earlier edition had them: divided, and nobody knew how."""
        misled = any(heir.main for heir in wrong)
        mains = {row.successor: row.main and not misled for row in right}
        mains |= {heir.successor: heir.main for heir in wrong}
        return {heir: _assumed(main) for heir, main in mains.items()}

    def _replace(self, predecessor: Unit, right: Heirs, was: str, now: str) -> None:
        [reform] = {self.reforms[row.on] for row in self.right[predecessor.pk]}
        stored = Succession.objects.filter(reorganisation=reform, predecessor=predecessor)
        stored.exclude(successor__in=right).delete()
        for heir, (share, main, basis) in right.items():
            stored.filter(successor=heir).update(share=share, main=main, basis=basis)
        evidence = [wrong.evidence for wrong in self.wrong[predecessor.pk]]
        _journal(predecessor, {SUCCESSORS: was}, {SUCCESSORS: now}, evidence, self.actor)


def heirs_of(rows: Iterable[SuccessionRow]) -> Heirs:
    """How the successions of one predecessor are stored, by whatever names their successors.

    What is divided in unknown shares goes whole to the main successor, as an assumption.
    """
    rows = list(rows)
    known = Succession.Basis.DECREE if len(rows) > 1 else Succession.Basis.WHOLE
    return {
        row.successor: _assumed(row.main) if row.share is None else (row.share, row.main, known)
        for row in rows
    }


def _assumed(main: bool) -> tuple[int, bool, str]:
    return (WHOLE if main else 0), main, Succession.Basis.ASSUMED


def _told(heirs: Heirs, units: Mapping[int, Unit]) -> str:
    """Xã Phú Hữu (31378) 100 %, the one with most first."""
    by_share = sorted(heirs.items(), key=lambda item: (-item[1][0], units[item[0]].code))
    return "; ".join(f"{units[heir]} {share * 100 / WHOLE:g} %" for heir, (share, *_) in by_share)


def _journal(
    unit: Unit, before: dict[str, Any], after: dict[str, Any], evidence: list[str], actor: Actor
) -> None:
    write_journal(
        actor=actor,
        action="gazetteer.corrected",
        subject=unit,
        before=before,
        after=after,
        why="; ".join(dict.fromkeys(evidence)),
    )
