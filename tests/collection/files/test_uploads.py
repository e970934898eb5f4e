"""From a file to the counts: what is taken, what is kept, what is refused, and nothing twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.utils import timezone

from collection.actions import uploads
from collection.actions.accepting import Choice, accept
from collection.actions.drafts import save_explanations
from collection.actions.uploads import answers_of
from collection.files.checking import doubts_of
from collection.files.handing_in import UploadPage
from collection.models import DraftAnswer, DraftCell, Receipt, Upload
from commitments.actions.reporting.periods import close_period
from commitments.models import Count, Explanation, Revision, Submission
from commitments.rules import Refused
from steering.accounts.actions import write_journal
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from steering.committee.access import NotAllowed
from steering.jobs.actions import remove_old_files, requeue_stale, run
from steering.jobs.models import Job
from tests import builders
from tests.collection.conftest import FEBRUARY, NOW, TODAY
from tests.collection.forms import filled, issued
from tests.foreign.books import book
from tests.foreign.forms import SECRET
from tests.foreign.make import FILES

SIXTEEN = [f"N{number:02}" for number in range(16)]


@pytest.fixture(autouse=True)
def in_march():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def form(commune, catalogue) -> bytes:
    """The template of commune 99001; HI is asked in row 6, HI_HH_NEW in 7, SI_V in 8."""
    return issued(commune)


@pytest.fixture
def hand_in(commune_officer):
    """Receive a file and look at it."""

    def hand_in(data, name="BC-XA.xlsx", *, actor=commune_officer, **more) -> Upload:
        upload = uploads.receive(name=name, data=data, actor=actor, on=TODAY, **more)
        uploads.go_on(upload=upload, actor=actor, on=TODAY)
        upload.refresh_from_db()
        return upload

    return hand_in


def look(upload) -> Upload:
    uploads.go_on(upload=upload, actor=upload.by, on=TODAY)
    upload.refresh_from_db()
    return upload


def take(upload, choice=Choice.EVERYTHING, *, at=NOW, **more) -> dict:
    outcome = accept(upload=upload, choice=choice, actor=upload.by, on=TODAY, at=at, **more)
    upload.refresh_from_db()
    return outcome


def counts(month=FEBRUARY) -> dict[str, int]:
    rows = Count.objects.filter(month=month).values_list("unit__code", "indicator__code", "value")
    return {f"{unit} {code}": value for unit, code, value in rows}


def drafts() -> dict[str, str]:
    rows = DraftCell.objects.values_list("unit__code", "indicator__code", "text")
    return {f"{unit} {code}": text for unit, code, text in rows}


def doubts(upload) -> list[tuple[str, str, str]]:
    return [(one.kind.value, one.code, one.cell) for one in doubts_of(upload.found)]


def reasons(refusal) -> list[str]:
    return [fault.code for fault in refusal.value.faults]


# --- the template --------------------------------------------------------------------------------


def test_a_good_template_is_checked_and_taken_over_with_a_receipt(hand_in, form, commune):
    upload = hand_in(filled(form, {"C6": 120, "C7": "1.486", "C8": 0}))
    assert (upload.form, upload.state) == ("template", "checked")
    assert (upload.unit, upload.month) == (commune, FEBRUARY)
    assert (upload.found["right"], upload.found["doubts"]) == (3, [])
    assert counts() == {}
    outcome = take(upload)
    assert counts() == {"99001 HI": 120, "99001 HI_HH_NEW": 1486, "99001 SI_V": 0}
    assert upload.state == "accepted"
    assert (outcome["created"], outcome["kept"], outcome["left_out"]) == (3, 0, 0)
    receipt = Receipt.objects.get()
    assert outcome["reports"][0]["receipt"] == receipt.number == "99001-2024-02-1"
    assert receipt.values == {"HI": 120, "HI_HH_NEW": 1486, "SI_V": 0}
    assert Submission.objects.get().state == "submitted"
    assert Revision.objects.get(indicator__code="HI").source == "BC-XA.xlsx Nhập!C6"
    assert JournalEntry.objects.filter(action="upload.accepted").count() == 1


def test_of_sixteen_numbers_fourteen_are_saved_and_two_kept_in_the_working_sheet(
    commune, communes, commune_officer, hand_in, counted, change_rule, catalogue
):
    for place in range(13):
        builders.indicator(SIXTEEN[place], position=10 + place)
    counted(commune, {"HI": 1000}, month=FEBRUARY - 1)
    rows = dict.fromkeys((f"C{row}" for row in range(6, 22)), 7)
    upload = hand_in(filled(issued(commune), {**rows, "C6": 700, "C8": "x"}))
    assert doubts(upload) == [
        ("wrong", "not_a_number", "Nhập!C8"),
        ("question", "HI_CHANGE", "Nhập!C6"),
    ]
    with pytest.raises(Refused) as refusal:
        take(upload)
    assert reasons(refusal) == ["not_a_number", "HI_CHANGE"]
    assert counts() == {}
    outcome = take(upload, Choice.RIGHT)
    assert len(counts()) == 14
    assert drafts() == {"99001 HI": "700", "99001 SI_V": "x"}
    assert (outcome["created"], outcome["kept"], outcome["left_out"]) == (14, 2, 0)
    assert Submission.objects.get(month=FEBRUARY).state == "draft"
    assert outcome["reports"][0]["receipt"] == ""
    assert not Receipt.objects.exists()


def test_an_accepted_file_answers_with_its_outcome_and_writes_nothing_again(hand_in, form):
    upload = hand_in(filled(form, {"C6": 1, "C7": 2, "C8": 3}))
    first = take(upload)
    rows = Revision.objects.count(), JournalEntry.objects.count(), Receipt.objects.count()
    assert take(upload) == first
    assert rows == (
        Revision.objects.count(), JournalEntry.objects.count(), Receipt.objects.count(),
    )  # fmt: skip


def test_the_same_file_says_when_and_by_whom_it_was_accepted(hand_in, form, officer):
    file = filled(form, {"C6": 1, "C7": 2, "C8": 3})
    take(hand_in(file))
    for actor in (None, officer):
        with pytest.raises(Refused) as refusal:
            hand_in(file, **({"actor": actor} if actor else {}))
        assert reasons(refusal) == ["already_accepted"]
        assert "14:32 02/03/2024" in str(refusal.value)
        assert "commune_officer" in str(refusal.value)
    assert Upload.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["look", "accept"])
def test_others_write_while_a_file_is_read(step, hand_in, form, monkeypatch):
    upload = hand_in(filled(form, {"C6": 1, "C7": 2, "C8": 3}))
    opened = uploads.open_upload

    def slowly(upload):
        with ThreadPoolExecutor(1) as pool:
            # Longer than any writer of this suite holds the lock, shorter than one waits for it.
            pool.submit(written_by_another).result(timeout=5)
        return opened(upload)

    for module in ("uploads", "accepting"):
        monkeypatch.setattr(f"collection.actions.{module}.open_upload", slowly)
    if step == "accept":
        take(upload)
    else:
        uploads.look(upload=upload, actor=upload.by, on=TODAY)
    assert JournalEntry.objects.filter(action="test.written").count() == 1


def written_by_another() -> None:
    """Write something over a connection of one's own."""
    try:
        write_journal(actor=COMMAND_LINE, action="test.written", subject=Upload.objects.get())
    finally:
        connection.close()


def test_a_file_that_is_corrected_while_it_is_read_is_not_accepted_as_it_was(
    hand_in, form, monkeypatch
):
    upload = hand_in(filled(form, {"C6": 1, "C7": "x", "C8": 3}))
    opened = uploads.open_upload

    def corrected_meanwhile(upload):
        mine = Upload.objects.get()
        uploads.correct(upload=mine, cells={"Nhập!C7": "2"}, actor=mine.by)
        return opened(upload)

    with monkeypatch.context() as patched:
        patched.setattr("collection.actions.accepting.open_upload", corrected_meanwhile)
        with pytest.raises(Refused) as refusal:
            take(upload, Choice.RIGHT)
    assert reasons(refusal) == ["changed_meanwhile"]
    assert (counts(), drafts()) == ({}, {})
    take(look(Upload.objects.get()))
    assert counts() == {"99001 HI": 1, "99001 HI_HH_NEW": 2, "99001 SI_V": 3}


def test_two_uploads_of_one_file_are_accepted_once(hand_in, form):
    file = filled(form, {"C6": 1, "C7": 2, "C8": 3})
    first, second = hand_in(file), hand_in(file)
    take(first)
    with pytest.raises(Refused) as refusal:
        take(second)
    assert reasons(refusal) == ["already_accepted"]


@pytest.mark.django_db(transaction=True)
def test_two_uploads_of_one_file_accepted_at_the_same_moment_are_accepted_once(hand_in, form):
    file = filled(form, {"C6": 1, "C7": 2, "C8": 3})
    pair = [hand_in(file), hand_in(file)]
    together = Barrier(2)

    def taken(upload: Upload) -> list[str]:
        try:
            together.wait(timeout=20)
            take(upload)
        except Refused as refused:
            return [fault.code for fault in refused.faults]
        finally:
            connection.close()
        return []

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(taken, pair)) == [[], ["already_accepted"]]
    assert JournalEntry.objects.filter(action="upload.accepted").count() == 1


def test_a_corrected_cell_is_read_in_place_of_the_files_own(hand_in, form, commune_officer):
    upload = hand_in(filled(form, {"C6": "1.486 người", "C7": 2, "C8": 3}))
    assert doubts(upload) == [("wrong", "not_a_number", "Nhập!C6")]
    uploads.correct(upload=upload, cells={"Nhập!C6": "1.486"}, actor=commune_officer)
    look(upload)
    assert (upload.found["right"], doubts(upload)) == (3, [])
    take(upload)
    assert counts()["99001 HI"] == 1486
    assert upload.digest == Upload.objects.get().digest


def test_a_wrong_cell_that_is_emptied_is_left_out(hand_in, form, commune_officer):
    upload = hand_in(filled(form, {"C6": "nhiều", "C7": 2, "C8": 3}))
    uploads.correct(upload=upload, cells={"Nhập!C6": ""}, actor=commune_officer)
    take(look(upload))
    assert counts() == {"99001 HI_HH_NEW": 2, "99001 SI_V": 3}
    assert Submission.objects.get().state == "draft"


def test_only_cells_with_something_wrong_can_be_typed_over(hand_in, form, commune_officer):
    upload = hand_in(filled(form, {"C6": "nhiều", "C7": 2}))
    with pytest.raises(Refused) as refusal:
        uploads.correct(upload=upload, cells={"Nhập!C7": "99"}, actor=commune_officer)
    assert reasons(refusal) == ["not_wrong"]


def test_a_reason_given_on_the_page_or_beside_the_number_stands(
    hand_in, form, commune, commune_officer, counted, change_rule
):
    counted(commune, {"HI": 1000}, month=FEBRUARY - 1)
    upload = hand_in(filled(form, {"C6": 700, "C7": 2, "C8": 3}))
    (question,) = [one.question for one in doubts_of(upload.found)]
    assert question == f"{commune.pk}/2024-02/HI_CHANGE"
    with pytest.raises(Refused) as refusal:
        uploads.explain(upload=upload, answers={question: "x" * 301}, actor=commune_officer)
    assert reasons(refusal) == ["too_long"]
    answers = {question: "hết hạn thẻ", "1/2024-02/OTHER": "x"}
    uploads.explain(upload=upload, answers=answers, actor=commune_officer)
    assert answers_of(upload) == {(commune.pk, FEBRUARY): {"HI_CHANGE": "hết hạn thẻ"}}
    look(upload)
    assert doubts(upload) == [("answered", "HI_CHANGE", "Nhập!C6")]
    take(upload)
    assert Explanation.objects.get().text == "hết hạn thẻ"
    assert Submission.objects.get(month=FEBRUARY).state == "submitted"


def test_a_reason_beside_the_number_needs_no_other(hand_in, form, commune, counted, change_rule):
    counted(commune, {"HI": 1000}, month=FEBRUARY - 1)
    upload = hand_in(filled(form, {"C6": 700, "C7": 2, "C8": 3, "H6": "Tách xã"}))
    take(upload)
    assert Explanation.objects.get().text == "Tách xã"


def test_a_reason_typed_on_the_page_of_the_report_stands_and_is_sent(
    hand_in, form, commune, commune_officer, counted, change_rule, type_in
):
    counted(commune, {"HI": 1000}, month=FEBRUARY - 1)
    type_in({"HI": "700"})
    save_explanations(
        unit=commune, month=FEBRUARY, explanations={"HI_CHANGE": "hết hạn"},
        actor=commune_officer, on=TODAY,
    )  # fmt: skip
    take(hand_in(filled(form, {"C6": 700, "C7": 2, "C8": 3})))
    assert Explanation.objects.get().text == "hết hạn"
    assert Submission.objects.get(month=FEBRUARY).state == "submitted"
    assert not DraftAnswer.objects.exists()


def test_changed_locked_cells_wait_for_a_tick_and_column_c_alone_is_taken(
    hand_in, form, commune_officer
):
    upload = hand_in(filled(form, {"B6": "Tên khác", "D6": 99, "C6": 1, "C7": 2, "C8": 3}))
    assert upload.state == "recognised"
    assert [one["cell"] for one in upload.found["changed"]] == ["Nhập!B6", "Nhập!D6"]
    with pytest.raises(Refused) as refusal:
        take(upload)
    assert reasons(refusal) == ["not_checked"]
    uploads.confirm(upload=upload, actor=commune_officer)
    take(look(upload))
    assert counts() == {"99001 HI": 1, "99001 HI_HH_NEW": 2, "99001 SI_V": 3}


def test_the_template_of_another_unit_is_refused_with_both_names(
    hand_in, communes, commune, catalogue, officer
):
    other = filled(issued(communes[1]), {"C6": 1})
    upload = hand_in(other)
    assert upload.state == "refused"
    (fault,) = upload.found["refused"]
    assert fault["code"] == "other_unit"
    assert communes[1].full_name in fault["message"]
    assert commune.full_name in fault["message"]
    expecting = hand_in(other, actor=officer, month=FEBRUARY, unit=commune)
    assert expecting.found["refused"][0]["code"] == "other_unit"
    assert hand_in(other, actor=officer).state == "checked"
    assert counts() == {}


def test_the_template_of_another_month_is_refused_with_both(hand_in, form, officer, commune):
    upload = hand_in(form, actor=officer, month=FEBRUARY - 1, unit=commune)
    assert upload.found["refused"][0]["code"] == "other_month"
    assert {"2024-02", "2024-01"} <= set(
        upload.found["refused"][0]["message"].replace(",", "").replace(".", "").split()
    )


def test_an_older_version_is_told_and_taken(hand_in, catalogue, communes, officer, settings):
    settings.SECRET_KEY = SECRET
    file = (FILES / "template-older-version.xlsx").read_bytes()
    upload = hand_in(file, actor=officer)
    assert upload.found["older"]
    assert upload.found["version"] == "2023.2"


def test_a_template_that_says_nothing_asks_of_whom_it_is(hand_in, form, commune, commune_officer):
    def stripped(workbook):
        del workbook["_khoa"]
        for row in workbook.worksheets[0].iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("BC-XÃ"):
                    cell.value = None

    upload = hand_in(filled(form, {"C6": 1, "C7": 2, "C8": 3}, finish=stripped))
    assert (upload.state, upload.found["asks_unit"]) == ("recognised", True)
    uploads.recognise(upload=upload, actor=commune_officer, on=TODAY, month=FEBRUARY, unit=commune)
    assert look(upload).found["known"] == "codes"
    uploads.confirm(upload=upload, actor=commune_officer)
    take(look(upload))
    assert counts()["99001 HI"] == 1


# --- what is refused at sight --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("password.xlsx", "password_protected"),
        ("old-format.xls", "old_workbook"),
        ("letter.docx", "unsupported_file"),
        ("text-named.xlsx", "tab_separated"),
        ("nothing.xlsx", "empty_file"),
    ],
)
def test_what_the_first_bytes_give_away_is_refused_and_not_kept(hand_in, commune, file, code):
    with pytest.raises(Refused) as refusal:
        hand_in((FILES / file).read_bytes(), file)
    assert reasons(refusal) == [code]
    assert not Upload.objects.exists()


def test_a_web_page_named_xls_has_its_own_sentence(hand_in, commune):
    with pytest.raises(Refused) as refusal:
        hand_in(b"<html><table><tr><td>1</td></tr></table></html>", "bang.xls")
    assert reasons(refusal) == ["html_named_xlsx"]


@pytest.mark.parametrize("file", ["macros.xlsm", "opendocument.ods", "bomb.xlsx", "cut-off.xlsx"])
def test_what_only_opening_shows_is_refused_and_kept(hand_in, commune, file):
    upload = hand_in((FILES / file).read_bytes(), file)
    assert upload.state == "refused"
    assert upload.found["refused"][0]["message"]
    with pytest.raises(Refused) as refusal:
        uploads.correct(upload=upload, cells={}, actor=upload.by)
    assert reasons(refusal) == ["upload_finished"]


def test_more_than_five_megabytes_are_not_kept(hand_in, commune):
    with pytest.raises(Refused) as refusal:
        hand_in(b"x" * (5 * 2**20 + 1), "large.csv")
    assert reasons(refusal) == ["too_large"]


# --- tables --------------------------------------------------------------------------------------

MATRIX = [
    ["Mã đơn vị", "HI", "Số thẻ tự nguyện", "Ghi chú"],
    ["99001", 120, 8, None],
    ["99002", 130, 9, None],
]


@pytest.fixture
def matrix(communes, catalogue) -> bytes:
    """Two communes; one column has a head that no indicator has."""
    return book(MATRIX)


def test_a_foreign_column_is_mapped_and_remembered(hand_in, matrix, officer, communes, catalogue):
    upload = hand_in(matrix, "bang.xlsx", actor=officer, month=FEBRUARY)
    assert (upload.form, upload.state) == ("matrix", "recognised")
    assert upload.found["undecided"] == ["Biểu 1!C1"]
    uploads.map_columns(upload=upload, columns={"Biểu 1!C1": "SI_V"}, actor=officer)
    take(look(upload))
    assert counts() == {"99001 HI": 120, "99002 HI": 130, "99001 SI_V": 8, "99002 SI_V": 9}
    later = hand_in(book([*MATRIX, []]), "b.xlsx", actor=officer, month=FEBRUARY - 1)
    columns = {column.place: column for column in UploadPage(later, TODAY).columns}
    assert columns["Biểu 1!C1"].chosen == "SI_V"
    assert columns["Biểu 1!C1"].remembered


def test_a_column_can_be_left_out(hand_in, matrix, officer):
    upload = hand_in(matrix, "bang.xlsx", actor=officer, month=FEBRUARY)
    uploads.map_columns(upload=upload, columns={"Biểu 1!C1": ""}, actor=officer)
    take(look(upload))
    assert counts() == {"99001 HI": 120, "99002 HI": 130}


@pytest.mark.parametrize(
    ("columns", "code"),
    [({"Biểu 1!Z9": "HI"}, "unknown_column"), ({"Biểu 1!C1": "HI_RATE"}, "unknown_indicator")],
)
def test_what_is_no_column_or_no_indicator_is_not_mapped(hand_in, matrix, officer, columns, code):
    upload = hand_in(matrix, "bang.xlsx", actor=officer, month=FEBRUARY)
    with pytest.raises(Refused) as refusal:
        uploads.map_columns(upload=upload, columns=columns, actor=officer)
    assert reasons(refusal) == [code]


def test_a_table_that_names_no_month_asks_for_it(hand_in, communes, catalogue, officer):
    rows = [row[:2] for row in MATRIX]
    upload = hand_in(book(rows), "bang.xlsx", actor=officer)
    assert (upload.state, upload.found["asks_month"]) == ("recognised", True)
    uploads.recognise(upload=upload, actor=officer, on=TODAY, month=FEBRUARY)
    assert look(upload).state == "checked"
    titled = [["Số liệu tháng 1 năm 2024"], *rows]
    upload = hand_in(book(titled), "bang.xlsx", actor=officer)
    assert (upload.state, upload.month) == ("checked", FEBRUARY - 1)


def test_rows_of_others_are_wrong_and_kept_nowhere(hand_in, communes, catalogue):
    lines = "month,unit,indicator,value\n2024-02,99001,HI,5\n2024-02,99004,HI,nhiều\n"
    lines += "2024-02,99004,SI_V,7\n2024-02,nowhere,HI,5\n"
    upload = hand_in(lines.encode(), "so-lieu.csv")
    assert [(kind, code) for kind, code, _cell in doubts(upload)] == [
        ("wrong", "not_a_number"), ("wrong", "unknown_unit"), ("wrong", "not_allowed"),
    ]  # fmt: skip
    outcome = take(upload, Choice.RIGHT)
    assert counts() == {"99001 HI": 5}
    assert drafts() == {}
    assert outcome["left_out"] == 3


def test_what_was_typed_over_a_cell_of_the_file_is_replaced_and_stays_in_the_journal(
    hand_in, form, commune, type_in
):
    type_in({"HI": "999"})
    upload = hand_in(filled(form, {"C6": 1, "C7": 2, "C8": 3}))
    assert upload.found["replaced"] == 1
    take(upload)
    assert drafts() == {}
    assert counts()["99001 HI"] == 1
    dropped = JournalEntry.objects.get(action="report.drafts_discarded")
    assert dropped.before == {"HI": "999"}


def test_a_report_with_other_cells_being_typed_is_not_sent(hand_in, form, type_in):
    type_in({"SI_V": "5x"})
    take(hand_in(filled(form, {"C6": 1, "C7": 2})))
    assert Submission.objects.get().state == "draft"
    assert drafts() == {"99001 SI_V": "5x"}


def test_after_closing_a_reason_is_asked_for(hand_in, form, commune, counted, province):
    counted(commune, {"HI": 5, "HI_HH_NEW": 2, "SI_V": 3})
    close_period(unit=province, month=FEBRUARY, actor=COMMAND_LINE, on=TODAY)
    upload = hand_in(filled(form, {"C6": 1}))
    assert upload.found["closed"] == ["2024-02"]
    with pytest.raises(Refused) as refusal:
        take(upload)
    assert reasons(refusal) == ["reason_needed"]
    take(upload, why="đếm lại")
    count = Count.objects.get(indicator__code="HI", month=FEBRUARY)
    assert (count.value, count.approved) == (1, 5)


def test_a_file_without_a_table_is_refused(hand_in, commune, catalogue):
    upload = hand_in(book([["Kính gửi", "ông"]]), "thu.xlsx")
    assert upload.state == "refused"
    assert upload.found["refused"][0]["code"] == "no_header"


# --- whose file it is ----------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["auditor", "leader", "outsider"])
def test_who_may_not_report_hands_in_nothing(hand_in, form, request, who):
    with pytest.raises(NotAllowed):
        hand_in(form, actor=request.getfixturevalue(who))


def test_a_file_is_its_senders_alone(hand_in, form, officer):
    upload = hand_in(filled(form, {"C6": "x"}))
    for step in (
        lambda: uploads.correct(upload=upload, cells={"Nhập!C6": "1"}, actor=officer),
        lambda: uploads.explain(upload=upload, answers={}, actor=officer),
        lambda: uploads.discard(upload=upload, actor=officer),
        lambda: uploads.confirm(upload=upload, actor=officer),
        lambda: uploads.go_on(upload=upload, actor=officer, on=TODAY),
        lambda: accept(upload=upload, choice=Choice.RIGHT, actor=officer, on=TODAY, at=NOW),
    ):
        with pytest.raises(Refused) as refusal:
            step()
        assert reasons(refusal) == ["not_yours"]


def test_a_discarded_file_is_finished_and_may_be_handed_in_again(hand_in, form):
    file = filled(form, {"C6": 1})
    upload = hand_in(file)
    uploads.discard(upload=upload, actor=upload.by)
    with pytest.raises(Refused) as refusal:
        take(upload)
    assert reasons(refusal) == ["not_checked"]
    assert counts() == {}
    assert hand_in(file).state == "checked"


# --- in the background ---------------------------------------------------------------------------


@pytest.fixture
def large(monkeypatch):
    """Everything is large."""
    monkeypatch.setattr(uploads, "LARGE_ROWS", 2)


def test_a_large_file_is_checked_by_a_job(hand_in, form, large):
    upload = hand_in(filled(form, {"C6": 1, "C7": 2, "C8": 3}))
    assert (upload.state, upload.job.kind) == ("received", "check_upload")
    run(upload.job_id)
    upload.refresh_from_db()
    assert (upload.state, upload.found["right"]) == ("checked", 3)
    assert upload.job.result["url"] == f"/upload/{upload.pk}/"


def accepting_job(upload) -> Job:
    arguments = {"choice": "everything", "why": ""}
    return uploads.give_to_worker(
        upload=upload, kind="accept_upload", label="x", actor=upload.by, **arguments
    )


def test_one_job_at_a_time_works_on_a_file(hand_in, form):
    upload = hand_in(filled(form, {"C6": 1, "C7": 2, "C8": 3}))
    assert accepting_job(upload) == accepting_job(upload)
    assert Job.objects.count() == 1


def test_a_job_killed_in_the_middle_and_run_again_doubles_nothing(
    hand_in, form, monkeypatch, settings
):
    upload = hand_in(filled(form, {"C6": 1, "C7": 2, "C8": 3}))
    job = accepting_job(upload)

    class Killed(BaseException):
        """What a killed process leaves behind: nothing runs after it."""

    def killed(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr("collection.actions.accepting._finish", killed)
        with pytest.raises(Killed):
            run(job.pk)
    assert counts() == {}
    assert Job.objects.get().state == "running"
    later = timezone.make_aware(datetime(2024, 3, 2, 15))
    requeue_stale(now=later)
    run(job.pk)
    written = counts(), Revision.objects.count(), Receipt.objects.count()
    assert written == ({"99001 HI": 1, "99001 HI_HH_NEW": 2, "99001 SI_V": 3}, 3, 1)
    Job.objects.update(state="queued", finished_at=None)
    run(job.pk)
    assert written == (counts(), Revision.objects.count(), Receipt.objects.count())
    assert Job.objects.get().state == "done"


def test_what_was_handed_in_stays_however_old_the_work_on_it_is(hand_in, form, large):
    data = filled(form, {"C6": 1, "C7": 2, "C8": 3})
    upload = hand_in(data)
    run(upload.job_id)
    run(accepting_job(Upload.objects.get()).pk)
    discarded = hand_in(filled(form, {"C6": 4}))
    Job.objects.update(finished_at=NOW, state="done")
    remove_old_files(now=NOW + settings.JOB_FILES_KEPT * 2)
    assert Job.objects.filter(cleared_at=None).count() == 0
    for kept in (upload, discarded):
        with kept.file.open("rb") as file:
            assert file.read()
