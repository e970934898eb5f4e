"""What is stated around a table: in its titles, below it, in the names of its sheet and file."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import PurePath

from django.utils.translation import gettext as _

from commitments.intake.numbers import is_bare_number
from commitments.intake.questions import Question, question
from commitments.intake.workbook.cells import Place, Sheet, Value, shown
from commitments.measures import MEASURES
from commitments.models import Indicator, Kind
from commitments.rules import Fault
from districts.months import Month
from districts.vietnamese import search_key

from .asked import Asked, cumulative, foreign_measure
from .columns import ColumnHead
from .kinds import NumberKind, kind_of_title
from .measures import Measure, measures_in, opens_with_measure, unit_mentioned_in_scale
from .periods import Period, months_in, periods_in, without_periods

_LABEL = re.compile(r"(?:thang|ky(?: bao cao| so lieu)?|quy|nam|den(?: ngay)?|month|period)\W*\Z")
_MONTH_IN_NAME = re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])(?!\d)")
_YEAR_BEHIND_MONTH = re.compile(
    r"(?<!\d)(?:(?<![^\W_])(?:t|th[aá]ng)(0?[1-9]|1[0-2])|(0[1-9]|1[0-2]))(20\d\d)(?!\d)", re.I
)
_DAY_ALONE = re.compile(r"(?:0?[1-9]|[12]\d|3[01])[/.-](0?[1-9]|1[0-2])[/.-](20\d\d)\Z")
_NUMBERS_OF = re.compile(r"(?:ghi chu\W*)?(?:so lieu|so bao cao|ky bao cao)(?: cua| trong)?")


class Where(StrEnum):
    """From the surest place to the weakest."""

    TITLE = "title"
    BESIDE = "beside"
    SHEET = "sheet"
    FILE = "file"


@dataclass(frozen=True)
class Text:
    """A text around a table, and where it stands; no row: the name of the sheet or the file."""

    text: str
    where: Where
    place: Place

    def fault(self, code: str, message: str, expected: str | None = None) -> Fault:
        """A fault at the text; at its sheet or file, where it is the name of one."""
        if self.place.row:
            return self.place.fault(code, message, self.text, expected)
        return Fault(code, message, sheet=self.place.sheet, read=self.text, expected=expected)

    @property
    def words(self) -> str:
        """The text as it is read: names of files are cut off at their ending, and a month without
        a mark in a name (``202511``, ``T112025``) is parted."""
        if self.where not in (Where.SHEET, Where.FILE):
            return self.text
        name = self.text
        if self.where == Where.FILE:
            name = re.sub(r"[_+]+", " ", PurePath(name).stem)
        name = _MONTH_IN_NAME.sub(r"\1-\2", name)
        return _YEAR_BEHIND_MONTH.sub(lambda found: f" T{found[1] or found[2]}/{found[3]}", name)

    @property
    def periods(self) -> list[Period]:
        """The times stated; beside and below a table only what its numbers reach up to."""
        found = periods_in(self.words)
        if self.where != Where.BESIDE or _NUMBERS_OF.fullmatch(without_periods(self.text)):
            return found
        return [one for one in found if one.up_to]

    @property
    def measures(self) -> list[Measure]:
        if self.where == Where.BESIDE and not opens_with_measure(self.text):
            return []
        return measures_in(self.text) if self.place.row else []


def texts_around(name: str, sheet: Sheet, top: int, below: int | None) -> list[Text]:
    """The texts around a table whose heads begin at row ``top`` and end before row ``below``.

    ``name`` is the file's. Of the rows of the table only remarks are kept: rows without a number,
    and cells that say a measure and stand over no number; none where ``below`` is None, as in a
    tidy table, whose rows are all its own.
    """
    found = [text for row in range(top) for text in _titles(sheet, row)]
    if below is not None:
        found += _beside(sheet, top, below)
    if sheet.name is not None:
        found.append(Text(sheet.name, Where.SHEET, Place(sheet.name, 0)))
    return [*found, Text(name, Where.FILE, Place(None, 0))]


def _titles(sheet: Sheet, row: int) -> Iterator[Text]:
    """The texts of a row above a table; read as one line where a label and what it labels stand in
    cells of their own: ``Tháng | 11 | năm | 2025``, ``Kỳ báo cáo: | 30/11/2025``."""
    cells = [(column, value) for column, value in enumerate(sheet.rows[row]) if value is not None]
    texts = [(column, value) for column, value in cells if isinstance(value, str)]
    if len(cells) == 1 and (month := _month_of_day(cells[0][1])) is not None:
        yield Text(month, Where.TITLE, Place.of(sheet, row, cells[0][0]))
        return
    for column, value in texts:
        yield Text(value, Where.TITLE, Place.of(sheet, row, column))
    for number, (column, value) in enumerate(cells[:-1]):
        if isinstance(value, str) and _LABEL.search(search_key(value)):
            line = " ".join(map(_in_line, [value for _column, value in cells[number:][:4]]))
            if not periods_in(value) and periods_in(line):
                said = [one for _column, text in texts for one in periods_in(text)]
                if all(one.whole_year for one in said):
                    yield Text(line, Where.TITLE, Place.of(sheet, row, column))
                return


def _month_of_day(value: Value) -> str | None:
    """The month of a day that stands alone; beside words it may be when a paper was signed."""
    if isinstance(value, date):
        return _in_line(value)
    found = _DAY_ALONE.match(value.strip()) if isinstance(value, str) else None
    return f"{found[1]}/{found[2]}" if found else None


def _in_line(value: Value) -> str:
    """A cell as it reads in the line of its label; a date stands for its month."""
    return f"{value.month}/{value.year}" if isinstance(value, date) else shown(value)


def _beside(sheet: Sheet, top: int, below: int) -> Iterator[Text]:
    for row in range(top, len(sheet.rows)):
        cells = sheet.rows[row]
        is_remark = row >= below and not any(map(is_bare_number, cells))
        for column, value in enumerate(cells):
            if not isinstance(value, str):
                continue
            over_numbers = row < below and any(
                is_bare_number(sheet.value(under, column))
                for under in range(below, len(sheet.rows))
            )
            if is_remark or (opens_with_measure(value) and not over_numbers):
                yield Text(value, Where.BESIDE, Place.of(sheet, row, column))


def stated_month(texts: Iterable[Text]) -> Month | None:
    """The one month, with its year, that the texts around tables state; None if not one."""
    found = {month for text in texts for month in months_in([text.words])}
    return found.pop() if len(found) == 1 else None


@dataclass(frozen=True)
class Held:
    """What a table holds of one indicator: of which months, under which heads."""

    indicator: Indicator
    months: frozenset[Month] = frozenset()
    head: ColumnHead | None = None


class Surroundings:
    """Holds what is stated around a table against what it holds and what is asked of it."""

    def __init__(self, texts: Sequence[Text], asked: Asked):
        self.texts, self.asked = texts, asked
        self._measures = [one for text in reversed(texts) for one in text.measures]

    def questions(self, held: Sequence[Held]) -> Iterator[Question]:
        """Every text that contradicts what is asked for, or what the table says itself.

        A contradiction around a table may be a slip of the pen, so somebody may confirm it.
        """
        for text in self.texts:
            found = self._of_time(text, held) or self._of_kind(text, held)
            if found is not None:
                yield question(text.fault(*found, expected=str(self.asked) or None))
            if (unclear := self._of_scale(text, held)) is not None:
                yield question(text.fault(*unclear))

    def _of_time(self, text: Text, held: Sequence[Held]) -> tuple[str, str] | None:
        periods = text.periods
        if not periods:
            return None
        for asked in self._askings(held):
            fits = asked.may_name if text.where == Where.FILE else asked.may_head
            if not any(map(fits, periods)):
                return asked.contradiction(text.text)
        if self.asked.is_of_targets:
            return None
        spans = [one for one in periods if Asked.is_span(one, in_head=False)]
        if len(spans) < len(periods) or not _flows(held):
            return None
        if all(one.whole_year for one in spans) and (
            text.where == Where.FILE or self._states_a_month()
        ):
            return None
        if all(one.first == one.last == 1 for one in spans):
            return None
        return "cumulative", _or_confirm(cumulative(text.text))

    def _askings(self, held: Sequence[Held]) -> list[Asked]:
        """The month or year asked for, else every month that the table's own rows name."""
        if self.asked.month is not None or self.asked.is_of_targets:
            return [self.asked]
        months = {month for one in held for month in one.months}
        return [Asked(month) for month in sorted(months)]

    def _states_a_month(self) -> bool:
        """Whether the month is stated around the table too, beside its year."""
        periods = [one for text in self.texts for one in text.periods]
        return any(one.is_one_month and self.asked.fits(one) for one in periods)

    def _of_kind(self, text: Text, held: Sequence[Held]) -> tuple[str, str] | None:
        if text.where == Where.BESIDE or (found := kind_of_title(text.words)) is None:
            return None
        kind, _words = found
        if kind == NumberKind.CUMULATIVE:
            is_sum = self.asked.month is None or self.asked.month.month > 1
            if self.asked.is_of_targets or not (_flows(held) and is_sum):
                return None
            return "cumulative", _or_confirm(cumulative(text.text))
        if kind == NumberKind.PLAN and self.asked.is_of_targets:
            return None
        if kind == NumberKind.ADDED and not self.asked.is_of_targets:
            return None
        message = (
            _("“%(read)s” says another kind of number than targets.")
            if self.asked.is_of_targets
            else _("“%(read)s” says another kind of number than what was counted in a month.")
        )
        return "other_kind", _or_confirm(message % {"read": text.text})

    # --- measures --------------------------------------------------------------------------------

    def _of_scale(self, text: Text, held: Sequence[Held]) -> tuple[str, str] | None:
        """A scale that a text mentions without saying plainly that the numbers are given in it."""
        unit = None if text.measures else unit_mentioned_in_scale(text.words)
        if unit is None:
            return None
        own = [one.indicator for one in held if one.indicator.unit_of_measure == unit]
        said = [one for one in self._measures if any(map(one.measures, own))]
        heads = [one.measure for part in held if part.head for one in part.head.said if one.measure]
        if not own or said or any(one.measures(indicator) for one in heads for indicator in own):
            return None
        message = _(
            "“%(read)s” may say in what %(indicators)s is counted, but not plainly. Write it after "
            "“Đơn vị tính:” above the table, or confirm that the numbers are in %(measure)s."
        )
        details = {
            "read": text.text,
            "indicators": ", ".join(one.code for one in own[:5]),
            "measure": MEASURES[unit],
        }
        return "unclear_measure", message % details

    def scale_of(self, indicator: Indicator, head: ColumnHead | None = None) -> int:
        """How many of its base unit one in the table is: by its own heads, else by what stands
        around the table, the nearest first."""
        own = [said.measure for said in reversed(head.said) if said.measure] if head else []
        fitting = [one for one in [*own, *self._measures] if one.measures(indicator)]
        return fitting[0].scale if fitting else 1


def held_in(pairs: Iterable[tuple[Indicator, Month]]) -> list[Held]:
    """What the rows of a tidy table hold, from the indicator and the month of each."""
    months: dict[int, set[Month]] = {}
    indicators: dict[int, Indicator] = {}
    for indicator, month in pairs:
        indicators[indicator.pk] = indicator
        months.setdefault(indicator.pk, set()).add(month)
    return [Held(indicators[pk], frozenset(found)) for pk, found in months.items()]


def foreign_measures(stated: Iterable[tuple[Surroundings, Sequence[Held]]]) -> list[Fault]:
    """Refusals of measures around tables in which nothing is counted that stands in any of them."""
    indicators: dict[Text, dict[int, Indicator]] = {}
    for around, held in stated:
        for text in around.texts:
            if text.measures:
                known = indicators.setdefault(text, {})
                known.update((one.indicator.pk, one.indicator) for one in held)
    return [
        text.fault(*foreign_measure(text.text, known.values()))
        for text, known in indicators.items()
        if known
        and not any(
            one.measures(indicator) for one in text.measures for indicator in known.values()
        )
    ]


def _flows(held: Sequence[Held]) -> bool:
    return any(one.indicator.kind == Kind.FLOW for one in held)


def _or_confirm(message: str) -> str:
    how = _("Or confirm that the numbers are what is asked for.")
    return f"{message} {how}"
