"""Makes the folder of foreign workbooks: each file has one habit of people, and one only.

    python -m tests.foreign.make        write tests/foreign/files

What must come out of each stands in ``expected.json``, written by hand. All files are about
February 2024 and province 99 of ``tests/builders.py``, with a commune 00991 more. The same script
gives the same files; the numbers are invented.
"""

import os
import unicodedata
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import django
from openpyxl.styles import Font

FILES = Path(__file__).parent / "files"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steering.settings")
    django.setup()

from tests.foreign import broken, forms  # noqa: E402
from tests.foreign.books import HEADS, MADE, TIDY, Rows, book, tidy, with_part  # noqa: E402

# --- tidy tables ---------------------------------------------------------------------------------


def _csv(text: str, encoding: str = "utf-8") -> bytes:
    return text.encode(encoding)


def _dates() -> bytes:
    rows = [
        ["02/2024", "99001", "HI", 5],
        ["2024-02", "99002", "HI", 6],
        ["2024-02-29", "99003", "HI", 7],
    ]
    return book([TIDY, *rows])


def _names() -> bytes:
    rows = [
        [None, "Xã Ao Sen", "Chỉ tiêu HI", 5], [None, "x. cầu tre", "Chi tieu HI", 6],
        [None, "UBND xã Đèo Gió", "hi", 7],
    ]  # fmt: skip
    return book([["Kỳ", "Đơn vị", "Chỉ tiêu", "Giá trị"], *rows])


# --- matrices ------------------------------------------------------------------------------------


def _two_rows_of_heads() -> bytes:
    rows: Rows = [
        ["BIỂU TỔNG HỢP"], [], ["STT", "Đơn vị", "Trong đó", None], [None, None, "HI", "SI_V"],
        [1, "Xã Ao Sen", 5, 6], [2, "Xã Cầu Tre", 7, 8],
    ]  # fmt: skip
    return book(rows, merged=["A3:A4", "B3:B4", "C3:D3"])


def _four_rows_of_heads() -> bytes:
    rows: Rows = [
        ["STT", "Tên đơn vị", "KẾT QUẢ THỰC HIỆN", None],
        [None, None, "Bảo hiểm", None],
        [None, None, "Số người", None],
        [None, None, "Chỉ tiêu HI", "Chỉ tiêu SI_V"],
        [1, "Xã Ao Sen", 5, 6],
    ]
    return book(rows, merged=["A1:A4", "B1:B4", "C1:D1", "C2:D2", "C3:D3"])


def _number_row() -> bytes:
    rows: Rows = [["TT", *HEADS], ["A", "B", 1, "2=1+0"], [1, "Xã Ao Sen", 5, 6]]
    return book(rows)


def _groups(total: int, group: int) -> bytes:
    rows: Rows = [
        ["Đơn vị", "HI"], ["TOÀN TỈNH", total], ["I. Huyện Đồi Thông", group],
        ["1. Xã Ao Sen", 5], ["2. Xã Cầu Tre", 6], ["II. Huyện Bến Đá", 7],
        ["1. Xã Ghềnh Xanh", 7],
    ]  # fmt: skip
    return book(rows)


def _signed() -> bytes:
    rows: Rows = [
        ["BẢO HIỂM XÃ HỘI TỈNH"], ["BÁO CÁO THÁNG 02 NĂM 2024"], ["Đơn vị tính: người"],
        HEADS, ["Xã Ao Sen", 5, 6], ["Tổng cộng", 5, 6], [],
        ["Ghi chú: số liệu đến ngày 29/02/2024"],
        [None, None, "Suối Trong, ngày 05 tháng 3 năm 2024"],
        [None, None, "NGƯỜI LẬP BIỂU"],
    ]  # fmt: skip
    return book(rows)


def _cells(*values: object, **more) -> bytes:
    """A column HI whose cells are ``values``, one commune each."""
    names = ["Xã Ao Sen", "Xã Cầu Tre", "Xã Đèo Gió", "Xã Ghềnh Xanh", "Xã Hồ Mây"]
    rows = [["Đơn vị", "HI"], *([name, value] for name, value in zip(names, values, strict=False))]
    return book(rows, **more)


def _percent() -> bytes:
    return _cells(0.5, finish=lambda sheet: setattr(sheet["B2"], "number_format", "0%"))


def _calculated(cached: str) -> bytes:
    def calculate(sheet: bytes) -> bytes:
        return sheet.replace(b'<c r="B2" t="n"><v>1</v></c>', cached.encode())

    return with_part(_cells(1, 6), "xl/worksheets/sheet1.xml", calculate)


def _hidden_row() -> bytes:
    return _cells(5, 6, finish=lambda sheet: setattr(sheet.row_dimensions[3], "hidden", True))


def _hidden_column() -> bytes:
    def hide(sheet) -> None:
        sheet.column_dimensions["C"].hidden = True

    return book([HEADS, ["Xã Ao Sen", 5, 6]], finish=hide)


def _hidden_column_of_codes() -> bytes:
    def hide(sheet) -> None:
        sheet.column_dimensions["A"].hidden = True

    return book([["Mã", "Đơn vị", "HI"], ["99001", "Xã Ao Sen", 5]], finish=hide)


def _codes(code: object) -> bytes:
    return book([["Mã đơn vị", "Tên đơn vị", "HI"], [code, "Xã Ích Hậu", 5]])


def _nfd() -> bytes:
    rows: Rows = [["Đơn vị", "HI"], ["Xã Ghềnh Xanh", 5], ["Xã Hồ Mây", 6]]
    return book([[_decomposed(value) for value in row] for row in rows])


def _decomposed(value: object) -> object:
    return unicodedata.normalize("NFD", value) if isinstance(value, str) else value


def _font(name: str, text: str) -> bytes:
    def dress(sheet) -> None:
        for row in sheet:
            for cell in row:
                cell.font = Font(name=name)

    return book([["Đơn vị" if ord(max(text)) > 255 else "Don vi", "HI"], [text, 5]], finish=dress)


def _spaces() -> bytes:
    return book([["Đơn\u00a0vị ", "HI\u200b"], ["\ufeffXã  Ao\u00a0Sen", "5\u00a0"]])


_FILES: dict[str, Callable[[], bytes]] = {
    # tidy tables
    "tidy.xlsx": lambda: tidy(["2024-02", "99001", "HI", 5], ["2024-02", "99002", "HI", 0]),
    "tidy-names.xlsx": _names,
    "tidy-months-as-dates.xlsx": _dates,
    "tidy-other-month.xlsx": lambda: tidy(["2024-01", "99001", "HI", 5]),
    "tidy-bad-month.xlsx": lambda: tidy(["tháng mười ba", "99001", "HI", 5]),
    "tidy-duplicates.xlsx": lambda: tidy(
        ["2024-02", "99001", "HI", 5], ["2024-02", "99002", "HI", 6], ["2024-02", "99001", "HI", 5]
    ),
    "tidy-unknown-indicator.xlsx": lambda: tidy(["2024-02", "99001", "HI_HH_NEWS", 5]),
    "tidy-computed-indicator.xlsx": lambda: tidy(["2024-02", "99001", "HI_RATE", 5]),
    "tidy-of-the-province.xlsx": lambda: tidy(["2024-02", "99", "TOTAL", 5]),
    "tidy-wrong-level.xlsx": lambda: tidy(["2024-02", "901", "HI", 5]),
    "comma.csv": lambda: _csv("month,unit,indicator,value\n2024-02,99001,HI,5\n"),
    "semicolon.csv": lambda: _csv(
        "\ufeffKỳ;Mã đơn vị;Mã chỉ tiêu;Giá trị\n2024-02;99001;HI;1.486\n"
    ),
    "windows-1258.csv": lambda: b"month,unit,indicator,value\n2024-02,X\xe3 Ao Sen,HI,5\n",
    "utf-16.csv": lambda: _csv("month,unit,indicator,value\n2024-02,99001,HI,5\n", "utf-16"),
    "open-quotation.csv": lambda: _csv('month,unit,indicator,value\n2024-02,"99001,HI,5\n'),
    # heads, number rows, totals, notes
    "matrix.xlsx": lambda: book([HEADS, ["Xã Ao Sen", 5, 6], ["Xã Cầu Tre", 7, None]]),
    "matrix-heads-over-two-rows.xlsx": _two_rows_of_heads,
    "matrix-heads-over-four-rows.xlsx": _four_rows_of_heads,
    "matrix-number-row.xlsx": _number_row,
    "matrix-groups-and-totals.xlsx": lambda: _groups(18, 11),
    "matrix-wrong-total.xlsx": lambda: _groups(19, 11),
    "matrix-wrong-subtotal.xlsx": lambda: _groups(18, 12),
    "matrix-notes-and-signatures.xlsx": _signed,
    "matrix-title-of-another-month.xlsx": lambda: book(
        [["BÁO CÁO THÁNG 01 NĂM 2024"], HEADS, ["Xã Ao Sen", 5, 6]]
    ),
    "matrix-column-of-nothing-known.xlsx": lambda: book(
        [["Đơn vị", "HI", "Doanh thu"], ["Xã Ao Sen", 5, 6]]
    ),
    "matrix-two-columns-of-one.xlsx": lambda: book(
        [["Đơn vị", "HI", "Chỉ tiêu HI"], ["Xã Ao Sen", 5, 6]]
    ),
    "matrix-remarks-beside.xlsx": lambda: book(
        [["TT", *HEADS, "Ghi chú"], [1, "Xã Ao Sen", 5, 6, "đã đối chiếu 12 hộ"]]
    ),
    # what stands in cells
    "numbers-grouped-as-text.xlsx": lambda: _cells("1.278.316", "1,278,316", "1 278 316", "1.486"),
    "numbers-blank-dash-zero.xlsx": lambda: _cells(None, "-", 0, "–", "0"),
    "numbers-fraction-as-text.xlsx": lambda: _cells("98,3", "98.3", 98.3, 98.0),
    "numbers-negative.xlsx": lambda: _cells(-5, "-6"),
    "numbers-impossibly-large.xlsx": lambda: _cells(10**16, 5),
    "numbers-words.xlsx": lambda: _cells("năm người", "5 người", "khoảng 5"),
    "numbers-truth-value.xlsx": lambda: _cells(True),
    "numbers-as-dates.xlsx": lambda: _cells(MADE, "05/02/2024"),
    "numbers-as-percentages.xlsx": _percent,
    "numbers-with-odd-spaces.xlsx": _spaces,
    "formulas-with-values.xlsx": lambda: _calculated('<c r="B2"><f>2+3</f><v>5</v></c>'),
    "formulas-without-values.xlsx": lambda: _calculated('<c r="B2"><f>2+3</f></c>'),
    "formulas-with-errors.xlsx": lambda: _calculated(
        '<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    ),
    # who is meant
    "units-decomposed-names.xlsx": _nfd,
    "units-lost-zeros.xlsx": lambda: _codes(991),
    "units-code-of-another.xlsx": lambda: _codes("99001"),
    "units-misspelt.xlsx": lambda: book([["Đơn vị", "HI"], ["Xã Ao Xen", 5]]),
    "units-unknown-code.xlsx": lambda: tidy(["2024-02", "99999", "HI", 5]),
    "units-twice.xlsx": lambda: book([["Đơn vị", "HI"], ["Xã Ao Sen", 5], ["Ao Sen", 6]]),
    "units-capitals.xlsx": lambda: book([["ĐƠN VỊ", "HI"], ["XÃ AO SEN", 5], ["X.CẦU TRE", 6]]),
    # old fonts
    "font-tcvn3.xlsx": lambda: book([["§¬n vÞ", "HI"], ["X· Ao Sen", 5]]),
    "font-tcvn3.csv": lambda: _csv("§¬n vÞ,HI\nX· Ao Sen,5\n"),
    "font-vni.xlsx": lambda: book([["Ñôn vò", "HI"], ["Xaõ Ñeøo Gioù", 5]]),
    "font-vntime-by-its-name.xlsx": lambda: _font(".VnTime", "X\u00e3 S\u00f4i"),
    "font-vntime-left-on-unicode.xlsx": lambda: _font(".VnTime", "Xã Cầu Tre"),
    # what is hidden
    "hidden-sheet.xlsx": lambda: _cells(5, hidden={"cũ": [["Đơn vị", "HI"], ["Xã Hồ Mây", 9]]}),
    "hidden-row.xlsx": _hidden_row,
    "hidden-column.xlsx": _hidden_column,
    "hidden-column-of-codes.xlsx": _hidden_column_of_codes,
    "sheet-of-remarks.xlsx": lambda: _cells(5, more={"Hướng dẫn": [["Điền đủ các cột"]]}),
    "two-sheets.xlsx": lambda: _cells(5, more={"Huyện 2": [["Đơn vị", "HI"], ["Xã Hồ Mây", 9]]}),
    "no-table.xlsx": lambda: book([["Kính gửi các đồng chí"], ["Trân trọng"]]),
    "no-rows.xlsx": lambda: book([HEADS]),
    "blank.xlsx": lambda: book([]),
}


MAKERS: dict[str, Callable[[], bytes]] = {**_FILES, **forms.FILES, **broken.FILES}
"""How each file is made, by its name."""


def main() -> None:
    FILES.mkdir(exist_ok=True)
    for path in FILES.iterdir():
        if path.name not in MAKERS:
            path.unlink()
    for name, make in MAKERS.items():
        (FILES / name).write_bytes(make())


def contents(file: bytes) -> dict[str, bytes] | bytes:
    """What a file holds, however its archive was compressed."""
    try:
        with ZipFile(BytesIO(file)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # whatever is no sound archive is compared as it is
        return file


if __name__ == "__main__":
    main()
