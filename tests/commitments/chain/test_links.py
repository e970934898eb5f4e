"""Links: one for everything promised, in one unbroken row."""

from datetime import date

import pytest

from commitments.actions.targets.decisions import NewTarget, record_decision
from commitments.actions.targets.withdrawing import withdraw_decision
from commitments.chain.links import head_of
from commitments.chain.verifying import verify_commitments
from commitments.models import Decision, Target
from commitments.rules import Refused
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from tests import builders

from .promises import SIGNED, codes


def add_target(promised, indicator, **chosen):
    return record_decision(
        **{
            "unit": promised.decision.unit,
            "authority": "ppc",
            "number": "148 /QĐ-UBND",
            "year": 2024,
            "issued_on": date(2024, 1, 26),
            "targets": [NewTarget(promised.unit.pk, indicator.pk, 5, Month.of(2024, 12))],
            "actor": COMMAND_LINE,
            "on": SIGNED,
            **chosen,
        }
    )


class TestLinks:
    def test_each_promise_and_event_and_decision_has_its_link(self, promised):
        kinds = list(promised.committee.links.values_list("kind", flat=True))
        assert kinds.count("decision") == 1
        assert kinds.count("commitment") == 3
        assert kinds.count("event") == 4
        assert head_of(promised.committee).number == len(kinds)
        assert verify_commitments().wrong == []

    def test_a_target_added_later_links_the_decision_anew(self, promised, catalogue):
        add_target(promised, catalogue["SI_V"])
        assert promised.committee.links.filter(kind="decision").count() == 2
        assert codes() == set()

    def test_a_rehearsal_links_nothing(self, promised, catalogue):
        add_target(promised, catalogue["SI_V"], number="149/QĐ-UBND", dry_run=True)
        assert promised.committee.links.filter(kind="decision").count() == 1

    def test_a_decision_stays_in_the_chain_it_began_in(self, promised, catalogue):
        district = builders.by_code("901")
        passed_on = record_decision(
            unit=district,
            authority="ppc",
            number="12/QĐ-UBND",
            year=2024,
            issued_on=date(2024, 2, 1),
            passes_on=promised.decision,
            targets=[],
            actor=COMMAND_LINE,
            on=SIGNED,
        ).decision
        own = builders.committee(district)
        assert codes() == set()
        withdraw_decision(
            decision=passed_on,
            withdrawn_on=date(2024, 12, 1),
            reason="Ban hành nhầm",
            actor=COMMAND_LINE,
            on=SIGNED,
        )
        assert codes() == set()
        assert not own.links.exists()


class TestWhatAnIntruderWroteIsNotSignedLater:
    """Otherwise the next honest change of a decision would make a dishonest one good."""

    def test_no_target_is_added_to_a_decision_that_was_altered(self, promised, catalogue):
        Target.objects.filter(unit=promised.unit).update(value=1)
        with pytest.raises(Refused) as refused:
            add_target(promised, catalogue["SI_V"])
        assert [fault.code for fault in refused.value.faults] == ["subject_changed"]
        assert codes() == {"subject_changed"}

    def test_a_decision_that_was_inserted_is_not_withdrawn(self, promised):
        inserted = Decision.objects.get(pk=promised.decision.pk)
        inserted.pk, inserted.number_key = None, "2"
        inserted.save()
        with pytest.raises(Refused) as refused:
            withdraw_decision(
                decision=inserted,
                withdrawn_on=date(2024, 12, 1),
                reason="Ban hành nhầm",
                actor=COMMAND_LINE,
                on=SIGNED,
            )
        assert [fault.code for fault in refused.value.faults] == ["subject_changed"]
