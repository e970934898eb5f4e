"""What the document of a commitment is told: the frozen paper and who signed it.

Of a commitment recorded before there were papers, its rows. Nothing of a paper is read from
anywhere but its content: what was prepared is what is printed.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from commitments.models import (
    Commitment,
    CommitmentEvent,
    CommitmentLine,
    Decision,
    Paper,
)
from districts.models import Unit
from steering.committee.letterheads import letterhead_of
from steering.committee.models import Committee, Letterhead

VERIFICATION = "/verify/{code}/"
"""Where the page of verification of a code lies below the address of the site."""


@dataclass(frozen=True)
class Cited:
    """A decision as a paper names it."""

    kind: str
    number: str
    issued_on: date
    issuer: str


@dataclass(frozen=True)
class Party:
    """One side: the post that signs, of which unit. ``name`` is empty until it is signed."""

    post: str
    unit_name: str
    name: str = ""


@dataclass(frozen=True)
class PromisedLine:
    """One figure, scaled by ``decimals``."""

    indicator: str
    name_vi: str
    name_en: str
    measure: str
    decimals: int
    operator: str
    last_year: int | None
    assigned: int | None
    committed: int


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
    assigning: Party
    receiving: Party
    decisions: tuple[Cited, ...]
    lines: tuple[PromisedLine, ...]
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
    """What a paper says, and who signed it."""
    signed = Commitment.objects.with_state().filter(paper=paper).first()
    return of_paper(paper, signed, letterhead_of(paper.committee.unit))


def recorded_in(commitment: Commitment) -> Promised:
    """What a commitment says that was recorded as signed, without a paper."""
    (found,) = _promised(Paper.objects.none(), Commitment.objects.filter(pk=commitment.pk))
    return found


def _promised(papers, commitments) -> list[Promised]:
    """Of each unit the newest: the paper not withdrawn, else what was signed without one."""
    newest: dict[int, Paper | Commitment] = {}
    signed = commitments.with_state().select_related("committee__unit", "unit", "paper")
    for commitment in signed.prefetch_related("lines__indicator").order_by("version"):
        newest[commitment.unit_id] = commitment
    of_paper = {one.paper_id: one for one in newest.values() if one.paper_id}
    waiting = papers.filter(withdrawal=None).select_related("committee__unit", "unit")
    for paper in waiting.order_by("version", "pk"):
        last = newest.get(paper.unit_id)
        if paper.pk not in of_paper and (last is None or paper.version > last.version):
            newest[paper.unit_id] = paper
    ordered = sorted(newest.values(), key=lambda one: (one.unit.code, one.unit.pk))
    heads: dict[int, Letterhead] = {}
    for one in ordered:
        if one.committee_id not in heads:
            heads[one.committee_id] = letterhead_of(one.committee.unit)
    cited = _cited([one for one in ordered if isinstance(one, Commitment) and not one.paper_id])
    return [_told(one, heads[one.committee_id], cited.get(_key(one), ())) for one in ordered]


def _key(one: Paper | Commitment) -> int | None:
    return one.pk if isinstance(one, Commitment) else None


def _told(one: Paper | Commitment, letterhead: Letterhead, cited: Iterable[Cited]) -> Promised:
    if isinstance(one, Paper):
        return of_paper(one, None, letterhead)
    if one.paper_id:
        return of_paper(one.paper, one, letterhead)
    return _of_rows(one, letterhead, cited)


def of_paper(paper: Paper, commitment: Commitment | None, letterhead: Letterhead) -> Promised:
    content = json.loads(paper.content)
    parties = content["parties"]
    names = (
        (commitment.receiver_name, commitment.signer_name) if commitment is not None else ("", "")
    )
    assigning, receiving = (
        Party(parties[side]["post"], parties[side]["unit_name"], name)
        for side, name in zip(("assigning", "receiving"), names, strict=True)
    )
    return Promised(
        unit_code=content["unit"]["code"],
        unit_name=content["unit"]["name"],
        year=content["year"],
        version=content["version"],
        assigning=assigning,
        receiving=receiving,
        decisions=tuple(
            Cited(one["kind"], one["number"], date.fromisoformat(one["issued_on"]), one["issuer"])
            for one in content["decisions"]
        ),
        lines=tuple(
            PromisedLine(**{name: line.get(name) for name in PromisedLine.__dataclass_fields__})
            for line in content["lines"]
        ),
        letterhead=letterhead,
        printed=Printed(
            code=paper.code,
            digest=paper.content_digest,
            chain_number=paper.chain_number,
            chain_head=paper.chain_head,
            prepared_on=paper.prepared_on,
        ),
        signed=_signed(commitment),
        state=commitment.state if commitment is not None else "prepared",
        dated=commitment.signed_on if commitment is not None else paper.prepared_on,
    )


def _of_rows(commitment: Commitment, letterhead: Letterhead, cited: Iterable[Cited]) -> Promised:
    return Promised(
        unit_code=commitment.unit.code,
        unit_name=commitment.unit_name,
        year=commitment.year,
        version=commitment.version,
        assigning=Party(
            commitment.receiver_post, commitment.committee.unit.full_name, commitment.receiver_name
        ),
        receiving=Party(commitment.signer_post, commitment.unit_name, commitment.signer_name),
        decisions=tuple(cited),
        lines=tuple(map(_line, commitment.lines.all())),
        letterhead=letterhead,
        printed=None,
        signed=_signed(commitment),
        state=commitment.state,
        dated=commitment.signed_on,
    )


def _line(line: CommitmentLine) -> PromisedLine:
    indicator = line.indicator
    return PromisedLine(
        indicator=indicator.code,
        name_vi=indicator.name_vi,
        name_en=indicator.name_en,
        measure=indicator.unit_of_measure,
        decimals=indicator.decimals,
        operator=line.operator,
        last_year=line.last_year,
        assigned=line.assigned,
        committed=line.value,
    )


def _signed(commitment: Commitment | None) -> Signed | None:
    if commitment is None:
        return None
    return Signed(commitment.signed_on, commitment.place, commitment.way)


def _cited(commitments: list[Commitment]) -> dict[int, tuple[Cited, ...]]:
    """The decisions that had assigned targets to the unit by the day it signed, in order."""
    found: dict[int, tuple[Cited, ...]] = {}
    units = {one.unit_id for one in commitments}
    rows = list(
        Decision.objects.filter(targets__unit__in=units, withdrawn_on=None)
        .order_by("issued_on", "pk")
        .values_list("targets__unit", "year", "kind", "number", "issued_on", "issuer", "authority")
        .distinct()
    )
    for one in commitments:
        found[one.pk] = tuple(
            Cited(kind, number, issued_on, issuer)
            for unit, year, kind, number, issued_on, issuer, authority in rows
            if unit == one.unit_id
            and year == one.year
            and issued_on <= one.signed_on
            and authority == "ppc"
        )
    return found


def is_ended(found: Promised) -> bool:
    """Whether it no longer holds: superseded, or ended by a reorganisation."""
    return found.state in (CommitmentEvent.What.SUPERSEDED, CommitmentEvent.What.ENDED)
