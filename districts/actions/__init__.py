"""Writes of units: the derived tables, reorganisations, the gazetteer and confirmed spellings."""

from .derived import rebuild_ancestry, rebuild_lineage

__all__ = ["rebuild_ancestry", "rebuild_lineage"]
