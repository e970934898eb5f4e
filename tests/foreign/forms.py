"""Templates of the folder: filled in as they should be, and as people do."""

from collections.abc import Callable, Mapping
from datetime import date
from io import BytesIO
from typing import Any
from unittest.mock import patch

from django.test import override_settings
from django.utils import translation
from openpyxl import Workbook, load_workbook

from collection.files.blank_forms import (
    BaseLine,
    BlankForms,
    Form,
    Line,
)
from collection.files.workbooks.annotated import (
    Problem,
    annotate,
)
from collection.files.workbooks.template import write_template
from commitments.intake.workbook.cells import Place
from districts.models import BEFORE_RECORDS, Tier, Unit
from districts.months import Month
from tests.foreign.books import MADE, saved

SECRET = "the secret with which the templates of this folder were issued"
FEBRUARY = Month.of(2024, 2)
COMMUNES = {"99001": "Ao Sen", "99002": "Cầu Tre", "99003": "Đèo Gió"}
_LINES = {"HI": (100, 80), "HI_HH_NEW": (None, None), "SI_V": (7, None)}


def _unit(code: str, tier: str, name: str, full_name: str) -> Unit:
    return Unit(code=code, tier=tier, name=name, full_name=full_name, established_on=BEFORE_RECORDS)


def _form(code: str) -> Form:
    return Form(
        unit=_unit(code, Tier.COMMUNE, COMMUNES[code], f"Xã {COMMUNES[code]}"),
        above="Huyện Đồi Thông, Tỉnh Suối Trong",
        lines=tuple(
            Line(name, f"Chỉ tiêu {name}", "Đếm cuối tháng", 10_000_000, last, last_year)
            for name, (last, last_year) in _LINES.items()
        ),
        bases=(BaseLine("POP", "Chỉ tiêu POP", 500, FEBRUARY - 1),),
    )


def issued(*codes: str) -> bytes:
    forms = tuple(map(_form, codes))
    district = _unit("901", Tier.DISTRICT, "Đồi Thông", "Huyện Đồi Thông")
    data = BlankForms(
        unit=forms[0].unit if len(forms) == 1 else district,
        month=FEBRUARY,
        due_on=date(2024, 3, 7),
        issued_at=MADE,
        forms=forms,
        judges=(),
        names={},
    )
    with override_settings(SECRET_KEY=SECRET), translation.override("vi"):
        return write_template(data)


def _filled(
    values: Mapping[str, Any],
    *codes: str,
    sheet: str = "Nhập",
    finish: Callable[[Workbook], None] | None = None,
) -> bytes:
    book = load_workbook(BytesIO(issued(*codes or ("99001",))))
    for place, value in values.items():
        book[sheet][place] = value
    if finish:
        finish(book)
    return saved(book)


def _lose_keys(book: Workbook) -> None:
    del book["_khoa"]


def _lose_stamp(book: Workbook) -> None:
    _lose_keys(book)
    for row in book["Nhập"]:
        for cell in row:
            if str(cell.value).startswith("BC-X"):
                cell.value = None


def _tamper(book: Workbook) -> None:
    for row in book["_khoa"]:
        for cell in row:
            if cell.value == "HI":
                cell.value = "SI_V"


def _older() -> bytes:
    with (
        patch("collection.files.workbooks.template.VERSION", "2023.2"),
        patch("collection.files.workbooks.template.INPUT_COLUMN", "E"),
    ):
        return _filled({"E6": 120})


def _annotated() -> bytes:
    with translation.override("vi"):
        return annotate(
            _filled({"C6": 120, "C7": -3}),
            name="BC-XA_2024-02_99001.xlsx",
            problems=[Problem(Place("Nhập", 7, "C"), "-3 là số âm")],
            accepted=[Place("Nhập", 6, "C")],
        )


FILES: dict[str, Callable[[], bytes]] = {
    "template.xlsx": lambda: _filled({"C6": 120, "C7": 3, "C8": 0, "H6": "Tách hộ"}),
    "template-blank.xlsx": lambda: issued("99001"),
    "template-texts.xlsx": lambda: _filled({"C6": "1.486", "C7": "-", "C8": " 12 "}),
    "template-wrong-cells.xlsx": lambda: _filled({"C6": "nhiều", "C7": 1.5, "C8": MADE}),
    "template-locked-cells-changed.xlsx": lambda: _filled({"B6": "HI cũ", "D6": 99, "C6": 120}),
    "template-rows-inserted.xlsx": lambda: _filled(
        {"C6": 120, "C8": 4}, finish=lambda book: book["Nhập"].insert_rows(7)
    ),
    "template-without-keys.xlsx": lambda: _filled({"C6": 120}, finish=_lose_keys),
    "template-without-stamp.xlsx": lambda: _filled({"C6": 120}, finish=_lose_stamp),
    "template-tampered-keys.xlsx": lambda: _filled({"C6": 120}, finish=_tamper),
    "template-older-version.xlsx": _older,
    "template-of-a-district.xlsx": lambda: _filled(
        {"C6": 120}, "99001", "99002", "99003", sheet="99002 Cầu Tre"
    ),
    "template-annotated_CHU-THICH.xlsx": _annotated,
}
