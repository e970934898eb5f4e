"""Commitments for programs: read, prepared in one step, verified by code."""

from datetime import date

import pytest
import time_machine
from django.core.cache import cache

from commitments.actions.promises.paper_signing import sign_by_name
from commitments.actions.promises.papers import withdraw_paper
from commitments.actions.promises.signing import NewLine, Signature, sign_commitments
from commitments.models import Paper
from commitments.papers.content import Content, shown_code
from steering.accounts.actors import COMMAND_LINE
from tests import builders
from tests.promises.promised import DAY, assign

ADDRESS = "/api/v1/commitments/"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(DAY, tick=False):
        cache.clear()
        yield


@pytest.fixture
def assigned(province, catalogue):
    return assign(province, catalogue, {"901": {"HI": 100, "HI_RATE": 9610}, "902": {"HI": 70}})


def prepare(client, **more):
    given = {"unit": "99", "year": 2024, **more}
    return client.post(f"{ADDRESS}prepare/", given, content_type="application/json")


def test_all_units_are_prepared_in_one_step_and_once(assigned, officer, client):
    client.force_login(officer)
    answer = prepare(client)
    assert answer.status_code == 201
    assert [one["unit"] for one in answer.json()["prepared"]] == ["901", "902"]
    again = prepare(client).json()
    assert (again["prepared"], again["unchanged"]) == ([], ["901", "902"])


def test_what_is_promised_beyond_the_target_is_given_scaled(assigned, officer, client):
    client.force_login(officer)
    more = [{"unit": "901", "indicator": "HI_RATE", "value": 9700}]
    (one,) = prepare(client, units=["901"], committed=more).json()["prepared"]
    assert [line["committed"] for line in one["lines"]] == [100, 9700]
    less = [{"unit": "901", "indicator": "HI_RATE", "value": 9609}]
    refused = prepare(client, committed=less)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "below_assigned"


@pytest.mark.parametrize(
    "more",
    [
        {"unit": "98"},
        {"units": ["99001"]},
        {"year": 1},
        {"committed": [{"unit": "77", "indicator": "HI", "value": 1}]},
        {"committed": [{"unit": "901", "indicator": "X", "value": 1}]},
    ],
)
def test_what_cannot_be_meant_is_answered_plainly(assigned, officer, client, more):
    client.force_login(officer)
    assert prepare(client, **more).status_code in (400, 404)
    assert not Paper.objects.exists()


def test_a_member_reads_those_of_the_own_units(assigned, officer, chair, client):
    client.force_login(officer)
    prepare(client)
    own = Paper.objects.get(unit__code="901")
    sign_by_name(paper=own, typed_name="chair", actor=chair, on=DAY)
    client.force_login(chair)
    (one,) = client.get(ADDRESS, {"year": "2024", "state": "signed"}).json()["results"]
    assert (one["id"], one["signer_name"], one["way"]) == (own.pk, "chair", "typed")
    assert client.get(f"{ADDRESS}{own.pk}/").json()["content_digest"] == own.content_digest
    other = Paper.objects.get(unit__code="902")
    assert client.get(f"{ADDRESS}{other.pk}/").status_code == 404
    assert prepare(client).status_code == 403


def test_reading_asks_no_more_for_more_commitments(
    assigned, officer, client, django_assert_max_num_queries
):
    client.force_login(officer)
    prepare(client)
    with django_assert_max_num_queries(9):
        assert client.get(ADDRESS).json()["count"] == 2


def test_what_was_recorded_without_a_paper_is_read_beside(province, catalogue, chair, client):
    units = [builders.by_code(code) for code in ("901", "902")]
    sign_commitments(
        committee=builders.committee(province),
        year=2024,
        signed_on=DAY,
        signatures=[
            Signature(unit, [NewLine(catalogue["HI"].pk, 100)], "Chủ tịch", "Chủ tịch tỉnh")
            for unit in units
        ],
        actor=COMMAND_LINE,
        on=DAY,
    )
    client.force_login(chair)
    (one,) = client.get(f"{ADDRESS}recorded/", {"year": "2024"}).json()["results"]
    assert (one["unit"], one["state"], one["lines"][0]["committed"]) == ("901", "signed", 100)
    assert client.get(f"{ADDRESS}recorded/", {"year": "x"}).status_code == 400


class TestVerifying:
    @pytest.fixture
    def papers(self, assigned, officer, client):
        client.force_login(officer)
        prepare(client)
        client.logout()
        return list(Paper.objects.order_by("pk"))

    def test_anybody_compares_lines_and_digest_and_reads_no_name(self, papers, client):
        answer = client.get(f"{ADDRESS}verify/{shown_code(papers[0].code).lower()}/")
        told = answer.json()
        assert (told["state"], told["content_digest"]) == ("prepared", papers[0].content_digest)
        assert [line["committed"] for line in told["lines"]] == [100, 9610]
        assert not {"signer_name", "id", "committee", "file_digest"} & set(told)
        assert answer["X-Robots-Tag"] == "noindex"

    def test_unknown_malformed_and_withdrawn_codes_are_answered_the_same(self, papers, client):
        withdraw_paper(paper=papers[0], why="x", actor=COMMAND_LINE, on=date(2024, 3, 7))
        codes = (papers[0].code, "0" * 16, "x")
        answers = [client.get(f"{ADDRESS}verify/{code}/") for code in codes]
        assert {(one.status_code, one.content) for one in answers} == {(404, answers[0].content)}

    def test_a_header_does_not_make_somebody_else_of_who_asks_too_often(self, papers, client):
        def ask(turn: int) -> int:
            address = f"{ADDRESS}verify/{papers[0].code}/"
            return client.get(address, HTTP_X_FORWARDED_FOR=f"10.0.0.{turn}").status_code

        assert [ask(turn) for turn in range(31)] == [200] * 30 + [429]


def test_the_digest_is_that_of_the_content_told(assigned, officer, client):
    client.force_login(officer)
    prepare(client)
    paper = Paper.objects.order_by("pk").first()
    content = Content.from_text(paper.content)
    assert content.as_text() == paper.content
    assert paper.unit == builders.by_code("901")
