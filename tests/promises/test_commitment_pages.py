"""The register of commitments, the paper, signing it, and what its code shows to anybody."""

import re
from datetime import date

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from commitments.actions.promises.papers import withdraw_paper
from commitments.models import Commitment, Paper
from commitments.papers.content import shown_code
from steering.accounts.actors import COMMAND_LINE
from tests import builders

from .promised import DAY, assign

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(DAY, tick=False):
        cache.clear()
        yield


@pytest.fixture
def assigned(province, catalogue):
    return assign(province, catalogue, {"901": {"HI": 100, "HI_RATE": 9610}, "902": {"HI": 70}})


@pytest.fixture
def papers(assigned, officer, client):
    client.force_login(officer)
    client.post("/commitments/prepare/?unit=99&year=2024")
    return list(Paper.objects.order_by("pk"))


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


class TestRegister:
    def test_it_says_who_is_missing_and_prepares_all_in_one_step(self, assigned, officer, client):
        client.force_login(officer)
        before = client.get("/commitments/?unit=99&year=2024&lang=en")
        assert [row.state for row in before.context["rows"]] == ["unsigned", "unsigned"]
        client.post("/commitments/prepare/?unit=99&year=2024")
        after = client.get("/commitments/?unit=99&year=2024")
        assert [row.state for row in after.context["rows"]] == ["ready", "ready"]
        assert Paper.objects.count() == 2

    def test_a_filter_shows_one_state(self, papers, client):
        assert client.get("/commitments/?unit=99&year=2024&state=signed").context["rows"] == []
        missing = client.get("/commitments/?unit=99&year=2024&state=missing").context["rows"]
        assert len(missing) == 2

    def test_a_chair_sees_the_own_unit_only(self, papers, chair, client):
        client.force_login(chair)
        rows = client.get("/commitments/?year=2024").context["rows"]
        assert [row.unit.code for row in rows] == ["901"]

    @pytest.mark.parametrize("query", ["year=x", "year=99999", "unit=77777", "unit=901"])
    def test_wrong_addresses_are_answered_plainly(self, papers, client, query):
        assert client.get(f"/commitments/?{query}").status_code in (400, 404)


class TestSigning:
    def test_the_chair_reads_and_signs(self, papers, chair, client):
        client.force_login(chair)
        address = f"/commitments/{papers[0].pk}/"
        assert b"/sign/" in client.get(address).content
        wrong = client.post(f"{address}sign/", {"name": "chair", "password": "wrong", "read": "on"})
        assert wrong.status_code == 422
        unread = client.post(f"{address}sign/", {"name": "chair", "password": PASSWORD})
        assert unread.status_code == 422
        assert not Commitment.objects.exists()
        done = client.post(f"{address}sign/", {"name": "chair", "password": PASSWORD, "read": "on"})
        assert done.status_code == 302
        assert Commitment.objects.get().signer_name == "chair"
        assert b"/sign/" not in client.get(address).content

    def test_nobody_else_gets_to_the_page_of_signing(self, papers, officer, leader, client):
        for who in (officer, leader):
            client.force_login(who)
            assert client.get(f"/commitments/{papers[0].pk}/sign/").status_code == 403

    def test_the_officer_records_a_scan_and_anybody_who_sees_the_unit_opens_it(
        self, papers, officer, chair, client
    ):
        client.force_login(officer)
        scan = SimpleUploadedFile("quet.pdf", b"%PDF-1.7 x")
        given = {"name": "Quàng Thị Mẫu", "signed_on": "2024-03-07", "file": scan}
        assert client.post(f"/commitments/{papers[0].pk}/scan/", given).status_code == 302
        client.force_login(chair)
        file = client.get(f"/commitments/{papers[0].pk}/file/")
        assert b"".join(file.streaming_content) == b"%PDF-1.7 x"
        assert client.get(f"/commitments/{papers[1].pk}/file/").status_code == 403

    def test_an_unsigned_pdf_is_refused_with_a_sentence(self, papers, client):
        given = {"file": SimpleUploadedFile("a.pdf", b"not a pdf")}
        answer = client.post(f"/commitments/{papers[0].pk}/pdf/?lang=en", given)
        assert answer.status_code == 422
        assert "cannot be read as a PDF" in text_of(answer)

    def test_a_paper_is_withdrawn_with_a_reason(self, papers, client):
        address = f"/commitments/{papers[0].pk}/withdraw/"
        client.post(address, {"why": ""})
        assert Paper.objects.waiting().count() == 2
        client.post(address, {"why": "Sai"})
        assert Paper.objects.waiting().count() == 1


class TestVerification:
    def test_anybody_sees_lines_state_and_digest_and_no_name(self, papers, chair, client):
        client.force_login(chair)
        client.post(
            f"/commitments/{papers[0].pk}/sign/",
            {"name": "chair", "password": PASSWORD, "read": "on"},
        )
        client.logout()
        for code in (papers[0].code, shown_code(papers[0].code).lower()):
            answer = client.get(f"/verify/{code}/?lang=vi", HTTP_ACCEPT_LANGUAGE="vi")
            assert answer.status_code == 200
            said = text_of(answer)
            assert papers[0].content_digest in said
            assert "96,10%" in said and "đã ký" in said.lower()
            assert "chair" not in said

    def test_it_is_not_indexed_kept_or_named_and_leads_nowhere(self, papers, client):
        client.logout()
        answer = client.get(f"/verify/{papers[0].code}/")
        assert answer["X-Robots-Tag"].startswith("noindex")
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Cache-Control"] == "no-store"
        assert set(
            re.findall(r'(?:href|action)="(?!/static)([^"]*)"', answer.content.decode())
        ) == {"/verify/"}

    def test_unknown_malformed_and_withdrawn_codes_answer_the_same(
        self, papers, client, django_assert_num_queries
    ):
        withdraw_paper(paper=papers[0], why="x", actor=COMMAND_LINE, on=date(2024, 3, 7))
        client.logout()
        answers = []
        for code in (papers[0].code, "0" * 16, "x", "a'--", "ÀÀÀÀ" * 4):
            with django_assert_num_queries(1):
                answer = client.get(f"/verify/{code}/")
            answers.append((answer.status_code, text_of(answer)))
        assert len(set(answers)) == 1
        assert answers[0][0] == 404

    def test_a_code_typed_into_the_form_is_led_to_its_page(self, papers, client):
        answer = client.get("/verify/", {"code": shown_code(papers[0].code)})
        assert answer["Location"] == f"/verify/{papers[0].code}/"
        assert client.get("/verify/").status_code == 200

    def test_asking_too_often_has_to_wait(self, papers, client):
        client.logout()
        answers = [client.get("/verify/x/").status_code for _ in range(31)]
        assert answers[:30] == [404] * 30
        assert answers[30] == 429


def test_nothing_of_a_paper_is_shown_to_a_stranger(papers, client, outsider):
    addresses = [f"/commitments/{papers[0].pk}/{end}" for end in ("", "file/", "sign/", "scan/")]
    client.logout()
    assert {client.get(address).status_code for address in addresses} == {302}
    client.force_login(builders.user("somebody"))
    assert {client.get(address).status_code for address in addresses} == {403}
