"""What runs at night: reminders of tasks that are due or overdue."""

from datetime import timedelta

from django.utils import timezone

from commitments.models import Task
from steering.accounts.actors import COMMAND_LINE
from steering.jobs.running import Running

from .tasks.reminding import DAYS_BEFORE, remind_of


def remind_of_tasks(running: Running) -> dict:
    """Remind of every task that is overdue or due within a few days: {"reminded": how many}."""
    now = timezone.now()
    today = timezone.localdate(now)
    due = list(Task.objects.due_by(today + timedelta(days=DAYS_BEFORE)).select_related("unit"))
    reminded = remind_of(tasks=due, actor=COMMAND_LINE, on=today, at=now)
    return {"reminded": len(reminded)}
