"""Tables of what was promised and what was counted. Re-exports, nothing else."""

from .calendar import CompleteYear, DecidedDay
from .catalogue import Base, Indicator, Kind, ReviewLevel, Rule, Severity
from .counts import Count, Revision, Total
from .promises import (
    Authority,
    Commitment,
    CommitmentEvent,
    CommitmentLine,
    Decision,
    Operator,
    PathPoint,
    Target,
)
from .reporting import Explanation, Move, Period, PeriodEvent, State, Submission

__all__ = [
    "Authority",
    "Base",
    "Commitment",
    "CommitmentEvent",
    "CommitmentLine",
    "CompleteYear",
    "Count",
    "DecidedDay",
    "Decision",
    "Explanation",
    "Indicator",
    "Kind",
    "Move",
    "Operator",
    "PathPoint",
    "Period",
    "PeriodEvent",
    "ReviewLevel",
    "Revision",
    "Rule",
    "Severity",
    "State",
    "Submission",
    "Target",
    "Total",
]
