"""What becomes of a database that somebody rewrote: every kind of change, at table level, is found.

The intruder can write to every table, knows how plain digests are computed, releases the triggers
and rewrites the journal. What the intruder has not is the key.
"""

from datetime import date, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from hypothesis import given, settings
from hypothesis import strategies as st

from commitments.actions.targets.withdrawing import keep_scan, withdraw_decision
from commitments.chain import keys
from commitments.chain.checking import verified
from commitments.chain.digests import event_digest, link_digest
from commitments.chain.links import current_digest
from commitments.chain.verifying import verify_commitments
from commitments.decisions.scans import Scan
from commitments.models import (
    Commitment,
    CommitmentEvent,
    CommitmentLine,
    Decision,
    Link,
    Paper,
    PathPoint,
    Target,
)
from commitments.papers.content import content_digest
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.append_only import released
from steering.accounts.models import JournalEntry

from .promises import SIGNED, against, codes, digests_anew, intruding, sql

ROWS = (Commitment, CommitmentLine, CommitmentEvent, Decision, Target, PathPoint, Link)
FREE = {
    (Commitment, "file"): "only where the file lies; its own digest says which it is",
    (Decision, "scan"): "only where the file lies; its own digest says which it is",
    (Decision, "number_key"): "made from the number",
    (Decision, "number_year"): "made from the day of issue",
}
"""Columns that nothing promised depends on, and why."""

COLUMNS = [
    pytest.param(model, field, id=f"{model.__name__}.{field.name}")
    for model in ROWS
    for field in model._meta.concrete_fields
    if not field.primary_key and (model, field.name) not in FREE
]


def another(field, value):
    """A value of the same kind that the column may hold and does not."""
    if field.choices:
        return next(key for key, _label in field.choices if key != value)
    if field.is_relation:
        others = field.related_model.objects.order_by("-pk").exclude(pk=value)
        return others.values_list("pk", flat=True).first()
    if isinstance(value, Month):
        return value + 1
    if isinstance(value, datetime | date):
        return value + timedelta(days=1)
    if isinstance(value, bool | int):
        return value + 70
    if isinstance(value, dict):
        return {**value, "name": "khác"}
    if value:
        return value[:-1] + ("x" if value[-1] != "x" else "y")
    kind = field.get_internal_type()
    if kind in ("DateField", "DateTimeField"):
        return date(2024, 5, 1)
    if kind.endswith("IntegerField"):
        return 70
    if kind == "JSONField":
        return {"name": "khác"}
    return Month.of(2024, 5) if "Month" in type(field).__name__ else "x"


@pytest.mark.parametrize(("model", "field"), COLUMNS)
def test_whatever_is_rewritten_is_found(promised, model, field, commune_officer):
    """Any column of anything promised, with every plain digest and the journal computed anew."""
    row = model.objects.order_by("pk").first()
    new = another(field, getattr(row, field.attname))
    if new is None and field.is_relation:
        pytest.skip("there is no other row to refer to")
    with intruding():
        try:
            with transaction.atomic():
                model.objects.filter(pk=row.pk).update(**{field.attname: new})
        except IntegrityError:
            pytest.skip("the database itself refuses it")
        if model is not Link and "digest" not in field.name:
            digests_anew(promised.committee)
        assert codes()
    assert codes() == set()


def test_the_columns_that_may_differ_are_the_ones_named():
    named = {(model, name) for model, name in FREE if model._meta.get_field(name)}
    assert named == set(FREE)


# --- what the intruder does to whole rows --------------------------------------------------------


def change(promised, draw):
    line = draw(st.sampled_from(list(CommitmentLine.objects.values_list("pk", flat=True))))
    by = draw(st.integers(1, 50))
    sql(f"UPDATE commitments_commitmentline SET value = value + {by} WHERE id = %s", line)


def swap(promised, draw):
    one, two = draw(st.sampled_from([(1, 2), (2, 3), (1, 3)]))
    for old, new in ((one, 99), (two, one), (99, two)):
        sql("UPDATE commitments_commitment SET sequence = %s WHERE sequence = %s", new, old)


def insert(promised, draw):
    """Another version of a commitment that was signed, at the end or as if it were older."""
    copied = Commitment.objects.get(sequence=draw(st.integers(1, 3)))
    place = draw(st.integers(1, 4))
    for old in range(3, place - 1, -1):
        sql("UPDATE commitments_commitment SET sequence = %s WHERE sequence = %s", old + 1, old)
    copied.pk, copied.sequence, copied.version = None, place, 9
    copied.save()
    CommitmentEvent.objects.create(commitment=copied, what="signed", on=SIGNED)
    JournalEntry.objects.create(
        action="commitment.signed", subject_type="", subject_id=str(copied.pk), after={}
    )


def rewrite_event(promised, draw):
    event = draw(st.sampled_from(list(CommitmentEvent.objects.values_list("pk", flat=True))))
    sql("UPDATE commitments_commitmentevent SET why = 'khác' WHERE id = %s", event)


def alter_target(promised, draw):
    sql("UPDATE commitments_target SET value = value - %s", draw(st.integers(1, 50)))


INTRUSIONS = (change, swap, insert, rewrite_event, alter_target)


def leave_links(promised):
    """The links stay as they are."""


def make_links_good(promised):
    """Every link gets the digests it would need, but the signature it had."""
    _relink(promised, lambda link: link.signature)


def sign_with_another_key(promised):
    """Every link gets the digests it would need and a signature of the intruder's own key."""
    _relink(promised, lambda link: OTHER.sign(link.digest.encode()).hex())


OTHER = keys.Ed25519PrivateKey.generate()


def _relink(promised, signature) -> None:
    from_rows = {
        **{("commitment", one.pk): one.digest for one in Commitment.objects.all()},
        **{("event", one.pk): event_digest(one) for one in CommitmentEvent.objects.all()},
        ("decision", promised.decision.pk): current_digest(promised.decision),
    }
    previous = ""
    for link in promised.committee.links.order_by("number"):
        link.previous = previous
        link.subject_digest = from_rows[link.kind, link.subject]
        link.digest = previous = link_digest(link)
        link.signature = signature(link)
        link.save()


@given(chosen=st.data())
@settings(max_examples=20)
def test_changed_swapped_inserted_rewritten_in_any_order_is_found(promised, clean, chosen):
    """By itself, and against the export; with all digests computed anew, links forged or not."""
    intrusions = chosen.draw(
        st.lists(st.sampled_from(INTRUSIONS), min_size=1, max_size=3, unique=True)
    )
    forge = chosen.draw(st.sampled_from([leave_links, make_links_good, sign_with_another_key]))
    with intruding():
        for intrude in intrusions:
            intrude(promised, chosen.draw)
        digests_anew(promised.committee)
        forge(promised)
        assert codes()
        assert not verified(against=str(clean))["ok"]
    assert verified(against=str(clean))["ok"]


@given(newest=st.integers(1, 3))
@settings(max_examples=3)
def test_the_newest_removed_with_all_traces_is_found_by_its_export(promised, clean, newest):
    """Links, events, lines and journal too: what is left is whole, but not what was exported."""
    with intruding():
        gone = Commitment.objects.filter(sequence__gt=3 - newest)
        keys_of_gone = list(gone.values_list("pk", flat=True))
        events = CommitmentEvent.objects.filter(
            Q(commitment__in=keys_of_gone) | Q(what="superseded")
        )
        first = Link.objects.filter(kind="commitment", subject__in=keys_of_gone).order_by("number")
        cut = first.first().number
        later = Link.objects.filter(number__gte=cut)
        events = events | CommitmentEvent.objects.filter(
            pk__in=later.filter(kind="event").values("subject")
        )
        CommitmentEvent.objects.filter(pk__in=list(events.values_list("pk", flat=True))).delete()
        later.delete()
        CommitmentLine.objects.filter(commitment__in=keys_of_gone).delete()
        JournalEntry.objects.filter(
            action="commitment.signed", subject_id__in=map(str, keys_of_gone)
        ).delete()
        gone.delete()
        answer = verified(against=str(clean))
        assert "chain_rewritten" in {error["code"] for error in answer["errors"]}
        assert answer["against"]["ok"] is False


@given(kept=st.integers(0, 7))
@settings(max_examples=8)
def test_a_chain_cut_off_anywhere_is_found_by_its_export(promised, clean, kept):
    with intruding():
        Link.objects.filter(number__gt=kept).delete()
        answer = verified(against=str(clean))
        assert "chain_rewritten" in {error["code"] for error in answer["errors"]}


class TestOneByOne:
    def test_a_changed_value_with_all_digests_computed_anew(self, promised):
        with released():
            CommitmentLine.objects.filter(commitment__sequence=1).update(value=99, assigned=99)
            digests_anew(promised.committee)
        assert codes() == {"subject_changed"}

    def test_the_newest_removed(self, promised, clean):
        with released():
            last = Commitment.objects.get(sequence=3)
            last.events.all().delete()
            last.lines.all().delete()
            last.delete()
        assert codes() == {"commitment_changed", "subject_gone"}
        assert against(clean)["status"] == 1

    def test_two_links_swapped(self, promised):
        with released():
            for old, new in ((2, 99), (3, 2), (99, 3)):
                Link.objects.filter(number=old).update(number=new)
        assert codes() == {"link_broken"}

    def test_an_end_inserted_with_triggers_in_place(self, promised):
        CommitmentEvent.objects.create(
            commitment=Commitment.objects.get(sequence=2), what="ended", on=SIGNED
        )
        assert codes() == {"link_missing"}

    def test_an_event_is_told_by_its_commitment_in_words(self, promised):
        commitment = Commitment.objects.get(sequence=2)
        event = CommitmentEvent.objects.create(commitment=commitment, what="ended", on=SIGNED)
        (fault,) = verify_commitments().wrong
        assert str(commitment) in str(fault.message)
        assert str(event.get_what_display()) in str(fault.message)

    def test_an_end_inserted_with_a_link_that_nobody_signed(self, promised):
        event = CommitmentEvent.objects.create(
            commitment=Commitment.objects.get(sequence=2), what="ended", on=SIGNED
        )
        link = promised.committee.links.last()
        link.pk, link.number, link.previous = None, link.number + 1, link.digest
        link.kind, link.subject, link.subject_digest = "event", event.pk, event_digest(event)
        link.digest = link_digest(link)
        link.save()
        assert codes() == {"link_broken"}

    def test_an_event_rewritten(self, promised):
        with released():
            CommitmentEvent.objects.filter(what="superseded").update(why="Theo yêu cầu")
        assert codes() == {"subject_changed"}

    def test_the_day_of_a_withdrawal_moved(self, promised):
        withdraw_decision(
            decision=promised.decision,
            withdrawn_on=date(2024, 12, 1),
            reason="Ban hành nhầm",
            actor=COMMAND_LINE,
            on=SIGNED,
        )
        assert codes() == set()
        Decision.objects.update(withdrawn_on=date(2024, 11, 1))
        assert codes() == {"subject_changed"}

    def test_a_target_removed_or_a_path_added(self, promised):
        target = Target.objects.filter(path=None).first()
        target.path.create(month=Month.of(2024, 6), value=1)
        assert codes() == {"subject_changed"}
        target.path.all().delete()
        assert codes() == set()
        target.delete()
        assert codes() == {"subject_changed"}

    def test_a_decision_inserted_or_removed(self, promised):
        inserted = Decision.objects.get(pk=promised.decision.pk)
        inserted.pk, inserted.number_key = None, "2"
        inserted.save()
        assert codes() == {"link_missing"}
        inserted.delete()
        PathPoint.objects.all().delete()
        Target.objects.all().delete()
        promised.decision.delete()
        assert codes() == {"subject_gone"}

    def test_the_words_of_a_paper(self, promised):
        paper = Paper.objects.create(
            committee=promised.committee,
            unit=promised.unit,
            year=2024,
            code="0123456789ABCDEF",
            content="{}",
            content_digest=content_digest("{}"),
            prepared_on=SIGNED,
        )
        assert codes() == set()
        with released():
            Paper.objects.filter(pk=paper.pk).update(content='{"year": 2025}')
        assert codes() == {"paper_changed"}

    def test_the_scan_of_a_decision(self, promised, catalogue):
        scan = Scan(b"%PDF-1.7 one", "pdf")
        keep_scan(decision=promised.decision, scan=scan, actor=COMMAND_LINE, on=SIGNED)
        assert codes() == set()
        stored = Decision.objects.get(pk=promised.decision.pk).scan
        storage, name = stored.storage, stored.name
        storage.delete(name)
        assert codes() == {"file_changed"}
        storage.save(name, ContentFile(b"%PDF-1.7 two"))
        assert codes() == {"file_changed"}
