"""Every page of the back office answers, in constant queries, and finds without accents."""

from datetime import date

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collection.models import DraftAnswer, DraftCell
from commitments.actions.reference.working_days import complete_year, decide_days
from commitments.models import CarriedTotal, Count, Total
from districts.actions import confirm_alias, draft_renaming
from districts.models import Ancestry, DataVersion, Lineage, TilePosition
from reports.models import ReadyPart, ReadySet
from steering.accounts.actors import COMMAND_LINE
from steering.committee.backoffice import Guarded
from steering.committee.roles import Role
from tests import builders

from .conftest import DECEMBER, JANUARY, TODAY, page, rows, surround

OURS = ("accounts", "districts", "committee", "commitments", "reports", "collection")
REGISTERED = sorted(model._meta.label_lower for model in admin.site._registry)
LINES = {"commitments.commitmentline", "commitments.pathpoint"}
"""Shown on the page of the row they belong to."""


@pytest.fixture
def everything(world):
    """At least one row in every table that has a page."""
    tile(world.communes[0], 1)
    confirm_alias(unit=world.communes[0], name="Ao Sẽn", actor=COMMAND_LINE, on=TODAY)
    builders.reform_99(world.province)
    days_off(6)
    rename(world.communes[4], "Hồ Sương")
    return world


def days_off(number: int) -> None:
    """A day off in June 2023, and a year of which everything is known."""
    given = {"source": f"{number}/TB-BNV", "actor": COMMAND_LINE, "on": TODAY}
    decide_days(days={date(2023, 6, number): False}, **given)
    complete_year(year=2030 + number, **given)


def rename(unit, name: str) -> None:
    draft_renaming(unit=unit, name=name, kind="ward", legal_basis="1/NQ", actor=COMMAND_LINE)


def tile(unit, column: int) -> None:
    TilePosition.objects.create(unit=unit, since=date(2020, 1, 1), row=1, column=column)


ON_PAGES = {"committee.letterhead"} | {
    f"commitments.{name}"
    for name in (
        "allocation", "portion", "link", "paper", "paperwithdrawal", "task", "taskevent",
    )
}  # fmt: skip
"""What has pages of its own above the reports, and is written there only."""


def test_everything_is_registered_but_what_is_derived_or_has_its_own_pages():
    models = {
        model._meta.label_lower for app in OURS for model in apps.get_app_config(app).get_models()
    }
    derived = {
        model._meta.label_lower
        for model in (
            Ancestry,
            CarriedTotal,
            DataVersion,
            Lineage,
            ReadyPart,
            ReadySet,
            Total,
            Count,
            DraftAnswer,
            DraftCell,
        )
    }
    assert models - set(REGISTERED) == derived | LINES | ON_PAGES
    assert {
        type(page) for page in admin.site._registry.values() if not isinstance(page, Guarded)
    } == set()


def test_every_list_row_and_journal_answers(everything, officer, signed_in):
    client = signed_in(officer)
    for model in REGISTERED:
        answer = client.get(page(model))
        assert answer.status_code == 200, model
        shown = rows(answer)
        assert shown, f"no {model} to look at"
        for view in ("change", "history"):
            assert client.get(page(model, view, shown[0].pk)).status_code == 200, (model, view)


def test_every_page_to_add_something_answers(everything, officer, signed_in):
    client = signed_in(officer)
    adds = {model for model in REGISTERED if client.get(page(model, "add")).status_code == 200}
    assert adds == {
        "accounts.user",
        "committee.committee",
        "committee.membership",
        "commitments.indicator",
        "commitments.period",
        "commitments.reviewlevel",
        "commitments.rule",
        "commitments.submission",
        "districts.alias",
        "districts.renaming",
        "districts.reorganisation",
        "districts.tileposition",
    }


def test_every_filter_answers(everything, officer, signed_in):
    client = signed_in(officer)
    for model in REGISTERED:
        changelist = client.get(page(model)).context["cl"]
        for chooser in changelist.filter_specs:
            for choice in list(chooser.choices(changelist))[1:3]:
                address = page(model) + choice["query_string"]
                assert client.get(address).status_code == 200, address


def test_every_date_hierarchy_opens(everything, officer, signed_in):
    client = signed_in(officer)
    for model, shown in admin.site._registry.items():
        if shown.date_hierarchy:
            address = page(model._meta.label_lower) + f"?{shown.date_hierarchy}__year=2024"
            assert client.get(address).status_code == 200, address


def test_lists_cost_the_same_queries_with_more_rows(everything, officer, chair, signed_in):
    client = signed_in(officer)

    def costs() -> dict[str, int]:
        found = {}
        for model in REGISTERED:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(page(model), {"q": "o"})
                client.get(page(model))
            found[model] = len(queries)
        return found

    def sizes() -> dict[str, int]:
        return {model: apps.get_model(model).objects.count() for model in REGISTERED}

    client.get(page("districts.unit"))  # the first page of a session writes its beginning
    before, few = costs(), sizes()
    for step, month in enumerate((JANUARY - 3, JANUARY - 2, JANUARY), start=1):
        for commune in everything.communes:
            everything.report(commune, month, POP=21_000, HI=3000 * step, SI_V=60)
        everything.close_and_reopen(month)
    for number, commune in enumerate(everything.communes[1:], start=2):
        tile(commune, number)
        rename(commune, f"Hồ Sương {number}")
        builders.seated(f"officer-{number}", Role.OFFICER, commune)
        surround(everything, commune, chair, officer)
        days_off(10 + number)
    for year in (2022, 2023):
        everything.decide("9/QĐ-UBND", year, [(unit, "HI", 900) for unit in everything.communes])
        everything.sign(year, "901", "902")
    assert {model for model, size in sizes().items() if size == few[model]} == {
        "commitments.indicator",
        "commitments.reviewlevel",
        "commitments.rule",
        "districts.alias",
        "districts.placement",
        "districts.reorganisation",
        "districts.succession",
        "districts.unit",
        "reports.judgement",
    }
    assert costs() == before


@pytest.mark.parametrize(
    ("model", "typed", "found"),
    [
        ("districts.unit", "ao sen", {"99001"}),
        ("districts.unit", "Ao Sen", {"99001"}),
        ("districts.unit", "99002", {"99002"}),
        ("commitments.submission", "deo gio", {"99003"}),
        ("commitments.period", "suoi trong", {"99"}),
        ("committee.committee", "DOI THONG", {"901"}),
    ],
)
def test_units_are_found_without_accents_and_by_code(
    world, officer, signed_in, model, typed, found
):
    shown = rows(signed_in(officer).get(page(model), {"q": typed}))
    assert {getattr(row, "unit", row).code for row in shown} == found


@pytest.mark.parametrize("typed", ["tran thi dao", "Trần Thị Đào", "TRAN  thi", "dào"])
def test_people_are_found_without_accents(world, officer, signed_in, typed):
    builders.opened("dao", officer, name="Trần Thị Đào")
    builders.opened("dan", officer, name="Trần Văn Đản")
    shown = rows(signed_in(officer).get(page("accounts.user"), {"q": typed}))
    assert "dao" in {user.username for user in shown}
    assert "dan" not in {user.username for user in shown}


def test_indicators_are_found_by_code_and_by_name(world, officer, signed_in):
    client = signed_in(officer)
    for typed in ("hi_hh", "chi tieu hi_hh_new", "indicator HI_HH"):
        shown = rows(client.get(page("commitments.indicator"), {"q": typed}))
        assert [indicator.code for indicator in shown] == ["HI_HH_NEW"]


def test_signs_that_mean_something_to_a_search_engine_are_only_text(world, officer, signed_in):
    client = signed_in(officer)
    for typed in ("(", "[a", "a.*", "\\", "%", "148/QĐ"):
        answer = client.get(page("commitments.decision"), {"q": typed})
        assert [row.number for row in rows(answer)] == (["148/QĐ-UBND"] if "148" in typed else [])


def test_choosing_a_unit_offers_only_what_the_chooser_sees(
    world, officer, chair, outsider, signed_in
):
    address = reverse("admin:autocomplete")
    asked = {
        "app_label": "commitments", "model_name": "submission", "field_name": "unit", "term": "xa",
    }  # fmt: skip

    def offered(user) -> set[str]:
        answer = signed_in(user).get(address, asked)
        return {choice["text"] for choice in answer.json().get("results", ())}

    assert len(offered(officer)) == 5
    assert offered(chair) == {"Xã Ao Sen (99001)", "Xã Cầu Tre (99002)", "Xã Đèo Gió (99003)"}
    assert signed_in(outsider).get(address, asked).status_code == 403


def test_months_and_numbers_read_as_people_write_them(everything, officer, signed_in):
    client = signed_in(officer)
    revisions = client.get(page("commitments.revision")).content.decode()
    assert str(DECEMBER) in revisions
    assert "20.000" in revisions
    assert str(int(DECEMBER)) not in revisions
    assert "96,10" in client.get(page("commitments.target")).content.decode()
    assert "2.024" not in client.get(page("commitments.decision")).content.decode()
