"""How units are called: corrected names, and spellings that somebody confirmed."""

from datetime import date

from django.db import transaction

from districts.models import Alias, Unit
from districts.versions import raise_common
from districts.vietnamese import clean, match_key
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor

from .derived import set_keys


@transaction.atomic
def rename_unit(*, unit: Unit, name: str, full_name: str, actor: Actor, why: str = "") -> Unit:
    """Correct the spelling of a unit. A change by law is a ``Renaming``, not this."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    before = {"name": unit.name, "full_name": unit.full_name}
    unit.name, unit.full_name = clean(name), clean(full_name)
    after = {"name": unit.name, "full_name": unit.full_name}
    if after != before:
        set_keys(unit).save(update_fields=["name", "full_name", "sort_key", "search_key"])
        write_journal(
            actor=actor, action="unit.renamed", subject=unit, before=before, after=after, why=why
        )
        raise_common()
    return unit


@transaction.atomic
def confirm_alias(*, unit: Unit, name: str, actor: Actor, on: date) -> Alias:
    """Remember that ``name`` means ``unit``; from now on it is found without asking. Repeatable.

    Raises ValueError if the name is blank.
    """
    name = clean(name)
    key = match_key(name)
    if not key:
        raise ValueError("a blank name means no unit")
    alias, made = Alias.objects.get_or_create(
        unit=unit,
        match_key=key,
        defaults={"name": name, "confirmed_by": str(actor)[:150], "confirmed_on": on},
    )
    if made:
        write_journal(
            actor=actor, action="alias.confirmed", subject=alias, after={"unit": unit.code}
        )
    return alias
