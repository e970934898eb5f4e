"""Tables as people lay them out, on the page of a file: what is asked, refused, told and taken."""

import pytest
import time_machine

from collection.actions import uploads
from collection.actions.accepting import Choice, accept
from collection.models import Upload
from commitments.models import Count
from steering.accounts.faults import Refused
from tests.collection.conftest import FEBRUARY, NOW, TODAY
from tests.foreign.books import Rows, book

HEADS = ["Đơn vị", "HI"]


@pytest.fixture(autouse=True)
def in_march():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def handed_in(communes, catalogue, officer):
    """A file of the province as its page shows it."""

    def handed_in(rows: Rows, **options) -> Upload:
        upload = uploads.receive(
            name="bang.xlsx", data=book(rows, **options), actor=officer, on=TODAY, month=FEBRUARY
        )
        return uploads.look(upload=upload, actor=officer, on=TODAY)

    return handed_in


def doubts(upload: Upload) -> list[tuple[str, str, str]]:
    return [
        (one["kind"], one["code"], f"{one['column'] or ''}{one['row'] or ''}")
        for one in upload.found["doubts"]
        if one["code"] in ("unread_sheet", "merged_number", "left_out", "hidden_cell", "struck_out")
    ]


def counts() -> dict[tuple[str, str], int]:
    rows = Count.objects.values_list("unit__code", "indicator__code", "value")
    return {(unit, code): value for unit, code, value in rows}


def test_tables_side_by_side_and_below_are_accepted_each_with_its_own_head(handed_in, officer):
    upload = handed_in(
        [
            [*HEADS, None, "Đơn vị", "SI_V"],
            ["Xã Ao Sen", 41, None, "Xã Cầu Tre", 9],
            [],
            ["Đơn vị", "SI_V"],
            ["Xã Đèo Gió", 7],
        ]
    )
    assert upload.state == Upload.State.CHECKED
    accept(upload=upload, choice=Choice.RIGHT, actor=officer, on=TODAY, at=NOW)
    assert counts() == {("99001", "HI"): 41, ("99002", "SI_V"): 9, ("99003", "SI_V"): 7}


@pytest.mark.parametrize("choice", list(Choice))
def test_nothing_is_accepted_beside_a_sheet_that_could_not_be_read(handed_in, officer, choice):
    upload = handed_in(
        [HEADS, ["Xã Ao Sen", 5]], more={"Gió": [["Đơn vỵ", "HI"], ["Xã Đèo Gió", 8]]}
    )
    assert doubts(upload) == [("confirm", "unread_sheet", "B1")]
    with pytest.raises(Refused) as refused:
        accept(upload=upload, choice=choice, actor=officer, on=TODAY, at=NOW)
    assert [fault.code for fault in refused.value.faults] == ["unread_sheet"]
    assert counts() == {}


def test_a_merged_number_is_wrong_and_the_others_may_be_taken(handed_in, officer):
    upload = handed_in(
        [HEADS, ["Xã Ao Sen", 17], ["Xã Cầu Tre", None], ["Xã Đèo Gió", 5]], merged=["B2:B3"]
    )
    assert doubts(upload) == [("wrong", "merged_number", "B2")]
    accept(upload=upload, choice=Choice.RIGHT, actor=officer, on=TODAY, at=NOW)
    assert counts() == {("99003", "HI"): 5}


def test_what_was_left_out_is_told(handed_in):
    upload = handed_in([[*HEADS, "Ghi chú"], ["Xã Ao Sen", 5, 12]])
    assert doubts(upload) == [("told", "left_out", "C2")]


def test_a_column_left_of_the_units_that_nobody_knows_is_asked_about(handed_in, officer):
    upload = handed_in([["Cụm", *HEADS], [480, "Xã Ao Sen", 5], [322, "Xã Cầu Tre", 6]])
    assert upload.state == Upload.State.RECOGNISED
    (asked,) = upload.found["undecided"]
    upload = uploads.map_columns(upload=upload, columns={asked: "SI_V"}, actor=officer)
    upload = uploads.look(upload=upload, actor=officer, on=TODAY)
    accept(upload=upload, choice=Choice.RIGHT, actor=officer, on=TODAY, at=NOW)
    assert counts()["99001", "SI_V"] == 480
    assert len(counts()) == 4


def test_columns_of_two_tables_are_decided_each_by_its_own_head(handed_in, officer):
    rows = [["Đơn vị", "NOPE"], ["Xã Ao Sen", 5], [], ["Đơn vị", "NEITHER"], ["Xã Ao Sen", 6]]
    upload = handed_in(rows)
    first, second = upload.found["undecided"]
    columns = {first: "HI", second: "SI_V"}
    upload = uploads.map_columns(upload=upload, columns=columns, actor=officer)
    upload = uploads.look(upload=upload, actor=officer, on=TODAY)
    accept(upload=upload, choice=Choice.RIGHT, actor=officer, on=TODAY, at=NOW)
    assert counts() == {("99001", "HI"): 5, ("99001", "SI_V"): 6}
