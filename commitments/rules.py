"""Decisions without a database: which moves a report may make, and how a rule judges a number."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from districts.months import Month
from steering.accounts.faults import Fault, Refused, too_long

__all__ = [
    "LONGEST_ANSWER",
    "LONGEST_REASON",
    "MOVES",
    "Fault",
    "Finding",
    "Judge",
    "MoveRule",
    "Refused",
    "Report",
    "approvable_from",
    "closed_fault",
    "judge",
    "next_state",
    "target_is_below_last",
    "too_long",
    "usual_range",
]

LONGEST_REASON = 300
"""Characters of a reason why something was done: every change of a number keeps it."""

LONGEST_ANSWER = 2000
"""Characters of an answer to a rule, of a note about a figure, and of the answer to it."""


# --- moves of a report ---------------------------------------------------------------------------


@dataclass(frozen=True)
class MoveRule:
    """From which states a verb leads where; whether it needs a reason."""

    before: frozenset[str]
    after: str
    needs_reason: bool = False


MOVES: dict[str, MoveRule] = {
    "send": MoveRule(frozenset({"draft", "returned"}), "submitted"),
    "withdraw": MoveRule(frozenset({"submitted"}), "draft"),
    "verify": MoveRule(frozenset({"submitted"}), "verified"),
    "approve": MoveRule(frozenset({"submitted", "verified"}), "approved"),
    "return": MoveRule(frozenset({"submitted", "verified", "approved"}), "returned", True),
    # A correction opens a report again; its approved numbers stand until the next approval.
    "correct": MoveRule(frozenset({"submitted", "verified", "approved"}), "draft"),
    # Taking an approval back removes the report's numbers from the official totals.
    "revoke": MoveRule(frozenset({"approved"}), "submitted", True),
}
"""The one table of moves. Whose right each is, ``actions.submissions`` knows."""

UNDOABLE = frozenset({"verify", "approve", "return"})
"""Decisions that whoever made them may take back at once."""

UNDO_SECONDS = 10
"""How long "at once" is: long enough to see a slip, too short to be a second opinion."""


def next_state(verb: str, state: str) -> str | None:
    """Where ``verb`` leads from ``state``; None if it may not be made from there."""
    rule = MOVES[verb]
    return rule.after if state in rule.before else None


def approvable_from(*, needs_verification: bool) -> frozenset[str]:
    """The states a report may be approved from: verified, where a level verifies first."""
    return frozenset({"verified"}) if needs_verification else MOVES["approve"].before


# --- after closing -------------------------------------------------------------------------------

WHILE_CLOSED = frozenset({"correct", "send"})
"""What may still be done about a closed month: hand in a correction. It waits for reopening."""


def closed_fault(verb: str, month: Month, why: str) -> Fault | None:
    """Why ``verb`` may not be used while ``month`` is closed; None if it may.

    Nothing official changes after closing. Whoever reports may say what should change, with a
    reason; to approve, verify or return it the month must be reopened.
    """
    if verb not in WHILE_CLOSED:
        message = _("%(month)s is closed. Ask the standing agency to reopen it.")
        return Fault("period_closed", message % {"month": month.shown}, read=str(month))
    if not why.strip():
        message = _("%(month)s is closed. A correction after closing needs a reason.")
        return Fault("reason_needed", message % {"month": month.shown}, read=str(month))
    return None


# --- rules on numbers ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Judge:
    """One rule as plain data: what ``judge`` needs of a ``commitments.Rule`` row."""

    code: str
    kind: str
    severity: str
    indicator: str | None = None
    other: str | None = None
    parts: tuple[str, ...] = ()
    percent: int | None = None
    least: int | None = None
    rule_id: int | None = None


EXPECTED_LENGTH = 60
"""Characters kept of what a rule expected."""


@dataclass(frozen=True)
class Finding:
    """A rule that does not hold for one report."""

    rule: str
    severity: str
    month: Month
    unit_id: int
    indicator: str
    read: int
    expected: str
    message: str
    rule_id: int | None = None

    @property
    def blocks(self) -> bool:
        return self.severity == "block"

    @property
    def needs_explanation(self) -> bool:
        return self.severity == "explain"

    @property
    def about(self) -> tuple[int | None, int, str]:
        """What an answer to it answers: the rule, the number it read, and what it expected.

        An answer stands while the rule finds the same.
        """
        return self.rule_id, self.read, self.expected[:EXPECTED_LENGTH]


@dataclass(frozen=True)
class Report:
    """The numbers of one unit in one month as they would stand, for judging.

    ``values`` holds what is reported and what is computed from it; ``bases`` the yearly bases in
    force; ``last`` last month's reported values. Missing keys are blank.
    """

    month: Month
    unit_id: int
    values: Mapping[str, int]
    bases: Mapping[str, int]
    last: Mapping[str, int]
    names: Mapping[str, str]

    def known(self, code: str) -> int | None:
        value = self.values.get(code)
        return self.bases.get(code) if value is None else value

    def name(self, code: str) -> str:
        return self.names.get(code, code)


def _n(value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)


def _at_most(judge: Judge, report: Report) -> tuple[int, str, str] | None:
    value, limit = report.values.get(judge.indicator), report.known(judge.other)
    if value is None or limit is None or value <= limit:
        return None
    return (
        value,
        f"<= {limit}",
        _("%(name)s: %(value)s is more than %(limit)s (%(other)s). Check both numbers.")
        % {
            "name": report.name(judge.indicator),
            "value": _n(value),
            "limit": _n(limit),
            "other": report.name(judge.other),
        },
    )


def _parts_at_most(judge: Judge, report: Report) -> tuple[int, str, str] | None:
    whole = report.values.get(judge.indicator)
    parts = [report.values[code] for code in judge.parts if report.values.get(code) is not None]
    if whole is None or not parts or sum(parts) <= whole:
        return None
    return (
        whole,
        f">= {sum(parts)}",
        _("%(name)s: %(value)s is less than the sum of its groups, %(sum)s. Check the groups.")
        % {"name": report.name(judge.indicator), "value": _n(whole), "sum": _n(sum(parts))},
    )


def _total_between(judge: Judge, report: Report) -> tuple[int, str, str] | None:
    total = report.values.get(judge.indicator)
    parts = [value for code in judge.parts if (value := report.known(code)) is not None]
    if total is None or not parts or max(parts) <= total <= sum(parts):
        return None
    largest, together = max(parts), sum(parts)
    return (
        total,
        f"{largest} .. {together}",
        _(
            "%(name)s: %(value)s should lie between the largest of its parts, %(largest)s, "
            "and their sum, %(sum)s. Say why it does not."
        )
        % {
            "name": report.name(judge.indicator),
            "value": _n(total),
            "largest": _n(largest),
            "sum": _n(together),
        },
    )


def usual_range(judge: Judge, last: int) -> tuple[int, int]:
    """The least and the greatest number that a rule of change lets pass after ``last``."""
    room = max(judge.least - 1, last * judge.percent // 100)
    return max(0, last - room), last + room


def _change(judge: Judge, report: Report) -> tuple[int, str, str] | None:
    value, last = report.values.get(judge.indicator), report.last.get(judge.indicator)
    if value is None or last is None:
        return None
    least, most = usual_range(judge, last)
    if least <= value <= most:
        return None
    return (
        value,
        f"{last} ± {judge.percent}%",
        _(
            "%(name)s: %(value)s after %(last)s last month, a change of more than %(percent)s%%. "
            "Say why."
        )
        % {
            "name": report.name(judge.indicator),
            "value": _n(value),
            "last": _n(last),
            "percent": judge.percent,
        },
    )


_JUDGES: dict[str, Callable[[Judge, Report], tuple[int, str, str] | None]] = {
    "at_most": _at_most,
    "parts_at_most": _parts_at_most,
    "total_between": _total_between,
    "change": _change,
}
"""Rules on a report's numbers; ``target_below_last`` is about targets and judged at assigning."""


def judge(report: Report, judges: Iterable[Judge]) -> list[Finding]:
    """Every rule that does not hold for ``report``, in the order given."""
    findings = []
    for rule in judges:
        examine = _JUDGES.get(rule.kind)
        if examine is None or (found := examine(rule, report)) is None:
            continue
        read, expected, message = found
        findings.append(
            Finding(
                rule=rule.code,
                severity=rule.severity,
                month=report.month,
                unit_id=report.unit_id,
                indicator=rule.indicator,
                read=read,
                expected=expected,
                message=message,
                rule_id=rule.rule_id,
            )
        )
    return findings


def target_is_below_last(*, target: int, last: int | None, direction: str) -> bool:
    """Whether a target (scaled) asks for less than was already reached: informs, never blocks."""
    return direction == "up" and last is not None and target < last
