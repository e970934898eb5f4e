"""Pages that are kept say what a page made anew would say: after every action, to every reader."""

import re
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from django.conf import settings as configured
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from collection.actions.disputes import dispute_figure
from collection.actions.drafts import Typed, save_cells
from commitments.actions.promises.tasks import NewTask, give_tasks
from commitments.actions.reference.catalogue import load_catalogue
from commitments.actions.reference.naming import change_name_or_kind
from commitments.actions.reporting import submissions
from commitments.actions.reporting.periods import close_period, reopen_period
from commitments.actions.reporting.undoing import undo
from commitments.actions.targets.planning import set_plan_path
from commitments.actions.targets.withdrawing import withdraw_decision
from commitments.models import Decision, Submission, Target
from districts.models import Unit
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.committee.actions import seat_member, unseat_member
from steering.committee.models import Membership
from steering.committee.roles import Role
from tests import builders
from tests.builders import REFORM_DAY, by_code

from .reported import TODAY, assign, report, sign

pytestmark = pytest.mark.django_db

MONTH, NEXT = Month.of(2025, 11), Month.of(2025, 12)
BEFORE = Month.of(2025, 6)
SIGNED = date(2025, 9, 10)

FACES = (
    "/?month=2025-11",
    "/?month=2025-11&attention=all&indicator=SI_V",
    "/?month=2025-06&map=today",
    "/units/99001/?month=2025-11",
    "/units/99/?month=2025-12",
    "/indicators/?month=2025-11",
    "/indicators/HI_RATE/?month=2025-11&rows=all",
    "/ranking/?month=2025-11",
    "/provenance/99001/HI/2025-11/",
    "/history/99/HI/2025-11/",
    "/excel/overview/?month=2025-11",
    "/excel/ranking/?month=2025-11",
)


@pytest.fixture
def now():
    with time_machine.travel(datetime(2026, 1, 10, 5), tick=False):
        yield


@pytest.fixture
def heirs(reformed) -> list[Unit]:
    """The communes of province 99 since the reform."""
    return [by_code(code, REFORM_DAY) for code in ("99001", "99004", "99005")]


@pytest.fixture
def filled(now, province, reformed, communes, heirs, catalogue) -> Decision:
    """June on the old map, November on the new one, with plans and a signature."""
    report(catalogue, communes, BEFORE, HI=[70] * 5, POP=[200] * 5)
    report(catalogue, heirs, MONTH, HI=[90, 91, 92], SI_V=[5, 6, 7])
    plans = {(unit, "HI"): 120 for unit in heirs} | {(province, "HI"): 360}
    decision = assign(province, catalogue, plans)
    sign(province, heirs[0], catalogue["HI"], 120, day=SIGNED)
    return decision


def reading(who) -> Client:
    client = Client()
    client.force_login(who)
    return client


@contextmanager
def made_anew():
    """Inside, no page is kept."""
    dummy = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    with override_settings(CACHES=configured.CACHES | {"kept": dummy}):
        yield


def said(answer) -> object:
    """What an answer tells: the words of a page, the cells of a sheet. Tokens are masked anew."""
    assert answer.status_code == 200
    if "html" in answer["Content-Type"]:
        text = answer.content.decode()
        return re.sub(r'(X-CSRFToken": "|csrfmiddlewaretoken" value=")\w+', r"\1", text)
    sheets = load_workbook(BytesIO(answer.content)).worksheets
    return [[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in sheets]


# --- the actions ---------------------------------------------------------------------------------


def reports_of(month: Month) -> list[Submission]:
    return list(Submission.objects.filter(month=month).order_by("pk"))


def records(province, heirs, catalogue, officer):
    report(catalogue, heirs[:1], NEXT, approve=False, HI=[95])


def approves(province, heirs, catalogue, officer):
    report(catalogue, heirs[1:2], NEXT, HI=[96])


def corrects(province, heirs, catalogue, officer):
    report(catalogue, heirs[:1], MONTH, approve=False, HI=[99])


def revokes(province, heirs, catalogue, officer):
    approved = [one for one in reports_of(MONTH) if one.state == "approved"][:1]
    submissions.revoke(submissions=approved, actor=officer, on=TODAY, why="nhầm")


def decides_and_takes_back(province, heirs, catalogue, officer):
    report(catalogue, heirs[2:], NEXT, approve=False, HI=[97])
    sent = [one for one in reports_of(NEXT) if one.state == "submitted"][-1:]
    submissions.return_report(submissions=sent, actor=officer, on=TODAY, why="xem lại")
    undo(submissions=sent, actor=officer, on=TODAY)


def corrects_a_base(province, heirs, catalogue, officer):
    report(catalogue, heirs[2:], BEFORE, POP=[205])


def closes(province, heirs, catalogue, officer):
    close_period(unit=province, month=BEFORE, actor=officer, on=TODAY)
    reopen_period(unit=province, month=BEFORE, actor=officer, on=TODAY, why="sửa")
    close_period(unit=province, month=BEFORE, actor=officer, on=TODAY)


def assigns(province, heirs, catalogue, officer):
    number = f"{Decision.objects.count() + 1}/QĐ-UBND"
    assign(province, catalogue, {(heirs[2], "SI_V"): 30}, number=number)


def bends_a_plan(province, heirs, catalogue, officer):
    target = Target.objects.filter(unit=heirs[0]).first()
    path = [(MONTH, 60 if not target.path_points else 70)]
    set_plan_path(target=target, path=path, actor=officer, on=TODAY, reason="lộ trình")


def withdraws_a_plan(province, heirs, catalogue, officer):
    decision = Decision.objects.filter(withdrawn_on=None).latest("pk")
    withdraw_decision(
        decision=decision, withdrawn_on=date(2025, 9, 1), reason="thay", actor=officer, on=TODAY
    )


def signs(province, heirs, catalogue, officer):
    sign(province, heirs[1], catalogue["HI"], 110, day=SIGNED)


def disputes(province, heirs, catalogue, officer):
    dispute_figure(
        unit=heirs[0], indicator=catalogue["HI"], month=MONTH, figure="90", note="chưa đúng",
        actor=officer, on=TODAY, at=timezone.now(),
    )  # fmt: skip


def gives_a_task(province, heirs, catalogue, officer):
    new = NewTask("Rà soát hộ gia đình", TODAY + timedelta(days=9))
    give_tasks(units=heirs[:1], new=new, actor=officer, on=TODAY)


def seats_a_chair(province, heirs, catalogue, officer):
    chairs = Membership.objects.filter(role=Role.CHAIR, until=None)
    if seat := chairs.filter(committee__unit=heirs[0]).first():
        unseat_member(seat=seat, until=TODAY, actor=officer, on=TODAY)
    who = builders.opened(f"chair-{Membership.objects.count()}", officer, name="Hoàng Văn Mới")
    seat_member(
        user=who, role=Role.CHAIR, committee=builders.committee(heirs[0]), since=TODAY,
        actor=officer, on=TODAY,
    )  # fmt: skip


def renames(province, heirs, catalogue, officer):
    unit = Unit.objects.get(pk=heirs[1].pk)
    change_name_or_kind(
        unit=unit, name=unit.name + " Mới", kind=unit.kind,
        since=date(2025, 8, 1 + unit.renamings.count()), legal_basis="NQ 1", actor=officer,
        on=TODAY,
    )  # fmt: skip


def loads_the_catalogue(province, heirs, catalogue, officer):
    load_catalogue(actor=COMMAND_LINE)


def drafts(province, heirs, catalogue, officer):
    typed = [Typed(indicator="SI_V", text="8", version="")]
    save_cells(unit=heirs[0], month=NEXT, cells=typed, actor=officer, on=TODAY, at=timezone.now())


ACTS: tuple[Callable, ...] = (
    records, approves, corrects, revokes, decides_and_takes_back, corrects_a_base, closes, assigns,
    bends_a_plan, withdraws_a_plan, signs, disputes, gives_a_task, seats_a_chair, renames,
    loads_the_catalogue, drafts,
)  # fmt: skip


@settings(max_examples=3)
@given(acts=st.lists(st.sampled_from(ACTS), min_size=3, max_size=4, unique=True))
def test_what_is_kept_equals_what_is_made_anew_after_any_actions(
    acts, keeping, filled, province, heirs, catalogue, officer
):
    client = reading(officer)
    with transaction.atomic():
        for face in FACES:
            client.get(face)
        for act in acts:
            act(province, heirs, catalogue, officer)
            kept = {face: said(client.get(face)) for face in FACES}
            with made_anew():
                fresh = {face: said(client.get(face)) for face in FACES}
            assert kept == fresh
        transaction.set_rollback(True)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_no_action_leaves_an_older_page(act, keeping, filled, province, heirs, catalogue, officer):
    client = reading(officer)
    faces = FACES[3:5] + FACES[8:9]
    for face in faces:
        client.get(face)
    act(province, heirs, catalogue, officer)
    kept = [said(client.get(face)) for face in faces]
    with made_anew():
        assert kept == [said(client.get(face)) for face in faces]


# --- who reads -----------------------------------------------------------------------------------


def counted(client: Client, address: str, **headers: str):
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address, headers=headers)
    return answer, len(queries)


def settled(client: Client, address: str = FACES[0]) -> str:
    """The tag of a page once the reader's forms have their token."""
    client.get(address)
    return client.get(address)["ETag"]


def test_whoever_has_the_page_is_told_so_in_three_queries(keeping, filled, officer):
    client = reading(officer)
    tag = settled(client)
    answer, queries = counted(client, FACES[0], if_none_match=tag)
    assert (answer.status_code, answer.content, queries) == (304, b"", 3)


def test_a_compressed_page_is_told_apart_by_the_same_tag(keeping, filled, officer):
    client = reading(officer)
    settled(client)
    answer = client.get(FACES[0], headers={"accept-encoding": "gzip"})
    again = client.get(
        FACES[0], headers={"accept-encoding": "gzip", "if-none-match": answer["ETag"]}
    )
    assert answer["ETag"].startswith("W/")
    assert again.status_code == 304


def test_a_kept_page_costs_three_queries(keeping, filled, officer):
    client = reading(officer)
    settled(client)
    assert counted(client, FACES[0])[1] == 3


def test_browsers_ask_each_time_and_nobody_between_keeps_a_page(keeping, filled, officer):
    answer = reading(officer).get(FACES[0])
    assert answer["Cache-Control"] == "private, no-cache"
    assert "Cookie" in answer["Vary"]


def test_two_with_the_same_rights_share_a_page_and_read_their_own_names(keeping, filled, province):
    first = builders.seated("Lò Thị <Một>", Role.LEADER, province)
    second = builders.seated("second", Role.LEADER, province)
    settled(reading(first))
    client = reading(second)
    settled(client, "/units/99/?month=2025-12")
    answer, queries = counted(client, FACES[0])
    assert queries == 3
    assert "second" in answer.content.decode()
    assert "Một" not in answer.content.decode()
    own = reading(first).get(FACES[0]).content.decode()
    assert "Lò Thị &lt;Một&gt;" in own
    assert "left-open" not in own


def test_the_token_of_a_kept_page_is_the_readers_own(keeping, filled, officer):
    settled(reading(officer))
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer)
    page = client.get(FACES[0]).content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)', page)[1]
    answer = client.post("/accounts/logout/", {"csrfmiddlewaretoken": token})
    assert answer.status_code == 302


def test_other_rights_read_another_page(keeping, filled, officer, leader):
    settled(reading(officer))
    kept = said(reading(leader).get(FACES[0]))
    with made_anew():
        assert kept == said(reading(leader).get(FACES[0]))
    assert kept != said(reading(officer).get(FACES[0]))


def test_a_page_that_is_kept_is_refused_to_whoever_may_not_see_it(
    keeping, filled, officer, commune_officer, outsider
):
    address = "/units/99/?month=2025-11"
    tag = settled(reading(officer), address)
    for stranger in (commune_officer, outsider):
        answer = reading(stranger).get(address, headers={"if-none-match": tag})
        assert answer.status_code == 403


def test_a_seat_that_ended_ends_the_page(keeping, filled, province, officer, leader):
    client = reading(leader)
    tag = settled(client)
    unseat_member(seat=leader.memberships.get(), until=TODAY, actor=officer, on=TODAY)
    assert client.get(FACES[0], headers={"if-none-match": tag}).status_code == 403


def test_an_account_that_was_closed_ends_the_page(keeping, filled, leader):
    client = reading(leader)
    tag = settled(client)
    leader.is_active = False
    leader.save()
    assert client.get(FACES[0], headers={"if-none-match": tag}).status_code == 302


def test_another_language_is_another_page(keeping, filled, officer):
    client = reading(officer)
    tag = settled(client)
    answer = client.get(FACES[0] + "&lang=en", headers={"if-none-match": tag})
    assert 'lang="en"' in answer.content.decode()


def test_the_next_day_is_another_page(keeping, filled, officer):
    client = reading(officer)
    tag = settled(client)
    with time_machine.travel(datetime(2026, 1, 11, 5), tick=False):
        fresh = reading(officer)
        fresh.get(FACES[0])
        assert fresh.get(FACES[0], headers={"if-none-match": tag}).status_code == 200


def test_an_approval_is_on_the_page_at_once(keeping, filled, province, heirs, catalogue, officer):
    client = reading(officer)
    tag = settled(client, "/units/99001/?month=2025-12")
    report(catalogue, heirs[:1], NEXT, HI=[4711])
    answer = client.get("/units/99001/?month=2025-12", headers={"if-none-match": tag})
    assert answer.status_code == 200
    assert "4.711" in answer.content.decode()


def test_a_message_is_told_once_and_kept_for_nobody(keeping, filled, officer, leader):
    client = reading(officer)
    settled(client)
    client.post("/accounts/settings/", {"language": "vi", "single_keys": "on"})
    assert 'class="message ' in client.get(FACES[0]).content.decode()
    assert 'class="message success' not in client.get(FACES[0]).content.decode()


def test_a_draft_leaves_every_page_as_it_is(keeping, filled, province, heirs, catalogue, officer):
    client = reading(officer)
    report(catalogue, heirs[1:2], NEXT, HI=[96])
    tag = settled(client)
    drafts(province, heirs, catalogue, officer)
    assert client.get(FACES[0], headers={"if-none-match": tag}).status_code == 304


def test_another_name_is_on_the_page_at_once(keeping, filled, officer):
    client = reading(officer)
    tag = settled(client)
    officer.name = "Nguyễn Thị Khác"
    officer.save()
    answer = client.get(FACES[0], headers={"if-none-match": tag})
    assert "Nguyễn Thị Khác" in answer.content.decode()
