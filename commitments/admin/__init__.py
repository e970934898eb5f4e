"""Back office of the catalogue, of what was promised, and of what was reported.

Not registered: ``Count`` and ``Total`` have a key of three columns, which the Django admin cannot
address. Counts are read and written in the form of their report; totals are derived from them and
can be rebuilt at any time, so there is nothing to keep by hand.
"""

from . import (
    catalogue,
    history,
    periods,
    promises,
    renamings,
    reorganisations,
    reports,
    working_days,
)

__all__ = [
    "catalogue",
    "history",
    "periods",
    "promises",
    "renamings",
    "reorganisations",
    "reports",
    "working_days",
]
