"""The paper itself, and what stands beside it: progress, history, signature, who carries it on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from commitments.models import Commitment, Indicator, Link, Paper, PaperState
from commitments.papers.content import Content, PaperLine, shown_code
from districts.models import Succession, Unit
from districts.months import Month
from reports.engine.figures import Figure, figures_of
from reports.pages.scope import latest_month
from steering.committee.models import Membership


@dataclass(frozen=True)
class Line:
    """A line as it is promised, beside what is reached of it."""

    promised: PaperLine
    indicator: Indicator
    figure: Figure | None


@dataclass(frozen=True)
class PaperPage:
    """A paper with its state on ``on``. ``month`` is that of the progress."""

    paper: Paper
    content: Content
    lines: tuple[Line, ...]
    month: Month
    on: date

    @property
    def state(self) -> PaperState:
        return PaperState(self.paper.state)

    @property
    def code(self) -> str:
        return shown_code(self.paper.code)

    @property
    def is_waiting(self) -> bool:
        return self.state == PaperState.PREPARED

    @cached_property
    def commitment(self) -> Commitment | None:
        return Commitment.objects.filter(paper=self.paper).first()

    @cached_property
    def signatures(self) -> list[dict]:
        """What was read from the certificates of a digitally signed PDF."""
        certificate = (self.commitment and self.commitment.certificate) or {}
        return certificate.get("signatures", [])

    @cached_property
    def link(self) -> Link | None:
        """The link of the chain written at signing."""
        if self.commitment is None:
            return None
        return Link.objects.filter(kind=Link.Kind.COMMITMENT, subject=self.commitment.pk).first()

    @cached_property
    def versions(self) -> list[Paper]:
        """Every paper of the unit and year, the latest first."""
        papers = Paper.objects.filter(unit=self.paper.unit_id, year=self.paper.year)
        return list(papers.with_state().select_related("commitment").order_by("-pk"))

    @cached_property
    def head(self) -> Membership | None:
        """Who heads the unit today, and may sign."""
        return Membership.objects.head_of(self.paper.unit_id, self.on)

    @cached_property
    def carried_by(self) -> list[Unit]:
        """Who carries the promise on, where the unit has ended."""
        if self.paper.unit.abolished_on is None:
            return []
        heirs = Succession.objects.applied_on(self.on).filter(predecessor=self.paper.unit_id)
        return list(Unit.objects.filter(pk__in=heirs.values("successor")).order_by("code"))


def paper_page(paper: Paper, on: date) -> PaperPage:
    content = Content.from_text(paper.content)
    indicators = {one.code: one for one in Indicator.objects.select_related("numerator")}
    month = min(Month.of(paper.year, 12), latest_month(paper.unit, on))
    figures = _figures(paper.unit, [indicators[line.indicator] for line in content.lines], month)
    return PaperPage(
        paper=paper,
        content=content,
        lines=tuple(
            Line(line, indicators[line.indicator], figures.get(line.indicator))
            for line in content.lines
        ),
        month=month,
        on=on,
    )


def _figures(unit: Unit, indicators: Sequence[Indicator], month: Month) -> dict[str, Figure]:
    """What is reached, by code; nothing while the unit does not stand in the month."""
    if not unit.since <= month < unit.until:
        return {}
    figures = figures_of(units=[unit], month=month, indicators=indicators)
    return {figure.indicator.code: figure for figure in figures}
