"""Tasks: given, finished, reopened, dropped, reminded of; the board and the unit's page."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from commitments.actions.promises.tasks import (
    NewTask,
    change_task,
    drop_task,
    finish_task,
    give_tasks,
    reopen_task,
)
from commitments.models import Task, TaskEvent
from commitments.rules import Refused
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from steering.committee.access import NotAllowed
from steering.promises.tasks.reminding import remind_of
from steering.promises.work import remind_of_tasks
from tests import builders

DAY = date(2024, 3, 7)
NOW = datetime(2024, 3, 7, 2, tzinfo=UTC)
NEW = NewTask("Đưa BHYT vào hương ước", date(2024, 4, 1), source_kind="convention")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def east(province):
    return builders.by_code("901")


@pytest.fixture
def task(east):
    (task,) = give_tasks(units=[east], new=NEW, actor=COMMAND_LINE, on=DAY)
    return task


def events(task) -> list[str]:
    return list(task.events.values_list("what", flat=True))


class TestTasks:
    def test_one_task_is_given_to_several_units(self, province, officer):
        units = [builders.by_code("901"), builders.by_code("902")]
        made = give_tasks(units=units, new=NEW, actor=officer, on=DAY)
        assert [task.unit for task in made] == units
        assert JournalEntry.objects.filter(action="task.given").count() == 2

    @pytest.mark.parametrize(
        ("new", "code"),
        [
            (NewTask(" ", date(2024, 4, 1)), "title_missing"),
            (NewTask("x" * 301, date(2024, 4, 1)), "title_too_long"),
            (NewTask("x", date(2024, 3, 6)), "due_before"),
        ],
    )
    def test_a_task_that_says_too_little_is_refused(self, east, new, code):
        with pytest.raises(Refused) as refused:
            give_tasks(units=[east], new=new, actor=COMMAND_LINE, on=DAY)
        assert [fault.code for fault in refused.value.faults] == [code]

    def test_a_chair_gives_tasks_in_the_own_unit_only(self, east, chair):
        give_tasks(units=[east], new=NEW, actor=chair, on=DAY)
        with pytest.raises(NotAllowed):
            give_tasks(units=[builders.by_code("902")], new=NEW, actor=chair, on=DAY)

    def test_the_head_finishes_and_a_leader_does_not(self, task, chair, leader):
        with pytest.raises(NotAllowed):
            finish_task(task=task, why="", actor=leader, on=DAY)
        done = finish_task(task=task, why="Xong", actor=chair, on=DAY)
        assert done.state == "done"
        assert events(task) == ["given", "done"]

    def test_two_who_finish_at_once_are_told(self, task):
        finish_task(task=task, why="", actor=COMMAND_LINE, on=DAY)
        with pytest.raises(Refused) as refused:
            finish_task(task=task, why="", actor=COMMAND_LINE, on=DAY)
        assert refused.value.faults[0].code == "changed_meanwhile"

    def test_dropping_and_reopening_take_a_reason(self, task):
        for act in (drop_task, reopen_task):
            with pytest.raises(Refused):
                act(task=task, why=" ", actor=COMMAND_LINE, on=DAY)
        dropped = drop_task(task=task, why="Không còn cần", actor=COMMAND_LINE, on=DAY)
        again = reopen_task(task=dropped, why="Vẫn cần", actor=COMMAND_LINE, on=DAY)
        assert again.state == "open"
        assert events(task) == ["given", "dropped", "reopened"]

    def test_a_change_keeps_what_was(self, task):
        change_task(
            task=task,
            title="Khác",
            due_on=date(2024, 5, 1),
            responsible="Phó Chủ tịch",
            why="Đổi",
            actor=COMMAND_LINE,
            on=DAY,
        )
        entry = JournalEntry.objects.get(action="task.changed")
        assert entry.before["title"] == NEW.title

    def test_what_is_overdue_is_read_as_of_a_day(self, task):
        assert not Task.objects.overdue(date(2024, 4, 1)).exists()
        assert Task.objects.overdue(date(2024, 4, 2)).get() == task
        assert Task.objects.due_by(date(2024, 4, 1)).get() == task


@given(due=st.dates(date(2024, 1, 1), date(2025, 1, 1)), on=st.dates(date(2024, 1, 1)))
def test_a_task_is_overdue_from_the_day_after(due, on):
    task = Task(due_on=due, state="open")
    assert task.is_overdue(on) is (task.days_left(on) < 0)
    assert not Task(due_on=due, state="done").is_overdue(on)


class TestReminding:
    @pytest.fixture
    def mailed(self, chair, django_capture_on_commit_callbacks):
        chair.email = "chu-tich@example.test"
        chair.save()

        def remind(tasks, actor=COMMAND_LINE, at=NOW):
            with django_capture_on_commit_callbacks(execute=True):
                return remind_of(tasks=tasks, actor=actor, on=at.date(), at=at)

        return remind

    def test_one_message_an_address_names_every_task(self, task, east, mailed):
        (other,) = give_tasks(
            units=[east], new=NewTask("Việc hai", DAY), actor=COMMAND_LINE, on=DAY
        )
        assert len(mailed([task, other])) == 2
        (message,) = mail.outbox
        assert message.to == ["chu-tich@example.test"]
        assert NEW.title in message.body and "Việc hai" in message.body

    def test_not_twice_within_a_day(self, task, mailed):
        assert mailed([task]) == [task]
        assert mailed([task]) == []
        assert mailed([task], at=NOW + timedelta(hours=25)) == [task]

    def test_the_night_reminds_of_what_is_due_soon(self, task, mailed):
        assert remind_of_tasks(None) == {"reminded": 0}
        with time_machine.travel(datetime(2024, 3, 30, 2, tzinfo=UTC), tick=False):
            assert remind_of_tasks(None) == {"reminded": 1}
        assert TaskEvent.objects.filter(what="reminded").count() == 1

    def test_nobody_reminds_out_of_reach(self, task, leader, mailed):
        with pytest.raises(NotAllowed):
            mailed([task], actor=leader)


class TestPages:
    def test_the_board_shows_what_the_reader_may_see(self, task, client, officer, chair):
        give_tasks(units=[builders.by_code("902")], new=NEW, actor=COMMAND_LINE, on=DAY)
        client.force_login(officer)
        assert len(client.get("/tasks/").context["rows"]) == 2
        client.force_login(chair)
        (row,) = client.get("/tasks/").context["rows"]
        assert (row.task, row.answers) == (task, "chair")
        assert client.get("/tasks/?state=done").context["rows"] == []

    def test_a_form_gives_a_task_and_keeps_what_was_typed(self, east, client, officer):
        client.force_login(officer)
        given = {
            "title": "Rà soát hộ cận nghèo",
            "units": [east.pk],
            "due_on": "2024-04-30",
            "source_kind": "other",
        }
        refused = client.post("/tasks/new/", given | {"due_on": "30/02/2024"})
        assert refused.status_code == 422
        assert "Rà soát hộ cận nghèo" in refused.content.decode()
        assert client.post("/tasks/new/", given).status_code == 302
        assert Task.objects.get().title == "Rà soát hộ cận nghèo"

    def test_a_task_of_a_decision_names_it(self, east, client, officer):
        client.force_login(officer)
        given = {
            "title": "x",
            "units": [east.pk],
            "due_on": "2024-04-30",
            "source_kind": "decision",
        }
        assert client.post("/tasks/new/", given).status_code == 422

    def test_finishing_reminding_and_reopening_on_the_page(self, task, client, officer):
        client.force_login(officer)
        address = f"/tasks/{task.pk}/"
        client.post(f"{address}done/", {"why": "Xong"})
        client.post(f"{address}reopen/", {"why": "Chưa xong"})
        client.post(f"{address}remind/")
        assert events(task) == ["given", "done", "reopened", "reminded"]
        assert client.get(address).status_code == 200

    def test_the_page_of_a_unit_shows_its_open_tasks(self, task, client, officer):
        with time_machine.travel(datetime(2024, 4, 9, tzinfo=UTC), tick=False):
            client.force_login(officer)
            page = client.get("/units/901/?month=2024-03").content.decode()
        assert NEW.title in page and "quá hạn" in page

    def test_the_api_lists_gives_and_finishes(self, east, client, officer):
        client.force_login(officer)
        given = {"title": "x", "units": ["901"], "due_on": "2024-04-30"}
        made = client.post("/api/v1/tasks/", given, content_type="application/json")
        assert made.status_code == 201
        number = made.json()[0]["id"]
        assert client.get("/api/v1/tasks/?unit=901").json()["results"][0]["title"] == "x"
        done = client.post(f"/api/v1/tasks/{number}/done/", content_type="application/json")
        assert done.json()["state"] == "done"
