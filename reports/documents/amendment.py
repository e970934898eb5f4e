"""The annex of an amendment: what was assigned, the change, what is assigned now, and why."""

from collections.abc import Sequence
from datetime import datetime, time

from django.utils.translation import pgettext

from commitments.models import Indicator, Target
from districts.models import Unit
from reports.wording import words

from . import texts
from .annex import numbered, row_name
from .assigned import Assigned, unscaled
from .setting import form
from .setting.document import Align, Column, Document, Row, Table


def amendment(found: Assigned, *, language: str, notices: Sequence[str] = ()) -> Document:
    """The annex upright: one line for each target that the decision set anew."""
    decision = found.decision
    title = pgettext(
        "document", "AMENDED TARGETS FOR PARTICIPATION IN SOCIAL AND HEALTH INSURANCE IN %(year)d"
    ) % {"year": decision.year}
    return Document(
        title=f"{decision.number}: {title}",
        author=texts.issuer_of(decision),
        language=language,
        dated=datetime.combine(decision.issued_on, time()),
        blocks=(
            *form.title(pgettext("document", "ANNEX"), title, about=_about(found)),
            _table(found),
        ),
        footer=tuple(notices),
    )


def _about(found: Assigned) -> str:
    decision = found.decision
    if decision.amends is None:
        said = pgettext("document", "(Attached to %(document)s)")
        return said % {"document": texts.cited_decision(decision)}
    return pgettext("document", "(Attached to %(document)s, amending %(amended)s)") % {
        "document": texts.cited_decision(decision),
        "amended": texts.cited_decision(decision.amends),
    }


def _table(found: Assigned) -> Table:
    """Units one below the other; where there are several indicators each unit is a title."""
    several = len({one.pk for one in found.assigned_indicators}) > 1
    rows: list[Row] = []
    for ordinal, unit, depth, _is_group in numbered(found):
        lines = found.targets_of(unit)
        if not lines:
            continue
        if several:
            name = row_name(found, unit, depth)
            name = f"{ordinal}. {name}" if ordinal else name
            rows.append(Row((name,), bold=True, spans=True))
        rows += [
            _row(found, target, "" if several else ordinal, unit, several, bold=depth == 0)
            for target in lines
        ]
    subject = pgettext("document", "Target") if several else pgettext("document", "Unit")
    return Table(
        columns=(
            Column(pgettext("document", "No."), "A", Align.CENTRE),
            Column(subject, "B", Align.LEFT, grows=True),
            Column(pgettext("document", "Measured in"), "C", Align.CENTRE),
            Column(pgettext("document", "Assigned before"), "1"),
            Column(pgettext("document", "Increase or decrease"), "2"),
            Column(pgettext("document", "Assigned now"), "3=1+2"),
            Column(pgettext("document", "Reason"), "4", Align.LEFT, grows=True),
        ),
        rows=tuple(rows),
        largest=11,
        notes=(form.note(found.decision.note),) if found.decision.note else (),
    )


def _row(
    found: Assigned, target: Target, ordinal: str, unit: Unit, several: bool, *, bold: bool
) -> Row:
    indicator = found.ground.catalogue[target.indicator_id]
    before = found.before(target)
    now = unscaled(indicator, target.value)
    was = None if before is None else unscaled(indicator, before.value)
    decimals = texts.decimals_needed((now, was), indicator)
    return Row(
        cells=(
            ordinal,
            indicator.name if several else _named(found, unit),
            words.measure(indicator),
            "" if before is None else _value(indicator, before, decimals),
            "" if was is None else texts.difference(indicator, now - was, decimals) or "0",
            _value(indicator, target, decimals),
            target.source or found.decision.reason or _why(before),
        ),
        bold=bold and not several,
    )


def _named(found: Assigned, unit: Unit) -> str:
    return row_name(found, unit, 0 if unit.pk == found.decision.unit_id else 1)


def _value(indicator: Indicator, target: Target, decimals: int) -> str:
    value = unscaled(indicator, target.value)
    return texts.cell(indicator, value, decimals, operator=target.operator)


def _why(before: Target | None) -> str:
    return pgettext("document", "newly assigned") if before is None else ""
