"""Who signs proves who they are: password, second factor, a signed PDF that is the paper."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django_otp.oath import TOTP

from commitments.models import Commitment, Paper
from steering.accounts.signing_in import second_factor
from tests.commitments.papers.certificates import SERIAL, Authority, signed

from .promised import assign

NOW = datetime(2024, 3, 7, 20, 30, tzinfo=UTC)
"""Early on the 8th in Vietnam."""
PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        cache.clear()
        yield traveller


@pytest.fixture
def paper(province, catalogue, officer, client):
    assign(province, catalogue, {"901": {"HI": 100, "HI_RATE": 9610}})
    client.force_login(officer)
    client.post("/commitments/prepare/?unit=99&year=2024")
    return Paper.objects.get()


def sign(client, paper, **given):
    typed = {"name": "chair", "password": PASSWORD, "read": "on", **given}
    return client.post(f"/commitments/{paper.pk}/sign/", typed)


def test_wrong_passwords_count_until_the_right_one_is_not_taken_either(paper, chair, client):
    client.force_login(chair)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = sign(client, paper, password="wrong")
    assert answer.status_code == 429
    assert sign(client, paper).status_code == 429
    assert not Commitment.objects.exists()


def test_whoever_has_a_second_factor_signs_with_it(paper, chair, client, clock):
    def shown(device) -> str:
        generator = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
        generator.time = datetime.now().timestamp()
        return f"{generator.token():06d}"

    device = second_factor.begin(user=chair)
    second_factor.confirm(user=chair, code=shown(device))
    client.force_login(chair)
    assert sign(client, paper).status_code == 422
    assert sign(client, paper, code="000000").status_code == 422
    assert not Commitment.objects.exists()
    clock.shift(timedelta(minutes=2))
    device.refresh_from_db()
    assert sign(client, paper, code=shown(device)).status_code == 302
    assert Commitment.objects.get().way == "typed"


def test_the_paper_as_printed_is_signed_digitally_and_handed_in(paper, officer, client):
    made = client.get(f"/commitments/{paper.pk}/paper.pdf")
    assert made["Content-Type"] == "application/pdf"
    signer = Authority.make().signer(
        "Quàng Thị Mẫu", since=NOW - timedelta(9), until=NOW + timedelta(9)
    )
    content = signed(made.content, signer)
    answer = client.post(
        f"/commitments/{paper.pk}/pdf/", {"file": SimpleUploadedFile("ky.pdf", content)}
    )
    assert answer.status_code == 302
    commitment = Commitment.objects.get()
    assert (commitment.way, commitment.signed_on.day) == ("digital", 8)
    page = client.get(f"/commitments/{paper.pk}/").content.decode()
    assert "Quàng Thị Mẫu, UBND huyện Bến Đá" in page
    assert SERIAL not in page
    kept = client.get(f"/commitments/{paper.pk}/file/")
    assert b"".join(kept.streaming_content) == content


def test_the_paper_is_printed_for_word_too_but_not_once_it_is_replaced(
    paper, province, catalogue, client
):
    made = client.get(f"/commitments/{paper.pk}/paper.docx")
    assert io.BytesIO(made.content).read(2) == b"PK"
    assert client.get(f"/commitments/{paper.pk}/paper.odt").status_code == 404
    answer = client.post(f"/commitments/{paper.pk}/promise/", {"line-1": "105", "line-2": "96,1"})
    assert answer.status_code == 302
    assert client.get(f"/commitments/{paper.pk}/paper.pdf").status_code == 404
    assert client.get(f"{answer['Location']}paper.pdf").status_code == 200


@pytest.mark.parametrize("typed", ["99", "nhiều", "-5"])
def test_less_than_was_assigned_or_no_number_is_told_on_the_page(paper, client, typed):
    answer = client.post(f"/commitments/{paper.pk}/promise/", {"line-1": typed}, follow=True)
    assert [message.tags for message in answer.context["messages"]][-1] == "error"
    assert Paper.objects.count() == 1
