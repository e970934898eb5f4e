"""The list of all indicators: every one with value, part of the plan and status, by group."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from commitments.models import Authority, Indicator
from reports.engine.figures import Figure
from reports.ready.reading import figures_of
from reports.wording import verdicts
from reports.wording.words import month_number

from .definitions import group_name, group_place
from .scope import Scope
from .state import DataState, Letterhead, data_state, letterhead


@dataclass(frozen=True)
class Listed:
    """One indicator of the list; ``planned`` is it against the authority that planned it."""

    figure: Figure
    planned: Figure

    @property
    def indicator(self) -> Indicator:
        return self.figure.indicator

    authority: str

    @property
    def elsewhere(self) -> bool:
        """Whether only the other authority has a plan for it."""
        return self.planned is not self.figure

    @property
    def is_partial(self) -> bool:
        """Whether so many reports are missing that a status would mislead."""
        return verdicts.is_partial(self.figure)

    @property
    def authority_name(self) -> str:
        """Whose plan it is, where it is the other authority's."""
        return Authority(self.authority).label


@dataclass(frozen=True)
class IndexPage:
    """Every indicator the unit has to do with, under the headings of the catalogue."""

    scope: Scope
    letterhead: Letterhead
    state: DataState | None
    groups: tuple[tuple[str, tuple[Listed, ...]], ...]

    @property
    def headline(self) -> str:
        if not self.groups:
            return _("%(unit)s: no indicators in %(month)s") % {
                "unit": self.scope.unit.full_name,
                "month": month_number(self.scope.month),
            }
        figures = [row.figure for _title, rows in self.groups for row in rows]
        return verdicts.unit_verdict(self.scope.unit.full_name, figures, signed=False)


def index_page(scope: Scope) -> IndexPage:
    """All indicators of the month, grouped, with value, part of the plan and status."""
    if not scope.in_force:
        return IndexPage(scope, letterhead(scope), None, ())
    figures = figures_of(
        units=[scope.unit],
        month=scope.month,
        indicators=scope.ground.valid_in(scope.month),
        **scope.asked,
    )
    known = [figure for figure in figures if figure.achieved is not None or figure.expected]
    other = Authority.VSS if scope.authority == Authority.PPC else Authority.PPC
    elsewhere = _elsewhere(scope, [figure for figure in known if figure.target is None], other)
    groups: dict[str, list[Listed]] = {}
    for figure in sorted(known, key=lambda figure: group_place(figure.indicator)):
        row = Listed(figure, elsewhere.get(figure.indicator.pk, figure), other)
        groups.setdefault(group_name(figure.indicator), []).append(row)
    return IndexPage(
        scope=scope,
        letterhead=letterhead(scope),
        state=data_state(scope),
        groups=tuple((title, tuple(rows)) for title, rows in groups.items()),
    )


def _elsewhere(scope: Scope, unplanned: Sequence[Figure], other: str) -> dict[int, Figure]:
    """Of figures without a plan, those the ``other`` authority has one for."""
    figures = figures_of(
        units=[scope.unit],
        month=scope.month,
        indicators=[figure.indicator for figure in unplanned],
        **(scope.asked | {"authority": other}),
    )
    return {figure.indicator.pk: figure for figure in figures if figure.target is not None}
