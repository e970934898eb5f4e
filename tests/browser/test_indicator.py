"""The page of an indicator: plan, result and forecast, drawn and in a table; judgements."""

import re

import pytest

from tests.browser.measures import small_text

pytestmark = pytest.mark.browser

ADDRESS = "/indicators/HI/?month=2023-12"
NUMBER = r"[\d.]+\d"


def described(page) -> dict[str, str]:
    """What the picture says to whoever does not see it, by name: "Kế hoạch 12/2023"."""
    desc = page.locator(".trajectory-wide desc").text_content()
    return dict(part.strip().rstrip(".").split(": ", 1) for part in desc.split(";"))


def table(page) -> dict[tuple[str, str], str]:
    """The cells of the table of the picture, by column and month."""
    heads, *rows = page.locator("#table table tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent.trim()))"
    )
    return {
        (head, row[0]): cell for row in rows for head, cell in zip(heads[1:], row[1:], strict=True)
    }


def first_number(text: str) -> int:
    return int(re.search(NUMBER, text)[0].replace(".", ""))


def test_the_plan_ends_at_what_the_decision_assigned(open_page):
    page = open_page(ADDRESS).page
    assert "1.258.185" in described(page)["Kế hoạch 12/2023"]
    assert table(page)["Kế hoạch", "12/2023"] == "1.258.185"
    page.goto("/provenance/14/HI/2023-12/")
    assert "1.258.185" in page.locator("dt:text-is('Kế hoạch') + dd").inner_text()


@pytest.mark.parametrize("month", ["2023-06", "2023-12", "2024-06"])
def test_the_table_says_what_the_description_says(open_page, month):
    page = open_page(f"/indicators/HI/?month={month}").page
    cells, said = table(page), described(page)
    checked = 0
    for name, text in said.items():
        head, _space, of_month = name.rpartition(" ")
        if (head, of_month) in cells:
            assert first_number(text) == first_number(cells[head, of_month])
            checked += 1
    assert checked == 5 if f"Kế hoạch {month[5:]}/{month[:4]}" in said else checked >= 4


def test_a_forecast_takes_six_months(open_page):
    """December 2022 is the first month there is: five months until April, six until May."""
    five = open_page("/indicators/HI/?month=2023-04").page
    assert five.locator(".trajectory-set .ahead").count() == 0
    assert not [name for name in described(five) if name.startswith("Dự báo")]
    assert "ít nhất 6 tháng" in five.inner_text(".machine")
    six = open_page("/indicators/HI/?month=2023-05").page
    assert six.locator(".trajectory-wide .ahead").count() == 1
    assert "ít nhất 6 tháng" not in six.inner_text(".machine")


def test_the_interval_holds_the_forecast(open_page):
    page = open_page("/indicators/HI/?month=2023-05").page
    forecast = described(page)["Dự báo 12/2023"]
    middle, _percent, low, high = [int(n.replace(".", "")) for n in re.findall(NUMBER, forecast)]
    assert low <= middle <= high
    cells = table(page)
    drawn = [first_number(cells[head, "12/2023"]) for head in ("Thấp", "Dự báo", "Cao")]
    assert drawn == [low, middle, high]


@pytest.mark.parametrize(
    ("size", "shown"), [("desk", "wide"), ("tablet", "medium"), ("phone", "small")]
)
def test_one_picture_shows_and_no_text_in_it_is_under_12_pixels(open_page, size, shown):
    page = open_page(ADDRESS, size=size).page
    seen = [
        picture.get_attribute("class").split("trajectory-")[1]
        for picture in page.locator("svg.trajectory").all()
        if picture.is_visible()
    ]
    assert seen == [shown]
    assert small_text(page, "main svg") == []


def test_a_judgement_without_a_comment_is_refused_and_keeps_what_was_said(open_page):
    page = open_page("/indicators/HI/judgement/?month=2023-12").page
    for group in page.locator(".grades").all():
        group.locator("input").first.check()
    page.fill("#id_planning_note", "đã có kế hoạch")
    page.click("main button[type=submit]")
    page.wait_for_selector("#faults")
    assert page.input_value("#id_planning_note") == "đã có kế hoạch"
    assert page.locator(".grades input:checked").count() == 5
    page.click("#faults a")
    assert page.evaluate("document.activeElement.id") == "id_comment"
    page.goto(ADDRESS)
    assert "đã có kế hoạch" not in page.inner_text("#judgement")


def test_a_signed_judgement_stands_beside_the_forecast(open_page):
    page = open_page("/indicators/HI/judgement/?month=2024-06").page
    for group in page.locator(".grades").all():
        group.locator("input").first.check()
    page.fill("#id_comment", "Tiến độ tốt; cần giữ nhịp các tháng cuối năm.")
    page.click("main button[type=submit]")
    page.wait_for_url("**/indicators/HI/?month=2024-06**")
    said = page.inner_text("#judgement")
    assert "cần giữ nhịp" in said
    assert "Cán bộ thường trực" in said
