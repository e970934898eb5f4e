"""Commitments and the chain of their digests."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from commitments.actions.promises.signing import (
    NewLine,
    Signature,
    sign_commitments,
)
from commitments.chain.digests import commitment_digest
from commitments.chain.verifying import verify_commitments
from commitments.models import Commitment, CommitmentLine
from commitments.rules import Refused
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.append_only import released
from steering.committee.access import NotAllowed
from tests import builders

SIGNED = date(2024, 3, 7)


@pytest.fixture
def sign(province, catalogue):
    """Districts sign for 2024, one line each."""

    def sign(*signed, year=2024, actor=COMMAND_LINE):
        return sign_commitments(
            committee=builders.committee(province),
            year=year,
            signed_on=SIGNED,
            signatures=[
                Signature(
                    unit=unit,
                    lines=[NewLine(catalogue["HI"].pk, value, assigned=value, last_year=value - 1)],
                    signer_post="Chủ tịch UBND huyện",
                    receiver_post="Chủ tịch UBND tỉnh",
                    place="Đồi Thông",
                )
                for unit, value in signed
            ],
            actor=actor,
            on=SIGNED,
        )

    return sign


@pytest.fixture
def districts(province):
    return [builders.by_code("901"), builders.by_code("902")]


class TestCommitments:
    def test_each_is_chained_to_the_one_signed_before(self, sign, districts):
        first, second = sign((districts[0], 10), (districts[1], 20))
        assert (first.sequence, second.sequence) == (1, 2)
        assert first.previous_digest == ""
        assert second.previous_digest == first.digest
        assert verify_commitments().as_dict() == {
            "ok": True,
            "checked": 2,
            "wrong": 0,
            "repaired": 0,
            "errors": [],
        }

    def test_a_second_signature_is_a_new_version(self, sign, districts):
        sign((districts[0], 10))
        (second,) = sign((districts[0], 11))
        assert second.version == 2
        assert list(Commitment.objects.standing()) == [second]
        assert Commitment.objects.with_state().get(version=1).state == "superseded"

    def test_nobody_signs_for_less_than_assigned_or_twice_for_one_indicator(
        self, province, districts, catalogue
    ):
        less = [NewLine(catalogue["HI"].pk, 9, assigned=10)]
        twice = [NewLine(catalogue["SI_V"].pk, 9), NewLine(catalogue["SI_V"].pk, 10)]
        with pytest.raises(Refused) as refusal:
            sign_commitments(
                committee=builders.committee(province),
                year=2024,
                signed_on=SIGNED,
                signatures=[
                    Signature(unit=unit, lines=lines, signer_post="x", receiver_post="x")
                    for unit, lines in zip(districts, (less, twice), strict=True)
                ],
                actor=COMMAND_LINE,
                on=SIGNED,
            )
        assert [fault.code for fault in refusal.value.faults] == ["below_assigned", "duplicate"]
        assert not Commitment.objects.exists()

    def test_verifying_finds_a_commitment_that_was_never_signed(self, sign, districts, province):
        (signed,) = sign((districts[0], 10))
        forged = Commitment(
            committee=signed.committee,
            sequence=2,
            unit=districts[1],
            unit_name="x",
            year=2024,
            signed_on=SIGNED,
            signer_post="x",
            receiver_post="x",
            previous_digest=signed.digest,
        )
        forged.digest = commitment_digest(forged, [])
        forged.save()
        assert not verify_commitments().ok

    def test_the_province_signs_with_no_one_and_a_stranger_not_at_all(self, sign, province):
        stranger = builders.unit("98", "Tỉnh khác", tier="province")
        builders.rebuild_map()
        with pytest.raises(Refused) as refusal:
            sign((province, 10), (stranger, 10))
        assert [fault.code for fault in refusal.value.faults] == ["not_in_committee"] * 2

    @pytest.mark.parametrize("who", ["leader", "chair", "commune_officer", "auditor", "outsider"])
    def test_only_the_standing_officer_records_signatures(self, sign, districts, who, request):
        with pytest.raises(NotAllowed):
            sign((districts[0], 10), actor=request.getfixturevalue(who))

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE commitments_commitment SET signer_post = 'x'",
            "DELETE FROM commitments_commitmentline",
            "UPDATE commitments_commitmentline SET value = 1",
            "DELETE FROM commitments_commitmentevent",
        ],
    )
    def test_the_database_refuses_to_change_what_was_signed(self, sign, districts, statement):
        sign((districts[0], 10))
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    @pytest.mark.parametrize(
        "tamper",
        [
            lambda: CommitmentLine.objects.filter(commitment__sequence=1).update(value=9),
            lambda: CommitmentLine.objects.filter(commitment__sequence=2).update(
                operator="at_most"
            ),
            lambda: Commitment.objects.filter(sequence=1).update(signer_post="x"),
            lambda: Commitment.objects.filter(sequence=1).update(digest="0" * 64),
            lambda: _remove(sequence=1),
            lambda: _remove(sequence=2),
        ],
        ids=["a line", "an operator", "a post", "a digest", "the first gone", "the last gone"],
    )
    def test_verifying_finds_whatever_an_intruder_changed(self, sign, districts, tamper):
        sign((districts[0], 10), (districts[1], 20))
        with released():
            tamper()
        assert not verify_commitments().ok


def _remove(**which) -> None:
    for commitment in Commitment.objects.filter(**which):
        commitment.events.all().delete()
        commitment.lines.all().delete()
        commitment.delete()
