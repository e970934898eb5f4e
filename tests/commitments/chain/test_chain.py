"""The chain of promises: signed links, and what becomes of a database that somebody rewrote."""

import io
import json
from contextlib import suppress
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from commitments.actions.chaining import rotate_key, take_over
from commitments.actions.decisions import NewTarget, record_decision
from commitments.actions.signing import NewLine, Signature, sign_commitments
from commitments.chain import keys
from commitments.chain.digests import commitment_digest, digest
from commitments.chain.exporting import exported
from commitments.chain.links import head_of
from commitments.chain.verifying import verify_commitments
from commitments.checks import the_signing_key_is_the_one_that_signed
from commitments.models import (
    Commitment,
    CommitmentEvent,
    CommitmentLine,
    Decision,
    Link,
    Target,
)
from commitments.rules import Refused
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.append_only import released
from steering.accounts.models import JournalEntry
from tests import builders

SIGNED = date(2024, 3, 7)
AT = datetime(2024, 4, 1, tzinfo=UTC)


def codes() -> set[str]:
    return {fault.code for fault in verify_commitments().wrong}


def sign(committee, indicator, *signed, year=2024):
    return sign_commitments(
        committee=committee,
        year=year,
        signed_on=SIGNED,
        signatures=[
            Signature(
                unit=unit,
                lines=[NewLine(indicator.pk, value, assigned=value)],
                signer_post="Chủ tịch UBND huyện",
                receiver_post="Chủ tịch UBND tỉnh",
            )
            for unit, value in signed
        ],
        actor=COMMAND_LINE,
        on=SIGNED,
    )


@pytest.fixture
def promised(province, catalogue):
    """A decision with two targets, and two districts that signed; one of them twice."""
    committee = builders.committee(province)
    first, second = builders.by_code("901"), builders.by_code("902")
    outcome = record_decision(
        unit=province,
        authority="ppc",
        number="148/QĐ-UBND",
        year=2024,
        issued_on=date(2024, 1, 26),
        targets=[
            NewTarget(unit.pk, catalogue["HI"].pk, value, Month.of(2024, 12))
            for unit, value in ((first, 100), (second, 200))
        ],
        actor=COMMAND_LINE,
        on=SIGNED,
    )
    sign(committee, catalogue["HI"], (first, 100), (second, 200))
    sign(committee, catalogue["HI"], (first, 110))
    return SimpleNamespace(
        committee=committee, decision=outcome.decision, indicator=catalogue["HI"], unit=second
    )


@pytest.fixture
def clean(promised, tmp_path):
    """The chain as exported while nobody had touched it."""
    path = tmp_path / "chain.json"
    path.write_bytes(exported(promised.committee, at=AT))
    return path


def sql(text: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def digests_anew(committee) -> None:
    """What whoever can write to the table does after a change: every plain digest, anew."""
    previous = ""
    for commitment in Commitment.objects.filter(committee=committee).order_by("sequence"):
        commitment.previous_digest = previous
        lines = [(line.indicator.code, line) for line in commitment.lines.all()]
        commitment.digest = previous = commitment_digest(commitment, lines)
        Commitment.objects.filter(pk=commitment.pk).update(
            digest=commitment.digest, previous_digest=commitment.previous_digest
        )
        JournalEntry.objects.filter(
            action="commitment.signed", subject_id=str(commitment.pk)
        ).update(after={"digest": commitment.digest, "committee": committee.pk})


class TestLinks:
    def test_each_promise_and_event_and_decision_has_its_link(self, promised):
        kinds = list(promised.committee.links.values_list("kind", flat=True))
        assert kinds.count("decision") == 1
        assert kinds.count("commitment") == 3
        assert kinds.count("event") == 4
        assert head_of(promised.committee).number == len(kinds)
        assert verify_commitments().wrong == []

    def test_a_target_added_later_links_the_decision_anew(self, promised, catalogue):
        record_decision(
            unit=promised.decision.unit,
            authority="ppc",
            number="148 /QĐ-UBND",
            year=2024,
            issued_on=date(2024, 1, 26),
            targets=[
                NewTarget(promised.unit.pk, catalogue["SI_V"].pk, 5, Month.of(2024, 12)),
            ],
            actor=COMMAND_LINE,
            on=SIGNED,
        )
        assert promised.committee.links.filter(kind="decision").count() == 2
        assert codes() == set()

    def test_a_rehearsal_links_nothing(self, promised, catalogue):
        record_decision(
            unit=promised.decision.unit,
            authority="ppc",
            number="149/QĐ-UBND",
            year=2024,
            issued_on=date(2024, 1, 26),
            targets=[],
            actor=COMMAND_LINE,
            on=SIGNED,
            dry_run=True,
        )
        assert promised.committee.links.filter(kind="decision").count() == 1


class TestTampering:
    def test_a_changed_value_with_all_digests_computed_anew(self, promised):
        with released():
            CommitmentLine.objects.filter(commitment__sequence=1).update(value=99, assigned=99)
            digests_anew(promised.committee)
        assert codes() == {"subject_changed"}

    def test_the_newest_removed_with_all_traces(self, promised, clean):
        with released():
            last = Commitment.objects.get(sequence=3)
            events = CommitmentEvent.objects.filter(Q(commitment=last) | Q(what="superseded"))
            Link.objects.filter(kind="event", subject__in=events.values("pk")).delete()
            Link.objects.filter(kind="commitment", subject=last.pk).delete()
            events.delete()
            last.lines.all().delete()
            JournalEntry.objects.filter(
                action="commitment.signed", subject_id=str(last.pk)
            ).delete()
            last.delete()
        assert codes() == set()
        answer = against(clean)
        assert not answer["ok"]
        assert [error["code"] for error in answer["errors"]] == ["chain_rewritten"]
        assert answer["against"]["ok"] is False

    def test_two_swapped(self, promised):
        with released():
            for old, new in ((1, 99), (2, 1), (99, 2)):
                Commitment.objects.filter(sequence=old).update(sequence=new)
            digests_anew(promised.committee)
        assert "subject_changed" in codes()

    def test_one_inserted(self, promised):
        inserted = Commitment.objects.get(sequence=2)
        inserted.pk, inserted.sequence, inserted.version = None, 4, 9
        inserted.save()
        with released():
            digests_anew(promised.committee)
        assert "link_missing" in codes()

    def test_an_end_inserted_past_every_trigger(self, promised):
        CommitmentEvent.objects.create(
            commitment=Commitment.objects.get(sequence=2), what="ended", on=SIGNED
        )
        assert codes() == {"link_missing"}

    def test_an_event_rewritten(self, promised):
        with released():
            CommitmentEvent.objects.filter(what="superseded").update(why="Theo yêu cầu")
        assert codes() == {"subject_changed"}

    @pytest.mark.parametrize(
        ("table", "column", "value"),
        [
            ("commitments_target", "value", 1),
            ("commitments_target", "operator", "at_most"),
            ("commitments_decision", "number", "1/QĐ-UBND"),
            ("commitments_decision", "issued_on", "2024-01-27"),
        ],
    )
    def test_what_was_assigned_altered_by_sql(self, promised, table, column, value):
        sql(f"UPDATE {table} SET {column} = %s", value)
        assert codes() == {"subject_changed"}

    def test_a_target_removed_or_a_path_added(self, promised):
        target = Target.objects.first()
        target.path.create(month=Month.of(2024, 6), value=1)
        assert codes() == {"subject_changed"}
        target.path.all().delete()
        assert codes() == set()
        target.delete()
        assert codes() == {"subject_changed"}

    def test_a_decision_inserted_or_removed(self, promised):
        Decision.objects.filter(pk=promised.decision.pk).update(unit=promised.decision.unit)
        decision = Decision.objects.get(pk=promised.decision.pk)
        decision.pk, decision.number_key = None, "2"
        decision.save()
        assert codes() == {"link_missing"}
        decision.delete()
        Target.objects.all().delete()
        promised.decision.delete()
        assert codes() == {"subject_gone"}

    def test_a_link_written_with_another_key(self, promised, tmp_path):
        keys.make_key(tmp_path / "other.pem")
        other = keys.read_private(tmp_path / "other.pem")
        with released():
            link = promised.committee.links.last()
            link.signature = other.sign(link.digest.encode()).hex()
            Link.objects.filter(pk=link.pk).update(signature=link.signature)
        assert codes() == {"link_broken"}


CELLS = {
    "commitments_commitment": {
        "year": "year + 1",
        "signed_on": "'2024-03-08'",
        "signer_name": "'Người khác'",
        "place": "'Nơi khác'",
        "unit_name": "'Đơn vị khác'",
    },
    "commitments_commitmentline": {
        "value": "value + 1",
        "assigned": "assigned - 1",
        "operator": "'at_most'",
    },
    "commitments_commitmentevent": {"what": "'resumed'", "why": "'khác'", '"on"': "'2024-03-08'"},
    "commitments_decision": {"number": "'9/QĐ'", "year": "year + 1", "note": "'khác'"},
    "commitments_target": {"value": "value + 1", "operator": "'more_than'", "source": "'khác'"},
    "commitments_link": {
        "subject": "subject + 1",
        "subject_digest": "digest",
        "kind": "'key'",
        "number": "number + 50",
    },
}
"""Cells of every table that promises lie in, and what an intruder writes into each."""


@given(chosen=st.data())
def test_whatever_is_rewritten_in_one_table_is_found(promised, chosen):
    """One cell of one row, with every plain digest and the journal computed anew afterwards."""
    table = chosen.draw(st.sampled_from(sorted(CELLS)))
    column = chosen.draw(st.sampled_from(sorted(CELLS[table])))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} ORDER BY id")
        rows = [row for (row,) in cursor.fetchall()]
    row = chosen.draw(st.sampled_from(rows))
    with released(), suppress(IntegrityError), transaction.atomic():
        sql(f"UPDATE {table} SET {column} = {CELLS[table][column]} WHERE id = %s", row)
        digests_anew(promised.committee)
        assert verify_commitments().wrong
        transaction.set_rollback(True)
    assert verify_commitments().wrong == []


@given(kept=st.integers(0, 7))
def test_a_chain_cut_off_anywhere_is_found_by_its_export(promised, clean, kept):
    with released(), transaction.atomic():
        Link.objects.filter(number__gt=kept).delete()
        answer = against(clean)
        assert [error for error in answer["errors"] if error["code"] == "chain_rewritten"]
        transaction.set_rollback(True)


# --- the exported file ---------------------------------------------------------------------------


def against(path) -> dict:
    return answer_of("verify_commitments", "--against", str(path))


def answer_of(*command: str) -> dict:
    """The answer of a command as JSON, with its exit status."""
    said = io.StringIO()
    status = 0
    try:
        call_command(*command, "--format", "json", stdout=said)
    except SystemExit as ended:
        status = ended.code
    return {**json.loads(said.getvalue()), "status": status}


@pytest.fixture
def public_key(promised, tmp_path):
    path = tmp_path / "public-key.pem"
    path.write_bytes(keys.as_pem(keys.signing_key().public_key()))
    return path


class TestExport:
    def test_it_holds_no_name(self, promised, clean):
        text = clean.read_text()
        assert promised.committee.name not in text
        assert "Chủ tịch" not in text and "QĐ" not in text

    def test_the_command_writes_what_the_other_commands_read(self, promised, public_key, tmp_path):
        path = tmp_path / "out.json"
        answer = answer_of("export_chain", "--unit", "99", "--output", str(path))
        assert answer == {"ok": True, "file": str(path), "unit": "99", "links": 8, "status": 0}
        answer = answer_of("verify_chain", str(path), "--key", str(public_key))
        assert answer["ok"] and answer["links"] == 8 and answer["status"] == 0
        assert against(path)["against"]["ok"] is True

    def test_a_chain_that_grew_since_still_holds(self, promised, clean, catalogue):
        sign(promised.committee, catalogue["HI"], (promised.unit, 300))
        assert against(clean)["status"] == 0

    def test_the_key_in_hexadecimal_is_taken_too(self, promised, clean, tmp_path):
        path = tmp_path / "key.txt"
        path.write_text(keys.raw(keys.signing_key().public_key()).hex())
        assert answer_of("verify_chain", str(clean), "--key", str(path))["ok"]

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "chain_unreadable"),
            (b"{", "chain_unreadable"),
            (b"[]", "chain_unreadable"),
            (b'{"form": "chain of commitments", "version": 1}', "chain_unreadable"),
            (b"[" * 100_000, "chain_unreadable"),
        ],
    )
    def test_a_file_that_is_no_chain_is_refused(
        self, promised, public_key, tmp_path, content, code
    ):
        path = tmp_path / "broken.json"
        path.write_bytes(content)
        for answer in (
            answer_of("verify_chain", str(path), "--key", str(public_key)),
            against(path),
        ):
            assert (answer["ok"], answer["status"]) == (False, 1)
            assert [error["code"] for error in answer["errors"]] == [code]

    @given(chosen=st.data())
    def test_any_change_of_the_file_is_found(self, clean, public_key, chosen):
        data = json.loads(clean.read_text())
        link = chosen.draw(st.sampled_from(data["links"]))
        name = chosen.draw(st.sampled_from(sorted(link)))
        link[name] = 77 if isinstance(link[name], int) else "0" * 64
        path = clean.with_name("changed.json")
        path.write_text(json.dumps(data))
        answer = answer_of("verify_chain", str(path), "--key", str(public_key))
        assert (answer["ok"], answer["status"]) == (False, 1)

    def test_another_key_verifies_nothing(self, promised, clean, tmp_path):
        keys.make_key(tmp_path / "other.pem")
        other = tmp_path / "other-public.pem"
        other.write_bytes(keys.as_pem(keys.read_private(tmp_path / "other.pem").public_key()))
        answer = answer_of("verify_chain", str(clean), "--key", str(other))
        assert [error["code"] for error in answer["errors"]] == ["key_unknown"]

    def test_a_file_of_another_committee_is_refused(self, promised, clean):
        data = json.loads(clean.read_text())
        data["committee"]["id"] += 1000
        clean.write_bytes(signed_anew(data))
        answer = against(clean)
        assert answer["status"] == 1
        assert "link_broken" in {error["code"] for error in answer["errors"]}

    def test_a_unit_without_a_committee_has_no_chain(self, province, tmp_path):
        for code in ("901", "77777"):
            answer = answer_of("export_chain", "--unit", code, "--output", str(tmp_path / "x"))
            assert (answer["status"], answer["errors"][0]["code"]) == (1, "unknown_unit")
        assert not (tmp_path / "x").exists()


def signed_anew(data: dict) -> bytes:
    data.pop("signature")
    data["signature"] = keys.signing_key().sign(digest(data).encode()).hex()
    return json.dumps(data).encode()


# --- keys ----------------------------------------------------------------------------------------


@pytest.fixture
def key_file(settings, tmp_path):
    """No key yet, and a place for one."""
    settings.SIGNING_KEY_FILE = tmp_path / "of-this-test" / "signing-key.pem"
    return settings.SIGNING_KEY_FILE


@pytest.mark.django_db
class TestKeys:
    def test_embedded_the_first_need_makes_a_private_one(self, key_file, db):
        if connection.vendor != "sqlite":
            pytest.skip("a server never makes a key by itself")
        made = keys.signing_key()
        assert key_file.stat().st_mode & 0o777 == 0o600
        assert keys.raw(keys.signing_key().public_key()) == keys.raw(made.public_key())

    def test_a_missing_key_is_never_made_anew_once_something_is_signed(
        self, promised, key_file, catalogue
    ):
        with pytest.raises(Refused) as refused:
            sign(promised.committee, catalogue["HI"], (promised.unit, 300))
        assert [fault.code for fault in refused.value.faults] == ["signing_key_missing"]
        assert not key_file.exists()
        assert [error.id for error in the_signing_key_is_the_one_that_signed(None)] == [
            "commitments.E001"
        ]

    def test_a_foreign_key_signs_nothing(self, promised, key_file, catalogue):
        keys.make_key(key_file)
        with pytest.raises(Refused) as refused:
            sign(promised.committee, catalogue["HI"], (promised.unit, 300))
        assert [fault.code for fault in refused.value.faults] == ["signing_key_foreign"]
        assert the_signing_key_is_the_one_that_signed(None)
        assert "link_broken" in codes()

    def test_with_the_right_key_the_check_is_silent(self, promised):
        assert the_signing_key_is_the_one_that_signed(None) == []

    def test_a_new_key_is_introduced_by_the_old_one(
        self, province, catalogue, key_file, tmp_path, django_capture_on_commit_callbacks
    ):
        keys.make_key(key_file)
        committee = builders.committee(province)
        sign(committee, catalogue["HI"], (builders.by_code("901"), 10))
        keys.make_key(tmp_path / "next.pem")
        with django_capture_on_commit_callbacks(execute=True):
            name = rotate_key(new_key=tmp_path / "next.pem", actor=COMMAND_LINE)
        sign(committee, catalogue["HI"], (builders.by_code("902"), 20))
        assert committee.links.last().key == name
        assert codes() == set()
        assert the_signing_key_is_the_one_that_signed(None) == []
        assert len(keys.trusted_keys()) == 2
        path, public = tmp_path / "chain.json", tmp_path / "public.pem"
        path.write_bytes(exported(committee, at=AT))
        public.write_bytes(b"".join(map(keys.as_pem, keys.trusted_keys().values())))
        assert answer_of("verify_chain", str(path), "--key", str(public))["ok"]


class TestTakingOver:
    def test_what_is_older_than_the_chain_is_taken_over_once(self, promised):
        with released():
            Link.objects.all().delete()
        assert codes() == {"not_taken_over"}
        taken = take_over(actor=COMMAND_LINE, on=date(2026, 12, 1))
        assert (taken.decisions, taken.commitments, taken.events) == (1, 3, 4)
        assert codes() == set()
        assert set(Link.objects.values_list("taken_over_on", flat=True)) == {date(2026, 12, 1)}

    def test_nothing_inserted_later_is_taken_over(self, promised):
        with released():
            Link.objects.all().delete()
        take_over(actor=COMMAND_LINE, on=date(2026, 12, 1))
        CommitmentEvent.objects.create(
            commitment=Commitment.objects.get(sequence=2), what="ended", on=SIGNED
        )
        assert take_over(actor=COMMAND_LINE, on=date(2026, 12, 2)).events == 0
        assert codes() == {"link_missing"}

    def test_a_commitment_that_was_changed_is_not_taken_over(self, promised):
        with released():
            Link.objects.all().delete()
            CommitmentLine.objects.filter(commitment__sequence=1).update(value=1)
        with pytest.raises(Refused):
            take_over(actor=COMMAND_LINE, on=date(2026, 12, 1))
        assert not Link.objects.exists()
