"""Who sees and does what in the back office: seats decide, Django's own permissions never."""

import pytest
from django.contrib.auth.models import Permission as DjangoPermission
from django.urls import reverse

from commitments.models import Submission
from districts.models import Unit
from steering.accounts.models import User
from steering.committee.models import Committee, Membership
from tests import builders

from .conftest import page, rows
from .test_pages import REGISTERED


def seen(client, model: str) -> set:
    return {row.pk for row in rows(client.get(page(model)))}


def units_of(client, model: str) -> set[str]:
    return {row.unit.code for row in rows(client.get(page(model)))}


def test_an_outsider_gets_no_page_at_all_and_is_told_why(world, outsider, signed_in):
    client = signed_in(outsider)
    for model in REGISTERED:
        assert client.get(page(model)).status_code == 403, model
        assert client.get(page(model, "change", 1)).status_code in (302, 403), model
    index = client.get(reverse("admin:index"))
    assert index.context["app_list"] == []
    assert 'class="seats"' not in index.content.decode()


def test_a_superuser_without_a_seat_sees_nothing(world, signed_in):
    root = builders.user("root", superuser=True)
    root.user_permissions.set(DjangoPermission.objects.all())
    client = signed_in(root)
    assert {client.get(page(model)).status_code for model in REGISTERED} == {403}


def test_without_the_door_nobody_comes_in(world, officer, signed_in):
    User.objects.filter(pk=officer.pk).update(is_staff=False)
    assert signed_in(officer).get(page("districts.unit")).status_code == 302


def test_the_rows_of_a_list_are_those_below_the_seat(
    world, officer, chair, commune_officer, auditor, signed_in
):
    below = {
        officer: {"99001", "99002", "99003", "99004", "99005"},
        auditor: {"99001", "99002", "99003", "99004", "99005"},
        chair: {"99001", "99002", "99003"},
        commune_officer: {"99001"},
    }
    for user, codes in below.items():
        client = signed_in(user)
        assert units_of(client, "commitments.submission") == codes
        assert units_of(client, "commitments.revision") == codes
        assert units_of(client, "commitments.base") == codes
    assert seen(signed_in(commune_officer), "districts.unit") == {world.communes[0].pk}
    assert units_of(signed_in(chair), "commitments.commitment") == {"901"}


def test_a_row_out_of_sight_is_as_if_it_did_not_exist(world, commune_officer, signed_in):
    client = signed_in(commune_officer)
    other = Submission.objects.filter(unit__code="99002").first()
    for view in ("change", "history"):
        answer = client.get(page("commitments.submission", view, other.pk))
        assert (answer.status_code, answer.url) == (302, reverse("admin:index"))
    answer = client.get(page("districts.unit", "change", world.province.pk))
    assert answer.status_code == 302


@pytest.mark.parametrize("who", ["auditor", "leader", "chair", "commune_officer"])
def test_only_the_standing_officer_keeps_accounts_seats_catalogue_and_units(
    who, world, signed_in, request
):
    client = signed_in(request.getfixturevalue(who))
    adding = {model for model in REGISTERED if client.get(page(model, "add")).status_code == 200}
    reports = {"commitments.submission"} if who in ("chair", "commune_officer") else set()
    assert adding == reports
    assert client.get(page("accounts.user")).status_code == 403
    commune = world.communes[0]
    answer = client.post(
        page("districts.unit", "change", commune.pk), {"name": "Khác", "full_name": "Xã Khác"}
    )
    assert answer.status_code == 403
    assert Unit.objects.get(pk=commune.pk).name == "Ao Sen"


def test_the_journal_is_for_whoever_sees_the_history_of_a_whole_province(
    world, officer, auditor, leader, chair, commune_officer, signed_in
):
    for user in (officer, auditor, leader):
        assert seen(signed_in(user), "accounts.journalentry")
    for user in (chair, commune_officer):
        assert signed_in(user).get(page("accounts.journalentry")).status_code == 403


def test_an_account_seated_elsewhere_too_is_not_ones_own_to_change(world, officer, signed_in):
    elsewhere = builders.unit("98", "Núi Xa", tier="province")
    builders.rebuild_map()
    shared = builders.user("shared")
    builders.seat(shared, "auditor", world.province)
    assert signed_in(officer).get(page("accounts.user", "change", shared.pk)).status_code == 200
    builders.seat(shared, "officer", elsewhere)
    client = signed_in(officer)
    assert client.get(page("accounts.user", "change", shared.pk)).status_code == 302
    answer = client.post(
        reverse("admin:auth_user_password_change", args=[shared.pk]),
        {"password1": "mot-mat-khau-dai", "password2": "mot-mat-khau-dai"},
    )
    assert answer.status_code in (403, 404)
    assert shared.check_password("a long enough password")


def test_a_seat_that_ended_opens_nothing(world, chair, signed_in):
    Membership.objects.filter(user=chair).update(until="2024-02-01")
    assert signed_in(chair).get(page("districts.unit")).status_code == 403


def test_the_lists_offer_only_the_actions_one_may_use(
    world, officer, chair, commune_officer, auditor, signed_in
):
    def offered(user, model: str) -> set[str]:
        form = signed_in(user).get(page(model)).context["action_form"]
        return {name for name, _label in form.fields["action"].choices if name} if form else set()

    assert offered(officer, "commitments.submission") == {"verify", "approve", "return_report"}
    assert offered(chair, "commitments.submission") == {"verify", "return_report"}
    assert offered(commune_officer, "commitments.submission") == set()
    assert offered(officer, "commitments.period") == {"close", "reopen"}
    assert offered(auditor, "commitments.period") == set()


def test_a_committees_notice_stands_on_every_page_of_those_below_and_of_nobody_else(
    world, commune_officer, outsider, signed_in
):
    Committee.objects.filter(unit=world.province).update(notice="Số liệu minh họa.")
    index = reverse("admin:index")
    assert "Số liệu minh họa." in signed_in(commune_officer).get(index).content.decode()
    assert "Số liệu minh họa." not in signed_in(outsider).get(index).content.decode()
