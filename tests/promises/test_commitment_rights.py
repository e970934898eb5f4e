"""Who opens which commitment, before the reform and after it, with papers and without."""

from datetime import date

import pytest
import time_machine
from django.core.cache import cache

from commitments.actions.promises.papers import prepare_papers
from commitments.actions.promises.signing import NewLine, Signature, sign_commitments
from commitments.chain.links import link_events
from commitments.models import Commitment, CommitmentEvent, Paper
from steering.accounts.actors import COMMAND_LINE
from steering.committee.roles import Role
from tests import builders
from tests.builders import REFORM_DAY

from .promised import assign

BEFORE, AFTER = date(2025, 6, 2), date(2025, 9, 15)
READ = ("", "paper.pdf")
LOGIN = 302

# Own district 901, its sibling 902: what reading answers.
SEES = {
    "officer": (200, 200),
    "leader": (200, 200),
    "auditor": (200, 200),
    "chair": (200, 403),
    "commune_officer": (403, 403),
    "outsider": (403, 403),
    "anonymous": (LOGIN, LOGIN),
}
# Own paper: signing by name, recording a scan, handing in a PDF.
SIGNS = dict.fromkeys(SEES, (403, 403, 403)) | {
    "officer": (403, 200, 200),
    "chair": (200, 403, 200),
    "anonymous": (LOGIN, LOGIN, LOGIN),
}


@pytest.fixture
def papers(province, catalogue):
    assign(province, catalogue, {"901": {"HI": 100}, "902": {"HI": 70}}, on=BEFORE)
    committee = builders.committee(province)
    prepare_papers(committee=committee, year=2025, actor=COMMAND_LINE, on=BEFORE)
    return {code: Paper.objects.get(unit__code=code) for code in ("901", "902")}


@pytest.fixture
def recorded(province, catalogue):
    """Commitments recorded as signed, without a paper."""
    units = [builders.by_code(code) for code in ("901", "902")]
    sign_commitments(
        committee=builders.committee(province),
        year=2024,
        signed_on=date(2024, 3, 7),
        signatures=[
            Signature(unit, [NewLine(catalogue["HI"].pk, 100)], "Chủ tịch", "Chủ tịch tỉnh")
            for unit in units
        ],
        actor=COMMAND_LINE,
        on=BEFORE,
    )
    return {code: Commitment.objects.get(unit__code=code) for code in ("901", "902")}


@pytest.fixture
def enter(request, client):
    def enter(name: str):
        cache.clear()
        if name != "anonymous":
            client.force_login(request.getfixturevalue(name))
        return client

    return enter


@pytest.mark.parametrize("name", SEES)
def test_reading_is_for_whoever_sees_the_unit(name, papers, recorded, enter):
    with time_machine.travel(BEFORE):
        client = enter(name)
        for code, right in zip(("901", "902"), SEES[name], strict=True):
            addresses = [f"/commitments/{papers[code].pk}/{end}" for end in READ]
            addresses += [f"/commitments/recorded/{recorded[code].pk}/{end}" for end in READ]
            assert {client.get(address).status_code for address in addresses} == {right}


@pytest.mark.parametrize("name", SIGNS)
def test_signing_is_for_the_head_and_recording_for_the_standing_officer(name, papers, enter):
    with time_machine.travel(BEFORE):
        client = enter(name)
        own = f"/commitments/{papers['901'].pk}/"
        found = tuple(client.get(f"{own}{end}/").status_code for end in ("sign", "scan", "pdf"))
        assert found == SIGNS[name]
        for end in ("withdraw/", "promise/"):
            answer = client.post(own + end, {"why": "", "line-1": ""})
            assert answer.status_code == (302 if name in ("officer", "anonymous") else 403)


@pytest.mark.parametrize("name", ["officer", "leader", "auditor", "outsider"])
def test_after_the_reform_old_commitments_stay_readable_to_the_same(
    name, papers, recorded, reformed, enter
):
    with time_machine.travel(AFTER):
        client = enter(name)
        for code, right in zip(("901", "902"), SEES[name], strict=True):
            assert client.get(f"/commitments/{papers[code].pk}/").status_code == right
            address = f"/commitments/recorded/{recorded[code].pk}/"
            assert client.get(address).status_code == right


def test_after_the_reform_the_head_of_an_ended_unit_signs_no_more(papers, chair, reformed, client):
    client.force_login(chair)
    with time_machine.travel(AFTER):
        answer = client.post(
            f"/commitments/{papers['901'].pk}/sign/",
            {"name": "chair", "password": "a long enough password", "read": "on"},
        )
    assert answer.status_code == 403
    assert not Commitment.objects.exists()


def test_an_ended_commitment_leads_to_those_who_carry_it(
    province, catalogue, papers, chair, officer, client
):
    client.force_login(chair)
    with time_machine.travel(BEFORE):
        client.post(
            f"/commitments/{papers['901'].pk}/sign/",
            {"name": "chair", "password": "a long enough password", "read": "on"},
        )
    builders.reform_99(province)
    ended = CommitmentEvent.objects.create(
        commitment=Commitment.objects.get(), what=CommitmentEvent.What.ENDED, on=REFORM_DAY
    )
    link_events([ended])
    client.force_login(officer)
    with time_machine.travel(AFTER):
        page = client.get(f"/commitments/{papers['901'].pk}/")
        assert page.context["page"].state == "ended"
        assert page.context["page"].ended_on == REFORM_DAY
        codes = [one.unit.code for one in page.context["page"].carried_by]
        assert sorted(codes) == ["99001", "99004"]
        for code in codes:
            assert f"/units/{code}/" in page.content.decode()
        register = client.get("/commitments/?unit=99&year=2025&state=ended").context["rows"]
        assert "901" in [row.unit.code for row in register]


def test_a_superseded_version_stays_in_the_register(province, catalogue, papers, chair, client):
    client.force_login(chair)
    with time_machine.travel(BEFORE):
        answer = {"name": "chair", "password": "a long enough password", "read": "on"}
        client.post(f"/commitments/{papers['901'].pk}/sign/", answer)
        decision = papers["901"].unit.targets.get().decision
        assign(
            province,
            catalogue,
            {"901": {"HI": 120}},
            number="2/QĐ-UBND",
            on=BEFORE,
            amends=decision,
        )
        committee = builders.committee(province)
        prepare_papers(committee=committee, year=2025, actor=COMMAND_LINE, on=BEFORE)
        (waiting,) = client.get("/commitments/?year=2025").context["rows"]
        assert (waiting.state, waiting.agrees) == ("ready", False)
        client.post(f"/commitments/{waiting.paper.pk}/sign/", answer)
        (row,) = client.get("/commitments/?year=2025").context["rows"]
        assert (row.state, row.agrees) == ("signed", True)
        (old,) = client.get("/commitments/?year=2025&state=superseded").context["rows"]
        assert old.paper == papers["901"]
        assert client.get(f"/verify/{papers['901'].code}/").context["state"] == "superseded"


def test_a_chair_out_of_office_signs_nothing(papers, client):
    late = builders.user("late")
    builders.seat(late, Role.CHAIR, papers["901"].unit, since=date(2024, 1, 1), until=BEFORE)
    client.force_login(late)
    with time_machine.travel(BEFORE):
        assert client.get(f"/commitments/{papers['901'].pk}/sign/").status_code == 403


def test_a_paper_asks_a_bounded_number_of_questions(
    papers, officer, client, django_assert_max_num_queries
):
    client.force_login(officer)
    with time_machine.travel(BEFORE):
        address = f"/commitments/{papers['901'].pk}/"
        client.get(address)
        with django_assert_max_num_queries(40):
            client.get(address)
        with django_assert_max_num_queries(45):
            client.get(f"{address}scan/")
        cache.clear()
        with django_assert_max_num_queries(2):
            client.get(f"/verify/{papers['901'].code}/")
