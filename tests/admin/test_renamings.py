"""The back office of changes of name or kind: recorded, confirmed from drafts, rejected, undone."""

from datetime import date

import pytest

from districts.actions import draft_renaming
from districts.models import Renaming, Unit
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from tests import builders

from .conftest import page, rows, told

RENAMINGS = "districts.renaming"
RESOLUTION = {
    "legal_basis": "Nghị quyết 1/NQ-UBTVQH15",
    "resolved_on": "2024-01-10",
    "since": "2024-02-01",
}


@pytest.fixture
def client(officer, signed_in):
    return signed_in(officer)


@pytest.fixture
def drafts(world) -> list[Renaming]:
    """Two communes that one source calls wards."""
    return [
        draft_renaming(
            unit=unit, name=unit.name, kind="ward", legal_basis="1/NQ-UBTVQH15",
            resolved_on=date(2024, 1, 10), source="one source of four", actor=COMMAND_LINE,
        )
        for unit in world.communes[:2]
    ]  # fmt: skip


def chosen(drafts, action: str, **given) -> dict:
    return {"_selected_action": [draft.pk for draft in drafts], "action": action, **given}


def names(world) -> list[str]:
    pks = [unit.pk for unit in world.communes[:2]]
    units = Unit.objects.filter(pk__in=pks).order_by("code")
    return list(units.values_list("full_name", flat=True))


def test_the_officer_sees_the_drafts_of_the_province_with_their_source(drafts, client):
    answer = client.get(page(RENAMINGS) + "?state__exact=draft")
    assert {row.pk for row in rows(answer)} == {draft.pk for draft in drafts}
    assert "one source of four" in answer.content.decode()


def test_drafts_are_confirmed_with_resolution_and_day(world, drafts, client):
    asked = client.post(page(RENAMINGS), chosen(drafts, "confirm"))
    form = asked.context["form"]
    assert form.initial == {"legal_basis": "1/NQ-UBTVQH15", "resolved_on": date(2024, 1, 10)}
    assert names(world) == ["Xã Ao Sen", "Xã Cầu Tre"]
    answer = client.post(page(RENAMINGS), chosen(drafts, "confirm", **RESOLUTION), follow=True)
    assert "Phường Ao Sen" in told(answer)
    assert names(world) == ["Phường Ao Sen", "Phường Cầu Tre"]
    assert set(Renaming.objects.values_list("state", "since", "legal_basis")) == {
        ("applied", date(2024, 2, 1), "Nghị quyết 1/NQ-UBTVQH15")
    }
    assert JournalEntry.objects.filter(action="renaming.applied", actor_name="officer").count() == 2


def test_without_resolution_or_day_the_page_asks_again(world, drafts, client):
    for missing in RESOLUTION:
        given = RESOLUTION | {missing: ""}
        answer = client.post(page(RENAMINGS), chosen(drafts, "confirm", **given))
        assert missing in answer.context["form"].errors
    assert names(world) == ["Xã Ao Sen", "Xã Cầu Tre"]


def test_a_draft_is_rejected_with_a_reason(world, drafts, client):
    client.post(page(RENAMINGS), chosen(drafts[:1], "dismiss", why="Công báo không có"))
    assert list(Renaming.objects.order_by("pk").values_list("state", flat=True)) == [
        "rejected", "draft",
    ]  # fmt: skip
    assert JournalEntry.objects.get(action="renaming.rejected").why == "Công báo không có"
    answer = client.post(page(RENAMINGS), chosen(drafts[:1], "confirm", **RESOLUTION), follow=True)
    assert "Xã Ao Sen → Phường Ao Sen" in told(answer)
    assert names(world) == ["Xã Ao Sen", "Xã Cầu Tre"]


def test_a_change_in_force_is_undone_with_a_reason(world, drafts, client):
    client.post(page(RENAMINGS), chosen(drafts, "confirm", **RESOLUTION))
    client.post(page(RENAMINGS), chosen(drafts[:1], "undo", why="Nhầm xã"))
    assert names(world) == ["Xã Ao Sen", "Phường Cầu Tre"]


def test_a_change_the_officer_knows_of_is_recorded_at_once(world, client):
    given = {
        "unit": world.communes[0].pk, "name": "Hồ Sen", "kind": "ward", "since": "01/02/2024",
        "legal_basis": "Nghị quyết 2/NQ-UBTVQH15", "resolved_on": "10/01/2024", "why": "Công báo",
    }  # fmt: skip
    bad = client.post(page(RENAMINGS, "add"), given | {"kind": "province"})
    assert bad.context["adminform"].form.errors
    assert not Renaming.objects.exists()
    assert client.post(page(RENAMINGS, "add"), given).status_code == 302
    assert names(world)[0] == "Phường Hồ Sen"


def test_the_page_of_the_unit_tells_its_changes(world, drafts, client):
    unit = world.communes[0]
    told_page = client.get(page("districts.unit", "change", unit.pk)).content.decode()
    assert "Phường Ao Sen" in told_page


@pytest.mark.parametrize("who", ["auditor", "chair", "commune_officer"])
def test_others_see_what_is_below_them_and_decide_nothing(who, world, drafts, signed_in, request):
    client = signed_in(request.getfixturevalue(who))
    assert client.get(page(RENAMINGS)).status_code == 200
    assert client.get(page(RENAMINGS, "add")).status_code == 403
    for action, given in [("confirm", RESOLUTION), ("dismiss", {"why": "Không"})]:
        client.post(page(RENAMINGS), chosen(drafts, action, **given))
    assert set(Renaming.objects.values_list("state", flat=True)) == {"draft"}
    assert names(world) == ["Xã Ao Sen", "Xã Cầu Tre"]


def test_drafts_of_another_province_are_not_ones_own_to_decide(world, officer, client):
    other = builders.unit("98", "Núi Xa", tier="province")
    unit = builders.unit("98001", "Núi Đá", parent=other)
    builders.rebuild_map()
    draft = draft_renaming(unit=unit, name="Núi Đá", kind="ward", actor=COMMAND_LINE)
    client.post(page(RENAMINGS), chosen([draft], "confirm", **RESOLUTION))
    builders.seat(officer, "auditor", other)  # now in sight, and still not the officer's
    client.post(page(RENAMINGS), chosen([draft], "confirm", **RESOLUTION))
    draft.refresh_from_db()
    assert draft.state == "draft"
