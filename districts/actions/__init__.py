"""Writes of units: the derived tables, reorganisations, the gazetteer and confirmed spellings."""

from .correcting import Difference
from .derived import rebuild_ancestry, rebuild_lineage, set_keys
from .gazetteer import Loaded, load_gazetteer
from .naming import confirm_alias, rename_unit
from .renaming import apply_renaming, draft_renaming, reject_renaming, revert_renaming
from .reorganising import (
    Move,
    NewSuccession,
    NewUnit,
    apply_units,
    draft_reorganisation,
    revert_units,
)

__all__ = [
    "Difference",
    "Loaded",
    "Move",
    "NewSuccession",
    "NewUnit",
    "apply_renaming",
    "apply_units",
    "confirm_alias",
    "draft_renaming",
    "draft_reorganisation",
    "load_gazetteer",
    "rebuild_ancestry",
    "rebuild_lineage",
    "reject_renaming",
    "rename_unit",
    "revert_renaming",
    "revert_units",
    "set_keys",
]
