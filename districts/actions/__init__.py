"""Writes of units: the derived tables, reorganisations, the gazetteer and confirmed spellings."""

from .derived import rebuild_ancestry, rebuild_lineage, set_keys
from .gazetteer import Loaded, load_gazetteer

__all__ = ["Loaded", "load_gazetteer", "rebuild_ancestry", "rebuild_lineage", "set_keys"]
