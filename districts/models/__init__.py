"""Units through time, and what becomes of them."""

from districts.rules import WHOLE

from .changes import Lineage, Renaming, Reorganisation, Succession
from .units import (
    BEFORE_RECORDS,
    PARENT_TIERS,
    Alias,
    Ancestry,
    EntryTier,
    Placement,
    Tier,
    TilePosition,
    Unit,
    UnitKind,
)
from .versions import DataVersion

__all__ = [
    "BEFORE_RECORDS",
    "PARENT_TIERS",
    "WHOLE",
    "Alias",
    "Ancestry",
    "DataVersion",
    "EntryTier",
    "Lineage",
    "Placement",
    "Renaming",
    "Reorganisation",
    "Succession",
    "Tier",
    "TilePosition",
    "Unit",
    "UnitKind",
]
