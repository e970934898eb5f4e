"""The history: who changed what, from what to what, why; filtered, exported, never edited."""

import csv
import io
import re
from datetime import date
from itertools import chain

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from collection.review.trail import (
    ROWS_ON_A_PAGE,
    Filters,
    Trail,
)
from collection.views.history import harmless
from commitments.actions.reporting import submissions
from commitments.actions.reporting.counts import Entry, record_counts
from commitments.models import Revision, Submission
from districts.models import Unit
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.paging import FIRST, Turn
from steering.committee.roles import Role
from tests import builders

JANUARY, FEBRUARY = Month.of(2024, 1), Month.of(2024, 2)
TODAY = date(2024, 3, 3)


@pytest.fixture
def past(catalogue, communes, commune_officer, officer):
    """99001 reports 100 on 1 March, corrects it to 90 on 2 March; it is approved on 3 March.

    99004 reports 50 on 3 March, from a file.
    """
    hi, si = catalogue["HI"].pk, catalogue["SI_V"].pk

    def report(value, **more):
        entries = [Entry(FEBRUARY, communes[0].pk, hi, value)]
        record_counts(entries=entries, actor=commune_officer, on=TODAY, **more)

    with time_machine.travel("2024-03-01T08:00:00+07:00", tick=False):
        report(100)
    with time_machine.travel("2024-03-02T08:00:00+07:00", tick=False):
        report(90, why="Chốt lại số thẻ")
    with time_machine.travel("2024-03-03T08:00:00+07:00", tick=False):
        submissions.approve(submissions=Submission.objects.all(), actor=officer, on=TODAY)
        record_counts(
            entries=[Entry(FEBRUARY, communes[3].pk, si, 50, source="Báo cáo.xlsx, Biểu 1!C14")],
            actor=COMMAND_LINE,
            on=TODAY,
        )


@pytest.fixture(autouse=True)
def in_march():
    with time_machine.travel("2024-03-03T12:00:00+07:00"):
        yield


@pytest.fixture
def signed_in(client):
    def signed_in(user):
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def told(officer):
    """The history in short: day, unit, what, from, to."""

    def told(user=officer, **filters) -> list[tuple]:
        page = Trail(user, TODAY, Filters(**filters)).page()
        return [short(change) for change in page]

    return told


def short(change) -> tuple:
    row = change.row
    if not change.is_number:
        return change.at.day, change.unit.code, row.verb
    if change.approved:
        return change.at.day, change.unit.code, "official", row.old_approved, row.new_approved
    return change.at.day, change.unit.code, row.indicator.code, row.old_value, row.new_value


def names(changes) -> list[tuple[str, int]]:
    return [(type(change.row).__name__, change.row.pk) for change in changes]


def exported(client, **query) -> list[dict]:
    answer = client.get(reverse("collection:history_export"), query)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


ALL = [
    (3, "99004", "send"),
    (3, "99004", "SI_V", None, 50),
    (3, "99001", "approve"),
    (3, "99001", "official", None, 90),
    (2, "99001", "send"),
    (2, "99001", "correct"),
    (2, "99001", "HI", 100, 90),
    (1, "99001", "send"),
    (1, "99001", "HI", None, 100),
]


def test_every_revision_and_every_step_is_told_the_latest_first(past, told):
    found = told()
    assert sorted(found, key=str) == sorted(ALL, key=str)
    assert [row[0] for row in found] == sorted((row[0] for row in found), reverse=True)


def test_the_page_tells_who_with_their_role_then_why_and_from_which_cell(
    past, officer, commune_officer, signed_in
):
    page = signed_in(officer).get(reverse("collection:history")).content.decode()
    assert "Chốt lại số thẻ" in page
    assert "Báo cáo.xlsx, Biểu 1!C14" in page
    assert f'href="?person={commune_officer.username}"' in page
    assert "<small>cán bộ</small>" in page
    assert "None" not in page


def test_filters_narrow_it_one_by_one(past, told, communes, catalogue, commune_officer):
    district = builders.by_code("902")
    assert {row[1] for row in told(units=(district,))} == {"99004"}
    assert {row[1] for row in told(units=(communes[0],))} == {"99001"}
    assert told(indicator=catalogue["SI_V"]) == [(3, "99004", "SI_V", None, 50)]
    assert told(month=JANUARY) == []
    assert told(kind="approved") == [(3, "99001", "official", None, 90)]
    assert told(kind="step:approve") == [(3, "99001", "approve")]
    assert len(told(kind="reported")) == 3
    assert {row[0] for row in told(person=commune_officer.username)} == {1, 2}
    assert {row[0] for row in told(since=date(2024, 3, 2), until=date(2024, 3, 2))} == {2}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("chot lai so the", {2}),
        ("CHỐT", {2}),
        ("bao cao.xlsx", {3}),
        ("ghenh xanh", {3}),
        ("100%", set()),
        ("không có gì", set()),
    ],
)
def test_text_is_found_without_accents(past, told, text, days):
    assert {row[0] for row in told(text=text)} == days


def test_filters_stand_in_the_address_and_what_cannot_be_read_is_said(
    past, officer, signed_in, catalogue
):
    client = signed_in(officer)
    address = reverse("collection:history")
    page = client.get(address, {"unit": "99001", "indicator": "HI", "month": "2024-02"})
    text = page.content.decode()
    assert "<b>90</b>" in text
    assert "<b>50</b>" not in text
    assert "history/export/?unit=99001&amp;indicator=HI&amp;month=2024-02" in text
    for wrong in ({"month": "spring"}, {"kind": "magic"}, {"from": "1.3."}):
        assert client.get(address, wrong).status_code == 400
    for unknown in ({"unit": "77777"}, {"indicator": "XX"}):
        assert client.get(address, unknown).status_code == 404


@pytest.mark.parametrize("page", ["history", "history_export"])
def test_the_history_does_not_tell_whether_an_account_exists(
    page, past, chair, communes, catalogue, signed_in
):
    elsewhere = builders.seated("elsewhere", Role.OFFICER, communes[3])
    entries = [Entry(FEBRUARY, communes[3].pk, catalogue["HI"].pk, 7)]
    record_counts(entries=entries, actor=elsewhere, on=TODAY)
    client, answers = signed_in(chair), set()
    for name in (elsewhere.username, "nobodyhas", "outofreach"):
        answer = client.get(reverse(f"collection:{page}"), {"person": name})
        body = b"".join(answer) if answer.streaming else answer.content
        said = re.sub(r'(?:csrfmiddlewaretoken" value|X-CSRFToken)[^>]+', "", body.decode())
        answers.add((answer.status_code, said.replace(name, "…")))
    assert len(answers) == 1
    assert answers.pop()[0] == 200


def test_a_code_used_again_means_the_unit_of_the_month(past, reformed, officer, signed_in):
    client = signed_in(officer)
    address = reverse("collection:history")
    old = client.get(address, {"unit": "99001", "month": "2024-02"}).content.decode()
    new = client.get(address, {"unit": "99001", "month": "2025-07"}).content.decode()
    assert "Chốt lại số thẻ" in old
    assert "Chốt lại số thẻ" not in new


def test_pages_follow_each_other_without_gap_or_repetition(catalogue, communes, officer, signed_in):
    for value in range(1, 41):
        entries = [Entry(FEBRUARY, communes[0].pk, catalogue["HI"].pk, value)]
        record_counts(entries=entries, actor=COMMAND_LINE, on=TODAY)
    trail, turn, seen = Trail(officer, TODAY), FIRST, []
    while turn:
        page = trail.page(turn)
        assert len(page) <= ROWS_ON_A_PAGE
        seen.append(names(page))
        turn = page.after and Turn(page.after)
    assert len(seen) > 2
    assert list(chain(*seen)) == names(trail.everything())
    # Back over the same pages, though something was changed meanwhile.
    entries = [Entry(FEBRUARY, communes[1].pk, catalogue["HI"].pk, 7)]
    record_counts(entries=entries, actor=COMMAND_LINE, on=TODAY)
    for expected in reversed(seen[:-1]):
        page = trail.page(Turn(page.before, back=True))
        assert names(page) == expected
    # What is new lies before them, on a page that is filled up.
    assert names(trail.page(Turn(page.before, back=True))) == names(trail.page())
    assert names(trail.page()) != seen[0]
    page = signed_in(officer).get(reverse("collection:history")).content.decode()
    assert 'rel="next" href="?after=' in page


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the words are those of SQLite's plans")
def test_who_sees_most_units_reads_from_the_newest_down_and_who_sees_few_reads_theirs(
    past, officer, commune_officer, communes
):
    def sorts(user, **filters) -> list[bool]:
        trail = Trail(user, TODAY, Filters(**filters))
        return ["ORDER BY" in rows.explain() for rows in (trail.revisions, trail.moves)]

    assert sorts(officer) == [False, False]
    assert sorts(officer, text="Báo cáo", until=TODAY) == [False, False]
    # One in a hundred units: their own rows are fewer than those of all others in between.
    Unit.objects.bulk_create(
        Unit(code=f"{number:05}", tier="commune", kind="xa", name=str(number), full_name="x")
        for number in range(70)
    )
    assert sorts(commune_officer) == [True, True]
    assert sorts(officer, units=(communes[0],)) == [True, True]
    assert len(Trail(commune_officer, TODAY).page()) == len(ALL) - 2


def test_the_export_holds_the_same_rows_as_the_filters(past, officer, signed_in):
    client = signed_in(officer)
    assert len(exported(client)) == len(ALL)
    (row,) = exported(client, indicator="HI", q="chot lai")
    assert list(row.values()) == [
        "2024-03-02 08:00:00", "commune_officer", "commune_officer", "cán bộ", "99001",
        "Xã Ao Sen", "2024-02", "HI", "số liệu", "100", "90", "", "", "", "", "Chốt lại số thẻ", "",
    ]  # fmt: skip


def test_the_export_is_a_file_that_excel_reads_and_no_formula(past, officer, signed_in, communes):
    Revision.objects.create(
        month=FEBRUARY,
        unit=communes[0],
        indicator=Revision.objects.first().indicator,
        old_value=1,
        new_value=2,
        why='=HYPERLINK("http://example.vn")',
        source="@cmd",
    )
    client = signed_in(officer)
    answer = client.get(reverse("collection:history_export"))
    assert answer.streaming
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert b"".join(answer.streaming_content).startswith(b"\xef\xbb\xbf")
    (row,) = exported(client, q="hyperlink")
    assert list(row.values())[-2:] == ['\'=HYPERLINK("http://example.vn")', "'@cmd"]
    assert [harmless(cell) for cell in ("+1", "-1", "\t1", "a=1", 7, None)] == [
        "'+1", "'-1", "'\t1", "a=1", 7, None,
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["collection:history", "collection:history_export"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written_to_it(past, officer, signed_in, name, method):
    before = Revision.objects.count()
    assert getattr(signed_in(officer), method)(reverse(name)).status_code == 405
    assert Revision.objects.count() == before


def test_the_page_offers_nothing_to_change(past, officer, signed_in):
    page = signed_in(officer).get(reverse("collection:history")).content.decode()
    main = page.partition("<main")[2].partition("</main>")[0]
    assert 'method="post"' not in main
    assert "/admin/" not in main


def test_the_auditor_sees_and_exports_everything_below_the_province(past, auditor, signed_in, told):
    assert len(told(auditor)) == len(ALL)
    assert len(exported(signed_in(auditor))) == len(ALL)


def test_a_seat_sees_what_lies_below_it_and_nothing_else(
    past, chair, commune_officer, signed_in, told
):
    assert {row[1] for row in told(chair)} == {"99001"}
    assert {row[1] for row in told(commune_officer)} == {"99001"}
    far = builders.seated("far", Role.CHAIR, builders.by_code("902"))
    assert {row[1] for row in told(far)} == {"99004"}
    client = signed_in(far)
    for name in ("collection:history", "collection:history_export"):
        assert client.get(reverse(name), {"unit": "99001"}).status_code == 403
    assert {row["Mã"] for row in exported(client)} == {"99004"}


def test_whoever_sits_nowhere_reads_nothing(past, outsider, signed_in, client):
    assert client.get(reverse("collection:history")).status_code == 302
    for name in ("collection:history", "collection:history_export"):
        assert signed_in(outsider).get(reverse(name)).status_code == 403


def test_a_full_page_takes_no_more_queries_than_a_short_one(
    past, officer, signed_in, catalogue, communes, django_assert_max_num_queries
):
    client, address = signed_in(officer), reverse("collection:history")
    client.get(address)
    with django_assert_max_num_queries(16) as counted:
        client.get(address)
    few = len(counted)
    for number in range(30):
        user = builders.seated(f"officer-{number}", Role.OFFICER, communes[number % 5])
        entries = [Entry(FEBRUARY, communes[number % 5].pk, catalogue["HI_HH_NEW"].pk, number)]
        record_counts(entries=entries, actor=user, on=TODAY)
    with django_assert_max_num_queries(few):
        page = client.get(address).content.decode()
    assert page.count('<td class="when">') == ROWS_ON_A_PAGE
    with django_assert_max_num_queries(few):
        client.get(reverse("collection:history_export")).getvalue()
