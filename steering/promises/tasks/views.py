"""The board of tasks, giving one, and what became of it."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commitments.actions.promises.tasks import (
    NewTask,
    change_task,
    drop_task,
    finish_task,
    give_tasks,
    reopen_task,
)
from commitments.models import Task
from steering.accounts.faults import Refused
from steering.accounts.paging import Turn, page_of
from steering.committee.access import NotAllowed, may, may_somewhere, require_somewhere
from steering.committee.models import Membership
from steering.committee.roles import Permission

from .board import STATES, chosen, rows, tasks_seen
from .forms import ChangeForm, TaskForm
from .reminding import remind_of

ON_A_PAGE = 100
MOVES: dict[str, Callable] = {"done": finish_task, "reopen": reopen_task, "drop": drop_task}


@require_safe
@login_required
def tasks(request: HttpRequest) -> HttpResponse:
    """Who does what by when, the soonest due first."""
    today = timezone.localdate()
    require_somewhere(request.user, Permission.SEE_FIGURES, today)
    seen = tasks_seen(request.user, today)
    found = chosen(seen, request.GET, today)
    page = page_of(found, Turn.of(request.GET), by=["due_on", "pk"], size=ON_A_PAGE)
    context = {
        "page": page,
        "rows": rows(page.rows, today),
        "state": request.GET.get("state") or "open",
        "states": STATES,
        "overdue": seen.overdue(today).count(),
        "may_give": may_somewhere(request.user, Permission.KEEP_TASKS, today),
    }
    return render(request, "promises/tasks.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def give(request: HttpRequest) -> HttpResponse:
    """Give one task to one unit or several."""
    today = timezone.localdate()
    require_somewhere(request.user, Permission.KEEP_TASKS, today)
    form = TaskForm(request.user, today, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        units = list(given.pop("units"))
        if given["source_kind"] != Task.Source.DECISION:
            given["decision"] = None
        try:
            made = give_tasks(units=units, new=NewTask(**given), actor=request.user, on=today)
        except NotAllowed:
            raise
        except Refused as refusal:
            for fault in refusal.faults:
                form.add_error(fault.column if fault.column in form.fields else None, fault.message)
        else:
            said = ngettext("%(number)s task is given.", "%(number)s tasks are given.", len(made))
            messages.success(request, said % {"number": len(made)})
            return redirect("promises:tasks")
    status = 422 if form.is_bound else 200
    return render(request, "promises/task_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    """One task with everything that happened to it; whoever keeps it changes it here."""
    today = timezone.localdate()
    found = get_object_or_404(tasks_seen(request.user, today), pk=task_id)
    keeps = may(request.user, Permission.KEEP_TASKS, found.unit, today)
    if request.method == "POST" and not keeps:
        raise NotAllowed(Permission.KEEP_TASKS, found.unit)
    facts = {"title": found.title, "due_on": found.due_on, "responsible": found.responsible}
    form = ChangeForm(request.POST if request.method == "POST" else None, initial=facts)
    if request.method == "POST" and form.is_valid():
        try:
            change_task(task=found, actor=request.user, on=today, **form.cleaned_data)
        except Refused as refusal:
            for fault in refusal.faults:
                form.add_error(fault.column if fault.column in form.fields else None, fault.message)
        else:
            messages.success(request, _("The task is changed."))
            return redirect("promises:task", found.pk)
    head = Membership.objects.head_of(found.unit_id, today)
    context = {
        "row": rows([found], today)[0],
        "form": form,
        "keeps": keeps,
        "may_finish": keeps or (head is not None and head.user_id == request.user.pk),
        "events": found.events.select_related("by"),
    }
    return render(request, "promises/task.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def move(request: HttpRequest, task_id: int, move: str) -> HttpResponse:
    """Say that a task is done, open again, or dropped."""
    today = timezone.localdate()
    found = get_object_or_404(tasks_seen(request.user, today), pk=task_id)
    try:
        MOVES[move](task=found, why=request.POST.get("why", ""), actor=request.user, on=today)
    except NotAllowed:
        raise
    except Refused as refusal:
        for fault in refusal.faults:
            messages.error(request, fault.message)
    else:
        messages.success(request, _("Noted."))
    return redirect("promises:task", found.pk)


@require_POST
@login_required
def remind(request: HttpRequest, task_id: int) -> HttpResponse:
    """Remind the head of the unit of one task by mail, once a day at most."""
    now = timezone.now()
    today = timezone.localdate(now)
    found = get_object_or_404(tasks_seen(request.user, today), pk=task_id)
    if remind_of(tasks=[found], actor=request.user, on=today, at=now):
        messages.success(request, _("A reminder is on its way."))
    else:
        messages.warning(
            request, _("This task is closed, or was reminded of within the last 24 hours.")
        )
    return redirect("promises:task", found.pk)
