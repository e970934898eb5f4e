"""The paper itself, and what stands beside it: progress, history, signature, who carries it on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse
from django.utils import translation

from commitments.models import Commitment, CommitmentEvent, Indicator, Link, Paper, PaperState
from commitments.papers.content import Content, PaperLine, shown_code
from commitments.succession.carrying import Carrier, carried_by
from districts.models import Unit
from districts.months import Month
from reports.documents.commitment import commitment as commitment_document
from reports.documents.promised import Promised, promised_in, recorded_in
from reports.documents.setting import form
from reports.documents.setting.document import Block
from reports.documents.setting.document import Line as SetLine
from reports.engine.figures import Figure
from reports.pages.scope import latest_month
from reports.ready.reading import figures_of
from steering.committee.models import Committee, Membership

from .recorded import content_of, state_of


@dataclass(frozen=True)
class Line:
    """A line as it is promised, beside what is reached of it."""

    promised: PaperLine
    indicator: Indicator
    figure: Figure | None


@dataclass(frozen=True)
class Sheet:
    """The document for a page: the lines of its head, then its blocks, each with its kind."""

    agencies: Sequence[SetLine]
    state: Sequence[SetLine]
    number: Sequence[SetLine]
    place: Sequence[SetLine]
    blocks: Sequence[tuple[str, Block]]


@dataclass(frozen=True)
class Version:
    """One paper, or one commitment recorded without, among all of a unit and year."""

    number: int
    day: date
    state: PaperState
    why: str
    address: str


@dataclass(frozen=True)
class PaperPage:
    """A commitment with its state on ``on``. ``month`` is that of the progress.

    ``promised`` is what the printed document says: the page sets the same one.
    ``paper`` is None for one recorded as signed without a paper, ``commitment`` before signing.
    """

    paper: Paper | None
    commitment: Commitment | None
    promised: Promised
    unit: Unit
    committee: Committee
    content: Content
    state: PaperState
    lines: tuple[Line, ...]
    month: Month
    on: date

    @property
    def code(self) -> str:
        return shown_code(self.paper.code) if self.paper else ""

    @cached_property
    def sheet(self) -> Sheet:
        """The document as it is printed, in Vietnamese whoever reads."""
        with translation.override("vi"):
            document = commitment_document(self.promised)
            return Sheet(*form.head_lines(document.head), _named(document.blocks))

    @property
    def address(self) -> str:
        return address_of(self.paper or self.commitment)

    @property
    def is_waiting(self) -> bool:
        return self.state == PaperState.PREPARED

    @property
    def may_be_printed(self) -> bool:
        """What was replaced or withdrawn is not printed any more: somebody might sign it."""
        return self.state not in (PaperState.REPLACED, PaperState.WITHDRAWN)

    @property
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
    def ended_on(self) -> date | None:
        """The day from which it does not hold any more."""
        if self.state not in (PaperState.SUPERSEDED, PaperState.ENDED):
            return None
        return CommitmentEvent.objects.filter(commitment=self.commitment).last().on

    @cached_property
    def versions(self) -> list[Version]:
        """Every paper and every commitment of the unit and year, the latest first."""
        of_unit = {"unit": self.unit, "year": self.content.year}
        papers = Paper.objects.filter(**of_unit).with_state().order_by("pk")
        recorded = Commitment.objects.filter(**of_unit, paper=None).with_state().order_by("pk")
        found = [
            *(
                Version(one.version, one.signed_on, state_of(one), one.note, address_of(one))
                for one in recorded
            ),
            *(
                Version(
                    one.version, one.prepared_on, PaperState(one.state), one.why, address_of(one)
                )
                for one in papers
            ),
        ]
        return sorted(found, key=lambda one: one.number)[::-1]

    @cached_property
    def head(self) -> Membership | None:
        """Who heads the unit today, and may sign."""
        return Membership.objects.head_of(self.unit.pk, self.on)

    @cached_property
    def carried_by(self) -> list[Carrier]:
        """Who carries the promise on, where it ended by a reorganisation."""
        return carried_by(self.commitment, self.on) if self.state == PaperState.ENDED else []


def _named(blocks: Sequence[Block]) -> list[tuple[str, Block]]:
    return [(type(block).__name__.lower(), block) for block in blocks]


def address_of(one: Paper | Commitment) -> str:
    """Where a paper is read, or a commitment that was recorded without one."""
    if isinstance(one, Paper):
        return reverse("promises:commitment", args=[one.pk])
    if one.paper_id:
        return reverse("promises:commitment", args=[one.paper_id])
    return reverse("promises:recorded", args=[one.pk])


def paper_page(paper: Paper, on: date) -> PaperPage:
    """The page of a paper that was read ``with_state``."""
    content = Content.from_text(paper.content)
    signed = Commitment.objects.filter(paper=paper).first()
    state = PaperState(paper.state)
    promised = promised_in(paper)
    return _page(paper, signed, promised, paper.unit, paper.committee, content, state, on)


def recorded_page(commitment: Commitment, on: date) -> PaperPage:
    """The page of a commitment without a paper, read ``with_state``."""
    promised = recorded_in(commitment)
    content = content_of(promised)
    unit, committee = commitment.unit, commitment.committee
    return _page(None, commitment, promised, unit, committee, content, state_of(commitment), on)


def _page(
    paper: Paper | None,
    commitment: Commitment | None,
    promised: Promised,
    unit: Unit,
    committee: Committee,
    content: Content,
    state: PaperState,
    on: date,
) -> PaperPage:
    indicators = {one.code: one for one in Indicator.objects.select_related("numerator")}
    month = min(Month.of(content.year, 12), latest_month(unit, on))
    figures = _figures(unit, [indicators[line.indicator] for line in content.lines], month)
    lines = tuple(
        Line(line, indicators[line.indicator], figures.get(line.indicator))
        for line in content.lines
    )
    return PaperPage(paper, commitment, promised, unit, committee, content, state, lines, month, on)


def _figures(unit: Unit, indicators: Sequence[Indicator], month: Month) -> dict[str, Figure]:
    """What is reached, by code; nothing while the unit does not stand in the month."""
    if not unit.since <= month < unit.until:
        return {}
    figures = figures_of(units=[unit], month=month, indicators=indicators)
    return {figure.indicator.code: figure for figure in figures}
