"""Somebody with a template in hand: what browser tests do to hand in a file."""

from io import BytesIO

from openpyxl import load_workbook
from playwright.sync_api import Page

from collection.files.workbooks.template import INPUT_SHEET

from .places import MONTH

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Desk:
    """Somebody with a template of one commune, and the page it is handed in on."""

    def __init__(self, page: Page, code: str, month: str = MONTH):
        self.page, self.code, self.month = page, code, month
        answer = page.request.get(f"/entry/{month}/{code}/template/")
        assert answer.ok
        self.form = answer.body()
        sheet = load_workbook(BytesIO(self.form))[INPUT_SHEET]
        self.rows = {row[0].value: row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value}
        self.before = {row[0].value: row[3].value for row in sheet.iter_rows(max_col=4)}
        self.inputs = [code for code in self.rows if not sheet[self.place(code)].protection.locked]

    def place(self, code: str, column: str = "C") -> str:
        return f"{column}{self.rows[code]}"

    def numbers(self, **others) -> dict[str, object]:
        """Last month's number in every cell, 0 where there was none, but for ``others``."""
        said = {code: self.before[code] or 0 for code in self.inputs} | others
        return {self.place(code): value for code, value in said.items()}

    def hand_in(self, data: bytes, name: str = "BC-XA.xlsx") -> None:
        self.page.goto(f"/upload/?month={self.month}&unit={self.code}")
        self.choose(data, name)

    def choose(self, data: bytes, name: str) -> None:
        self.page.set_input_files(
            "#file", files=[{"name": name, "mimeType": EXCEL, "buffer": data}]
        )
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Kiểm tra tệp").click()

    def press(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()

    def explain(self, why: str = "Danh sách đã rà soát, loại trùng") -> None:
        """Give the same reason wherever one is asked for."""
        asked = self.page.locator(".doubts").get_by_label("Lý do").all()
        for field in asked:
            field.fill(why)
        if asked:
            self.press("Lưu và kiểm tra lại")

    def tally(self) -> list[str]:
        return self.page.locator(".tally b").all_inner_texts()

    def on_server(self) -> dict[str, dict]:
        answer = self.page.request.get(f"/api/v1/submissions/{self.month}/{self.code}/counts/")
        assert answer.ok, answer.text()
        return {cell["indicator"]: cell for cell in answer.json()["cells"]}
