"""Tasks of the demonstration: ``data/tasks.csv`` says who is to do what by when. Invented."""

from collections.abc import Collection, Mapping
from datetime import date

from commitments.actions.promises.tasks import NewTask, finish_task, give_tasks
from commitments.models import Decision, Task
from districts.models import Unit
from steering.accounts.actors import Actor
from steering.demo import words
from steering.demo.published import rows


def give(
    keys: Collection[str],
    *,
    units: Mapping[str, Collection[Unit]],
    decisions: Mapping[str, Decision],
    actor: Actor,
) -> None:
    """Give the tasks of ``keys``, and say which are done, each on its day.

    ``units`` are those that a row names by a word instead of by codes.
    """
    for row in rows("tasks.csv"):
        if row["key"] not in keys:
            continue
        since = date.fromisoformat(row["given_on"])
        named = units.get(row["units"])
        tasks = give_tasks(
            units=named or [Unit.objects.by_code(code, since) for code in row["units"].split()],
            new=NewTask(
                title=row["title"],
                due_on=date.fromisoformat(row["due_on"]),
                responsible=row["responsible"],
                decision=decisions.get(row["decision"]),
                source_kind=Task.Source(row["source_kind"]),
                source=row["source"],
            ),
            actor=actor,
            on=since,
        )
        if row["done_on"]:
            done_on = date.fromisoformat(row["done_on"])
            for task in tasks:
                finish_task(task=task, why=words.TASK_DONE, actor=actor, on=done_on)
