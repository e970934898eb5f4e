"""The form of Decree 30 in both files: paper, margins, letters, rules of zeros, repeated heads."""

import io
from datetime import date, datetime

import pytest
from docx import Document as open_word
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pypdf import PdfReader

from reports.documents.setting import fit, fonts, form, pdf
from reports.documents.setting.document import (
    Align,
    Code,
    Column,
    Document,
    Head,
    Line,
    Row,
    Signatures,
    Table,
)
from reports.documents.setting.word import writing
from tests.reports.documents import reading

NAMES = ("Phường Thảo Nguyên", "Xã Mường É", "Xã Púng Tra", "Phường Quyết Thắng")


def table(rows: int, *, grouped: bool = True, **more) -> Table:
    label = "Bảo hiểm xã hội" if grouped else ""
    return Table(
        columns=(
            Column("STT", "A", Align.CENTRE),
            Column("Đơn vị", "B", Align.LEFT, grows=True),
            Column("Dân số (người)", "1"),
            Column("BHXH bắt buộc", "2", group=label),
            Column("BHXH tự nguyện", "3", group=label),
            Column("Tổng số", "4=2+3", group=label),
        ),
        rows=(
            Row(("", "TOÀN TỈNH", "1.638.303", "115.471", "34.381", "149.852"), bold=True),
            *(
                Row((str(n), NAMES[n % len(NAMES)], "20.221", "2.105", "628", "2.733"))
                for n in range(1, rows)
            ),
        ),
        **more,
    )


def document(*blocks, **more) -> Document:
    return Document(
        title="Phụ lục",
        author="UBND tỉnh Sơn La",
        language="vi",
        dated=datetime(2024, 1, 26),
        blocks=blocks,
        **more,
    )


HEAD = Head("UBND TỈNH SƠN LA", "BAN CHỈ ĐẠO", "Số: 05/BC-BCĐ", "Sơn La, ngày 07 tháng 3 năm 2024")
SIGNED = Signatures(
    left=(Line("Nơi nhận:", 12),), right=(Line("CHỦ TỊCH"),), right_name=(Line("Lò Thị B"),)
)


@pytest.fixture(scope="module")
def whole() -> Document:
    """Everything a document may hold, over several pages."""
    code = Code("https://tinh.example/verify/ABC", "Mã QR", (Line("Mã: ABC", 9),))
    return document(
        *form.title("BÁO CÁO", "Kết quả thực hiện"),
        form.paragraph("Căn cứ Quyết định số 148/QĐ-UBND ngày 26 tháng 01 năm 2024."),
        code,
        table(90, notes=(form.note("Ghi chú."),), signatures=SIGNED),
        head=HEAD,
        footer=("Số liệu đến 31/12/2023.",),
    )


@pytest.fixture(scope="module")
def word(whole) -> bytes:
    return writing.write(whole)


@pytest.fixture(scope="module")
def paper(whole) -> bytes:
    return pdf.write(whole)


# --- days and numbers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2024, 3, 7), "ngày 07 tháng 3 năm 2024"),
        (date(2024, 2, 3), "ngày 03 tháng 02 năm 2024"),
        (date(2024, 12, 10), "ngày 10 tháng 12 năm 2024"),
        (date(2024, 1, 26), "ngày 26 tháng 01 năm 2024"),
    ],
)
def test_only_days_below_ten_and_months_1_and_2_get_a_zero(day, said):
    assert reading.plain(form.day_in_words(day)) == said
    assert form.place_and_date("Sơn La", day) == f"Sơn La, {said}"


def test_a_number_below_ten_gets_a_zero_and_one_not_given_gets_room():
    assert form.document_number(5, "BC-BCĐ") == "Số: 05/BC-BCĐ"
    assert form.document_number(148, "QĐ-UBND") == "Số: 148/QĐ-UBND"
    assert form.document_number(None, "TB-BCĐ").endswith("\xa0/TB-BCĐ")


# --- Word ----------------------------------------------------------------------------------------


def test_the_paper_is_a4_with_the_margins_of_the_decree(word):
    (section,) = open_word(io.BytesIO(word)).sections
    size = section._sectPr.find(qn("w:pgSz"))
    margins = section._sectPr.find(qn("w:pgMar"))
    assert (size.get(qn("w:w")), size.get(qn("w:h"))) == ("11906", "16838")
    found = [int(margins.get(qn(f"w:{side}"))) for side in ("top", "bottom", "left", "right")]
    assert found == [1134, 1134, 1701, 1134]


def test_the_number_of_the_page_stands_from_the_second_on(word):
    (section,) = open_word(io.BytesIO(word)).sections
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml
    for footer in (section.footer, section.first_page_footer):
        assert footer.paragraphs[0].text == "Số liệu đến 31/12/2023."


def test_every_letter_is_of_one_family_in_all_four_scripts(word):
    styles = open_word(io.BytesIO(word)).styles.element
    assert "Theme=" not in styles.xml
    assert "asciiTheme" not in open_word(io.BytesIO(word)).element.xml
    (named,) = styles.iter(qn("w:rFonts"))
    scripts = ("ascii", "hAnsi", "cs", "eastAsia")
    assert {named.get(qn(f"w:{script}")) for script in scripts} == {fonts.FAMILY}
    (language,) = styles.iter(qn("w:lang"))
    assert language.get(qn("w:val")) == "vi-VN"


def test_every_row_of_the_head_is_repeated_and_no_row_is_parted(word):
    made = open_word(io.BytesIO(word)).tables[-1]
    rows = list(made._tbl.iter(qn("w:tr")))
    heads = [row.find(f".//{qn('w:tblHeader')}") is not None for row in rows]
    assert heads == [True] * 3 + [False] * (len(rows) - 3)
    assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)


@pytest.mark.parametrize("grouped", [True, False])
def test_no_head_is_merged_downwards_in_every_column(grouped):
    """Readers repeat such a head differently from the second page on."""
    made = writing.write(document(table(3, grouped=grouped)))
    (found,) = open_word(io.BytesIO(made)).tables
    for row in list(found._tbl.iter(qn("w:tr")))[:3]:
        merged = [cell.find(f".//{qn('w:vMerge')}") is not None for cell in row.iter(qn("w:tc"))]
        assert not all(merged)


def test_hyphens_stay_hyphens(word):
    assert "noBreakHyphen" not in open_word(io.BytesIO(word)).element.xml
    assert "148/QĐ-UBND" in reading.word_text(word)


def test_nothing_of_the_template_is_left(word):
    made = open_word(io.BytesIO(word))
    told = made.core_properties
    assert (told.author, told.comments, told.last_modified_by) == ("UBND tỉnh Sơn La", "", "")
    assert told.created.date() == date(2024, 1, 26)
    names = {str(part.partname) for part in made.part.package.iter_parts()}
    assert not {name for name in names if "thumbnail" in name or "Effects" in name}
    assert len(made.styles) == 7


# --- PDF -----------------------------------------------------------------------------------------


def test_every_embedded_font_is_of_the_family(paper):
    found = reading.pdf_fonts(paper)
    assert found
    assert {name.partition("-")[0] for name in found} == {"LiberationSerif"}


def test_no_letter_of_the_pdf_is_lost(paper, word):
    text = reading.pdf_text(paper)
    assert "\x00" not in text
    assert "\ufffd" not in text
    for said in ("Thảo Nguyên", "Quyết Thắng", "148/QĐ-UBND", "Mường É"):
        assert said in text


def test_the_head_of_a_table_stands_on_every_page(paper):
    pages = [reading.plain(page.extract_text()) for page in PdfReader(io.BytesIO(paper)).pages]
    assert len(pages) > 2
    assert all("BHXH bắt buộc" in page for page in pages[:-1])
    assert not pages[0].startswith("1 ")
    assert pages[1].startswith("2 ") or " 2" in pages[1]


def test_the_signer_stands_under_rows_of_the_table(paper):
    last = reading.plain(PdfReader(io.BytesIO(paper)).pages[-1].extract_text())
    assert "Lò Thị B" in last
    assert "Ghi chú." in last


def test_the_pdf_says_its_title_and_day_and_is_tagged(paper):
    read = PdfReader(io.BytesIO(paper))
    assert read.metadata.title == "Phụ lục"
    assert read.metadata.creation_date.date() == date(2024, 1, 26)
    catalog = read.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "vi"


def test_a_letter_the_family_lacks_is_refused_and_not_dropped():
    with pytest.raises(pdf.NotSet, match="2605"):
        pdf.write(document(Line("Xã ★")))


def test_texts_are_composed_before_they_are_set():
    text = "Xã Mường É"
    made = document(Line(text)).normalised()
    assert [*made.texts()] == ["Xã Mường É"]


# --- what fits -----------------------------------------------------------------------------------


def test_columns_of_words_that_want_more_than_there_is_share_it():
    """A long reason beside a long name is not squeezed to its widest word."""
    long = "tổng của 4 xã: Bắc Yên, Phiêng Ban, Song Pe, Hồng Ngài; chưa giao: Hua Nhàn"
    made = Table(
        columns=(
            Column("Chỉ tiêu", "A", Align.LEFT, grows=True),
            Column("Số", "1"),
            Column("Lý do", "2", Align.LEFT, grows=True),
        ),
        rows=(Row((f"{long}; {long}", "1.266.576", f"{long}; {long}")),),
    )
    name, _number, reason = fit.grid(made, landscape=False).widths
    assert name == pytest.approx(reason)


def test_no_word_is_wider_than_its_column():
    made = table(5)
    found = fit.grid(made, landscape=False)
    for place, column in enumerate(made.columns):
        words = [
            *column.heading.split(" "),
            *(w for r in made.rows for w in r.cells[place].split()),
        ]
        widest = max(fonts.width(word, found.size, bold=True) for word in words)
        assert widest <= found.widths[place] - 2 * fit.PADDING
    assert sum(found.widths) == pytest.approx(160)


WORDS = st.text("0123456789.,ẵÊỘƯưmwil", min_size=1, max_size=14)


@given(st.lists(st.tuples(WORDS, st.booleans()), min_size=1, max_size=16), st.booleans())
@hypothesis_settings(max_examples=40)
def test_any_table_fits_word_by_word_or_is_refused(columns, landscape):
    made = Table(
        columns=tuple(Column(word, str(n), grows=grows) for n, (word, grows) in enumerate(columns)),
        rows=(Row(tuple(f"{word} {word}" for word, _grows in columns), bold=True),),
    )
    try:
        found = fit.grid(made, landscape=landscape)
    except fit.DoesNotFit:
        return
    for (word, _grows), wide in zip(columns, found.widths, strict=True):
        assert fonts.width(word, found.size, bold=True) <= wide - 2 * fit.PADDING
    assert sum(found.widths) == pytest.approx(fit.text_width(landscape))


def test_a_wide_table_lies_on_its_side_and_one_too_wide_is_refused():
    def wide(count):
        columns = tuple(Column(f"Cột {n}", str(n)) for n in range(count))
        return document(Table(columns, (Row(("1.638.303",) * count),)))

    assert not fit.fitted(wide(6)).landscape
    assert fit.fitted(wide(13)).landscape
    with pytest.raises(fit.DoesNotFit):
        writing.write(wide(40))


def test_the_shipped_fonts_are_those_that_were_checked(monkeypatch, tmp_path):
    assert fonts.folder() == fonts.FOLDER
    assert fonts.missing_letters("ĂÂĐÊÔƠƯăâđêôơư ẲẴẶẨẪẬỂỄỆỔỖỘỞỠỢỬỮỰ − –") == ""
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    with pytest.raises(fonts.WrongFont):
        fonts._checked("Regular")
    (tmp_path / "LiberationSerif-Regular.ttf").write_bytes(b"another")
    with pytest.raises(fonts.WrongFont):
        fonts._checked("Regular")
    assert (fonts.Path(fonts.__file__).parent / "fonts" / "OFL.txt").exists()


def test_parts_are_counted_in_roman_numbers():
    assert [form.roman(n) for n in (1, 4, 9, 14, 26)] == ["I", "IV", "IX", "XIV", "XXVI"]
