"""What answers a request for a page. Views compute nothing: page data comes from ``pages``."""

from .document import document
from .excel import excel
from .help import help_card, help_page
from .indicator import indicator, indicators
from .judgement import judge
from .overview import overview
from .provenance import history, provenance
from .ranking import ranking
from .unit import unit
from .workbook import order_workbook

__all__ = [
    "document",
    "excel",
    "help_card",
    "help_page",
    "history",
    "indicator",
    "indicators",
    "judge",
    "order_workbook",
    "overview",
    "provenance",
    "ranking",
    "unit",
]
