"""The command that writes documents: its answer, its files, its refusals and exit status."""

import hashlib
import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from docx import Document
from pypdf import PdfReader

from tests.builders import by_code
from tests.reports.documents import reading


def run(document, output, *more, unit="99"):
    call_command("write_document", document, "--unit", unit, "--output", str(output), *more)


def answered(capsys, document, output, *more, **asked) -> dict:
    run(document, output, "--format", "json", *more, **asked)
    return json.loads(capsys.readouterr().out)


def refused(capsys, document, output, *more, **asked) -> dict:
    with pytest.raises(SystemExit) as stop:
        run(document, output, "--format", "json", *more, **asked)
    assert stop.value.code == 1
    assert not output.exists()
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is False
    (error,) = answer["errors"]
    return error


@pytest.fixture
def decided(assign, province, communes):
    """148/QĐ-UBND of 2024: 1.000 for the province, 600 and 400 for its districts."""
    north, south = by_code("901"), by_code("902")
    values = {(province, "HI"): 1000, (north, "HI"): 600, (south, "HI"): 400}
    return assign(values, number="148/QĐ-UBND")


def test_the_annex_is_written_for_word_and_as_pdf(decided, tmp_path, capsys):
    for ending in ("docx", "pdf"):
        output = tmp_path / f"annex.{ending}"
        answer = answered(capsys, "annex", output, "--year", "2024")
        digest = hashlib.sha256(output.read_bytes()).hexdigest()
        assert answer == {
            "ok": True,
            "files": [{"path": str(output), "sha256": digest, "pages": 1}],
        }
    assert len(PdfReader(tmp_path / "annex.pdf").pages) == 1
    assert Document(tmp_path / "annex.docx").tables


def test_word_and_pdf_say_the_same(decided, tmp_path):
    run("annex", tmp_path / "a.docx", "--year", "2024")
    run("annex", tmp_path / "a.pdf", "--year", "2024")
    word = reading.word_text((tmp_path / "a.docx").read_bytes()).split()
    paper = reading.pdf_text((tmp_path / "a.pdf").read_bytes()).split()
    assert sorted(word) == sorted(paper)
    assert "1.000" in word


def test_writing_again_gives_the_same_bytes(decided, tmp_path):
    for ending in ("docx", "pdf"):
        first, second = tmp_path / f"1.{ending}", tmp_path / f"2.{ending}"
        run("annex", first, "--year", "2024")
        run("annex", second, "--year", "2024")
        assert first.read_bytes() == second.read_bytes()


def test_a_decision_is_found_by_any_spelling_of_its_number(decided, tmp_path, capsys):
    answered(capsys, "annex", tmp_path / "a.docx", "--decision", "148 /qd-ubnd")
    error = refused(capsys, "annex", tmp_path / "b.docx", "--decision", "149/QĐ-UBND")
    assert (error["code"], error["read"]) == ("unknown_decision", "149/QĐ-UBND")


def test_the_amendment_of_a_year_is_the_latest(decided, assign, province, tmp_path, capsys):
    error = refused(capsys, "amendment", tmp_path / "none.docx", "--year", "2024")
    assert error["code"] == "no_amendment"
    for number, month, value in (("200/QĐ-UBND", 6, 1100), ("300/QĐ-UBND", 9, 1200)):
        day = date(2024, month, 1)
        assign(
            {(province, "HI"): value},
            number=number,
            issued_on=day,
            effective_on=day,
            amends=decided,
        )
    output = tmp_path / "amendment.docx"
    answered(capsys, "amendment", output, "--year", "2024")
    rows = reading.word_rows(output.read_bytes())
    assert ["", "TOÀN TỈNH", "người", "1.100", "+100", "1.200", ""] in rows
    assert "số 300/QĐ-UBND ngày 01 tháng 9 năm 2024" in reading.word_text(output.read_bytes())


def test_nothing_to_write_is_refused(province, tmp_path, capsys):
    assert refused(capsys, "annex", tmp_path / "a.pdf", "--year", "2024")["code"] == "no_targets"


def test_an_unknown_unit_and_a_missing_folder_are_refused(decided, tmp_path, capsys):
    error = refused(capsys, "annex", tmp_path / "a.pdf", "--year", "2024", unit="77")
    assert error["code"] == "unknown_unit"
    error = refused(capsys, "annex", tmp_path / "nowhere" / "a.pdf", "--year", "2024")
    assert error["code"] == "no_folder"


def test_the_unit_is_that_of_the_last_day_of_the_year(decided, reformed, tmp_path, capsys):
    error = refused(capsys, "annex", tmp_path / "a.pdf", "--year", "2025", unit="901")
    assert error["code"] == "no_targets"
    error = refused(capsys, "annex", tmp_path / "a.pdf", "--year", "2026", unit="901")
    assert error["code"] == "unknown_unit"


@pytest.mark.parametrize(
    "wrong",
    [
        ["--output", "a.odt", "--year", "2024"],
        ["--output", "a.docx"],
        ["--output", "a.docx", "--month", "2024-01"],
        ["--output", "a.docx", "--year", "24"],
        ["--output", "a.docx", "--year", "2024", "--decision", "148/QĐ-UBND"],
        ["--output", "a.docx", "--year", "2024", "--language", "fr"],
    ],
)
def test_a_wrong_ending_or_a_missing_period_is_an_error_of_usage(decided, wrong):
    with pytest.raises(CommandError) as stop:
        call_command("write_document", "annex", "--unit", "99", *wrong)
    assert getattr(stop.value, "returncode", 2) in (1, 2)


def test_usage_ends_with_status_2(decided, tmp_path):
    with pytest.raises(CommandError) as stop:
        run("annex", tmp_path / "a.odt", "--year", "2024")
    assert stop.value.returncode == 2


def test_in_english_the_words_are_english(decided, tmp_path):
    run("annex", tmp_path / "a.docx", "--year", "2024", "--language", "en")
    text = reading.word_text((tmp_path / "a.docx").read_bytes())
    assert "ANNEX" in text
    assert "1,000" in text
    core = Document(io.BytesIO((tmp_path / "a.docx").read_bytes())).core_properties
    assert core.language == "en-GB"


def test_a_name_that_cannot_be_printed_is_refused_and_no_file_is_left(decided, tmp_path, capsys):
    type(decided).objects.filter(pk=decided.pk).update(issuer="UBND ★")
    for ending in ("docx", "pdf"):
        error = refused(capsys, "annex", tmp_path / f"a.{ending}", "--year", "2024")
        assert error["code"] == "cannot_be_set"
    assert list(tmp_path.iterdir()) == []
