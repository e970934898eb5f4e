"""Targets of the coming year by unit, the decision behind them, and who has signed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from commitments.models import Indicator
from reports.conference.contents import (
    Conference,
    Promise,
    Promises,
)
from reports.wording.words import (
    heading,
    is_rate,
    listed,
    number,
    signed,
)
from reports.workbook import (
    measures,
    style,
)
from reports.workbook.sheet import (
    Column,
    Sheet,
)

NAME = pgettext_lazy("sheet", "Targets and commitments")
ABOUT = pgettext_lazy("sheet", "The coming year's targets by unit, and who has signed for them")


def wanted(data: Conference) -> bool:
    return data.promises is not None


def write(sheet: Sheet, data: Conference) -> None:
    """The whole first, the units in order; the sum of the units checked against the whole."""
    promises = data.promises
    top = sheet.heading(
        _("Targets and commitments of %(year)d") % {"year": promises.year},
        " · ".join([*_decisions(promises), sheet.scope]),
        data.notice,
    )
    if promises.signing:
        said = _("%(signed)s of %(units)s units have signed.") % {
            "signed": number(promises.signed),
            "units": number(len(promises.units)),
        }
        sheet.put(top, 1, said, style.PLAIN.but(bold=True, colour=style.NAVY))
        top += 1
    row = _table(sheet, top, promises, _columns(promises))
    others = [i for i in promises.indicators if not i.main]
    if others:
        row = _table(sheet, row + 1, promises, [*_who(), *_targets(others)])
    sheet.settle()
    for sentence in [*_passed_on(promises), *_remarks(), *_conditions(promises)]:
        sheet.text(row + 1, 1, sheet.last_column, sentence, style.NOTE)
        row += 1
    sheet.freeze(top + 1, 3)
    sheet.paper(landscape=True)


def _decisions(promises: Promises) -> list[str]:
    said = []
    for instrument in promises.instruments:
        words = _("Decision %(number)s of %(day)s") % {
            "number": instrument.number,
            "day": f"{instrument.issued_on:%d/%m/%Y}",
        }
        if instrument.amends:
            words += " " + _("amending %(number)s") % {"number": instrument.amends}
        said.append(words)
    return said


def _table(sheet: Sheet, row: int, promises: Promises, columns: Sequence[Column]) -> int:
    """The whole, the units, and the sums that must agree; returns the row after them."""
    sheet.head(row, columns)
    sheet.row(row + 1, columns, (None, promises.own), dress=style.total)
    first = row + 2
    for position, promise in enumerate(promises.units, start=1):
        sheet.row(row + 1 + position, columns, (position, promise))
    return _sums(sheet, first + len(promises.units), columns, promises)


def _who() -> list[Column]:
    return [
        Column(_("No."), lambda item: item[0], style.CENTRE),
        Column(_("Unit"), lambda item: item[1].unit.full_name, style.CELL),
    ]


@dataclass(frozen=True)
class _TargetColumn(Column):
    """A column of targets that knows its indicator, so that it can be added up."""

    indicator: Indicator | None = None


def _targets(indicators: Iterable[Indicator]) -> list[Column]:
    return [
        _TargetColumn(
            heading(indicator),
            lambda item, code=indicator.code: measures.target(item[1].targets.get(code)),
            lambda item, indicator=indicator: measures.target_look(
                item[1].targets.get(indicator.code), indicator
            ),
            least=13,
            indicator=indicator,
        )
        for indicator in indicators
    ]


def _columns(promises: Promises) -> list[Column]:
    """The main targets with the decision and the commitment."""
    main = [indicator for indicator in promises.indicators if indicator.main]
    columns = [
        *_who(),
        *_targets(main),
        Column(_("Decision"), lambda item: _numbers(item[1]), style.AFTER_FIGURE, least=12),
    ]
    if not promises.signing:
        return columns
    return [
        *columns,
        Column(_("Commitment"), _state, _state_look, least=11, align="left"),
        Column(_("Signed on"), lambda item: item[1].signed_on, _DAY, least=11),
        Column(_("Version"), lambda item: item[1].version, style.CENTRE, least=6),
        Column(_("At least the target"), _agreement, style.CENTRE, least=8),
    ]


_DAY = style.CENTRE.but(format=style.DATE)


def _numbers(promise: Promise) -> str:
    """The decisions that assigned the main targets."""
    main = (figure for figure in promise.targets.values() if figure.indicator.main)
    return listed(sorted({figure.decision for figure in main if figure.decision}))


def _state(item: tuple[int | None, Promise]) -> str | None:
    position, promise = item
    if position is None:
        return None
    if promise.ended:
        return "○ " + _("ended by a reorganisation")
    return "■ " + _("signed") if promise.signed_on else "□ " + _("not signed")


def _state_look(item: tuple[int | None, Promise]) -> style.Look:
    position, promise = item
    if position is None or promise.ended:
        return style.STATUS.but(bold=False)
    _, tint, text = style.STATUS_COLOURS[_SIGNED if promise.signed_on else _UNSIGNED]
    return style.STATUS.but(fill=tint, colour=text)


_SIGNED, _UNSIGNED = style.Status.MET, style.Status.BEHIND


def _agreement(item: tuple[int | None, Promise]) -> str | None:
    agrees = item[1].agrees
    return None if agrees is None else ("✓" if agrees else "✗")


def _sums(sheet: Sheet, row: int, columns: Sequence[Column], promises: Promises) -> int:
    """Sum of the units and its difference to the whole, for what can be added."""
    addable = [
        (place, column.indicator)
        for place, column in enumerate(columns, start=1)
        if isinstance(column, _TargetColumn) and not is_rate(column.indicator)
    ]
    if not addable:
        return row
    for offset, label in enumerate((_("Sum of the units"), _("Sum less the whole"))):
        sheet.fill(row + offset, 1, len(columns), style.total(style.CELL))
        sheet.put(row + offset, 2, label, style.total(style.CELL), fit=True)
    for column, indicator in addable:
        together = sum(_target(promise, indicator) or 0 for promise in promises.units)
        sheet.put(
            row,
            column,
            measures.written(indicator, together),
            style.total(measures.look(indicator)),
            fit=True,
        )
        whole = _target(promises.own, indicator)
        if whole is not None:
            sheet.put(
                row + 1,
                column,
                measures.difference(indicator, together - whole),
                style.total(measures.difference_look(indicator)),
                fit=True,
            )
    return row + 2


def _target(promise: Promise, indicator: Indicator) -> int | Decimal | None:
    figure = promise.targets.get(indicator.code)
    return figure.target if figure else None


MOST_TOLD = 30
"""So many targets that were not passed on exactly are named; of more their number is said."""


def _passed_on(promises: Promises) -> list[str]:
    """The check of the cascade on every level, by how many people each target is off."""
    if not promises.passed_on:
        return []
    off = [one for one in promises.passed_on if not one.is_exact]
    said = _("Passed on to the units below, on every level: %(exact)s of %(all)s targets exactly.")
    told = [
        said
        % {
            "exact": number(len(promises.passed_on) - len(off)),
            "all": number(len(promises.passed_on)),
        }
    ]
    for one in off[:MOST_TOLD]:
        words = _("%(unit)s, %(indicator)s: the units below come to %(people)s people.")
        names = {"unit": one.unit.full_name, "indicator": one.indicator.name}
        line = words % {**names, "people": signed(one.people)}
        if one.without:
            lacking = _("%(count)s of %(units)s have no target.")
            line += " " + lacking % {"count": number(one.without), "units": number(one.units)}
        told.append(line)
    if len(off) > MOST_TOLD:
        more = _("%(count)s more targets were not passed on exactly.")
        told.append(more % {"count": number(len(off) - MOST_TOLD)})
    return told


def _conditions(promises: Promises) -> list[str]:
    """What the decisions themselves say must be known."""
    return [
        f"{instrument.number}: {instrument.note}"
        for instrument in promises.instruments
        if instrument.note
    ]


def _remarks() -> list[str]:
    return [
        _("≥ at least, > more than, ≤ at most. Rates are not added: each is met by its own unit."),
        _(
            "A commitment is signed once and never changed; a change is a new version. It is shown "
            "beside the province's plan and the units of its day."
        ),
    ]
