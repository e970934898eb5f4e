"""Changes of name or kind: who may, and that counts, totals and committees stay with the unit."""

from datetime import date

import pytest

from commitments.actions.reference.naming import (
    change_name_or_kind,
    confirm_renaming,
    dismiss_renaming,
    undo_renaming,
)
from commitments.models import Count, Total
from commitments.rules import LONGEST_REASON, Refused
from commitments.totals import verify_totals
from districts.actions import draft_renaming
from districts.models import Ancestry, Lineage, Renaming, Unit
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from steering.committee.access import NotAllowed
from steering.committee.models import Committee
from tests.pages.reported import report

pytestmark = pytest.mark.django_db

TODAY = date(2024, 8, 1)
MAY_DAY = date(2024, 5, 1)
RESOLUTION = {"since": MAY_DAY, "legal_basis": "Nghị quyết 1/NQ-UBTVQH15"}


@pytest.fixture
def draft(communes) -> Renaming:
    return draft_renaming(unit=communes[0], name="Hồ Sen", kind="ward", actor=COMMAND_LINE)


def name_of(unit: Unit) -> str:
    return Unit.objects.get(pk=unit.pk).full_name


def test_the_officer_of_the_province_changes_a_name_and_undoes_it(communes, officer):
    made = change_name_or_kind(
        unit=communes[0], name="Hồ Sen", kind="ward", actor=officer, on=TODAY, **RESOLUTION
    )
    assert (made.state, name_of(communes[0])) == ("applied", "Phường Hồ Sen")
    undo_renaming(renaming=made, why="Nhầm xã", actor=officer, on=TODAY)
    assert (made.state, name_of(communes[0])) == ("reverted", "Xã Ao Sen")
    entries = JournalEntry.objects.filter(subject_type="districts.renaming").order_by("pk")
    assert [(entry.action, entry.actor_name) for entry in entries] == [
        ("renaming.drafted", "officer"),
        ("renaming.applied", "officer"),
        ("renaming.reverted", "officer"),
    ]


def test_counts_totals_and_the_map_do_not_move(catalogue, communes, officer):
    report(catalogue, communes, Month.of(2024, 4), HI=[10, 20, 30, 40, 50])
    report(catalogue, communes, Month.of(2024, 6), HI=[11, 21, 31, 41, 51])
    tables = (Count, Total, Ancestry, Lineage)
    before = [set(model.objects.values_list()) for model in tables]
    change_name_or_kind(
        unit=communes[0], name="Ao Sen", kind="ward", actor=officer, on=TODAY, **RESOLUTION
    )
    assert [set(model.objects.values_list()) for model in tables] == before
    assert verify_totals().wrong == []


def test_the_committee_is_called_after_its_unit(communes, officer, commune_officer):
    committee = Committee.objects.get(unit=communes[0])
    assert committee.name == "Ban Chỉ đạo Xã Ao Sen"
    made = change_name_or_kind(
        unit=communes[0], name="Hồ Sen", kind="ward", actor=officer, on=TODAY, **RESOLUTION
    )
    committee.refresh_from_db()
    assert committee.name == "Ban Chỉ đạo Phường Hồ Sen"
    undo_renaming(renaming=made, why="Nhầm", actor=officer, on=TODAY)
    committee.refresh_from_db()
    assert committee.name == "Ban Chỉ đạo Xã Ao Sen"


@pytest.mark.parametrize("who", ["leader", "auditor", "chair", "commune_officer", "outsider"])
def test_nobody_else_changes_confirms_rejects_or_undoes(who, draft, communes, request):
    actor = request.getfixturevalue(who)
    acts = [
        lambda: change_name_or_kind(
            unit=communes[1], name="Cầu Mới", kind="ward", actor=actor, on=TODAY, **RESOLUTION
        ),
        lambda: confirm_renaming(renaming=draft, actor=actor, on=TODAY, **RESOLUTION),
        lambda: dismiss_renaming(renaming=draft, why="Không", actor=actor, on=TODAY),
        lambda: undo_renaming(renaming=draft, why="Không", actor=actor, on=TODAY),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert Renaming.objects.get().state == "draft"
    assert name_of(communes[0]) == "Xã Ao Sen"


def test_an_officer_confirms_a_draft_with_its_resolution(draft, communes, officer):
    confirm_renaming(
        renaming=draft, resolved_on=date(2024, 4, 2), actor=officer, on=TODAY, **RESOLUTION
    )
    stored = Renaming.objects.get()
    assert (stored.state, stored.since, stored.resolved_on) == (
        "applied", MAY_DAY, date(2024, 4, 2),
    )  # fmt: skip
    assert stored.legal_basis == "Nghị quyết 1/NQ-UBTVQH15"
    assert name_of(communes[0]) == "Phường Hồ Sen"


def test_rejecting_and_undoing_need_a_reason_that_fits(draft, officer):
    for why in (" ", "x" * (LONGEST_REASON + 1)):
        with pytest.raises(Refused):
            dismiss_renaming(renaming=draft, why=why, actor=officer, on=TODAY)
    dismiss_renaming(renaming=draft, why="Không có trong công báo", actor=officer, on=TODAY)
    assert Renaming.objects.get().state == "rejected"
    assert JournalEntry.objects.get(action="renaming.rejected").why == "Không có trong công báo"
