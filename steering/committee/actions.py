"""Writes to committees: found one, call it after its unit, seat a member, end a seat.

Seats end, they are never deleted.
"""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from districts.models import Unit
from districts.versions import Touches, raise_versions
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor, CommandLine
from steering.accounts.faults import Refused
from steering.accounts.models import User
from steering.accounts.signing_in.second_factor import switch_off

from .access import NotAllowed, require, require_somewhere
from .letterheads import FIELDS, letterhead_faults, lined
from .models import Committee, Letterhead, Membership
from .people import accounts_kept_by, accounts_seen_by
from .roles import Permission, Role


@transaction.atomic
def found_committee(
    *, unit: Unit, actor: Actor, on: date, name: str = "", notice: str = ""
) -> Committee:
    """The committee of ``unit``, founded now if it has none yet. Safe to repeat.

    ``notice`` is printed on everything that shows figures of the unit. Raises NotAllowed without
    the right to seat members at the unit.
    """
    require(actor, Permission.SEAT_MEMBERS, unit, on)
    committee, founded = Committee.objects.get_or_create(
        unit=unit,
        defaults={
            "name": name or _("Steering committee of %s") % unit.full_name,
            "notice": notice,
        },
    )
    if founded:
        write_journal(
            actor=actor, action="found_committee", subject=committee, after={"name": committee.name}
        )
        raise_versions([unit.pk], Touches.NONE)
    return committee


@transaction.atomic
def respell_committees(*, names: Mapping[int, tuple[str, str]], actor: Actor) -> int:
    """Call committees after their units; ``names`` is unit to full name before and now.

    Returns how many committees had the old name in theirs, at its beginning or inside a sentence.
    """
    respelt = 0
    for committee in Committee.objects.filter(unit__in=names):
        was, now = names[committee.unit_id]
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
            raise_versions([committee.unit_id], Touches.NONE)
            respelt += 1
    return respelt


@transaction.atomic
def write_letterhead(*, unit: Unit, texts: Mapping[str, str], actor: Actor, on: date) -> Letterhead:
    """Keep the letterhead of the documents of ``unit``; its committee is founded if need be.

    ``texts`` has a text for every field of ``letterheads.FIELDS``. Raises NotAllowed without the
    right to assign targets there, Refused for a text that is missing or too long.
    """
    require(actor, Permission.ASSIGN_TARGETS, unit, on)
    texts = {field: lined(texts.get(field, "")) for field in FIELDS}
    faults = letterhead_faults(texts)
    if faults:
        raise Refused(faults)
    committee = found_committee(unit=unit, actor=actor, on=on)
    kept = Letterhead.objects.filter(committee=committee).first()
    before = {field: getattr(kept, field) for field in FIELDS} if kept else {}
    kept, _created = Letterhead.objects.update_or_create(committee=committee, defaults=texts)
    changed = {field: text for field, text in texts.items() if before.get(field) != text}
    if changed:
        write_journal(
            actor=actor,
            action="letterhead.written",
            subject=kept,
            before={field: before[field] for field in changed if field in before},
            after=changed,
        )
        raise_versions([unit.pk], Touches.NONE)
    return kept


def _inside(name: str) -> str:
    """A unit's name as it stands inside a sentence: xã Mường É."""
    return name[:1].lower() + name[1:]


@transaction.atomic
def seat_member(
    *,
    user: User,
    role: str,
    committee: Committee,
    since: date,
    actor: Actor,
    on: date,
    until: date | None = None,
    why: str = "",
) -> Membership:
    """Seat ``user`` on ``committee`` for the term ``[since, until)``; the right is judged ``on``.

    Raises NotAllowed without the right, Refused if the seat cannot be or the account is not the
    actor's to seat: a seat would hand over its password too.
    """
    require(actor, Permission.SEAT_MEMBERS, committee.unit, on)
    _refuse_strangers(user, actor, on)
    _refuse_impossible(user=user, role=role, committee=committee, since=since, until=until)
    seat = Membership.objects.create(
        committee=committee, user=user, role=role, since=since, until=until
    )
    write_journal(actor=actor, action="seat_member", subject=seat, after=_term(seat), why=why)
    raise_versions([committee.unit_id], Touches.NONE)
    return seat


@transaction.atomic
def unseat_member(
    *, seat: Membership, until: date, actor: Actor, on: date, why: str = ""
) -> Membership:
    """End a seat: ``until`` is the first day without it. The right is judged ``on``.

    Raises NotAllowed without the right, Refused if the seat ended before or begins later.
    """
    require(actor, Permission.SEAT_MEMBERS, seat.committee.unit, on)
    seat = Membership.objects.select_for_update().get(pk=seat.pk)
    if seat.until is not None and seat.until <= until:
        raise Refused.because(
            "already_ended",
            _("This seat already ends on %(day)s; it can only be made to end earlier.")
            % {"day": f"{seat.until:%d/%m/%Y}"},
            read=until.isoformat(),
        )
    if until <= seat.since:
        raise Refused.because(
            "ends_before_it_begins",
            _("This seat began on %(day)s; it can only end on a later day.")
            % {"day": f"{seat.since:%d/%m/%Y}"},
            read=until.isoformat(),
        )
    before = _term(seat)
    seat.until = until
    seat.save(update_fields=["until"])
    write_journal(
        actor=actor, action="unseat_member", subject=seat, before=before, after=_term(seat), why=why
    )
    raise_versions([seat.committee.unit_id], Touches.NONE)
    return seat


@transaction.atomic
def move_member(
    *,
    seat: Membership,
    unit: Unit,
    role: str,
    since: date,
    actor: Actor,
    on: date,
    why: str = "",
) -> Membership:
    """End a seat and begin another one for the same person ``since`` that day: both or neither.

    Raises NotAllowed without the right at both units, Refused if either step cannot be.
    """
    if seat.committee.unit_id == unit.pk and seat.role == role:
        raise Refused.because(
            "not_a_move",
            _("%(user)s already sits there in this role. Choose another unit or another role.")
            % {"user": seat.user},
        )
    unseat_member(seat=seat, until=since, actor=actor, on=on, why=why)
    return seat_member(
        user=seat.user,
        role=role,
        committee=found_committee(unit=unit, actor=actor, on=on),
        since=since,
        actor=actor,
        on=on,
        why=why,
    )


@transaction.atomic
def reset_second_factor(*, user: User, actor: User, on: date, why: str = "") -> None:
    """Forget the second factor of somebody who lost telephone and backup codes.

    Raises NotAllowed without the right to seat members everywhere ``user`` sits, Refused for
    one's own (that takes a code) and where there is nothing to reset.
    """
    require_somewhere(actor, Permission.SEAT_MEMBERS, on)
    if not accounts_kept_by(actor, on).filter(pk=user.pk).exists():
        raise NotAllowed(Permission.SEAT_MEMBERS)
    if user.pk == actor.pk:
        raise Refused.because(
            "own_second_factor",
            _("Your own second factor is switched off on the page of your account, with a code."),
        )
    if not switch_off(user=user, actor=actor, why=why):
        raise Refused.because(
            "nothing_to_reset", _("%(user)s has no second factor.") % {"user": user}
        )


def _refuse_strangers(user: User, actor: Actor, on: date) -> None:
    """Raise Refused where ``user`` neither sits within reach of ``actor`` nor is theirs to seat."""
    if isinstance(actor, CommandLine) or accounts_seen_by(actor, on).filter(pk=user.pk).exists():
        return
    raise Refused.because(
        "account_of_others",
        _(
            "The account “%(read)s” is not yours to seat: it sits elsewhere, or another office "
            "opened it. Ask that office or the province's standing officer."
        )
        % {"read": user.username},
        read=user.username,
    )


def _refuse_impossible(
    *, user: User, role: str, committee: Committee, since: date, until: date | None
) -> None:
    """Raise Refused where the seat contradicts itself, the unit or another seat."""
    if role not in Role.values:
        raise Refused.because(
            "unknown_role",
            _("“%(read)s” is not a role. Choose one of: %(known)s.")
            % {"read": role, "known": ", ".join(Role.values)},
            read=role,
        )
    if until is not None and until <= since:
        raise Refused.because(
            "ends_before_it_begins",
            _("A seat must end after it begins (%(day)s).") % {"day": f"{since:%d/%m/%Y}"},
            read=until.isoformat(),
        )
    if not committee.unit.in_force_on(since):
        raise Refused.because(
            "unit_not_in_force",
            _("%(unit)s is not in force on %(day)s. Choose a day on which it is.")
            % {"unit": committee.unit, "day": f"{since:%d/%m/%Y}"},
            read=since.isoformat(),
        )
    same = Membership.objects.filter(committee=committee, user=user, role=role)
    if same.overlapping(since, until).exists():
        raise Refused.because(
            "already_seated",
            _("%(user)s already sits on this committee as %(role)s in that term.")
            % {"user": user, "role": Role(role).label},
            read=user.username,
        )


def _term(seat: Membership) -> dict[str, str | None]:
    """A seat as the journal keeps it."""
    return {
        "committee": seat.committee.name,
        "user": seat.user.username,
        "role": seat.role,
        "since": seat.since.isoformat(),
        "until": seat.until.isoformat() if seat.until else None,
    }
