"""Tables of what was promised and what was counted. Re-exports, nothing else."""

from .allocations import Allocation, Portion
from .calendar import CompleteYear, DecidedDay
from .catalogue import Base, Indicator, Kind, ReviewLevel, Rule, Severity
from .chain import Link
from .commitments import Commitment, CommitmentEvent, CommitmentLine, Way
from .counts import CarriedTotal, Count, Revision, Total
from .decisions import (
    ENDS,
    Authority,
    Decision,
    DocumentKind,
    Operator,
    PathPoint,
    Target,
)
from .papers import Paper, PaperState, PaperWithdrawal
from .reporting import Explanation, Move, Period, PeriodEvent, State, Submission
from .tasks import Task, TaskEvent

__all__ = [
    "ENDS",
    "Allocation",
    "Authority",
    "Base",
    "CarriedTotal",
    "Commitment",
    "CommitmentEvent",
    "CommitmentLine",
    "CompleteYear",
    "Count",
    "DecidedDay",
    "Decision",
    "DocumentKind",
    "Explanation",
    "Indicator",
    "Kind",
    "Link",
    "Move",
    "Operator",
    "Paper",
    "PaperState",
    "PaperWithdrawal",
    "PathPoint",
    "Period",
    "PeriodEvent",
    "Portion",
    "ReviewLevel",
    "Revision",
    "Rule",
    "Severity",
    "State",
    "Submission",
    "Target",
    "Task",
    "TaskEvent",
    "Total",
    "Way",
]
