"""The form a commune fills in: one sheet a unit, everything locked but this month's numbers.

Protection keeps from slips, not from people: there is no password, and whoever reads a form back
trusts nothing in it. What was locked is listed in hidden keys (``keys.py``), so that it shows.
"""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from collection.files.blank_forms import (
    BlankForms,
    Form,
    Line,
    Sum,
)
from commitments.intake.workbook.cells import KEYS_SHEET, Value
from commitments.rules import Judge
from districts.vietnamese import clean
from reports.wording.words import (
    day,
    month_number,
    number,
    peoples_committee,
)
from reports.workbook import style
from reports.workbook.archive import dated, packed
from reports.workbook.sheet import MARGINS_MM, Sheet
from reports.workbook.style import Look, Styles

from . import checks
from .keys import (
    INPUT_COLUMN,
    REASON_COLUMN,
    VERSION,
    KeyLine,
    Keys,
    KeySheet,
    stamp,
)

INPUT_SHEET = "Nhập"
HEAD_ROW = 5
MOST_OF_A_MESSAGE = 255
"""So many characters fit into what a spreadsheet shows beside a cell being filled in."""

_WIDTHS = (12, 40, 15, 12, 12, 12, 32, 26)
_LAST_COLUMN = len(_WIDTHS)
_REASONS_COLUMN = 9
_CREAM = "FFF6DC"
_INPUT = style.FIGURE.but(
    size=14, bold=True, fill=_CREAM, open=True, above=style.HAIRLINE, left=style.HAIRLINE
)
_REASON = style.CELL.but(fill=_CREAM, wrap=True, open=True, left=style.HAIRLINE, indent=1)
_CODE = style.CELL.but(colour=style.TERTIARY, fill=style.PAPER)
_NAME = style.CELL.but(size=11, wrap=True)
_BEFORE = style.FIGURE.but(colour=style.SECONDARY)
_CHANGE = style.FIGURE.but(format=style.SIGNED, colour=style.SECONDARY)
_CHECK = style.CELL.but(colour=style.RED_TEXT, wrap=True, indent=1)
_STAMP = style.NOTE.but(colour=style.TERTIARY)
_FORMULA = re.compile(rb'<c r="(\w+)"((?: s="\d+")?)><f>([^<]*)</f><v ?/?>(?:</v>)?</c>')


def common_reasons() -> list[str]:
    """What most often explains an unusual number; a reporter may write anything else."""
    return [
        _("Policy changed: groups or rates of support"),
        _("Cards renewed or expired at the turn of the year"),
        _("School year began or ended"),
        _("People moved in or out"),
        _("The list of poor households was approved anew"),
        _("Employers opened, closed or moved"),
        _("Duplicates were removed"),
        _("Last month's number was wrong"),
    ]


def file_name(data: BlankForms) -> str:
    """``BC-XA_2024-02_03646.xlsx``"""
    return f"BC-XA_{data.month}_{data.unit.code}.xlsx"


def write_template(data: BlankForms) -> bytes:
    """The workbook: one form, or a sheet of contents and the forms of all units that report."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    styles = Styles(workbook)
    titles = _titles(data)
    if len(data.forms) != 1:
        _write_contents(_sheet(workbook, styles, _("Contents")), data, titles)
    key_sheets = [
        _FormWriter(_sheet(workbook, styles, title), data, form).write()
        for form, title in zip(data.forms, titles, strict=True)
    ]
    keys = Keys(
        version=VERSION,
        month=data.month,
        issued_at=data.issued_at.isoformat(timespec="seconds"),
        input_column=INPUT_COLUMN,
        reason_column=REASON_COLUMN,
        sheets=tuple(key_sheets),
    )
    _write_keys(workbook, keys)
    styles.close()
    _describe(workbook, data)
    workbook.active = 0
    return _calculated(packed(workbook, company=peoples_committee(data.unit)))


def _titles(data: BlankForms) -> list[str]:
    if len(data.forms) == 1:
        return [INPUT_SHEET]
    return [_sheet_title(f"{form.unit.code} {form.unit.name}") for form in data.forms]


def _sheet_title(text: str) -> str:
    """A name that a sheet may have: 31 characters, some of which are not allowed."""
    return clean(re.sub(r"[\[\]:*?/\\']", " ", text))[:31].strip()


def _sheet(workbook: Workbook, styles: Styles, title: str) -> Sheet:
    page = Sheet(workbook.create_sheet(title), styles, contents=title, scope="")
    for side, millimetres in MARGINS_MM.items():
        setattr(page.ws.page_margins, side, millimetres / 25.4)
    return page


def _describe(workbook: Workbook, data: BlankForms) -> None:
    about = workbook.properties
    about.title = _report_title(data)
    about.subject = str(data.unit)
    about.creator = about.lastModifiedBy = peoples_committee(data.unit)
    about.keywords = stamp(data.month, data.unit.code)
    about.created = about.modified = data.issued_at.replace(tzinfo=None, microsecond=0)


def _report_title(data: BlankForms) -> str:
    return _("Monthly report of numbers, %(month)s") % {"month": month_number(data.month)}


def _write_keys(workbook: Workbook, keys: Keys) -> None:
    ws = workbook.create_sheet(KEYS_SHEET)
    ws.sheet_state = "veryHidden"
    for row, values in enumerate(keys.rows(), start=1):
        for column, value in enumerate(values, start=1):
            cell = ws.cell(row, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    for row, reason in enumerate(common_reasons(), start=1):
        ws.cell(row, _REASONS_COLUMN).value = reason


def _write_contents(page: Sheet, data: BlankForms, titles: list[str]) -> None:
    """Every unit with a link to its form."""
    page.widths((12, 60))
    page.put(1, 1, _report_title(data), style.TITLE)
    page.put(2, 1, str(data.unit), style.SUBTITLE)
    page.put(3, 1, _due(data), style.SUBTITLE)
    for column, heading in enumerate((_("Code"), _("Unit")), start=1):
        page.put(HEAD_ROW, column, heading, style.HEAD_LEFT)
    for row, (form, title) in enumerate(zip(data.forms, titles, strict=True), start=HEAD_ROW + 1):
        page.put(row, 1, form.unit.code, _CODE)
        page.put(row, 2, form.unit.full_name, style.CELL.but(colour=style.LINK))
        page.link(row, 2, title, f"{INPUT_COLUMN}{HEAD_ROW + 1}")
    page.freeze(HEAD_ROW + 1, 1)
    page.paper(landscape=False, repeat=(HEAD_ROW, HEAD_ROW), from_row=1)
    page.finish()


def _due(data: BlankForms) -> str:
    return _("Hand in by %(day)s") % {"day": day(data.due_on)}


def _calculated(file: bytes) -> bytes:
    """The file with the values of its formulas, which the library leaves out.

    On a form without numbers every formula gives an empty text; without it, phones and previews
    would show nothing at all, and readers could not tell the formulas from uncalculated ones.
    """
    made = BytesIO()
    with ZipFile(BytesIO(file)) as source, ZipFile(made, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = _FORMULA.sub(rb'<c r="\1"\2 t="str"><f>\3</f><v></v></c>', content)
            target.writestr(dated(name), content)
    return made.getvalue()


class _FormWriter:
    """Writes the sheet of one unit and keeps account of what it locks."""

    def __init__(self, page: Sheet, data: BlankForms, form: Form):
        self.page, self.ws, self.data, self.form = page, page.ws, data, form
        self.rows = {HEAD_ROW + 1 + index: line for index, line in enumerate(form.lines)}
        self.base_row = HEAD_ROW + len(form.lines) + 2
        self.locked: dict[int, tuple[str, dict[str, Value]]] = {}
        self.cells = self._cells()
        self.judges: tuple[Judge, ...] = data.judges

    def write(self) -> KeySheet:
        self.page.widths(_WIDTHS)
        self._write_titles()
        for row, line in self.rows.items():
            (self._write_sum if isinstance(line, Sum) else self._write_line)(row, line)
        self._write_bases()
        self._finish()
        unit = self.form.unit
        return KeySheet(
            title=self.page.title,
            unit=unit.code,
            tier=unit.tier,
            established_on=unit.established_on,
            lines=tuple(
                KeyLine(row, code, tuple(cells.get(column) for column in "ABCDE"))
                for row, (code, cells) in sorted(self.locked.items())
            ),
        )

    def _cells(self) -> checks.Cells:
        numbers = {
            line.code: f"${INPUT_COLUMN}{row}" for row, line in self.rows.items() if line.code
        }
        inputs = {line.code: row for row, line in self.rows.items() if isinstance(line, Line)}
        for index, base in enumerate(self.form.bases, start=1):
            numbers.setdefault(base.code, f"${INPUT_COLUMN}{self.base_row + index}")
        return checks.Cells(
            numbers=numbers,
            last={code: f"$D{row}" for code, row in inputs.items()},
            reasons={code: f"${REASON_COLUMN}{row}" for code, row in inputs.items()},
            names=self.data.names,
        )

    def _put(self, row: int, column: str, value: Value, look: Look, *, code: str = "") -> None:
        """A literal that is locked, and said so in the keys."""
        if isinstance(value, str):
            value = clean(value)
        self.page.put(row, ord(column) - ord("A") + 1, value, look)
        if value is not None:
            self.locked.setdefault(row, (code, {}))[1][column] = value

    def _formula(self, row: int, column: str, formula: str, look: Look) -> None:
        cell = self.ws[f"{column}{row}"]
        cell.value = formula
        cell._style = self.page.styles[look]

    # --- the parts of a form ---------------------------------------------------------------------

    def _write_titles(self) -> None:
        form, title = self.form, style.TITLE
        unit = " · ".join(filter(None, (str(form.unit), form.above)))
        self._put(1, "A", _report_title(self.data), title)
        self._put(2, "A", unit, style.PLAIN.but(size=12, bold=True))
        self._put(3, "A", _due(self.data), style.PLAIN.but(size=11))
        told = _("Fill in the cream cells only. Blank means not reported; write 0 for none.")
        self._put(4, "A", told, style.NOTICE)
        heads = (
            _("Code"), _("Indicator"), _("This month"), _("Last month"),
            _("Same month last year"), _("Change on last month"), _("Check"), _("Reason"),
        )  # fmt: skip
        for column, heading in enumerate(heads, start=1):
            look = style.HEAD if 3 <= column <= 6 else style.HEAD_LEFT.but(indent=column > 6)
            self.page.put(HEAD_ROW, column, heading, look)
        self.page.height(HEAD_ROW, 34)

    def _write_line(self, row: int, line: Line) -> None:
        self._put(row, "A", line.code, _CODE, code=line.code)
        self._put(row, "B", line.name, _NAME)
        self.page.put(row, 3, None, _INPUT)
        self._put(row, "D", line.last, _BEFORE)
        self._put(row, "E", line.last_year, _BEFORE)
        self._formula(row, "F", checks.difference(f"$C{row}", f"$D{row}"), _CHANGE)
        found = checks.check(line.code, line.maximum, self.judges, self.cells)
        self._formula(row, "G", found, _CHECK)
        self.page.put(row, 8, None, _REASON)
        judged = sum(judge.indicator == line.code for judge in self.judges)
        self.page.height(row, 30 if judged < 3 else 48)
        self._validate(row, line)

    def _write_sum(self, row: int, line: Sum) -> None:
        parts = [self.cells.numbers[code] for code in line.parts]
        # A sum is an indicator of its own, or only adds up what was filled in of a group.
        complete = bool(line.code)
        self._put(row, "A", line.code or "Σ", style.total(_CODE))
        self._put(row, "B", line.name, style.total(_NAME))
        self._formula(row, "C", checks.total(parts, complete=complete), style.total(style.FIGURE))
        for column, before in (("D", "last"), ("E", "last_year")):
            known = [
                value
                for other in self.form.lines
                if isinstance(other, Line) and other.code in line.parts
                if (value := getattr(other, before)) is not None
            ]
            whole = sum(known) if known and (not complete or len(known) == len(parts)) else None
            self._put(row, column, whole, style.total(_BEFORE))
        change = checks.difference(f"$C{row}", f"$D{row}")
        self._formula(row, "F", change, style.total(_CHANGE))
        if line.code:
            found = checks.check(line.code, None, self.judges, self.cells)
            self._formula(row, "G", found, style.total(_CHECK))
        else:
            self.page.put(row, 7, None, style.total(_CHECK))
        self.page.put(row, 8, None, style.total(style.CELL))
        self.page.height(row, 30)

    def _write_bases(self) -> None:
        """The yearly bases as the server knows them; whoever knows better tells the province."""
        row = self.base_row
        if self.form.bases:
            self._put(row, "A", _("Bases in force (not to be filled in)"), style.SECTION)
            self.page.fill(row, 2, _LAST_COLUMN, style.SECTION)
        for row, base in enumerate(self.form.bases, start=self.base_row + 1):
            self._put(row, "A", base.code, _CODE)
            self._put(row, "B", base.name, _NAME)
            self._put(row, "C", base.number, style.FIGURE)
            given = _("given in %(month)s") % {"month": month_number(base.given)}
            self._put(row, "D", given, style.NOTE.but(indent=1))
            self.page.height(row, 28)
        signed, stamped = row + 2, row + 8
        for column, who in (
            ("B", _("Prepared by")),
            ("G", _("Head of the unit (signature, stamp)")),
        ):
            self.page.put(signed, ord(column) - ord("A") + 1, who, style.PLAIN.but(bold=True))
        self._put(stamped, "A", stamp(self.data.month, self.form.unit.code), _STAMP)

    def _validate(self, row: int, line: Line) -> None:
        """Whole numbers only, with the definition beside the cell; reasons to choose from."""
        whole = DataValidation(
            type="whole", operator="between", formula1="0", formula2=str(line.maximum),
            allow_blank=True, showErrorMessage=True, showInputMessage=True, errorStyle="stop",
            errorTitle=_("Not a count"),
            error=_("Write a whole number from 0 to %(limit)s.") % {"limit": number(line.maximum)},
            promptTitle=line.code[:32],
            prompt=_cut(line.definition),
            sqref=f"{INPUT_COLUMN}{row}",
        )  # fmt: skip
        self.ws.add_data_validation(whole)

    def _finish(self) -> None:
        ws, last = self.ws, HEAD_ROW + len(self.form.lines)
        letter = chr(ord("A") + _REASONS_COLUMN - 1)
        reasons = f"'{KEYS_SHEET}'!${letter}$1:${letter}${len(common_reasons())}"
        choice = DataValidation(
            type="list", formula1=reasons, allow_blank=True, showErrorMessage=False,
            showInputMessage=True, promptTitle=_("Reason"),
            prompt=_cut(_("Choose a reason or write your own, where the check asks for one.")),
            sqref=f"{REASON_COLUMN}{HEAD_ROW + 1}:{REASON_COLUMN}{last}",
        )  # fmt: skip
        ws.add_data_validation(choice)
        ws.protection.sheet = True
        ws.protection.formatColumns = ws.protection.formatRows = False
        ws.sheet_view.zoomScale = 120
        self.page.freeze(HEAD_ROW + 1, 3)
        self.page.paper(landscape=False, one_page=True, from_row=1)
        footer = ws.oddFooter
        footer.left.text = stamp(self.data.month, self.form.unit.code)
        footer.right.text = "&P/&N"
        footer.left.size = footer.right.size = 8
        ws.HeaderFooter.scaleWithDoc = False
        self.page.finish()


def _cut(text: str) -> str:
    return text if len(text) <= MOST_OF_A_MESSAGE else text[: MOST_OF_A_MESSAGE - 1] + "…"
