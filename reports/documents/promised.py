"""What the document of a commitment is told: the frozen paper and who signed it.

Of a commitment recorded before there were papers, its rows. Nothing of a paper is read from
anywhere but its content: what was prepared is what is printed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from commitments.models import (
    Authority,
    Commitment,
    CommitmentEvent,
    CommitmentLine,
    Decision,
    Paper,
    PaperState,
)
from commitments.models.commitments import CommitmentQuerySet
from commitments.models.papers import PaperQuerySet
from commitments.papers.content import Content, PaperDecision, PaperLine
from districts.models import Unit
from steering.committee.letterheads import letterhead_of
from steering.committee.models import Committee, Letterhead

_STATES = {
    CommitmentEvent.What.SUPERSEDED: PaperState.SUPERSEDED,
    CommitmentEvent.What.ENDED: PaperState.ENDED,
}
"""What a commitment without a paper is worth by what happened to it last."""
VERIFICATION = "/verify/{code}/"
"""Where the page of verification of a code lies below the address of the site."""


@dataclass(frozen=True)
class Side:
    """One side: the post that signs, of which unit. ``name`` is empty until it is signed."""

    post: str
    unit_name: str
    name: str = ""


@dataclass(frozen=True)
class Signed:
    """That it was signed: when, where, by which way ("" as recorded from paper)."""

    on: date
    place: str
    way: str


@dataclass(frozen=True)
class Printed:
    """The paper's code, digests and the address that its QR code leads to."""

    code: str
    digest: str
    chain_number: int
    chain_head: str
    prepared_on: date

    @property
    def address(self) -> str:
        return settings.SITE_URL + VERIFICATION.format(code=self.code)


@dataclass(frozen=True)
class Promised:
    """One commitment as it is printed. ``printed`` is None where there was no paper."""

    unit_code: str
    unit_name: str
    year: int
    version: int
    assigning: Side
    receiving: Side
    decisions: tuple[PaperDecision, ...]
    lines: tuple[PaperLine, ...]
    letterhead: Letterhead
    printed: Printed | None
    signed: Signed | None
    state: str
    dated: date


def promised_by(unit: Unit, year: int) -> list[Promised]:
    """The unit's own commitment of the year, the newest; empty where there is none."""
    return _promised(
        Paper.objects.filter(unit=unit, year=year), Commitment.objects.filter(unit=unit, year=year)
    )


def promised_to(unit: Unit, year: int) -> list[Promised]:
    """The newest commitment of each unit with the committee of ``unit``, in order of codes."""
    committee = Committee.objects.filter(unit=unit).first()
    if committee is None:
        return []
    return _promised(
        Paper.objects.filter(committee=committee, year=year),
        Commitment.objects.filter(committee=committee, year=year),
    )


def promised_in(paper: Paper) -> Promised:
    """What a paper says, who signed it, and what became of it."""
    found = Paper.objects.with_state().select_related("committee__unit", "commitment")
    paper = found.get(pk=paper.pk)
    return of_paper(paper, _commitment(paper), letterhead_of(paper.committee.unit))


def recorded_in(commitment: Commitment) -> Promised:
    """What a commitment says that was recorded as signed, without a paper."""
    (found,) = _promised(Paper.objects.none(), Commitment.objects.filter(pk=commitment.pk))
    return found


def _promised(papers: PaperQuerySet, commitments: CommitmentQuerySet) -> list[Promised]:
    """Of each unit the newest: a paper not withdrawn, else what was signed without one."""
    newest: dict[int, Paper | Commitment] = {}
    without = commitments.filter(paper=None).with_state().select_related("committee__unit", "unit")
    for commitment in without.prefetch_related("lines__indicator").order_by("version"):
        newest[commitment.unit_id] = commitment
    prepared = papers.with_state().filter(withdrawal=None)
    for paper in prepared.select_related("committee__unit", "unit", "commitment").order_by("pk"):
        last = newest.get(paper.unit_id)
        if last is None or isinstance(last, Paper) or paper.version > last.version:
            newest[paper.unit_id] = paper
    ordered = sorted(newest.values(), key=lambda one: (one.unit.code, one.unit.pk))
    units = {one.committee_id: one.committee.unit for one in ordered}
    heads = {committee: letterhead_of(unit) for committee, unit in units.items()}
    cited = _cited([one for one in ordered if isinstance(one, Commitment)])
    return [
        of_paper(one, _commitment(one), heads[one.committee_id])
        if isinstance(one, Paper)
        else _of_rows(one, heads[one.committee_id], cited[one.pk])
        for one in ordered
    ]


def _commitment(paper: Paper) -> Commitment | None:
    """What was signed on it, if it was."""
    return getattr(paper, "commitment", None)


def of_paper(paper: Paper, commitment: Commitment | None, letterhead: Letterhead) -> Promised:
    content = Content.from_text(paper.content)
    receiver, signer = (
        (commitment.receiver_name, commitment.signer_name) if commitment is not None else ("", "")
    )
    return Promised(
        unit_code=content.unit.code,
        unit_name=content.unit.name,
        year=content.year,
        version=content.version,
        assigning=Side(content.assigning.post, content.assigning.unit_name, receiver),
        receiving=Side(content.receiving.post, content.receiving.unit_name, signer),
        decisions=content.decisions,
        lines=content.lines,
        letterhead=letterhead,
        printed=Printed(
            code=paper.code,
            digest=paper.content_digest,
            chain_number=paper.chain_number,
            chain_head=paper.chain_head,
            prepared_on=paper.prepared_on,
        ),
        signed=_signed(commitment),
        state=paper.state,
        dated=commitment.signed_on if commitment is not None else paper.prepared_on,
    )


def _of_rows(
    commitment: Commitment, letterhead: Letterhead, cited: Iterable[PaperDecision]
) -> Promised:
    return Promised(
        unit_code=commitment.unit.code,
        unit_name=commitment.unit_name,
        year=commitment.year,
        version=commitment.version,
        assigning=Side(
            commitment.receiver_post, commitment.committee.unit.full_name, commitment.receiver_name
        ),
        receiving=Side(commitment.signer_post, commitment.unit_name, commitment.signer_name),
        decisions=tuple(cited),
        lines=tuple(map(_line, commitment.lines.all())),
        letterhead=letterhead,
        printed=None,
        signed=_signed(commitment),
        state=_STATES.get(commitment.state, PaperState.SIGNED),
        dated=commitment.signed_on,
    )


def _line(line: CommitmentLine) -> PaperLine:
    indicator = line.indicator
    return PaperLine(
        position=line.position,
        indicator=indicator.code,
        name_vi=indicator.name_vi,
        name_en=indicator.name_en,
        measure=indicator.unit_of_measure,
        decimals=indicator.decimals,
        operator=line.operator,
        last_year=line.last_year,
        assigned=line.assigned,
        committed=line.value,
        deadline="",
    )


def _signed(commitment: Commitment | None) -> Signed | None:
    if commitment is None:
        return None
    return Signed(commitment.signed_on, commitment.place, commitment.way)


def _cited(commitments: list[Commitment]) -> dict[int, tuple[PaperDecision, ...]]:
    """The decisions that had assigned targets to the unit by the day it signed, in order."""
    found: dict[int, tuple[PaperDecision, ...]] = {}
    units = {one.unit_id for one in commitments}
    rows = list(
        Decision.objects.filter(targets__unit__in=units, withdrawn_on=None)
        .order_by("issued_on", "pk")
        .values_list("targets__unit", "year", "kind", "number", "issued_on", "issuer", "authority")
        .distinct()
    )
    for one in commitments:
        found[one.pk] = tuple(
            PaperDecision(number, issued_on.isoformat(), issuer, kind)
            for unit, year, kind, number, issued_on, issuer, authority in rows
            if unit == one.unit_id
            and year == one.year
            and issued_on <= one.signed_on
            and authority == Authority.PPC
        )
    return found
