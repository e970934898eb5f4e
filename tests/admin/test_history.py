"""What happened stays: history has no way to add, change or delete, not even past the pages."""

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.urls import reverse

from commitments.models import Commitment, CommitmentLine
from steering.accounts.append_only import TABLES, released
from steering.accounts.models import JournalEntry

from .conftest import page, rows

HISTORY = [
    "accounts.journalentry",
    "collection.answer",
    "collection.dispute",
    "collection.receipt",
    "collection.reminder",
    "collection.upload",
    "commitments.base",
    "commitments.commitment",
    "commitments.commitmentevent",
    "commitments.decision",
    "commitments.explanation",
    "commitments.move",
    "commitments.periodevent",
    "commitments.revision",
    "commitments.target",
    "reports.judgement",
]
APPEND_ONLY = [model for model in HISTORY if apps.get_model(model)._meta.db_table in TABLES]


LED_ON = {"commitments.decision": "/decisions/new/", "commitments.target": "/decisions/"}
"""What is recorded on a page of its own, and where the back office leads whoever may record it."""

ON_PAGES = {
    "commitments_paper", "commitments_paperwithdrawal", "commitments_link", "commitments_taskevent",
}  # fmt: skip
"""Append-only tables that are read on pages of their own."""


@pytest.mark.parametrize("model", HISTORY)
def test_history_takes_no_post_from_anybody(model, world, officer, signed_in):
    client = signed_in(officer)
    table = apps.get_model(model)
    before = list(table.objects.values_list())
    row = table.objects.first()
    assert client.get(page(model, "change", row.pk)).status_code == 200
    added = client.get(page(model, "add"))
    assert (added.status_code, added.headers.get("Location")) == (
        (302, LED_ON[model]) if model in LED_ON else (403, None)
    )
    client.post(page(model, "add"), {"why": "x"})
    assert client.post(page(model, "change", row.pk), {"why": "x"}).status_code == 403
    assert client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    client.post(page(model), chosen)
    assert list(table.objects.values_list()) == before


def test_history_has_its_triggers():
    assert {apps.get_model(model)._meta.db_table for model in APPEND_ONLY} == set(TABLES) - {
        "commitments_commitmentline",
        *ON_PAGES,
    }


@pytest.mark.parametrize("model", APPEND_ONLY)
def test_the_database_refuses_what_the_pages_refuse(model, world):
    rows_of = apps.get_model(model).objects.all()
    key = rows_of.model._meta.pk.name
    with pytest.raises(DatabaseError), transaction.atomic():
        rows_of.update(**{key: 0})
    with pytest.raises(DatabaseError), transaction.atomic():
        rows_of.order_by()._raw_delete(using="default")


def test_the_journal_of_a_row_tells_what_the_actions_wrote(world, officer, signed_in):
    client = signed_in(officer)
    decision = JournalEntry.objects.get(action="decision.recorded")
    answer = client.get(page("commitments.decision", "history", decision.subject_id))
    assert list(answer.context["entries"]) == [decision]
    shown = client.get(page("accounts.journalentry", "change", decision.pk)).content.decode()
    assert "148/QĐ-UBND" in shown and "targets" in shown


def test_the_first_page_keeps_no_second_history(world, officer, signed_in):
    client = signed_in(officer)
    client.post(
        page("districts.unit", "change", world.communes[0].pk),
        {"name": "Ao Sến", "full_name": "Xã Ao Sến"},
    )
    assert not apps.get_model("admin.logentry").objects.exists()
    assert "recent-actions" not in client.get(reverse("admin:index")).content.decode()


def test_a_tampered_commitment_shows_that_it_is_not_what_was_signed(world, officer, signed_in):
    client = signed_in(officer)
    address = page("commitments.commitment")
    assert "icon-no" not in client.get(address).content.decode()
    commitment = Commitment.objects.get(unit__code="901")
    with released(["commitments_commitmentline"]):
        CommitmentLine.objects.filter(commitment=commitment).update(value=9000)
    answer = client.get(address)
    assert answer.content.decode().count("icon-no") == 1
    shown = {row.unit.code: row for row in rows(answer)}
    assert set(shown) == {"901", "902"}
