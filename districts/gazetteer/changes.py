"""Changes of name or kind that a source knows and nobody has confirmed, as typed rows."""

from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from districts.kinds import KINDS, WORDS, full_name
from districts.models import Tier, UnitKind

from .cells import rows_of
from .rows import ChangeRow, UnitRow

FILE = "changes-2026-unconfirmed.csv"
_COLUMNS = "unit code name_before name_after kind_after resolution resolution_of source"


def read_changes(folder: Path, units: Mapping[str, UnitRow]) -> list[ChangeRow]:
    """The rows of the file. Raises RegisterError where one does not fit its unit."""
    changes = []
    for row in rows_of(folder / FILE, _COLUMNS):
        unit = units[row.choice("unit", units)]
        row.choice("code", (unit.code,))
        row.choice("name_before", (unit.full_name,))
        kind = UnitKind(row.choice("kind_after", KINDS[Tier(unit.tier)]))
        name = row.text("name_after").removeprefix(f"{WORDS[kind]} ")
        if full_name(kind, name) != row.text("name_after"):
            raise row.error("name_after", _("the name does not begin with the word for its kind"))
        day = row.required_day("resolution_of")
        changes.append(
            ChangeRow(
                unit.id,
                unit.full_name,
                name,
                kind,
                row.text("resolution"),
                day,
                row.text("source"),
            )
        )
    return changes
