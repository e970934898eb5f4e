"""Preparing papers for signing, and withdrawing one that must not be signed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.chain.links import begin_chain, head_of
from commitments.models import Authority, Commitment, Operator, Paper, PaperWithdrawal, Target
from commitments.papers.content import (
    Content,
    PaperCommittee,
    PaperDecision,
    PaperLine,
    PaperUnit,
    Party,
    content_digest,
    new_code,
)
from commitments.rules import Fault, Refused
from districts.models import Unit
from districts.months import Month
from districts.versions import Touches, raise_versions
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor, as_user
from steering.committee import access
from steering.committee.models import Committee
from steering.committee.roles import Permission

Key = tuple[int, int]
"""A unit and an indicator, by their keys."""


@dataclass(frozen=True)
class Prepared:
    """What preparing did: new papers, units whose paper says the same already, units without."""

    papers: tuple[Paper, ...]
    unchanged: tuple[Unit, ...]
    without_targets: tuple[Unit, ...]


@transaction.atomic
def prepare_papers(
    *,
    committee: Committee,
    year: int,
    actor: Actor,
    on: date,
    units: Collection[Unit] | None = None,
    results: Mapping[Key, int] | None = None,
    committed: Mapping[Key, int] | None = None,
    why: str = "",
) -> Prepared:
    """Prepare, in one step, the commitments of all units that sign with ``committee`` for a year.

    Each line is a target of the People's Committee that counts on ``counting_day``; ``results`` are
    last year's (scaled), ``committed`` what a unit promises beyond what it was assigned: where
    nothing is given, what it promised beyond it before, as long as that is not below the target. A
    unit whose paper says the same already keeps it and its code. A paper that waits to replace what
    was signed is withdrawn if that holds again. Raises Refused for a promise below the target.
    """
    access.require(actor, Permission.RECORD_COMMITMENTS, committee.unit, on)
    Committee.objects.select_for_update().get(pk=committee.pk)
    begin_chain(committee)
    below = list(Unit.objects.children_of(committee.unit, Month.containing(on)))
    chosen = below if units is None else [unit for unit in below if unit in units]
    _refuse_others(committee, units or (), below)
    writing = _Writing(committee, year, on, chosen, results or {}, committed or {})
    papers, unchanged, without, needless = [], [], [], []
    for unit in chosen:
        content = writing.content(unit)
        if not content.lines:
            without.append(unit)
        elif writing.is_signed(unit, content):
            unchanged.append(unit)
            needless += [paper for paper in (writing.waiting.get(unit.pk),) if paper]
        elif writing.is_waiting(unit, content):
            unchanged.append(unit)
        else:
            papers.append(writing.paper(unit, content, actor, why))
    Paper.objects.bulk_create(papers)
    for paper in papers:
        write_journal(
            actor=actor,
            action="paper.prepared",
            subject=paper,
            after={"digest": paper.content_digest, "committee": committee.pk},
            why=why,
        )
    for paper in needless:
        _withdraw(paper, _("What was signed before holds again."), actor)
    raise_versions((paper.unit_id for paper in papers), Touches.NONE)
    return Prepared(tuple(papers), tuple(unchanged), tuple(without))


@transaction.atomic
def withdraw_paper(*, paper: Paper, why: str, actor: Actor, on: date) -> PaperWithdrawal:
    """Say that a paper must not be signed any more. Raises Refused if it is signed already."""
    access.require(actor, Permission.RECORD_COMMITMENTS, paper.committee.unit, on)
    Committee.objects.select_for_update().get(pk=paper.committee_id)
    if not why.strip():
        raise Refused.because("reason_needed", _("Say why this paper must not be signed."))
    if not Paper.objects.waiting().filter(pk=paper.pk).exists():
        message = _("This paper is signed, replaced or withdrawn already.")
        raise Refused.because("not_waiting", message)
    return _withdraw(paper, why.strip(), actor)


def _withdraw(paper: Paper, why: str, actor: Actor) -> PaperWithdrawal:
    withdrawal = PaperWithdrawal.objects.create(paper=paper, by=as_user(actor), why=why[:300])
    write_journal(actor=actor, action="paper.withdrawn", subject=paper, why=why)
    raise_versions([paper.unit_id], Touches.NONE)
    return withdrawal


def counting_day(year: int, on: date) -> date:
    """The day whose targets of ``year`` are promised: ``on``, or the day of the year next to it.

    What is prepared in December for the year to come rests on what counts on its first day.
    """
    return min(max(on, date(year, 1, 1)), date(year, 12, 31))


class _Writing:
    """The papers of some units for a year, read in a few queries."""

    def __init__(
        self,
        committee: Committee,
        year: int,
        on: date,
        units: Sequence[Unit],
        results: Mapping[Key, int],
        committed: Mapping[Key, int],
    ):
        self.committee, self.year, self.on = committee, year, on
        self.results, self.committed = results, committed
        self.head = head_of(committee)
        self.targets = _targets_of(units, year, counting_day(year, on))
        self.versions: dict[int, int] = defaultdict(int)
        self.signed: dict[int, Commitment] = {}
        earlier = Commitment.objects.filter(unit__in=units, year=year).with_state()
        for commitment in earlier.select_related("paper").order_by("version"):
            self.versions[commitment.unit_id] = commitment.version
            self.signed[commitment.unit_id] = commitment
        waiting = Paper.objects.waiting().filter(unit__in=units, year=year)
        self.waiting = {paper.unit_id: paper for paper in waiting}
        self.contents = {
            paper.pk: Content.from_text(paper.content)
            for paper in (*self.waiting.values(), *(one.paper for one in self.signed.values()))
            if paper
        }

    def content(self, unit: Unit) -> Content:
        targets = self.targets.get(unit.pk, [])
        raised = self._raised(unit)
        decisions = {target.decision_id: target.decision for target in targets}
        return Content(
            unit=PaperUnit(unit.code, unit.established_on.isoformat(), unit.full_name),
            year=self.year,
            version=self.versions[unit.pk] + 1,
            committee=PaperCommittee(self.committee.unit.code, self.committee.name),
            decisions=tuple(
                PaperDecision(one.number, one.issued_on.isoformat(), one.issuer, one.kind)
                for one in sorted(decisions.values(), key=lambda one: (one.issued_on, one.pk))
            ),
            assigning=_party(self.committee.unit),
            receiving=_party(unit),
            lines=tuple(
                self._line(position, unit, target, raised)
                for position, target in enumerate(targets, 1)
            ),
        )

    def _raised(self, unit: Unit) -> dict[str, int]:
        """What the unit promised beyond its targets: on the paper that waits, else signed last."""
        paper = self.waiting.get(unit.pk) or (
            self.signed[unit.pk].paper if unit.pk in self.signed else None
        )
        lines = self.contents[paper.pk].lines if paper else ()
        return {line.indicator: line.committed for line in lines if line.committed != line.assigned}

    def _line(
        self, position: int, unit: Unit, target: Target, raised: Mapping[str, int]
    ) -> PaperLine:
        indicator, key = target.indicator, (unit.pk, target.indicator_id)
        before = raised.get(indicator.code, target.value)
        if is_below(target.operator, before, target.value):
            before = target.value
        value = self.committed.get(key, before)
        if is_below(target.operator, value, target.value):
            message = _("%(unit)s signs for less than it was assigned; a commitment may only add.")
            fault = Fault(
                "below_assigned",
                message % {"unit": unit.full_name},
                column=indicator.code,
                read=str(value),
                expected=str(target.value),
            )
            raise Refused([fault])
        return PaperLine(
            position=position,
            indicator=indicator.code,
            name_vi=indicator.name_vi,
            name_en=indicator.name_en,
            measure=indicator.unit_of_measure,
            decimals=indicator.decimals,
            operator=target.operator,
            last_year=self.results.get(key),
            assigned=target.value,
            committed=value,
            deadline=str(target.deadline),
        )

    def is_waiting(self, unit: Unit, content: Content) -> bool:
        """Whether the paper that waits says just this."""
        paper = self.waiting.get(unit.pk)
        return paper is not None and self.contents[paper.pk] == content

    def is_signed(self, unit: Unit, content: Content) -> bool:
        """Whether what was signed last stands and promises just this.

        Names and last year's results may have been corrected since: no reason to sign anew.
        """
        signed = self.signed.get(unit.pk)
        if signed is None or signed.state not in ("signed", "resumed") or signed.paper is None:
            return False
        return _promise(self.contents[signed.paper_id]) == _promise(content)

    def paper(self, unit: Unit, content: Content, actor: Actor, why: str) -> Paper:
        text = content.as_text()
        return Paper(
            committee=self.committee,
            unit=unit,
            year=self.year,
            version=content.version,
            code=new_code(),
            content=text,
            content_digest=content_digest(text),
            chain_number=self.head.number,
            chain_head=self.head.digest,
            prepared_on=self.on,
            by=as_user(actor),
            why=why.strip()[:300],
        )


def is_below(operator: str, value: int, assigned: int | None) -> bool:
    """Whether ``value`` promises less than ``assigned``: more, where at most is asked."""
    if assigned is None:
        return False
    return value > assigned if operator == Operator.AT_MOST else value < assigned


def _promise(content: Content) -> tuple:
    """What is promised, on what ground: all that makes signing anew needful."""
    return content.decisions, tuple(
        (line.indicator, line.operator, line.decimals, line.assigned, line.committed, line.deadline)
        for line in content.lines
    )


def _targets_of(units: Iterable[Unit], year: int, on: date) -> dict[int, list[Target]]:
    """The targets of each unit that count on the day, in the order of the catalogue."""
    counting: dict[Key, Target] = {}
    for target in (
        Target.objects.in_force(year=year, on=on, authority=Authority.PPC)
        .filter(unit__in=units)
        .select_related("indicator", "decision")
    ):
        counting[target.unit_id, target.indicator_id] = target
    found = defaultdict(list)
    for target in sorted(counting.values(), key=lambda one: one.indicator.position):
        found[target.unit_id].append(target)
    return found


def _party(unit: Unit) -> Party:
    """The head of a unit as a side of the commitment; its post in Vietnamese, as on paper."""
    name = unit.full_name[:1].lower() + unit.full_name[1:]
    return Party(post=f"Chủ tịch UBND {name}", unit_name=unit.full_name)


def _refuse_others(committee: Committee, units: Collection[Unit], below: Sequence[Unit]) -> None:
    faults = [
        Fault(
            "not_in_committee",
            _("%(unit)s does not sign with %(committee)s on that day.")
            % {"unit": unit.full_name, "committee": committee.name},
            read=unit.code,
        )
        for unit in units
        if unit not in below
    ]
    if faults:
        raise Refused(faults)
