"""A small conference and the workbook built from it, opened again as a reader would."""

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from reports.conference.contents import Conference
from reports.workbook.build import build
from tests.reports.workbook import synthetic


@pytest.fixture(scope="module")
def data() -> Conference:
    """Three districts and nine communes in English, so that words can be read in tests."""
    return synthetic.conference(districts_wanted=3, communes_each=3, language="en")


@pytest.fixture(scope="module")
def content(data: Conference) -> bytes:
    return build(data)


@pytest.fixture(scope="module")
def book(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content), rich_text=False)


def reopened(data: Conference) -> Workbook:
    """The workbook of a conference, built and opened again."""
    return load_workbook(BytesIO(build(data)))
