"""The annex of a decision: what each unit was assigned, the whole first (phụ lục giao chỉ tiêu)."""

from collections.abc import Sequence
from datetime import datetime, time

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.models import Indicator
from districts.models import Tier, Unit
from reports.wording import words

from . import texts
from .assigned import Assigned
from .setting import form
from .setting.document import Align, Column, Document, Line, Row, Table

_MOST_NOTES = 12


def annex(found: Assigned, *, language: str, notices: Sequence[str] = ()) -> Document:
    """The annex on its side: bases, targets, the rates held against their columns."""
    decision = found.decision
    title = title_of(found)
    return Document(
        title=f"{decision.number}: {title}",
        author=texts.issuer_of(decision),
        language=language,
        dated=datetime.combine(decision.issued_on, time()),
        landscape=True,
        blocks=(
            *form.title(
                pgettext("document", "ANNEX"),
                title,
                about=pgettext("document", "(Attached to %(document)s)")
                % {"document": texts.cited_decision(decision)},
            ),
            _table(found),
        ),
        footer=tuple(notices),
    )


def title_of(found: Assigned) -> str:
    return pgettext(
        "document", "TARGETS FOR PARTICIPATION IN SOCIAL AND HEALTH INSURANCE ASSIGNED FOR %(year)d"
    ) % {"year": found.decision.year}


def _table(found: Assigned) -> Table:
    indicators = found.indicators
    decimals = {
        one.pk: texts.decimals_needed((found.value(row.unit, one) for row in found.units), one)
        for one in indicators
    }
    rows = [
        Row(
            cells=(
                ordinal,
                row_name(found, unit, depth),
                *(_cell(found, unit, one, decimals[one.pk]) for one in indicators),
                "",
            ),
            bold=depth == 0 or is_group,
        )
        for ordinal, unit, depth, is_group in numbered(found)
    ]
    return Table(
        columns=(
            Column(pgettext("document", "No."), "A", Align.CENTRE),
            Column(pgettext("document", "Unit"), "B", Align.LEFT, grows=True),
            *(
                Column(texts.heading(one), number, group=_group(one, indicators))
                for one, number in zip(indicators, _numbers(found), strict=True)
            ),
            Column(pgettext("document", "Note"), str(len(indicators) + 1), Align.LEFT),
        ),
        rows=tuple(rows),
        notes=_notes(found),
    )


def numbered(found: Assigned) -> list[tuple[str, Unit, int, bool]]:
    """Rows with their number: units as 1, 2, 3; those below them as 1.1, 1.2.

    (number, unit, steps below the whole, whether others stand below it)
    """
    counts: dict[int | None, int] = {}
    labels: dict[int, str] = {}
    groups = {row.parent for row in found.units if row.depth > 1}
    rows = []
    for row in found.units:
        if row.depth == 0:
            rows.append(("", row.unit, 0, False))
            continue
        counts[row.parent] = counts.get(row.parent, 0) + 1
        above = labels.get(row.parent)
        label = f"{above}.{counts[row.parent]}" if above else str(counts[row.parent])
        labels[row.unit.pk] = label
        rows.append((label, row.unit, row.depth, row.unit.pk in groups))
    return rows


def row_name(found: Assigned, unit: Unit, depth: int) -> str:
    """The whole in capitals: ``TOÀN TỈNH``; ``CỘNG`` where only its units were assigned."""
    if depth:
        return unit.full_name
    if not found.has_own:
        return pgettext("document", "TOTAL")
    return whole_name(unit)


def whole_name(unit: Unit) -> str:
    if unit.tier == Tier.PROVINCE:
        return pgettext("document", "WHOLE PROVINCE")
    return words.subject(unit).upper()


def _cell(found: Assigned, unit: Unit, indicator: Indicator, decimals: int) -> str:
    target = found.shown(unit, indicator)
    return texts.cell(
        indicator,
        found.value(unit, indicator),
        decimals,
        operator=target.operator if target else None,
    )


def _group(indicator: Indicator, indicators: Sequence[Indicator]) -> str:
    """The label above it, where it is shared with another column."""
    label = texts.group(indicator)
    shared = sum(texts.group(one) == label for one in indicators) > 1
    return label if label and shared else ""


def _numbers(found: Assigned) -> list[str]:
    """1, 2, 5=3+4, 6=5/2: a formula where the column is what its parts make, for every unit."""
    places = {one.pk: place for place, one in enumerate(found.indicators, start=1)}
    numbers = []
    for one in found.indicators:
        number = str(places[one.pk])
        parts, both = found.parts(one), found.fraction(one)
        if parts:
            number += "=" + "+".join(str(places[part.pk]) for part in parts)
        elif both and not found.recomputed(one):
            number += "=" + "/".join(str(places[part.pk]) for part in both)
        numbers.append(number)
    return numbers


def _notes(found: Assigned) -> tuple[Line, ...]:
    """What does not add up, unit by unit; of many the rest is counted."""
    said = []
    for one in found.differences():
        together, own = (texts.cell(one.indicator, value, 0) for value in (one.together, one.own))
        said.append(
            _(
                "%(unit)s, %(indicator)s: the units together %(together)s, assigned %(own)s, "
                "difference %(difference)s."
            )
            % {
                "unit": one.unit.full_name,
                "indicator": one.indicator.name,
                "together": together,
                "own": own,
                "difference": texts.difference(one.indicator, one.together - one.own, 0),
            }
        )
    for indicator in found.indicators:
        off = found.recomputed(indicator)
        if not off:
            continue
        worst = max(off, key=lambda one: abs(one.computed - one.assigned))
        above, below = found.fraction(indicator)
        said.append(
            _(
                "%(indicator)s as assigned is not %(above)s divided by %(below)s for %(count)s "
                "units; most for %(unit)s: assigned %(assigned)s, recomputed %(computed)s."
            )
            % {
                "indicator": indicator.name,
                "above": above.name,
                "below": below.name,
                "count": words.number(len(off)),
                "unit": worst.unit.full_name,
                "assigned": texts.cell(indicator, worst.assigned, indicator.decimals),
                "computed": texts.cell(indicator, worst.computed, indicator.decimals),
            }
        )
    rest = len(said) - _MOST_NOTES
    if rest > 0:
        said = [*said[:_MOST_NOTES], _("And %(count)s more differences.") % {"count": rest}]
    remark = found.decision.note
    return tuple(form.note(text) for text in (*([remark] if remark else []), *said))
