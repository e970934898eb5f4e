"""Signed PDFs: what is said of each kind, and what must never be kept of a certificate."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from commitments.papers.signatures import (
    UnreadablePdf,
    signatures_of,
    text_without_spaces,
    trusted_roots,
)

from .certificates import SERIAL, Authority, printed, signed

NOW = datetime(2024, 3, 7, 2, 30, tzinfo=UTC)
DIGEST = "3f" * 32


@pytest.fixture(scope="module")
def issuer():
    return Authority.make()


@pytest.fixture(scope="module")
def roots(issuer, tmp_path_factory):
    folder = tmp_path_factory.mktemp("roots")
    issuer.write_to(folder)
    (folder / "readme.txt").write_text("no certificate")
    return trusted_roots(folder)


@pytest.fixture(scope="module")
def chair(issuer):
    return issuer.signer(
        "Quàng Thị Mẫu", since=NOW - timedelta(days=100), until=NOW + timedelta(days=100)
    )


@pytest.fixture(scope="module")
def paper():
    return printed("BẢN CAM KẾT", DIGEST)


@pytest.fixture(scope="module")
def good(paper, chair):
    with time_machine.travel(NOW, tick=False):
        return signed(paper, chair)


def test_a_pdf_that_nobody_signed_has_no_signature(paper):
    assert signatures_of(paper) == []


def test_an_intact_signature_says_who_when_and_by_whose_word(good, roots):
    (found,) = signatures_of(good, roots=roots)
    assert (found.name, found.organisation) == ("Quàng Thị Mẫu", "UBND huyện Bến Đá")
    assert found.issuer == "Nhà cấp chứng thư thử nghiệm"
    assert found.signed_at == NOW
    assert (found.intact, found.changed, found.trusted, found.why) == (True, False, True, "")
    assert DIGEST in text_without_spaces(good)


def test_the_serial_of_a_certificate_is_not_looked_at(good, roots):
    (found,) = signatures_of(good, roots=roots)
    assert SERIAL not in str(found.as_certificate())


def test_an_issuer_that_is_not_on_the_list_is_said_and_no_fault(good, english):
    (found,) = signatures_of(good)
    assert (found.intact, found.changed, found.trusted) == (True, False, False)
    assert "issuer is not on the list" in found.why


def test_a_byte_changed_inside_is_found(good, roots):
    at = good.index(b"/Type")
    (found,) = signatures_of(good[:at] + b"/type" + good[at + 5 :], roots=roots)
    assert not found.intact
    assert found.changed


def test_two_who_sign_after_each_other_both_count(good, roots, issuer):
    office = issuer.signer("Văn phòng", since=NOW - timedelta(9), until=NOW + timedelta(9))
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        both = signed(good, office, field="Con_dau")
    assert [(one.name, one.changed, one.trusted) for one in signatures_of(both, roots=roots)] == [
        ("Quàng Thị Mẫu", False, True),
        ("Văn phòng", False, True),
    ]


def test_a_certificate_that_ran_out_since_was_valid_then(paper, issuer, roots):
    signer = issuer.signer("Ông Mẫu", since=NOW - timedelta(9), until=NOW + timedelta(days=1))
    with time_machine.travel(NOW, tick=False):
        content = signed(paper, signer)
    (found,) = signatures_of(content, roots=roots)
    assert found.trusted


def test_a_certificate_that_had_run_out_is_not_trusted(paper, issuer, roots, english):
    signer = issuer.signer("Ông Mẫu", since=NOW - timedelta(9), until=NOW - timedelta(days=1))
    with time_machine.travel(NOW, tick=False):
        content = signed(paper, signer)
    (found,) = signatures_of(content, roots=roots)
    assert not found.trusted
    assert found.why == "The certificate was not valid on the day of signing."


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04", b"x" * 2000])
def test_what_is_no_pdf_is_said_to_be_none(content):
    with pytest.raises(UnreadablePdf):
        signatures_of(content)
