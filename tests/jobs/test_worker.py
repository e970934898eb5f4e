"""A real worker over files, killed in the middle; and the one command that serves everything."""

import os
import signal
import socket
import stat
import subprocess
import urllib.error
import urllib.request
from datetime import timedelta

import pytest
from django.utils import timezone

from steering.accounts.models import JournalEntry, User
from steering.jobs.models import Job
from steering.serve import worker

from .real import end, kill, processes, start, until

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def begun(tmp_path):
    """Start processes; whatever of them is still there after the test is killed."""
    started: list[subprocess.Popen] = []

    def begun(*arguments: str) -> subprocess.Popen:
        started.append(start(tmp_path, *arguments))
        return started[-1]

    yield begun
    for process in started:
        if process.poll() is None:
            end(process)


def state(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def names() -> int:
    return User.objects.filter(username__startswith="name-").count()


def test_a_killed_worker_is_found_told_and_its_job_run_to_the_end_once(begun, asked, tmp_path):
    job = asked("write_names", names=25, pause=0.15)
    Job.objects.update(queued_at=timezone.now() - timedelta(minutes=5))
    command = ["-m", *worker()]

    first = begun(*command)
    until(lambda: state(job).done >= 3)
    kill(first)
    lost = state(job)
    written = names()
    assert (lost.state, lost.attempts) == ("running", 1)
    assert 3 <= written < 25
    folder = tmp_path / "broker"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    second = begun(*command)
    until(lambda: not state(job).unfinished)
    done = state(job)
    assert (done.state, done.attempts, done.losses) == ("done", 2, 1)
    assert done.result == {"found": written}
    assert names() == 25
    told = JournalEntry.objects.get(action="job.requeued")
    assert told.why.startswith("Tiến trình xử lý dừng giữa chừng")

    second.terminate()
    assert second.wait(timeout=30) == 0


def test_one_command_serves_starts_a_killed_worker_again_and_leaves_nothing_behind(
    begun, asked, tmp_path
):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{free.getsockname()[1]}"
    served = begun("-m", "steering.serve", "--bind", bind)
    until(lambda: answers(bind))
    site, first = children(served)

    again = begun("-m", "steering.serve", "--bind", bind)
    assert again.wait(timeout=30) == 1

    job = asked("write_names", names=2)
    Job.objects.update(queued_at=timezone.now() - timedelta(minutes=5))
    until(lambda: state(job).state == "done")
    os.kill(first, signal.SIGKILL)
    until(lambda: first not in processes() and len(children(served)) == 2)
    _, second = children(served)
    assert second not in (first, site)

    job = asked("write_names", names=3)
    Job.objects.filter(pk=job.pk).update(queued_at=timezone.now() - timedelta(minutes=5))
    until(lambda: state(job).state == "done")
    assert answers(bind)

    groups = {site, first, second}
    served.terminate()
    assert served.wait(timeout=40) == 0
    assert of_groups(groups) == []
    assert not answers(bind)


def test_whoever_served_is_killed_and_leaves_no_process_behind(begun):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{free.getsockname()[1]}"
    served = begun("-m", "steering.serve", "--bind", bind)
    until(lambda: answers(bind))
    groups = set(children(served))
    until(lambda: len(of_groups(groups)) > 5)
    try:
        served.kill()
        served.wait()
        until(lambda: not of_groups(groups))
        assert not answers(bind)
    finally:
        for pid in of_groups(groups):
            os.kill(pid, signal.SIGKILL)


def of_groups(groups: set[int]) -> list[int]:
    """The living processes of these groups."""
    return [pid for pid, (_, group) in processes().items() if group in groups]


def children(process: subprocess.Popen) -> list[int]:
    """The programs a supervisor started, oldest first."""
    return sorted(pid for pid, (parent, _) in processes().items() if parent == process.pid)


def answers(bind: str) -> bool:
    try:
        urllib.request.urlopen(f"http://{bind}/nowhere/", timeout=5)
    except urllib.error.HTTPError as error:
        return error.code == 404
    except (urllib.error.URLError, OSError):
        return False
    return True
