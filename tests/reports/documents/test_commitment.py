"""The document of a commitment: what is on the frozen paper, the code, who signed, one page."""

import base64
import hashlib
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from commitments.actions.promises.signing import NewLine, Signature, sign_commitments
from commitments.models import Commitment, CommitmentEvent, Paper, PaperWithdrawal
from commitments.papers.content import shown_code
from reports.documents.commitment import commitment
from reports.documents.promised import promised_by, promised_to
from reports.documents.setting import pdf
from reports.documents.setting.document import Code
from reports.documents.setting.word import writing
from steering.accounts.actors import COMMAND_LINE
from steering.committee.models import Committee
from tests.builders import by_code
from tests.reports.documents import reading

HEAD = "ab" * 32


@pytest.fixture
def committee(province) -> Committee:
    return Committee.objects.get_or_create(unit=province, defaults={"name": "Ban Chỉ đạo"})[0]


def line(position: int, code: str, value: int, **more) -> dict:
    return {
        "position": position,
        "indicator": code,
        "name_vi": f"Chỉ tiêu {code}",
        "name_en": f"Target {code}",
        "measure": "person",
        "decimals": 0,
        "operator": "at_least",
        "last_year": value - 100,
        "assigned": value,
        "committed": value + 5,
        "deadline": "2024-12",
        **more,
    }


@pytest.fixture
def prepare(committee):
    """A paper for a unit, as preparing makes it."""

    def prepare(unit, *, lines=None, version=1, code="K" * 26) -> Paper:
        content = {
            "unit": {"code": unit.code, "since": "1900-01-01", "name": unit.full_name},
            "year": 2024,
            "version": version,
            "committee": {"unit": "99", "name": committee.name},
            "decisions": [
                {
                    "number": "148/QĐ-UBND",
                    "issued_on": "2024-01-26",
                    "issuer": "UBND tỉnh Suối Trong",
                    "kind": "decision",
                }
            ],
            "parties": {
                "assigning": {"post": "Chủ tịch UBND tỉnh", "unit_name": "Tỉnh Suối Trong"},
                "receiving": {"post": "Chủ tịch UBND huyện", "unit_name": unit.full_name},
            },
            "lines": lines
            or [
                line(1, "HI", 14120),
                line(2, "HI_RATE", 9610, decimals=2, measure="percent", last_year=9520),
                line(3, "LATE", 90, operator="at_most", last_year=None),
            ],
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return Paper.objects.create(
            committee=committee,
            unit=unit,
            year=2024,
            version=version,
            code=code,
            content=text,
            content_digest=hashlib.sha256(text.encode()).hexdigest(),
            chain_number=3,
            chain_head=HEAD,
            prepared_on=date(2024, 2, 20),
        )

    return prepare


def signed(paper: Paper, **more) -> Commitment:
    made = Commitment.objects.create(
        committee=paper.committee,
        sequence=1,
        unit=paper.unit,
        year=paper.year,
        version=paper.version,
        signed_on=date(2024, 3, 7),
        place="Quỳnh Nhai",
        signer_name="Lò Thị B",
        signer_post="Chủ tịch UBND huyện",
        receiver_name="Nguyễn Văn A",
        receiver_post="Chủ tịch UBND tỉnh",
        unit_name=paper.unit.full_name,
        paper=paper,
        digest="0" * 64,
        **{"way": "typed", **more},
    )
    CommitmentEvent.objects.create(commitment=made, what="signed", on=made.signed_on)
    return made


def both(unit) -> tuple[str, str]:
    """The words of the unit's commitment in Word and as PDF."""
    with translation.override("vi"):
        (found,) = promised_by(unit, 2024)
        made = commitment(found)
    return reading.word_text(writing.write(made)), reading.pdf_text(pdf.write(made))


def test_the_paper_is_printed_with_its_code_and_digests_as_one_word(prepare):
    unit = by_code("901")
    paper = prepare(unit)
    for text in both(unit):
        for said in ("14.120", "14.125", "96,1", "95,2", shown_code(paper.code), HEAD):
            assert said in text.split() or said in text, said
        assert paper.content_digest in text.split()
        assert HEAD in text.split()
        assert "≤ 95" in text
        assert "Căn cứ Quyết định số 148/QĐ-UBND ngày 26 tháng 01 năm 2024" in text
        assert "chưa ký" in text
        assert "Lò Thị B" not in text


def test_the_code_leads_to_the_page_of_verification(prepare, settings):
    settings.SITE_URL = "https://tinh.example"
    prepare(by_code("901"))
    (found,) = promised_by(by_code("901"), 2024)
    (code,) = (block for block in commitment(found).blocks if isinstance(block, Code))
    assert code.address == f"https://tinh.example/verify/{'K' * 26}/"
    assert code.address in code.alt


def test_once_signed_it_says_who_when_and_by_which_way(prepare):
    unit = by_code("901")
    signed(prepare(unit))
    for text in both(unit):
        assert "Lò Thị B" in text
        assert "Nguyễn Văn A" in text
        assert "không phải chữ ký số" in text
        assert "Quỳnh Nhai, ngày 07 tháng 3 năm 2024" in text


def test_a_newer_paper_is_printed_until_it_is_withdrawn(prepare):
    unit = by_code("901")
    signed(prepare(unit))
    later = prepare(unit, version=2, code="L" * 26)
    assert [one.printed.code for one in promised_by(unit, 2024)] == ["L" * 26]
    PaperWithdrawal.objects.create(paper=later, why="nhầm")
    assert [one.printed.code for one in promised_by(unit, 2024)] == ["K" * 26]


def test_a_commitment_without_a_paper_is_printed_from_its_rows(committee, catalogue, assign):
    unit = by_code("901")
    assign({(unit, "HI"): 500}, number="148/QĐ-UBND")
    sign_commitments(
        committee=committee,
        year=2024,
        signed_on=date(2024, 3, 7),
        signatures=[
            Signature(
                unit=unit,
                lines=[NewLine(catalogue["HI"].pk, 510, assigned=500, last_year=480)],
                signer_post="Chủ tịch UBND huyện",
                receiver_post="Chủ tịch UBND tỉnh",
            )
        ],
        actor=COMMAND_LINE,
        on=date(2024, 3, 8),
    )
    (found,) = promised_by(unit, 2024)
    assert found.printed is None
    word, paper = both(unit)
    for text in (word, paper):
        assert "148/QĐ-UBND" in text
        assert "480" in text
        assert "Mã xác minh" not in text
        assert "07/03/2024" in text


def test_twelve_lines_and_every_note_stay_on_one_page(prepare, tmp_path, capsys):
    unit = by_code("901")
    long = "Tỷ lệ người thuộc hộ nông lâm ngư diêm nghiệp có mức sống trung bình"
    signed(prepare(unit, lines=[line(n, f"I{n}", 14120, name_vi=long) for n in range(1, 13)]))
    output = str(tmp_path / "a.pdf")
    asked = ["--unit", "901", "--year", "2024", "--output", output, "--format", "json"]
    call_command("write_document", "commitment", *asked)
    assert json.loads(capsys.readouterr().out)["files"][0]["pages"] == 1


def test_a_folder_gets_one_file_for_each_unit_of_the_committee(prepare, tmp_path, capsys):
    for code, unit in (("A", "901"), ("B", "902")):
        prepare(by_code(unit), code=code * 26)
    folder = tmp_path / "commitments"
    asked = ["--unit", "99", "--year", "2024", "--output", str(folder), "--format", "json"]
    call_command("write_document", "commitment", *asked, "--type", "docx")
    answer = json.loads(capsys.readouterr().out)
    names = ["commitment-2024-901.docx", "commitment-2024-902.docx"]
    assert [file["path"] for file in answer["files"]] == [str(folder / name) for name in names]
    for file in answer["files"]:
        assert hashlib.sha256(Path(file["path"]).read_bytes()).hexdigest() == file["sha256"]


def test_nothing_prepared_is_refused_and_leaves_no_folder(committee, tmp_path):
    with pytest.raises(SystemExit) as stop:
        call_command(
            "write_document",
            "commitment",
            *["--unit", "99", "--year", "2024", "--output", str(tmp_path / "all")],
        )
    assert stop.value.code == 1
    assert list(tmp_path.iterdir()) == []


def test_the_queries_do_not_grow_with_the_units(prepare, django_assert_max_num_queries, province):
    for n, unit in enumerate(("901", "902")):
        prepare(by_code(unit), code=base64.b32encode(bytes([n] * 16)).decode()[:26])
    with django_assert_max_num_queries(6):
        assert len(promised_to(province, 2024)) == 2
