"""Dividing a target over the units below: the table that people work on, and its assignment.

A cell is saved with what stood in it when whoever typed began: it is kept back only where somebody
else has put another number there meanwhile (ADR 0011). What changes many cells at once needs the
whole table as it was seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.allocation.balance import Balance
from commitments.allocation.dividing import FILL, Known
from commitments.allocation.places import Place, portions_of
from commitments.intake.numbers import Unreadable, read_target
from commitments.intake.workbook.cells import Place as Cell
from commitments.models import Allocation, Portion
from commitments.rules import Fault, Refused
from districts.models import Unit
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor, as_user
from steering.accounts.models import User
from steering.committee import access
from steering.committee.roles import Permission

BLANK = "-"
"""The version of a cell in which nothing stands."""


def version(value: int | None) -> str:
    """The version of a cell: what stands in it, and nothing else."""
    return BLANK if value is None else str(value)


@dataclass(frozen=True)
class Typed:
    """A cell as somebody left it, by the code of its unit.

    ``seen`` is the version they began with. ``text`` None leaves the number as it is, ``locked``
    None the lock.
    """

    unit: str
    text: str | None = None
    seen: str = BLANK
    locked: bool | None = None


@dataclass(frozen=True)
class Conflict:
    """What somebody else put into a cell meanwhile."""

    value: int | None
    by: User | None
    at: datetime
    version: str


@dataclass(frozen=True)
class Saved:
    """What became of a cell: what stands in it now, or why it was kept back."""

    unit: str
    value: int | None
    version: str
    locked: bool
    error: Fault | None = None
    conflict: Conflict | None = None


@dataclass(frozen=True)
class Outcome:
    """What saving did. ``before`` and ``version`` are the table's, before it and after."""

    saved: Sequence[Saved]
    before: int
    version: int


@transaction.atomic
def open_allocation(*, place: Place, actor: Actor, on: date) -> Allocation:
    """The table of a target, begun if nobody has, and locked against others until committed.

    Children that the decision assigned a target already keep it, locked. Raises Refused where there
    is nothing to divide, nobody below, or it was assigned, and NotAllowed.
    """
    access.require(actor, Permission.ALLOCATE_TARGETS, place.unit, on)
    target, children = place.target, place.children
    if place.decision.withdrawn_on is not None:
        message = _("%(number)s is withdrawn; nothing of it can be divided any more.")
        raise Refused.because("withdrawn", message % {"number": place.decision})
    if not children:
        message = _("No unit stands below %(unit)s that could get a part.")
        raise Refused.because("nobody_below", message % {"unit": place.unit.full_name})
    allocation, begun = Allocation.objects.get_or_create(
        decision=place.decision, unit=place.unit, indicator=place.indicator
    )
    if begun:
        _begin(place, allocation, actor)
        write_journal(
            actor=actor,
            action="allocation.begun",
            subject=allocation,
            after={"target": target.value, "units": len(children)},
        )
    allocation = (
        Allocation.objects.select_for_update(of=("self",))
        .select_related("assigned_by")
        .get(pk=allocation.pk)
    )
    if allocation.assigned_by_id:
        message = _(
            "This was assigned by %(number)s and is not changed any more. Record an amendment and "
            "divide what it assigns."
        )
        raise Refused.because("already_assigned", message % {"number": allocation.assigned_by})
    return allocation


def _begin(place: Place, allocation: Allocation, actor: Actor) -> None:
    assigned = place.assigned()
    Portion.objects.bulk_create(
        Portion(
            allocation=allocation,
            unit=child,
            value=assigned[child.pk].value if child.pk in assigned else None,
            locked=child.pk in assigned,
            source=str(assigned[child.pk].decision) if child.pk in assigned else "",
            by=as_user(actor),
        )
        for child in place.children
    )


@transaction.atomic
def save_portions(*, place: Place, cells: Sequence[Typed], actor: Actor, on: date) -> Outcome:
    """Keep what was typed. A cell that is no number, or that somebody else changed meanwhile, is
    kept back and said; all others are saved. Raises Refused for units that get no part.
    """
    allocation = open_allocation(place=place, actor=actor, on=on)
    before, portions = allocation.version, portions_of(allocation)
    children, assigned = {child.code: child for child in place.children}, place.assigned()
    _refuse_strangers(place, cells, children)
    saved, changed, old = [], [], {}
    for cell in cells:
        portion = portions[children[cell.unit].pk]
        answer = _read(place, cell, portion, portion.unit_id in assigned)
        saved.append(answer)
        if answer.error or answer.conflict:
            continue
        if (answer.value, answer.locked) != (portion.value, portion.locked):
            old[cell.unit] = _told(portion)
            portion.value, portion.locked = answer.value, answer.locked
            portion.source = ""
            changed.append((cell.unit, portion))
    if changed:
        _write(allocation, changed, old, "allocation.saved", actor)
    return Outcome(saved, before, allocation.version)


def _read(place: Place, cell: Typed, portion: Portion, is_assigned: bool) -> Saved:
    """What a cell means beside what stands in it."""
    stands = Saved(cell.unit, portion.value, version(portion.value), portion.locked)
    value = portion.value
    if cell.text is not None:
        try:
            read = read_target(cell.text, place.indicator)
        except Unreadable as unreadable:
            fault = unreadable.at(Cell(sheet=None, row=0), cell.text)
            return replace(stands, error=replace(fault, row=None, column=cell.unit))
        value = None if read is None else read[1]
    locked = portion.locked if cell.locked is None else cell.locked
    if value is None and locked:
        if cell.locked is None:
            locked = False
        else:
            message = _("An empty cell cannot be locked. Write a number first, 0 for none.")
            return replace(stands, error=Fault("locked_blank", message, column=cell.unit))
    if is_assigned and (value, locked) != (portion.value, portion.locked):
        message = _("This unit has its target by decision already.")
        return replace(stands, error=Fault("already_assigned", message, column=cell.unit))
    if value != portion.value and stands.version not in (cell.seen, BLANK):
        theirs = Conflict(portion.value, portion.by, portion.at, stands.version)
        return replace(stands, conflict=theirs)
    return replace(stands, value=value, version=version(value), locked=locked)


def _refuse_strangers(place: Place, cells: Sequence[Typed], children: Mapping[str, Unit]) -> None:
    message = _("“%(read)s” is no unit directly below %(unit)s.")
    faults = [
        Fault(
            "unknown_unit",
            message % {"read": cell.unit, "unit": place.unit.full_name},
            column=cell.unit,
            read=cell.unit,
        )
        for cell in cells
        if cell.unit not in children
    ]
    if faults:
        raise Refused(faults)


def _write(
    allocation: Allocation,
    changed: Sequence[tuple[str, Portion]],
    old: Mapping[str, str],
    action: str,
    actor: Actor,
    why: str = "",
) -> None:
    """Write portions with the table's next version, and what they were before into the journal."""
    allocation.version += 1
    allocation.save(update_fields=["version", "method"])
    now = timezone.now()
    for _code, portion in changed:
        portion.version, portion.by, portion.at = allocation.version, as_user(actor), now
    Portion.objects.bulk_update(
        [portion for _code, portion in changed],
        ["value", "locked", "version", "source", "by", "at"],
    )
    write_journal(
        actor=actor,
        action=action,
        subject=allocation,
        before=dict(old),
        after={code: _told(portion) for code, portion in changed},
        why=why,
    )


def _told(portion: Portion) -> str:
    """A part for the journal: what stands, and ``*`` where it is locked."""
    return version(portion.value) + ("*" if portion.locked else "")


@dataclass(frozen=True)
class Applied:
    """What a method did: the codes of the units it changed and of those it could not weigh, and
    whether the table comes to the target now."""

    changed: Sequence[str]
    left_out: Sequence[str]
    balance: Balance
    version: int


@transaction.atomic
def apply_method(
    *, place: Place, method: str, known: Known, seen: int, actor: Actor, on: date
) -> Applied:
    """Divide by a method, or fill what is left over (``FILL``). Locked rows keep what they have.

    ``seen`` is the version of the table that whoever asks looked at: where others changed it since
    nothing is done. Raises Refused, CannotDivide, NotAllowed.
    """
    if method not in (*Allocation.Method.values, FILL) or method == Allocation.Method.BY_HAND:
        message = _("“%(read)s” is no method of dividing.") % {"read": method}
        raise Refused.because("unknown_method", message, read=method)
    allocation = open_allocation(place=place, actor=actor, on=on)
    portions = portions_of(allocation)
    refuse_unseen(allocation, portions, seen)
    rows = known.with_values(values_of(place, portions))
    divided = place.figure.divide(method, rows)
    if method != FILL:
        allocation.method = method
    label = _("what was left over") if method == FILL else allocation.get_method_display()
    changed, old = [], {}
    codes = {child.pk: child.code for child in place.children}
    for unit, value in divided.values.items():
        portion = portions[unit]
        if portion.value != value:
            old[codes[unit]] = _told(portion)
            portion.value, portion.source = value, str(label)
            changed.append((codes[unit], portion))
    if changed:
        _write(allocation, changed, old, "allocation.divided", actor, why=str(label))
    rows = known.with_values(values_of(place, portions))
    left_out = [] if method == FILL else [r for r in rows if r.unit not in divided.values]
    return Applied(
        changed=[code for code, _portion in changed],
        left_out=[codes[row.unit] for row in left_out if not row.locked],
        balance=place.figure.balance(rows),
        version=allocation.version,
    )


def values_of(place: Place, portions: Mapping[int, Portion]) -> dict[int, tuple[int | None, bool]]:
    """What stands in the rows and whether they are locked, in the order of the units."""
    return {
        child.pk: (portions[child.pk].value, portions[child.pk].locked) for child in place.children
    }


def refuse_unseen(allocation: Allocation, portions: Mapping[int, Portion], seen: int) -> None:
    """Refuse what would go over numbers that others wrote since version ``seen``."""
    later = [portion for portion in portions.values() if portion.version > seen]
    if allocation.version == seen or not later:
        return
    last = max(later, key=lambda portion: (portion.version, portion.at))
    unit = Unit.objects.get(pk=last.unit_id)
    message = _(
        "%(who)s changed %(unit)s at %(at)s, after this table was read. Look at it as it stands "
        "now and ask again."
    ) % {
        "who": last.by or _("The command line"),
        "unit": unit.full_name,
        "at": f"{timezone.localtime(last.at):%H:%M}",
    }
    raise Refused.because("changed_meanwhile", message, read=str(seen), expected=allocation.version)
