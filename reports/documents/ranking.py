"""The ranking of the units below one: percent and place for every target, score, place, grade."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.models import Indicator
from districts.models import Unit
from reports.engine.ranking import CAP, Overall, overall
from reports.wording import words

from . import texts
from .monthly import against, footer, head
from .months import MonthFigures
from .setting import form
from .setting.document import Align, Column, Document, Line, Row, Table


def ranking(found: MonthFigures) -> Document:
    """Best first; units whose reports are missing stand last, without a place."""
    occasion = found.occasion
    title = pgettext(
        "document", "Ranking by the targets for social and health insurance, month %(month)s"
    ) % {"month": words.month_number(occasion.month)}
    return Document(
        title=f"{title}, {occasion.unit.full_name}",
        author=occasion.letterhead.agency.replace("\n", " "),
        language=occasion.language,
        dated=occasion.at.replace(tzinfo=None),
        landscape=True,
        head=head(occasion, pgettext("document", "RP")),
        blocks=(
            *form.title(pgettext("document", "RANKING"), title, about=against(found)),
            _table(found),
        ),
        footer=footer(found),
    )


def judged_indicators(found: MonthFigures) -> list[Indicator]:
    """Those that some unit has a target for: there is nothing to rank by without one."""
    return [
        indicator
        for indicator in found.indicators
        if any(found.of(unit, indicator).target is not None for unit in found.children)
    ]


def _table(found: MonthFigures) -> Table:
    indicators = judged_indicators(found)
    now = overall({unit.pk: [found.of(unit, one) for one in indicators] for unit in found.children})
    before = _before(found, indicators)
    order = sorted(found.children, key=lambda unit: (now[unit.pk].rank or len(now) + 1, unit.code))
    columns = [
        Column(pgettext("document", "No."), "A", Align.CENTRE),
        Column(pgettext("document", "Unit"), "B", Align.LEFT, grows=True),
    ]
    for place, indicator in enumerate(indicators):
        group = texts.short_name(indicator)
        percent, rank = str(2 * place + 1), str(2 * place + 2)
        columns.append(Column(pgettext("document", "% of plan"), percent, group=group))
        columns.append(Column(pgettext("document", "Place"), rank, Align.CENTRE, group=group))
    last = 2 * len(indicators)
    columns += [
        Column(pgettext("document", "Score"), str(last + 1)),
        Column(pgettext("document", "Rank"), str(last + 2), Align.CENTRE),
        Column(pgettext("document", "Rank last month"), str(last + 3), Align.CENTRE),
        Column(pgettext("document", "Targets reached"), str(last + 4), Align.CENTRE),
    ]
    letterhead = found.occasion.letterhead
    return Table(
        columns=tuple(columns),
        rows=tuple(
            _row(found, unit, indicators, str(place), now[unit.pk], before.get(unit.pk))
            for place, unit in enumerate(order, start=1)
        ),
        largest=11,
        notes=_method(),
        signatures=form.closing(
            tuple(letterhead.recipients.splitlines()),
            tuple(letterhead.posts.splitlines()),
            tuple(letterhead.office.splitlines()),
            letterhead.signer,
        ),
    )


def _before(found: MonthFigures, indicators: list[Indicator]) -> dict[int, Overall]:
    """Last month's scores; none in January, when the plan is a new one."""
    if found.occasion.month.month == 1:
        return {}
    return overall(
        {
            unit.pk: [
                figure for one in indicators if (figure := found.last_month(unit, one)) is not None
            ]
            for unit in found.children
        }
    )


def _row(
    found: MonthFigures,
    unit: Unit,
    indicators: list[Indicator],
    ordinal: str,
    score: Overall,
    before: Overall | None,
) -> Row:
    cells = [ordinal, unit.full_name]
    for indicator in indicators:
        figure = found.of(unit, indicator)
        cells += [texts.percent(figure.percent_of_target), _place(figure.rank)]
    if score.total is None:
        cells.append(pgettext("document", "not reported"))
    else:
        cells.append(words.number(score.total, 2))
    reached = form.glued(f"{score.reached}/{score.targets}") if score.targets else ""
    cells += [_place(score.rank), _place(before and before.rank), reached]
    return Row(tuple(cells))


def _place(rank: int | None) -> str:
    return "" if rank is None else str(rank)


def _method() -> tuple[Line, ...]:
    said = (
        _(
            "Score: the mean of the points of all targets, each of the same weight. Points are the "
            "percent of the plan, %(cap)s at most; under a ceiling 200 less the percent."
        )
        % {"cap": words.number(CAP)},
        _(
            "Equal scores share a rank and the next one is left out (1, 2, 2, 4). Units whose "
            "reports are missing stand last, without a rank."
        ),
    )
    return tuple(form.note(text) for text in said)
