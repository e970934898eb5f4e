"""What is promised in the demonstration, recorded as it happened: assigned, passed on, signed.

Decisions go through time. The twelve districts sign what the decision of January 2024 assigned to
them; after the reform of July 2025 the communes are assigned what is proposed to them, and most of
their heads have signed.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.promises.papers import prepare_papers
from commitments.actions.promises.signing import NewLine, Signature, sign_commitments
from commitments.actions.targets.decisions import NewTarget, record_decision
from commitments.actions.targets.succeeding import accept_proposals
from commitments.models import Authority, Commitment, Decision, Indicator, Paper
from commitments.papers.content import Content
from districts.models import Tier, Unit
from districts.months import Month
from steering.accounts.actors import Actor
from steering.accounts.faults import Refused
from steering.committee.models import Committee
from steering.demo import words
from steering.demo.people import found, lower_first
from steering.demo.series import REFORM, Series
from steering.demo.targets import DISTRICT, PROVINCE, REASSIGNING, Assignment, PlannedDecision

from .results import Results
from .tasks import give

PREPARED_ON, SIGNED_ON = date(2024, 3, 1), date(2024, 3, 7)
RENEWED_ON, SIGNED_ANEW_ON = date(2025, 7, 10), date(2025, 7, 18)
UNSIGNED = 8
"""How many of the 75 communes have not signed yet."""


class Places(Protocol):
    """The units of the province by the codes that the plain numbers use."""

    unit: Unit
    indicators: Mapping[str, Indicator]
    old: Mapping[str, Unit]
    new: Mapping[str, Unit]
    districts: Mapping[str, Unit]


class Promises:
    """Records decisions and commitments, each once; ``targets`` and ``signed`` count the new."""

    def __init__(
        self,
        places: Places,
        planned: Sequence[PlannedDecision],
        series: Series,
        *,
        actor: Actor,
        on: date,
    ):
        self.places, self.planned, self.series = places, planned, series
        self.given = {"actor": actor, "on": on}
        self.targets = self.signed = 0
        self.recorded: dict[str, Decision] = {}

    @transaction.atomic
    def record(self) -> None:
        """Every decision with its targets, and what the districts signed, in the order of days.

        Raises Refused where an older demonstration was begun, which assigned otherwise.
        """
        committee = found(self.places.unit, **self.given)
        for district in self.places.districts.values():
            found(district, **self.given)
        self._refuse_older()
        those = [plan for plan in self.planned if plan.key != REASSIGNING]
        for plan in those:
            if plan.issued_on <= SIGNED_ON:
                self._decide(plan)
        if not committee.commitments.exists():
            districts = list(self.places.districts.values())
            self._prepare(committee, 2024, districts, PREPARED_ON)
            self._sign(committee, 2024, SIGNED_ON, words.COMMITMENT_NOTE, words.SIGNED_AT)
            self._give(["pass-on"], {"districts": districts})
        for plan in those:
            if plan.issued_on > SIGNED_ON:
                self._decide(plan)

    @transaction.atomic
    def renew(self) -> None:
        """After the reform: what is proposed to the communes is decided, prepared and signed."""
        [plan] = [plan for plan in self.planned if plan.key == REASSIGNING]
        if self.places.unit.decisions.filter(number=plan.number).exists():
            return
        committee = found(self.places.unit, **self.given)
        outcome = accept_proposals(
            province=self.places.unit,
            day=REFORM.first_day,
            number=plan.number,
            issued_on=plan.issued_on,
            issuer=plan.issuer,
            signer_post=plan.signer_post,
            note=plan.note,
            **self.given,
        )
        self.targets += outcome.created
        communes = sorted(self.places.new.values(), key=lambda unit: unit.code)
        self._prepare(committee, plan.year, communes, RENEWED_ON)
        unsigned = communes[:: len(communes) // UNSIGNED][:UNSIGNED]
        self._sign(
            committee, plan.year, SIGNED_ANEW_ON, words.NEW_COMMITMENT_NOTE, "", without=unsigned
        )
        self.recorded[plan.key] = outcome.decision
        self._give(["sign", "convention", "pupils"], {"unsigned": unsigned})

    def _give(self, keys: Collection[str], units: Mapping[str, Collection[Unit]]) -> None:
        give(keys, units=units, decisions=self.recorded, actor=self.given["actor"])

    # --- decisions -------------------------------------------------------------------------------

    def _refuse_older(self) -> None:
        """An older demonstration assigned to the communes by the province's own decision."""
        yearly = {plan.number for plan in self.planned if plan.passed_on}
        older = self.places.unit.decisions.filter(
            number__in=yearly, targets__unit__tier=Tier.COMMUNE
        )
        if older.exists():
            message = _(
                "An older demonstration was begun here, and stays as it is. Load this one into an "
                "empty database."
            )
            raise Refused.because("older_demonstration", message, read=older[0].number)

    def _decide(self, plan: PlannedDecision) -> None:
        unit = self.places.districts[plan.district] if plan.district else self.places.unit
        name = f"UBND {lower_first(unit.full_name)}"
        outcome = record_decision(
            unit=unit,
            authority=plan.authority,
            number=plan.number,
            year=plan.year,
            issued_on=plan.issued_on,
            effective_on=plan.effective_on,
            amends=self.recorded.get(plan.amends),
            passes_on=self.recorded.get(plan.passes_on),
            issuer=name if plan.district else plan.issuer,
            signer_post=f"Chủ tịch {name}" if plan.district else plan.signer_post,
            note=plan.note,
            targets=[self._target(plan, assignment) for assignment in plan.assignments],
            **self.given,
        )
        self.recorded[plan.key] = outcome.decision
        self.targets += outcome.created

    def _target(self, plan: PlannedDecision, assignment: Assignment) -> NewTarget:
        indicator = self.places.indicators[assignment.indicator]
        return NewTarget(
            unit_id=self._assigned(assignment).pk,
            indicator_id=indicator.pk,
            operator=assignment.operator,
            value=int(assignment.value * indicator.scale),
            deadline=assignment.deadline,
            path=[(month, value * indicator.scale) for month, value in assignment.path],
        )

    def _assigned(self, assignment: Assignment) -> Unit:
        if assignment.tier == PROVINCE:
            return self.places.unit
        if assignment.tier == DISTRICT:
            return self.places.districts[assignment.code]
        return self.places.old[assignment.code]

    # --- commitments -----------------------------------------------------------------------------

    def _prepare(self, committee: Committee, year: int, units: Sequence[Unit], day: date) -> None:
        results = Results(self.series, Month.of(year, 1).last_december)
        assigned = {
            assignment.indicator
            for plan in self.planned
            if (plan.year, plan.authority) == (year, Authority.PPC) and plan.district
            for assignment in plan.assignments
        }
        prepare_papers(
            committee=committee,
            year=year,
            units=units,
            results={
                (unit.pk, self.places.indicators[code].pk): results.of(
                    unit.code, self.places.indicators[code]
                )
                for unit in units
                for code in assigned
            },
            actor=self.given["actor"],
            on=day,
        )

    def _sign(
        self,
        committee: Committee,
        year: int,
        day: date,
        note: str,
        place: str,
        without: Collection[Unit] = (),
    ) -> list[Commitment]:
        papers = Paper.objects.waiting().filter(committee=committee, year=year)
        signed = sign_commitments(
            committee=committee,
            year=year,
            signed_on=day,
            signatures=[
                self._signature(paper, note, place)
                for paper in papers.exclude(unit__in=without).select_related("unit").order_by("pk")
            ],
            **self.given,
        )
        self.signed += len(signed)
        return signed

    def _signature(self, paper: Paper, note: str, place: str) -> Signature:
        content = Content.from_text(paper.content)
        return Signature(
            unit=paper.unit,
            lines=[
                NewLine(
                    indicator_id=self.places.indicators[line.indicator].pk,
                    operator=line.operator,
                    assigned=line.assigned,
                    value=line.committed,
                    last_year=line.last_year,
                )
                for line in content.lines
            ],
            signer_post=content.receiving.post,
            receiver_post=content.assigning.post,
            place=place,
            note=note,
            paper=paper,
        )
