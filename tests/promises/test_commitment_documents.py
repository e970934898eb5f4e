"""The papers of commitments as files: one from its page, all of a committee from the register."""

import io
import zipfile

import pytest
import time_machine
from django.urls import reverse

from commitments.models import Paper
from commitments.papers.signatures import text_without_spaces
from reports.documents.promised import promised_in
from steering.jobs.actions import run
from steering.jobs.models import Job
from tests.reports.documents import reading

from .promised import DAY, assign


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(DAY, tick=False):
        yield


@pytest.fixture
def papers(province, catalogue, officer, client):
    assign(province, catalogue, {"901": {"HI": 100, "HI_RATE": 9610}, "902": {"HI": 70}})
    client.force_login(officer)
    client.post("/commitments/prepare/?unit=99&year=2024")
    return list(Paper.objects.order_by("pk"))


def test_the_digest_is_found_in_the_pdf_as_signing_looks_for_it(papers, client):
    answer = client.get(f"/commitments/{papers[0].pk}/paper.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert papers[0].content_digest in text_without_spaces(answer.content)


def test_word_and_pdf_of_a_paper_say_the_same(papers, client):
    word = client.get(f"/commitments/{papers[0].pk}/paper.docx").content
    paper = client.get(f"/commitments/{papers[0].pk}/paper.pdf").content
    assert sorted(reading.word_text(word).split()) == sorted(reading.pdf_text(paper).split())


def test_the_code_leads_to_the_page_that_exists(papers, settings):
    address = reverse("promises:verify", args=[papers[0].code])
    assert promised_in(papers[0]).printed.address == settings.SITE_URL + address


def test_all_papers_come_as_one_archive(papers, client):
    answer = client.post("/commitments/documents/?unit=99&year=2024", {"type": "pdf"})
    job = Job.objects.get()
    assert answer.url == reverse("jobs:job", args=[job.pk])
    run(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.result
    with zipfile.ZipFile(io.BytesIO(job.file.read())) as archive:
        names = archive.namelist()
        assert names == ["commitment-2024-901.pdf", "commitment-2024-902.pdf"]
        assert papers[1].content_digest in text_without_spaces(archive.read(names[1]))


def test_the_register_and_the_paper_offer_them(papers, client):
    register = client.get("/commitments/?unit=99&year=2024").content.decode()
    assert "/commitments/documents/?unit=99" in register
    page = client.get(f"/commitments/{papers[0].pk}/").content.decode()
    assert f"/commitments/{papers[0].pk}/paper.docx" in page


def test_another_ending_is_no_paper(papers, client):
    assert client.get(f"/commitments/{papers[0].pk}/paper.odt").status_code == 404
    answer = client.post("/commitments/documents/?unit=99&year=2024", {"type": "odt"})
    assert answer.status_code == 400


def test_who_sees_a_part_only_gets_no_archive(papers, client, chair):
    client.force_login(chair)
    page = client.get("/commitments/?year=2024").content.decode()
    assert "/commitments/documents/" not in page
    assert client.post("/commitments/documents/?year=2024").status_code == 403
