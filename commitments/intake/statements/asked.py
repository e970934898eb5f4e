"""What is asked of a file, counts of a month or targets of a year, and what contradicts it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from commitments.intake.questions import question
from commitments.intake.workbook.cells import Place
from commitments.measures import MEASURES
from commitments.models import Indicator, Kind
from commitments.rules import Fault
from districts.months import Month

from .columns import ColumnHead, Said
from .kinds import NumberKind
from .periods import Period

_COMPARED = {
    NumberKind.LAST_YEAR,
    NumberKind.BEFORE,
    NumberKind.CHANGE,
    NumberKind.SHARE,
    NumberKind.ESTIMATE,
    NumberKind.RANK,
}


@dataclass(frozen=True)
class Objection:
    """Why a column does not hold what is asked for, with the head that says so."""

    said: Said
    code: str
    message: str
    expected: str | None = None

    def fault(self) -> Fault:
        """A head of another month may be a slip that somebody confirms; another kind never is."""
        fault = self.said.place.fault(self.code, self.message, self.said.text, self.expected)
        is_asked = self.code in ("other_month", "other_year") or self.said.kind == NumberKind.ADDED
        return question(fault) if is_asked else fault

    def remark(self, asked: "Asked", place: Place) -> Fault:
        """What is said when the column headed at ``place`` is left out, because another holds what
        is asked for."""
        message = _("The column “%(read)s” was left out: only numbers of %(asked)s are taken.")
        details = {"read": self.said.text, "asked": asked}
        return place.fault("column_left_out", message % details, self.said.text)


@dataclass(frozen=True)
class Asked:
    """The month whose counts are asked for, or the year whose targets are; both None: not known."""

    month: Month | None = None
    year: int | None = None

    def __str__(self) -> str:
        return str(self.month or self.year or "")

    @property
    def is_of_targets(self) -> bool:
        return self.year is not None

    def fits(self, period: Period) -> bool:
        """Whether a stated time may be the one asked for."""
        if self.month is not None:
            return period.fits(self.month)
        return self.year is None or period.fits_year(self.year)

    def may_head(self, period: Period) -> bool:
        """Whether a time stated around a table fits; a month of the year dates its decision."""
        dates = self.is_of_targets and period.is_one_month and period.year == self.year
        return dates or self.fits(period)

    def may_name(self, period: Period) -> bool:
        """Whether a time in the name of a file fits; that of an annex may be when it was decided,
        in the year before."""
        if not self.is_of_targets:
            return self.fits(period)
        return period.year in (None, self.year - 1, self.year)

    def objection(self, indicator: Indicator | None, head: ColumnHead) -> Objection | None:
        """The first thing over a column that says its numbers are not those asked for."""
        for said in head.said:
            found = self._of_kind(said, indicator) or self._of_time(said, indicator, head)
            if found is not None:
                return found
        return self._of_measure(indicator, head)

    def _of_kind(self, said: Said, indicator: Indicator | None) -> Objection | None:
        if said.kind == NumberKind.ADDED and self.is_of_targets:
            message = _(
                "“%(read)s” says what is added to a target, not the whole target. Give the whole "
                "target, or confirm that these are the whole targets."
            )
            return Objection(said, "other_kind", message % {"read": said.text})
        is_ratio = indicator is not None and indicator.kind == Kind.RATIO
        other = said.kind in _COMPARED and not (is_ratio and said.kind == NumberKind.SHARE)
        if self.is_of_targets:
            other |= said.kind in (NumberKind.ACTUAL, NumberKind.CUMULATIVE) and said.is_counted
        else:
            other |= said.kind == NumberKind.PLAN
        if other:
            message = (
                _("“%(read)s” says another kind of number than a target. Give the targets alone.")
                if self.is_of_targets
                else _(
                    "“%(read)s” says another kind of number than what was counted in the month. "
                    "Give the numbers of the month under a head of their own."
                )
            )
            return Objection(said, "other_kind", message % {"read": said.text})
        if said.kind == NumberKind.CUMULATIVE and self._is_no_sum(indicator):
            return Objection(said, "cumulative", cumulative(said.text))
        return None

    def _is_no_sum(self, indicator: Indicator | None) -> bool:
        """Whether a sum since January is another number than the month's own."""
        if indicator is not None and indicator.kind != Kind.FLOW:
            return False
        return self.month is None or self.month.month > 1

    def _of_time(
        self, said: Said, indicator: Indicator | None, head: ColumnHead
    ) -> Objection | None:
        if not said.periods:
            return None
        fitting = [period for period in said.periods if self.fits(period)]
        if not fitting:
            return Objection(said, *self.contradiction(said.text), str(self))
        if self.is_of_targets:
            # A quarter's sum ends with the year too, and is only a part of it.
            steps = [one for one in fitting if not (one.first == 1 or one.is_one_month)]
            whole = len(steps) < len(fitting)
            return None if whole else Objection(said, *self.contradiction(said.text), str(self))
        spans = [one for one in fitting if self.is_span(one, in_head=True)]
        if len(spans) == len(fitting) and self._is_no_sum(indicator):
            months = [one for other in head.said for one in other.periods if one.is_one_month]
            if not (all(one.whole_year for one in spans) and any(map(self.fits, months))):
                return Objection(said, "cumulative", cumulative(said.text))
        return None

    @staticmethod
    def is_span(period: Period, *, in_head: bool) -> bool:
        """Whether numbers of the period add up several months; over a column also what is counted
        up to a day."""
        return not period.is_one_month or (in_head and period.up_to)

    def contradiction(self, read: str) -> tuple[str, str]:
        """Code and sentence of a time that is not the one asked for."""
        if self.is_of_targets:
            message = _(
                "“%(read)s” is not the year %(year)s whose targets were asked for. Correct one of "
                "them, or confirm that these are the targets of %(year)s."
            )
            return "other_year", message % {"read": read, "year": self.year}
        message = _(
            "“%(read)s” is not %(month)s, which was asked for. Correct one of them, or confirm "
            "that the numbers are those of %(month)s."
        )
        return "other_month", message % {"read": read, "month": self.month.shown}

    @staticmethod
    def _of_measure(indicator: Indicator | None, head: ColumnHead) -> Objection | None:
        if indicator is None:
            return None
        wrong = [one for one in head.said if one.measure and not one.measure.measures(indicator)]
        return (
            Objection(wrong[-1], *foreign_measure(wrong[-1].text, [indicator])) if wrong else None
        )


ANYTHING = Asked()
"""Nothing is known of what is asked for: only another kind of number contradicts it."""


def cumulative(read: str) -> str:
    """The sentence about a sum of several months where the month's own number belongs."""
    message = _(
        "“%(read)s” says the sum of several months, but the number of the month alone is recorded. "
        "Give that number under its own head."
    )
    return message % {"read": read}


def foreign_measure(read: str, indicators: Iterable[Indicator]) -> tuple[str, str]:
    """Code and sentence of a unit of measure in which the indicators are not counted."""
    known = {
        one.code: str(MEASURES.get(one.unit_of_measure, one.unit_of_measure)) for one in indicators
    }
    message = _(
        "“%(read)s” is no unit of measure of %(indicators)s, counted in: %(measures)s. Correct the "
        "unit of measure, or the numbers."
    )
    details = {
        "read": read,
        "indicators": ", ".join(list(known)[:5]),
        "measures": ", ".join(dict.fromkeys(known.values())),
    }
    return "other_measure", message % details
