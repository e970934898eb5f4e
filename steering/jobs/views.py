"""Pages of background work: one's own jobs, how far each is, what came of it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from steering.accounts.faults import Refused
from steering.accounts.models import User
from steering.accounts.paging import Turn, page_of

from .actions import run_again
from .models import Job
from .querysets import JobQuerySet

PER_PAGE = 50


@require_safe
@login_required
def jobs(request: HttpRequest) -> HttpResponse:
    """What the reader asked for, newest first."""
    found = readable(request.user)
    page = page_of(found, Turn.of(request.GET), by=["-queued_at", "-pk"], size=PER_PAGE)
    return render(request, "jobs/jobs.html", {"page": page})


@require_safe
@never_cache
@login_required
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """One job; the page asks again each second while it is unfinished."""
    found = _find(request, job_id)
    said = f"{found.state} {found.step}"
    context = {"job": found, "said": said, "news": request.GET.get("said") != said}
    return render(request, "jobs/parts/news.html" if request.htmx else "jobs/job.html", context)


@require_safe
@login_required
def file(request: HttpRequest, job_id: int) -> HttpResponse:
    """The file that came of a job; 410 and the page of the job once it is no longer kept."""
    found = _find(request, job_id)
    if found.lost_file:
        return render(request, "jobs/job.html", {"job": found}, status=410)
    if not found.has_file:
        raise Http404(_("There is no file here yet."))
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        raise Http404(_("The file is no longer kept. Ask for it again.")) from None
    return FileResponse(content, as_attachment=True, filename=found.file_name)


@require_POST
@login_required
def again(request: HttpRequest, job_id: int) -> HttpResponse:
    """Run a job again that failed, or whose file is no longer kept."""
    found = _find(request, job_id)
    try:
        run_again(job=found, actor=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("jobs:job", job_id)


def readable(user: User) -> JobQuerySet:
    """The reader's own jobs, and the system's where the committee's rights allow it."""
    sees_system = import_string(settings.SEES_SYSTEM_JOBS)
    system = sees_system(user, timezone.localdate())
    return Job.objects.readable_by(user, system=system).select_related("by")


def _find(request: HttpRequest, job_id: int) -> Job:
    """The job, if the reader may see it; otherwise nobody says that there is one."""
    found = readable(request.user).filter(pk=job_id).first()
    if found is None:
        raise Http404(_("You have no background work under this number."))
    return found
