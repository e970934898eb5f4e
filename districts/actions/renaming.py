"""Corrects how a unit is written, with the keys it is sorted and searched by."""

from django.db import transaction

from districts.models import Unit
from districts.vietnamese import clean
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor

from .derived import set_keys


@transaction.atomic
def rename_unit(*, unit: Unit, name: str, full_name: str, actor: Actor, why: str = "") -> Unit:
    """Correct the spelling of a unit. A change of name by law is a reorganisation, not this."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    before = {"name": unit.name, "full_name": unit.full_name}
    unit.name, unit.full_name = clean(name), clean(full_name)
    after = {"name": unit.name, "full_name": unit.full_name}
    if after != before:
        set_keys(unit).save(update_fields=["name", "full_name", "sort_key", "search_key"])
        write_journal(
            actor=actor, action="unit.renamed", subject=unit, before=before, after=after, why=why
        )
    return unit
