"""Work in the background: asked for, left alone, found again, and its file taken away."""

import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from steering.serve import worker

from .conftest import ROOT

pytestmark = pytest.mark.browser

BUILDING = 90_000
"""Milliseconds a whole workbook may take on a busy machine."""


@pytest.fixture
def working(site, surroundings) -> Iterator[None]:
    """A worker beside the site, as ``make run`` starts one."""
    process = subprocess.Popen(
        [sys.executable, "-m", *worker()], cwd=ROOT, env=surroundings, start_new_session=True
    )
    yield
    process.terminate()
    process.wait(timeout=60)


def test_a_workbook_is_built_while_nobody_looks_and_found_again(open_page, request):
    page = open_page("/?month=2023-12", locale="vi-VN", own=True).page
    page.get_by_role("button", name="Tài liệu hội nghị").click()
    page.wait_for_url("**/jobs/*/")
    address = page.url
    expect(page.locator(".job-state")).to_contain_text("có thể đóng trang")
    context = page.context
    page.close()
    request.getfixturevalue("working")
    page = context.new_page()
    page.goto("/jobs/")
    page.locator(f"table.jobs a[href='{urlsplit(address).path}']").first.click()
    page.wait_for_url(address)
    download = page.locator(".job-state a[download]")
    expect(download).to_be_visible(timeout=BUILDING)
    expect(page.locator(".job-progress")).to_have_count(0)
    with page.expect_download() as coming:
        download.click()
    book = load_workbook(BytesIO(coming.value.path().read_bytes()), read_only=True)
    values = {cell for row in book.worksheets[1].iter_rows(values_only=True) for cell in row}
    assert 1_278_316 in values
