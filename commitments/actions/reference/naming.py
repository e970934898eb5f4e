"""Changes of a unit's name or kind, by whoever may change the map of its province."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.rules import LONGEST_REASON, Refused, too_long
from districts.actions import apply_renaming, draft_renaming, reject_renaming, revert_renaming
from districts.models import Renaming, Unit
from steering.accounts.actors import Actor
from steering.committee import access
from steering.committee.actions import respell_committees
from steering.committee.roles import Permission


@transaction.atomic
def change_name_or_kind(
    *,
    unit: Unit,
    name: str,
    kind: str,
    since: date,
    legal_basis: str,
    resolved_on: date | None = None,
    why: str = "",
    actor: Actor,
    on: date,
) -> Renaming:
    """From ``since`` on ``unit`` is called ``name`` and is of ``kind``; it stays the same unit.

    ``legal_basis`` names the resolution. Months before show the old name. Raises NotAllowed, or
    CannotReorganise with every reason why it cannot be so.
    """
    access.require(actor, Permission.REORGANISE_UNITS, unit, on)
    draft = draft_renaming(unit=unit, name=name, kind=kind, actor=actor)
    confirm_renaming(
        renaming=draft,
        since=since,
        legal_basis=legal_basis,
        resolved_on=resolved_on,
        why=why,
        actor=actor,
        on=on,
    )
    return draft


@transaction.atomic
def confirm_renaming(
    *,
    renaming: Renaming,
    since: date,
    legal_basis: str,
    resolved_on: date | None = None,
    why: str = "",
    actor: Actor,
    on: date,
) -> None:
    """Put a drafted change into force with its resolution; the unit's committee is called after it.

    Raises as ``change_name_or_kind`` does.
    """
    access.require(actor, Permission.REORGANISE_UNITS, renaming.unit, on)
    _refuse_long(why)
    apply_renaming(
        renaming=renaming,
        since=since,
        legal_basis=legal_basis,
        resolved_on=resolved_on,
        why=why,
        actor=actor,
    )
    names = {renaming.unit_id: (renaming.was_full_name, renaming.full_name)}
    respell_committees(names=names, actor=actor)


@transaction.atomic
def dismiss_renaming(*, renaming: Renaming, why: str, actor: Actor, on: date) -> None:
    """Reject a drafted change, with a reason. Raises NotAllowed, CannotReorganise or Refused."""
    access.require(actor, Permission.REORGANISE_UNITS, renaming.unit, on)
    _require_reason(why)
    reject_renaming(renaming=renaming, why=why, actor=actor)


@transaction.atomic
def undo_renaming(*, renaming: Renaming, why: str, actor: Actor, on: date) -> None:
    """Undo a change in force, with a reason, while no later one rests on it."""
    access.require(actor, Permission.REORGANISE_UNITS, renaming.unit, on)
    _require_reason(why)
    revert_renaming(renaming=renaming, why=why, actor=actor)
    names = {renaming.unit_id: (renaming.full_name, renaming.was_full_name)}
    respell_committees(names=names, actor=actor)


def _require_reason(why: str) -> None:
    if not why.strip():
        raise Refused.because("reason_needed", _("Give the reason."))
    _refuse_long(why)


def _refuse_long(why: str) -> None:
    if faults := too_long(why, LONGEST_REASON, column="why"):
        raise Refused(faults)
