"""What answers a request for a page. Views compute nothing: page data comes from ``pages``."""

from .excel import excel
from .help import help_card, help_page
from .overview import overview
from .provenance import history, provenance
from .ranking import ranking

__all__ = [
    "excel",
    "help_card",
    "help_page",
    "history",
    "overview",
    "provenance",
    "ranking",
]
