"""Downloading the template: whose it is, who may have it, and what it is called."""

import pytest
import time_machine

from tests.collection.forms import opened
from tests.pages.reported import TODAY


@pytest.fixture
def fetched(client, catalogue):
    def fetched(user, path):
        client.force_login(user)
        with time_machine.travel(TODAY, tick=False):
            return client.get(f"/entry/{path}/template/")

    return fetched


def test_who_reports_takes_the_form_of_their_commune(fetched, commune_officer):
    answer = fetched(commune_officer, "2024-02/99001")
    assert answer.headers["Content-Disposition"].endswith('"BC-XA_2024-02_99001.xlsx"')
    assert opened(answer.content).keys is not None


def test_who_sees_the_figures_of_a_district_takes_all_its_forms(fetched, chair):
    book = opened(fetched(chair, "2024-02/901").content)
    assert len(book.sheets) == 4


@pytest.mark.parametrize(("path", "status"), [("2024-02/99004", 403), ("2024-02/902", 403)])
def test_nobody_takes_the_form_of_others(fetched, commune_officer, chair, path, status):
    assert fetched(commune_officer, path).status_code == status
    assert fetched(chair, path).status_code == status


@pytest.mark.parametrize("path", ["2099-01/99001", "2024-02/99999"])
def test_there_is_no_form_of_the_future_or_of_nobody(fetched, officer, path):
    assert fetched(officer, path).status_code == 404


def test_a_district_has_no_form_after_its_end(fetched, officer, reformed):
    assert fetched(officer, "2025-07/901").status_code == 404


def test_a_month_that_cannot_be_read_is_refused(fetched, officer):
    assert fetched(officer, "February/99001").status_code == 400


def test_strangers_are_asked_to_sign_in(client, province):
    assert client.get("/entry/2024-02/99001/template/").status_code == 302
