"""Documents as LibreOffice opens them: pages, letters, heads on page 2, the signer beside rows."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from reports.documents.setting import pdf
from reports.documents.setting.document import Line
from reports.documents.setting.word import writing
from tests.office.conftest import SECONDS
from tests.reports.documents.reading import plain
from tests.reports.documents.test_form import HEAD, SIGNED, document, table

pytestmark = pytest.mark.office


def text_of(path: Path, page: int) -> str:
    command = ["pdftotext", "-f", str(page), "-l", str(page), "-layout", str(path), "-"]
    done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)
    return plain(done.stdout.decode())


def pages_of(path: Path) -> int:
    done = subprocess.run(["pdfinfo", str(path)], capture_output=True, check=True)
    return int(re.search(rb"Pages:\s+(\d+)", done.stdout)[1])


def fonts_of(path: Path) -> set[str]:
    done = subprocess.run(["pdffonts", str(path)], capture_output=True, check=True)
    lines = done.stdout.decode().splitlines()[2:]
    return {line.split()[0].partition("+")[2] for line in lines}


@pytest.fixture(scope="module")
def opened(office, tmp_path_factory):
    """A document as LibreOffice prints it, beside what typst set of the same data."""

    def opened(made, name: str) -> tuple[Path, Path]:
        folder = tmp_path_factory.mktemp(name)
        source, paper = folder / f"{name}.docx", folder / f"{name}-set.pdf"
        source.write_bytes(writing.write(made))
        paper.write_bytes(pdf.write(made))
        return office(source, "pdf"), paper

    return opened


@pytest.fixture(scope="module")
def long(opened) -> tuple[Path, Path]:
    made = document(
        table(100, signatures=SIGNED), head=HEAD, landscape=True, footer=("Số liệu minh họa.",)
    )
    return opened(made, "long")


def test_both_have_as_many_pages(long):
    assert pages_of(long[0]) == pages_of(long[1]) > 2


def test_every_letter_is_liberation_serif(long):
    for path in long:
        found = fonts_of(path)
        assert found
        assert {name.partition("-")[0] for name in found} == {"LiberationSerif"}


def test_the_head_and_the_number_stand_on_every_page_but_the_number_on_the_first(long):
    for path in long:
        for page in range(1, pages_of(path)):
            assert "BHXH bắt buộc" in text_of(path, page)
            assert "4=2+3" in text_of(path, page)
        assert text_of(path, 2).startswith("2 ")
        assert not text_of(path, 1).startswith("1 ")


def test_the_page_is_a4_on_its_side(long):
    for path in long:
        done = subprocess.run(["pdfinfo", str(path)], capture_output=True, check=True)
        width, height = re.search(rb"Page size:\s+([\d.]+) x ([\d.]+)", done.stdout).groups()
        assert (round(float(width)), round(float(height))) == (842, 595)


@pytest.mark.parametrize("rows", [36, 37, 38, 39, 40, 41])
def test_the_signer_never_stands_alone(opened, rows):
    """However full the last page is, the last rows of the table stand above the signature."""
    for path in opened(document(table(rows, signatures=SIGNED), head=HEAD), f"rows{rows}"):
        last = text_of(path, pages_of(path))
        assert "Lò Thị B" in last
        assert str(rows - 1) in last.split()


def test_a_line_reads_in_libreoffice_as_it_was_written(opened):
    said = "Căn cứ Quyết định số 148/QĐ-UBND ngày 07 tháng 3 năm 2024 — Ẵẫ Ộợ Ỹỷ"
    path, paper = opened(document(replace(Line(said), indent=True)), "line")
    assert said in text_of(path, 1)
    assert said in text_of(paper, 1)
