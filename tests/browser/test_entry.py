"""Entering a month's counts as a commune does it: keys, paste, saving, offline, two people."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Error, Page, expect

from .conftest import SIZES
from .measures import cut_off, serious_findings, sideways, small_text
from .places import MONTH

pytestmark = pytest.mark.browser

SITE = ZoneInfo("Asia/Ho_Chi_Minh")


class Sheet:
    """The page of one report, with the few things every test does on it."""

    def __init__(self, page: Page, address: str):
        self.page, self.address = page, address

    def cell(self, code: str):
        return self.page.locator(f"#cell-{code}")

    def type(self, code: str, text: str, key: str = "Tab") -> None:
        self.cell(code).select_text()
        self.page.keyboard.type(text)
        self.page.keyboard.press(key)

    def paste(self, code: str, text: str) -> None:
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.cell(code).click()
        self.page.keyboard.press("Control+V")

    def says(self, code: str):
        return self.page.locator(f"#message-{code}")

    @property
    def summary(self):
        return self.page.locator("#faults")

    @property
    def state(self):
        return self.page.locator("#saved-state")

    def wait_saved(self) -> None:
        expect(self.page.locator(".entry-bar")).to_have_attribute("data-state", "saved")
        expect(self.state).to_contain_text("Đã lưu")

    def on_server(self) -> dict[str, dict]:
        """The cells as the server has them."""
        address = f"/api/v1/submissions{self.address.removeprefix('/entry')}counts/"
        answer = self.page.request.get(address)
        assert answer.ok, answer.text()
        return {cell["indicator"]: cell for cell in answer.json()["cells"]}

    def text_on_server(self, code: str) -> str:
        return self.on_server()[code]["text"]

    def fill(self) -> None:
        """Last month's numbers, and 0 where there was none: nothing to ask about."""
        cells = self.page.locator("input[data-indicator]").all()
        cells[0].click()
        for cell in cells:
            self.page.keyboard.press("=" if cell.get_attribute("data-last") else "0")
            self.page.keyboard.press("Enter")
        cells[0].click()
        expect(self.page.locator("#filled")).to_have_text(str(len(cells)))
        self.wait_saved()


@pytest.fixture
def open_sheet(open_page, untouched):
    """A report nobody has begun, unless an address says which one."""

    def open_sheet(address: str | None = None, **more) -> Sheet:
        address = address or f"/entry/{MONTH}/{next(untouched)}/"
        watched = open_page(address, locale="vi-VN", **more)
        assert watched.response.status == 200
        return Sheet(watched.page, address)

    return open_sheet


class TestKeys:
    def test_a_number_is_printed_with_separators_when_the_cell_is_left(self, open_sheet):
        sheet = open_sheet()
        sheet.type("HI_EMP", "1486")
        expect(sheet.cell("HI_EMP")).to_have_value("1.486")
        sheet.wait_saved()
        assert sheet.on_server()["HI_EMP"]["value"] == 1486

    def test_enter_and_the_arrows_go_down_and_up(self, open_sheet):
        sheet = open_sheet()
        codes = sheet.page.locator("input[data-indicator]").evaluate_all(
            "cells => cells.map(cell => cell.dataset.indicator)"
        )
        sheet.cell(codes[0]).click()
        for key, lands_on in (("Enter", 1), ("ArrowDown", 2), ("ArrowUp", 1)):
            sheet.page.keyboard.press(key)
            expect(sheet.cell(codes[lands_on])).to_be_focused()

    def test_equals_copies_last_month_and_says_so(self, open_sheet):
        sheet = open_sheet()
        sheet.type("HI_POOR", "=")
        last = sheet.page.locator("#last-HI_POOR").inner_text()
        assert sheet.cell("HI_POOR").input_value() in last
        expect(sheet.page.locator("[data-row=HI_POOR] .chip")).to_have_text("chép")
        sheet.wait_saved()
        assert sheet.on_server()["HI_POOR"]["copied"] is True

    def test_escape_brings_back_what_stood_there(self, open_sheet):
        sheet = open_sheet()
        sheet.type("HI_POOR", "1234")
        sheet.wait_saved()
        sheet.type("HI_POOR", "99", key="Escape")
        expect(sheet.cell("HI_POOR")).to_have_value("1.234")
        assert sheet.text_on_server("HI_POOR") == "1.234"

    def test_no_key_is_taken_outside_cells(self, open_sheet):
        sheet = open_sheet()
        address = sheet.page.url
        sheet.page.locator("h1").click()
        for key in ("=", "Enter", "ArrowDown", "Escape"):
            sheet.page.keyboard.press(key)
        assert sheet.page.locator("#filled").inner_text() == "0"
        assert sheet.page.url == address

    def test_the_definition_beside_the_form_is_of_the_cell(self, open_sheet):
        sheet = open_sheet()
        sheet.cell("SI_V").click()
        chosen = sheet.page.locator(".definitions details:visible")
        expect(chosen).to_have_count(1)
        expect(chosen).to_contain_text("BHXH tự nguyện")


TYPED = {
    "HI": ("9" * 23, "9" * 23, None),
    "HI_EMP": ("1.48", "1.48", None),
    "HI_SIA": ("1,5", "1,5", None),
    "HI_POOR": ("1 486", "1.486", 1486),
    "HI_EM": ("１２３４", "1.234", 1234),
    "HI_U6": ("-5", "-5", None),
    "HI_MERIT": ("x" * 60, "x" * 60, None),
    "HI_NPOOR": ("001486", "1.486", 1486),
    "HI_STU": ("0", "0", 0),
}
"""What people type: how it stands in the cell afterwards, and which number it is, if one."""


class TestInAnger:
    """Anything typed on the smallest phone, in text of twice the size too."""

    @pytest.fixture(params=["usual text", "text of twice the size"])
    def sheet(self, request, open_sheet, large_text_browser):
        large = {"browser": large_text_browser} if "twice" in request.param else {}
        return open_sheet(size="phone", **large)

    def test_every_text_is_kept_quoted_and_fits(self, sheet):
        for code, (text, _stands, _value) in TYPED.items():
            sheet.type(code, text)
        sheet.type("HI_HH", "9")
        sheet.wait_saved()
        held = sheet.on_server()
        for code, (text, stands, value) in TYPED.items():
            expect(sheet.cell(code)).to_have_value(stands)
            assert (held[code]["text"], held[code]["value"]) == (stands, value)
            if value is None:
                expect(sheet.says(code)).to_contain_text(text)
        sheet.page.locator("#explanation-HI_HH_CHANGE").fill("Nhiều hộ chưa gia hạn. " * 80)
        for width in (320, 360):
            sheet.page.set_viewport_size({"width": width, "height": 700})
            assert (width, sideways(sheet.page), cut_off(sheet.page)) == (width, 0, [])


class TestTheYearBefore:
    """The drawing beside the form: the months before, what is usual, and what is being typed."""

    def dot(self, sheet):
        return sheet.page.locator("#definition-HI_HH .now")

    def y(self, sheet) -> float:
        return float(self.dot(sheet).locator(".dot").get_attribute("cy"))

    def test_the_dot_follows_the_number_and_says_when_a_reason_is_asked(self, open_sheet):
        sheet = open_sheet()
        expect(self.dot(sheet)).to_have_class("now is-blank")
        sheet.cell("HI_HH").click()
        last = int(sheet.cell("HI_HH").get_attribute("data-last"))
        sheet.page.keyboard.type(str(last))
        expect(self.dot(sheet)).to_have_class("now")
        expect(sheet.page.locator("#definition-HI_HH")).to_be_visible()
        usual = self.y(sheet)
        sheet.type("HI_HH", "9")
        expect(self.dot(sheet)).to_have_class("now is-unusual is-beyond")
        low = self.y(sheet)
        assert low > usual
        sheet.wait_saved()
        sheet.page.reload()
        expect(self.dot(sheet)).to_have_class("now is-unusual is-beyond")
        assert self.y(sheet) == low
        sheet.cell("HI_HH").fill("")
        expect(self.dot(sheet)).to_have_class("now is-blank")

    @pytest.mark.parametrize("size", ["desk", "phone"])
    def test_it_is_drawn_large_enough_to_read_and_pushes_no_field_away(self, open_sheet, size):
        sheet = open_sheet(size=size)
        sheet.cell("HI_HH").click()
        assert small_text(sheet.page, ".course") == []
        cells = sheet.page.locator("#cell-HI").bounding_box()
        drawing = sheet.page.locator("#definition-HI_HH .course").bounding_box()
        if size == "phone":
            assert drawing["y"] > sheet.page.locator("#cell-CONVENTION").bounding_box()["y"]
        else:
            assert drawing["x"] > cells["x"] + cells["width"]

    def test_without_scripts_it_opens_with_the_definition(self, open_sheet):
        page = open_sheet(java_script_enabled=False).page
        page.locator("#definition-HI_HH summary").click()
        expect(page.locator("#definition-HI_HH .course")).to_be_visible()
        page.locator(".entry-before summary").click()
        row = page.locator(".entry-before tr", has_text="BHYT: hộ gia đình")
        expect(row.locator("td")).to_have_count(12)


class TestWhatIsWrong:
    def test_a_fraction_is_quoted_and_kept_as_typed(self, open_sheet):
        sheet = open_sheet()
        sheet.type("HI_EMP", "1,5")
        expect(sheet.says("HI_EMP")).to_contain_text("1,5")
        expect(sheet.cell("HI_EMP")).to_have_value("1,5")
        expect(sheet.cell("HI_EMP")).to_have_attribute("aria-invalid", "true")
        assert sheet.text_on_server("HI_EMP") == "1,5"

    def test_the_summary_leads_to_the_cell_and_follows_its_correction(self, open_sheet):
        sheet = open_sheet()
        sheet.type("HI", "1000")
        sheet.type("HI_STU", "1486")
        link = sheet.summary.locator("a[href='#cell-HI_STU']")
        expect(link).to_contain_text("1.486")
        link.click()
        expect(sheet.cell("HI_STU")).to_be_focused()
        expect(sheet.cell("HI_STU")).to_have_attribute("aria-invalid", "true")
        sheet.type("HI_STU", "900")
        expect(sheet.cell("HI_STU")).to_have_attribute("aria-invalid", "false")
        expect(sheet.summary.locator("a[href='#cell-HI_STU']")).to_have_count(0)

    def test_a_reason_is_asked_for_and_saved(self, open_sheet):
        sheet = open_sheet()
        sheet.type("HI_HH", "9")
        reason = sheet.page.locator("#explanation-HI_HH_CHANGE")
        reason.fill("Nhiều hộ chưa gia hạn")
        sheet.page.keyboard.press("Enter")
        expect(sheet.summary).to_be_hidden()
        sheet.wait_saved()
        sheet.page.reload()
        expect(reason).to_have_value("Nhiều hộ chưa gia hạn")

    def test_sums_and_filled_cells_follow_the_keys(self, open_sheet):
        sheet = open_sheet()
        sheet.type("SI_C", "1200")
        sheet.type("SI_V", "34")
        expect(sheet.page.locator("#sum-SI")).to_have_text("1.234")
        expect(sheet.page.locator("#filled")).to_have_text("2")
        expect(sheet.page.locator("#entry-said")).to_contain_text("1.234")

    def test_a_number_that_waits_for_its_reason_is_listed_once_and_as_a_question(self, open_sheet):
        sheet = open_sheet()
        sheet.fill()
        sheet.type("HI_HH", "9")
        expect(sheet.page.locator("#explanation-HI_HH_CHANGE")).to_be_visible()
        sheet.wait_saved()
        sheet.page.locator("#send").click(force=True)
        expect(sheet.summary).to_be_focused()
        listed = sheet.summary.locator("li")
        expect(listed).to_have_count(1)
        expect(listed).to_have_class("asks")
        assert listed.locator("a").get_attribute("href") == "#explanation-HI_HH_CHANGE"
        expect(sheet.page.locator("#filled")).to_have_text("20")


class TestTheClock:
    @pytest.mark.parametrize("zone", ["Europe/London", "Asia/Ho_Chi_Minh", "Pacific/Honolulu"])
    def test_saved_names_the_hour_of_the_site_before_and_after_a_reload(self, open_sheet, zone):
        sheet = open_sheet(timezone_id=zone)
        before = datetime.now(SITE).replace(second=0, microsecond=0)
        sheet.type("HI_EMP", "1486")
        sheet.wait_saved()
        after = datetime.now(SITE)
        said = re.search(r"\d\d:\d\d", sheet.state.inner_text())[0]
        assert said in {f"{before:%H:%M}", f"{after:%H:%M}"}
        sheet.page.reload()
        expect(sheet.state).to_contain_text(f"Đã lưu {said}")


class TestPaste:
    def test_a_column_fills_downwards(self, open_sheet):
        sheet = open_sheet()
        sheet.paste("HI_EMP", "1486\n1.021\n55\n")
        for code, text in (("HI_EMP", "1.486"), ("HI_SIA", "1.021"), ("HI_POOR", "55")):
            expect(sheet.cell(code)).to_have_value(text)
        expect(sheet.state).to_contain_text("Đã dán 3 số")
        sheet.wait_saved()
        assert sheet.on_server()["HI_POOR"]["value"] == 55

    def test_what_is_no_number_stays_as_it_was_pasted(self, open_sheet):
        sheet = open_sheet()
        sheet.paste("HI_EMP", "abc\n12")
        expect(sheet.cell("HI_EMP")).to_have_value("abc")
        expect(sheet.says("HI_EMP")).to_contain_text("abc")
        expect(sheet.cell("HI_SIA")).to_have_value("12")
        assert sheet.text_on_server("HI_EMP") == "abc"

    def test_a_block_finds_its_cells_by_code_and_by_label(self, open_sheet):
        sheet = open_sheet()
        sheet.paste("HI", "SI_V\t64\nBHYT: hộ cận nghèo\t402\n")
        expect(sheet.cell("SI_V")).to_have_value("64")
        expect(sheet.cell("HI_NPOOR")).to_have_value("402")
        expect(sheet.cell("HI")).to_have_value("")
        expect(sheet.page.locator("#paste-preview")).to_be_hidden()

    def test_a_line_that_matches_nothing_is_asked_about(self, open_sheet):
        sheet = open_sheet()
        sheet.paste("HI", "SI_V\t64\nTự nguyện mới\t7\nGhi chú khác\t5")
        preview = sheet.page.locator("#paste-preview")
        expect(preview).to_be_visible()
        expect(sheet.cell("SI_V")).to_have_value("")
        preview.locator("tr", has_text="Tự nguyện mới").locator("select").select_option(
            "cell-SI_V_NEW"
        )
        preview.get_by_role("button", name="Điền các số này").click()
        expect(sheet.cell("SI_V")).to_have_value("64")
        expect(sheet.cell("SI_V_NEW")).to_have_value("7")
        expect(sheet.state).to_contain_text("Đã dán 2 số")


class TestOffline:
    def test_what_is_typed_offline_reaches_the_server_later(self, open_sheet):
        sheet = open_sheet()
        sheet.page.context.set_offline(True)
        sheet.type("HI_EMP", "1486")
        expect(sheet.state).to_contain_text("Lưu tạm trên máy, chờ mạng")
        expect(sheet.page.locator(".entry-bar")).to_have_attribute("data-state", "waiting")
        sheet.page.context.set_offline(False)
        sheet.wait_saved()
        assert sheet.on_server()["HI_EMP"]["value"] == 1486
        assert sheet.page.evaluate("Object.keys(localStorage)") == []

    def test_a_page_that_was_left_offline_sends_what_it_kept(self, open_sheet):
        sheet = open_sheet()
        sheet.page.context.set_offline(True)
        sheet.type("HI_EMP", "1486")
        sheet.type("HI_SIA", "1,5")
        expect(sheet.state).to_contain_text("2 số chưa lên máy chủ")
        sheet.page.goto("about:blank")
        sheet.page.context.set_offline(False)
        sheet.page.goto(sheet.address)
        sheet.wait_saved()
        expect(sheet.cell("HI_EMP")).to_have_value("1.486")
        expect(sheet.says("HI_SIA")).to_contain_text("1,5")
        assert sheet.on_server()["HI_EMP"]["value"] == 1486

    def test_an_answer_that_was_lost_makes_no_conflict_with_oneself(self, open_sheet):
        sheet = open_sheet()

        def lost(route):
            route.fetch()
            route.abort()

        sheet.page.route("**/api/**", lost)
        sheet.type("HI_EMP", "1486")
        expect(sheet.page.locator(".entry-bar")).to_have_attribute("data-state", "waiting")
        sheet.type("HI_EMP", "1487")
        expect(sheet.state).to_contain_text("1 số chưa lên máy chủ")
        sheet.page.goto("about:blank")
        sheet.page.unroute("**/api/**")
        sheet.page.goto(sheet.address)
        sheet.wait_saved()
        assert sheet.text_on_server("HI_EMP") == "1.487"

    def test_everything_is_back_after_a_reload(self, open_sheet):
        sheet = open_sheet()
        sheet.type("HI_EMP", "1486")
        sheet.type("HI_SIA", "1,5")
        sheet.type("HI_POOR", "0")
        sheet.wait_saved()
        sheet.page.reload()
        for code, text in (("HI_EMP", "1.486"), ("HI_SIA", "1,5"), ("HI_POOR", "0")):
            expect(sheet.cell(code)).to_have_value(text)

    def test_signing_out_takes_along_what_the_device_kept(self, open_sheet):
        sheet = open_sheet()
        key = sheet.page.locator("#sheet").get_attribute("data-kept")
        sheet.page.evaluate("key => localStorage.setItem(key, '{}')", key)
        sheet.page.evaluate("localStorage.setItem('counts:0:other', '{}')")
        # The session of the other tests stays: only what the device does is looked at.
        sheet.page.route("**/accounts/logout/", lambda route: route.fulfill(body="out"))
        asked = []
        sheet.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
        sheet.page.locator("details.me summary").click()
        sheet.page.locator("form[data-sign-out] button").click()
        sheet.page.wait_for_url("**/accounts/logout/")
        assert len(asked) == 1
        assert sheet.page.evaluate("Object.keys(localStorage)") == ["counts:0:other"]


NO_LINE = r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"
"""What the browser itself says where there is neither a line nor a copy."""


class TestReloadedWithoutALine:
    """A copy on the device is shown where the site cannot be reached, to its reader alone."""

    NOTE = "Không có mạng"

    @pytest.fixture
    def sheet(self, open_sheet):
        """A report whose copy is on the device."""
        sheet = open_sheet(service_workers="allow")
        self.wait_for_copies(sheet.page, 1)
        return sheet

    @staticmethod
    def copies(page) -> list[str]:
        return page.evaluate(
            """async () => {
              const names = (await caches.keys()).filter((name) => name.startsWith("entry:"));
              const held = await Promise.all(names.map(async (n) => (await caches.open(n)).keys()));
              return held.flat().map((request) => new URL(request.url).pathname);
            }"""
        )

    def wait_for_copies(self, page, number: int) -> None:
        for _try in range(50):
            if len(self.copies(page)) == number:
                return
            page.wait_for_timeout(100)
        assert self.copies(page) == number

    @staticmethod
    def change_hands(page, signed_in) -> None:
        """Somebody who may not report is signed in on the same device."""
        other = signed_in("lanh-dao")
        page.context.clear_cookies()
        page.context.add_cookies(other.cookies())
        other.close()

    def test_the_sheet_is_there_with_what_was_kept_and_says_it_is_a_copy(self, sheet):
        sheet.type("HI_EMP", "1486")
        sheet.wait_saved()
        sheet.page.reload()
        expect(sheet.page.locator("#copy-note")).to_be_hidden()
        sheet.page.context.set_offline(True)
        sheet.type("HI_SIA", "700")
        expect(sheet.state).to_contain_text("chờ mạng")
        sheet.page.reload()
        expect(sheet.page.locator("#copy-note")).to_contain_text(self.NOTE)
        expect(sheet.cell("HI_EMP")).to_have_value("1.486")
        expect(sheet.cell("HI_SIA")).to_have_value("700")
        expect(sheet.page.locator(".entry-bar")).to_have_css("position", "fixed")
        sheet.type("HI_POOR", "55")
        expect(sheet.state).to_contain_text("2 số chưa lên máy chủ")
        sheet.page.context.set_offline(False)
        sheet.wait_saved()
        held = sheet.on_server()
        assert [held[code]["value"] for code in ("HI_EMP", "HI_SIA", "HI_POOR")] == [1486, 700, 55]
        sheet.page.reload()
        expect(sheet.page.locator("#copy-note")).to_be_hidden()

    def test_a_report_that_was_not_opened_is_not_there(self, sheet, untouched):
        sheet.page.context.set_offline(True)
        with pytest.raises(Error, match=NO_LINE):
            sheet.page.goto(f"/entry/{MONTH}/{next(untouched)}/")

    def test_a_copy_of_yesterday_is_not_shown(self, sheet):
        sheet.page.evaluate(
            """async () => {
              const [name] = (await caches.keys()).filter((one) => one.startsWith("entry:"));
              const cache = await caches.open(name);
              const [request] = await cache.keys();
              const held = await cache.match(request);
              const headers = new Headers(held.headers);
              headers.set("X-Copied-At", new Date(Date.now() - 13 * 3600000).toISOString());
              await cache.put(request, new Response(await held.text(), { headers }));
            }"""
        )
        sheet.page.context.set_offline(True)
        with pytest.raises(Error, match=NO_LINE):
            sheet.page.reload()

    def test_signing_out_takes_the_copies_along(self, sheet):
        page = sheet.page
        # The session of the other tests stays: only what the device does is looked at.
        page.route("**/accounts/logout/", lambda route: route.fulfill(body="out"))
        page.locator("details.me summary").click()
        page.locator("form[data-sign-out] button").click()
        page.wait_for_url("**/accounts/logout/")
        assert self.copies(page) == []
        page.context.set_offline(True)
        with pytest.raises(Error, match=NO_LINE):
            page.goto(sheet.address)

    def test_where_nobody_is_signed_in_there_is_no_copy(self, sheet):
        sheet.page.context.clear_cookies()
        sheet.page.goto("/accounts/login/")
        self.wait_for_copies(sheet.page, 0)
        assert self.copies(sheet.page) == []

    def test_another_account_on_the_device_never_sees_it(self, sheet, signed_in):
        self.change_hands(sheet.page, signed_in)
        sheet.page.goto("/help/")
        self.wait_for_copies(sheet.page, 0)
        sheet.page.context.set_offline(True)
        with pytest.raises(Error, match=NO_LINE):
            sheet.page.goto(sheet.address)

    def test_a_right_that_was_lost_takes_the_copy_along(self, sheet, signed_in):
        """The address answers somebody else with a refusal: what was kept of it goes at once."""
        self.change_hands(sheet.page, signed_in)
        assert sheet.page.goto(sheet.address).status == 403
        self.wait_for_copies(sheet.page, 0)


class TestTwoPeople:
    ADDRESS = f"/entry/{MONTH}/03703/"

    @pytest.fixture
    def two(self, open_sheet):
        return open_sheet(self.ADDRESS, account="can-bo-xa"), open_sheet(self.ADDRESS)

    def test_both_values_are_shown_and_one_is_chosen(self, two):
        mine, theirs = two
        theirs.type("HI_EMP", "1500")
        theirs.wait_saved()
        mine.type("HI_EMP", "1486")
        for part in ("1.500", "1.486", "can-bo-tinh"):
            expect(mine.says("HI_EMP")).to_contain_text(part)
        expect(mine.summary).to_contain_text("người khác")
        expect(mine.state).to_contain_text("Chưa lưu hết")
        assert mine.text_on_server("HI_EMP") == "1.500"
        mine.page.locator("[data-keep]").click()
        mine.wait_saved()
        expect(mine.says("HI_EMP").locator("[data-conflict]")).to_have_count(0)
        assert mine.text_on_server("HI_EMP") == "1.486"

    def test_the_other_value_is_taken(self, two):
        mine, theirs = two
        theirs.type("HI_SIA", "700")
        theirs.wait_saved()
        mine.type("HI_SIA", "701")
        mine.page.locator("[data-take]").click()
        expect(mine.cell("HI_SIA")).to_have_value("700")
        assert mine.text_on_server("HI_SIA") == "700"
        assert mine.page.evaluate("Object.keys(localStorage)") == []

    def test_a_conflict_that_nobody_decided_comes_back_with_the_page(self, two):
        mine, theirs = two
        theirs.type("HI_POOR", "600")
        theirs.wait_saved()
        mine.type("HI_POOR", "601")
        expect(mine.page.locator("[data-keep]")).to_be_visible()
        mine.page.reload()
        expect(mine.page.locator("[data-keep]")).to_contain_text("601")
        assert mine.text_on_server("HI_POOR") == "600"

    def test_sending_and_approving_in_between_is_no_conflict(self, open_sheet):
        address = self.ADDRESS.replace(MONTH, "2026-02")
        mine, also_mine = (open_sheet(address, account="can-bo-xa") for _tab in range(2))
        also_mine.fill()
        mine.page.reload()
        also_mine.page.locator("#send").click()
        also_mine.page.wait_for_url("**/receipt/**")
        province = open_sheet().page.context
        (token,) = [one["value"] for one in province.cookies() if one["name"] == "csrftoken"]
        report = f"/api/v1/submissions{address.removeprefix('/entry')}"
        seen = province.request.get(report).json()["last_move"]
        answer = province.request.post(
            f"{report}approve/",
            headers={"X-CSRFToken": token, "Referer": mine.page.url},
            data={"seen": seen},
        )
        assert answer.json()["state"] == "approved"
        mine.type("SI_V", "77")
        mine.wait_saved()
        assert mine.text_on_server("SI_V") == "77"

    def test_a_form_sent_in_the_old_way_lets_choose_too(self, two):
        mine, theirs = two
        theirs.type("HI_U6", "1900")
        theirs.wait_saved()
        mine.page.route("**/api/**", lambda route: route.abort())
        mine.type("HI_U6", "1901")
        with mine.page.expect_navigation():
            mine.page.get_by_role("button", name="Lưu, để sau").click()
        expect(mine.says("HI_U6")).to_contain_text("1.900")
        mine.cell("HI_U6").focus()
        mine.page.keyboard.press("Tab")
        mine.page.unroute("**/api/**")
        assert mine.text_on_server("HI_U6") == "1.900"
        mine.page.locator("[data-row=HI_U6] [data-keep]").click()
        mine.wait_saved()
        assert mine.text_on_server("HI_U6") == "1.901"

    def test_what_was_typed_offline_is_not_put_over_somebody_elses(self, two):
        mine, theirs = two
        mine.page.context.set_offline(True)
        mine.type("HI_EM", "3600")
        expect(mine.state).to_contain_text("chờ mạng")
        theirs.type("HI_EM", "3700")
        theirs.wait_saved()
        mine.page.context.set_offline(False)
        expect(mine.page.locator("[data-take]")).to_contain_text("3.700")
        expect(mine.cell("HI_EM")).to_have_value("3.600")
        assert mine.text_on_server("HI_EM") == "3.700"


class TestSending:
    def test_nothing_is_sent_while_something_is_wrong(self, open_sheet):
        sheet = open_sheet()
        sheet.fill()
        sheet.type("HI_EMP", "abc")
        expect(sheet.page.locator("#send")).to_have_attribute("aria-disabled", "true")
        sheet.page.locator("#send").focus()
        expect(sheet.page.locator("#send")).to_be_focused()
        sheet.page.keyboard.press("Enter")
        expect(sheet.summary).to_be_focused()
        assert sheet.page.url.endswith(sheet.address)

    def test_empty_cells_are_told_when_sending_is_tried(self, open_sheet):
        sheet = open_sheet()
        sheet.cell("HI").click()
        sheet.page.keyboard.press("Control+Enter")
        expect(sheet.summary).to_be_focused()
        expect(sheet.summary.locator("li")).to_have_count(20)

    def test_a_whole_report_is_sent_by_keys_and_receipted(self, open_sheet):
        sheet = open_sheet()
        sheet.fill()
        expect(sheet.page.locator("#send")).to_have_attribute("aria-disabled", "false")
        sheet.page.keyboard.press("Control+Enter")
        sheet.page.wait_for_url("**/receipt/**")
        expect(sheet.page.locator("h1")).to_contain_text("-2026-01-1")
        assert sheet.page.evaluate("Object.keys(localStorage)") == []

    def test_nothing_is_sent_without_the_line(self, open_sheet):
        sheet = open_sheet()
        sheet.fill()
        sheet.page.context.set_offline(True)
        sheet.page.locator("#send").click()
        expect(sheet.state).to_contain_text("Mất mạng")
        assert sheet.page.url.endswith(sheet.address)


class TestEveryScreen:
    @pytest.mark.parametrize("size", ["desk", "tablet", "phone"])
    def test_a_form_with_errors_and_questions_is_accessible(self, open_sheet, size):
        sheet = open_sheet(size=size)
        sheet.type("HI_EMP", "1,5")
        sheet.type("HI_HH", "9")
        expect(sheet.page.locator("#explanation-HI_HH_CHANGE")).to_be_visible()
        assert serious_findings(sheet.page) == []

    def test_nothing_scrolls_sideways_on_the_smallest_phone(self, open_sheet):
        sheet = open_sheet(size="phone")
        sheet.page.set_viewport_size({"width": 320, "height": 700})
        sheet.type("HI_HH", "9")
        expect(sheet.page.locator("#explanation-HI_HH_CHANGE")).to_be_visible()
        assert sheet.page.evaluate("document.documentElement.scrollWidth") <= 320

    def test_a_phone_gets_large_fields_and_the_numeric_keypad(self, open_sheet):
        sheet = open_sheet(size="phone")
        for cell in sheet.page.locator("input[data-indicator]").all():
            assert cell.bounding_box()["height"] >= 48
            assert cell.get_attribute("inputmode") == "numeric"
            assert float(cell.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) >= 16

    def test_a_phone_leads_to_other_months_to_the_template_and_to_a_file(self, open_sheet):
        sheet = open_sheet(size="phone")
        fold = sheet.page.locator(".other-months")
        expect(fold.locator("summary")).to_contain_text("còn thiếu")
        fold.locator("summary").click()
        for name in ("Tải tệp mẫu", "Nộp bằng tệp"):
            expect(fold.get_by_role("link", name=name)).to_be_visible()
        assert sideways(sheet.page) == 0
        with sheet.page.expect_navigation():
            fold.get_by_role("link", name="12/2025").click()
        assert "/entry/2025-12/" in sheet.page.url

    def test_the_bar_never_covers_the_focused_cell(self, open_sheet):
        sheet = open_sheet(size="phone")
        sheet.cell("HI").click()
        for _cell in range(19):
            sheet.page.keyboard.press("Enter")
            bottom, bar = sheet.page.evaluate(
                "[document.activeElement.getBoundingClientRect().bottom,"
                " document.querySelector('.entry-bar').getBoundingClientRect().top]"
            )
            assert bottom <= bar
        assert bar > SIZES["phone"]["height"] - 80

    def test_the_form_works_without_scripts(self, open_sheet):
        sheet = open_sheet(java_script_enabled=False)
        sheet.cell("HI_EMP").fill("1486")
        sheet.page.get_by_role("button", name="Lưu, để sau").click()
        expect(sheet.cell("HI_EMP")).to_have_value("1.486")
        sheet.page.get_by_role("button", name="Gửi", exact=True).click()
        expect(sheet.summary.locator("li")).not_to_have_count(0)
        assert sheet.on_server()["HI_EMP"]["value"] == 1486


def test_a_sent_report_prints_on_one_upright_sheet(open_page):
    page = open_page("/entry/2025-12/03703/").page
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    assert re.findall(rb"/MediaBox \[0 0 (\d+)\.?\d* (\d+)", paper) == [(b"594", b"841")]
