"""What is older than the chain is taken over into its first links, and never later."""

from datetime import date

import pytest

from commitments.actions.promises.chaining import take_over
from commitments.models import Commitment, CommitmentEvent, CommitmentLine, Link
from commitments.rules import Refused
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.append_only import released

from .promises import SIGNED, codes, sign

DAY = date(2026, 12, 1)


@pytest.fixture
def older(promised):
    """What was promised before there was a chain."""
    with released():
        Link.objects.all().delete()
    return promised


class TestTakingOver:
    def test_what_is_older_than_the_chain_is_taken_over_once(self, older):
        assert codes() == {"not_taken_over"}
        taken = take_over(actor=COMMAND_LINE, on=DAY)
        assert (taken.committees, taken.decisions, taken.commitments, taken.events) == (1, 1, 3, 4)
        assert codes() == set()
        assert set(Link.objects.values_list("taken_over_on", flat=True)) == {DAY}
        assert take_over(actor=COMMAND_LINE, on=DAY).committees == 0

    def test_a_chain_that_begins_takes_over_first(self, older, catalogue):
        sign(older.committee, catalogue["HI"], (older.unit, 210))
        links = list(older.committee.links.values_list("kind", "taken_over_on"))
        assert [day is not None for _kind, day in links] == [True] * 8 + [False] * 3
        assert codes() == set()

    def test_nothing_inserted_later_is_taken_over(self, older):
        take_over(actor=COMMAND_LINE, on=DAY)
        CommitmentEvent.objects.create(
            commitment=Commitment.objects.get(sequence=2), what="ended", on=SIGNED
        )
        assert take_over(actor=COMMAND_LINE, on=date(2026, 12, 2)).events == 0
        assert codes() == {"link_missing"}

    def test_nor_into_a_chain_that_never_took_anything_over(self, promised):
        CommitmentEvent.objects.create(
            commitment=Commitment.objects.get(sequence=2), what="ended", on=SIGNED
        )
        assert take_over(actor=COMMAND_LINE, on=DAY).committees == 0
        assert codes() == {"link_missing"}

    def test_a_chain_that_is_gone_is_not_begun_anew(self, older, catalogue):
        take_over(actor=COMMAND_LINE, on=DAY)
        with released():
            Link.objects.all().delete()
        for again in (
            lambda: take_over(actor=COMMAND_LINE, on=DAY),
            lambda: sign(older.committee, catalogue["HI"], (older.unit, 210)),
        ):
            with pytest.raises(Refused) as refused:
                again()
            assert [fault.code for fault in refused.value.faults] == ["chain_gone"]

    def test_a_commitment_that_was_changed_is_not_taken_over(self, older):
        with released():
            CommitmentLine.objects.filter(commitment__sequence=1).update(value=1)
        with pytest.raises(Refused):
            take_over(actor=COMMAND_LINE, on=DAY)
        assert not Link.objects.exists()
