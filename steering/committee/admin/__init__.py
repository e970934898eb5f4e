"""Back office of accounts, the journal, units and committees.

``Ancestry`` and ``Lineage`` are not shown: they are derived from placements and successions, which
are, and rebuilt with them.
"""

from . import accounts, committees, units

__all__ = ["accounts", "committees", "units"]
