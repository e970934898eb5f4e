"""One report as data: its lines, what they add up to, what the rules ask, what stands beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from collection import rules
from collection.models import DraftCell
from commitments.models import Indicator, Move, Period, State, Submission
from commitments.rules import Fault, Finding
from districts.models import Unit
from districts.months import Month


@dataclass(frozen=True)
class Question:
    """What a rule finds in the report, and the answer given to exactly that; ``is_draft`` while it
    is typed and not sent."""

    finding: Finding
    explanation: str
    is_draft: bool = False

    @property
    def is_open(self) -> bool:
        """Whether sending waits for it: it blocks, or asks for an answer that is not there."""
        finding = self.finding
        return finding.blocks or (finding.needs_explanation and not self.explanation)


@dataclass(frozen=True)
class Line:
    """One number: what is typed, before what is reported. ``error`` says why it is no number.

    ``before`` is what was reported for each of the twelve months before, oldest first; ``usual``
    the least and the greatest number that no rule asks about after last month's.
    """

    indicator: Indicator
    text: str
    value: int | None
    reported: int | None
    approved: int | None
    draft: DraftCell | None
    error: Fault | None
    before: tuple[int | None, ...]
    usual: tuple[int, int] | None = None
    questions: tuple[Question, ...] = ()

    @property
    def last(self) -> int | None:
        """What was reported for the month before."""
        return self.before[-1]

    @property
    def last_year(self) -> int | None:
        """What was reported for the same month a year before."""
        return self.before[0]

    @property
    def version(self) -> str:
        return rules.version(self.value, self.text)

    @property
    def copied(self) -> bool:
        return self.draft is not None and self.draft.copied

    @property
    def is_new(self) -> bool:
        """Whether sending would change the number."""
        return self.value is not None and self.value != self.reported

    @property
    def change(self) -> Decimal | None:
        """The difference to last month, in percent of it."""
        return percent_change(self.value, self.last)


@dataclass(frozen=True)
class Sum:
    """What some lines add up to: a sum indicator, or groups beside their whole.

    ``code`` is that of the indicator, or of the rule that compares groups with their whole. The
    sum is of the parts that are filled; ``complete`` when all are.
    """

    code: str
    name: str
    parts: tuple[str, ...]
    value: int | None
    last: int | None
    last_year: int | None
    complete: bool
    whole: Indicator | None = None
    whole_value: int | None = None

    @property
    def change(self) -> Decimal | None:
        return percent_change(self.value, self.last) if self.complete else None


@dataclass(frozen=True)
class Group:
    """Lines that stand under one heading, and the sums that close them."""

    code: str
    lines: tuple[Line, ...]
    sums: tuple[Sum, ...]

    @property
    def indicator(self) -> Indicator:
        """One of the group, which knows its heading."""
        return self.lines[0].indicator


@dataclass(frozen=True)
class LockedBase:
    """A base in force: never asked for again."""

    indicator: Indicator
    number: int
    given: Month
    source: str
    dated: date | None
    estimated: bool


@dataclass(frozen=True)
class Earlier:
    """A month to compare with. ``carried`` where other units reported it on the map of then."""

    month: Month
    numbers: Mapping[int, int]
    carried: bool


@dataclass(frozen=True)
class Sheet:
    """One report as it stands on a day; ``before`` are the twelve months before, oldest first."""

    unit: Unit
    month: Month
    on: date
    period: Period
    submission: Submission | None
    returned: Move | None
    lines: tuple[Line, ...]
    sums: tuple[Sum, ...]
    questions: tuple[Question, ...]
    bases: tuple[LockedBase, ...]
    before: tuple[Earlier, ...]

    @property
    def last(self) -> Earlier:
        return self.before[-1]

    @property
    def last_year(self) -> Earlier:
        return self.before[0]

    @property
    def state(self) -> str:
        return self.submission.state if self.submission else State.DRAFT

    @property
    def is_closed(self) -> bool:
        return self.period.is_closed

    @property
    def is_sent(self) -> bool:
        """Whether the report lies with somebody else: handed in, verified or approved."""
        return self.state not in (State.DRAFT, State.RETURNED)

    @property
    def days_left(self) -> int:
        """Until the day the report is due; below zero it is late."""
        return (self.period.due_on - self.on).days

    @property
    def has_drafts(self) -> bool:
        return any(line.draft for line in self.lines)

    @property
    def saved_at(self) -> datetime | None:
        """When something was last typed that is not sent."""
        return max((line.draft.at for line in self.lines if line.draft), default=None)

    @property
    def filled(self) -> int:
        return sum(line.value is not None for line in self.lines)

    @property
    def all(self) -> int:
        return len(self.lines)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The lines under their headings; each sum closes the group its last part stands in."""
        group_of = {line.indicator.code: line.indicator.group for line in self.lines}
        order = [*dict.fromkeys(line.indicator.group for line in self.lines)]
        closing: dict[str, list[Sum]] = {code: [] for code in order}
        for added in self.sums:
            closing[max((group_of[part] for part in added.parts), key=order.index)].append(added)
        return tuple(
            Group(
                code,
                tuple(line for line in self.lines if line.indicator.group == code),
                tuple(closing[code]),
            )
            for code in order
        )

    def with_answers(self, texts: Mapping[str, str]) -> "Sheet":
        """The same sheet with these answers, by code of the rule, in place of what is kept."""

        def answered(questions: tuple[Question, ...]) -> tuple[Question, ...]:
            return tuple(
                replace(asked, explanation=texts.get(asked.finding.rule, asked.explanation))
                for asked in questions
            )

        lines = tuple(replace(line, questions=answered(line.questions)) for line in self.lines)
        return replace(self, questions=answered(self.questions), lines=lines)

    @property
    def typed_answers(self) -> dict[str, str]:
        """What is answered and not sent, by code of the rule that asks."""
        return {asked.finding.rule: asked.explanation for asked in self.questions if asked.is_draft}

    def line(self, code: str) -> Line | None:
        """The line of an indicator, if the unit reports it."""
        return next((line for line in self.lines if line.indicator.code == code), None)

    @property
    def elsewhere(self) -> tuple[Question, ...]:
        """Questions about numbers that no line holds: sums and bases."""
        codes = {line.indicator.code for line in self.lines}
        return tuple(asked for asked in self.questions if asked.finding.indicator not in codes)

    @property
    def faults(self) -> list[Fault]:
        """Everything that keeps the report from being sent, in the order of the lines."""
        found = []
        for line in self.lines:
            if line.error:
                found.append(line.error)
            elif line.value is None:
                found.append(rules.missing(line.indicator))
            found += [_fault(question) for question in line.questions if question.is_open]
        return found + [_fault(question) for question in self.elsewhere if question.is_open]


def _fault(question: Question) -> Fault:
    finding = question.finding
    return Fault(
        finding.rule if finding.blocks else "explanation_needed",
        finding.message,
        column=finding.indicator,
        read=str(finding.read),
        expected=finding.expected,
    )


def percent_change(value: int | None, last: int | None) -> Decimal | None:
    """How much ``value`` differs from ``last``, in percent; None where nothing can be said."""
    if value is None or not last:
        return None
    return Decimal(value - last) * 100 / last
