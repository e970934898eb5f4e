"""Pages of background work: whose they are, progress that asks again, files, running again."""

import re

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import User
from steering.jobs.actions import run
from steering.jobs.models import Job

HTMX = {"HX-Request": "true"}
RUNNING = {
    "state": "running",
    "started_at": "2026-01-10T03:00Z",
    "heartbeat_at": "2026-01-10T03:00Z",
}


@pytest.fixture
def at(client, lan):
    """A page of a job in English, as somebody sees it."""

    def at(job: Job, page: str = "job", *, user: User = lan, method: str = "get", **more):
        client.force_login(user)
        headers = {"accept-language": "en", **more.pop("headers", {})}
        return getattr(client, method)(
            reverse(f"jobs:{page}", args=[job.pk]), headers=headers, **more
        )

    return at


def under_way(job: Job, **changes) -> Job:
    Job.objects.filter(pk=job.pk).update(**{**RUNNING, **changes})
    return job


class TestRights:
    @pytest.mark.parametrize("page", ["job", "file"])
    def test_somebody_elses_work_is_not_there(self, asked, at, page, outsider, officer):
        job = asked()
        run(job.pk)
        for other in (outsider, officer):
            assert at(job, page, user=other).status_code == 404
        assert at(job, page).status_code == 200

    def test_somebody_else_does_not_run_it_again(self, asked, at, outsider):
        job = asked("refuse")
        run(job.pk)
        assert at(job, "again", user=outsider, method="post").status_code == 404
        job.refresh_from_db()
        assert job.state == "failed"

    def test_work_of_the_system_is_for_who_closes_months(
        self, asked, at, officer, leader, commune_officer, outsider
    ):
        job = asked(actor=COMMAND_LINE)
        assert at(job, user=officer).status_code == 200
        for other in (leader, commune_officer, outsider):
            assert at(job, user=other).status_code == 404

    @pytest.mark.parametrize("page", ["job", "file", "again"])
    def test_nobody_sees_anything_without_signing_in(self, client, asked, page):
        method = client.post if page == "again" else client.get
        answer = method(reverse(f"jobs:{page}", args=[asked().pk]))
        assert answer.headers["Location"].startswith("/accounts/login/")

    def test_running_again_is_not_a_link(self, asked, at):
        assert at(asked("refuse"), "again").status_code == 405


class TestList:
    def test_it_holds_ones_own_work_newest_first(self, client, asked, lan, outsider):
        asked("greet")
        asked("refuse")
        asked("break_down", actor=outsider)
        client.force_login(lan)
        page = client.get(reverse("jobs:jobs")).content.decode()
        assert re.findall(r"To (\w+)</a>", page) == ["refuse", "greet"]

    def test_it_says_so_while_there_is_none(self, client, lan):
        client.force_login(lan)
        page = client.get(reverse("jobs:jobs"), headers={"accept-language": "en"})
        assert "Nothing yet" in page.content.decode()

    def test_queries_do_not_grow_with_the_jobs(self, client, asked, lan):
        client.force_login(lan)
        client.get(reverse("jobs:jobs"))
        counts = []
        for _ in range(2):
            for _ in range(3):
                asked()
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("jobs:jobs"))
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 7

    def test_the_account_menu_leads_here(self, client, lan):
        client.force_login(lan)
        page = client.get(reverse("accounts:settings")).content.decode()
        assert f'href="{reverse("jobs:jobs")}"' in page


class TestProgress:
    def test_a_page_of_unfinished_work_asks_again_each_second(self, asked, at):
        page = at(under_way(asked(), done=1200, total=3000, step="Row 1,200")).content.decode()
        assert 'hx-trigger="every 1s"' in page
        assert '<progress max="3000" value="1200"' in page
        assert "1,200 of 3,000" in page
        assert "Row 1,200" in page

    def test_without_scripts_it_loads_itself_again(self, asked, at):
        page = at(under_way(asked())).content.decode()
        assert '<noscript><meta http-equiv="refresh"' in page
        assert "Look again" in page

    def test_the_fragment_is_no_page_and_holds_the_news_once(self, asked, at):
        job = under_way(asked(), step="Reading")
        first = at(job, headers=HTMX).content.decode()
        assert "<html" not in first
        assert 'hx-swap-oob="innerHTML"' in first
        again = at(job, headers=HTMX, data={"said": "running Reading"}).content.decode()
        assert "hx-swap-oob" not in again
        assert 'hx-trigger="every 1s"' in again

    def test_finished_work_asks_no_more(self, asked, at):
        job = asked()
        run(job.pk)
        page = at(job, headers=HTMX).content.decode()
        assert "hx-trigger" not in page
        assert "Hello lan" in page
        assert reverse("jobs:file", args=[job.pk]) in page

    def test_a_lost_worker_is_told(self, asked, at):
        page = at(under_way(asked(), losses=1)).content.decode()
        assert "A worker stopped in the middle of this once" in page

    def test_it_is_never_kept_by_a_browser(self, asked, at):
        assert "no-store" in at(asked()).headers["Cache-Control"]


class TestOutcome:
    def test_the_file_is_handed_out_under_its_name(self, asked, at):
        job = asked()
        run(job.pk)
        answer = at(job, "file")
        assert b"".join(answer.streaming_content) == b"Hello lan"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="greeting.txt"'

    def test_there_is_no_file_before_the_end(self, asked, at):
        assert at(under_way(asked()), "file").status_code == 404

    def test_a_file_that_is_gone_is_said_to_be_gone(self, asked, at):
        job = asked()
        run(job.pk)
        job.refresh_from_db()
        default_storage.delete(job.file.name)
        answer = at(job, "file")
        assert answer.status_code == 404
        assert "no longer kept" in answer.content.decode()

    def test_reasons_are_sentences_and_it_can_be_run_again(
        self, asked, at, delivered, django_capture_on_commit_callbacks
    ):
        job = asked("refuse")
        run(job.pk)
        assert "Row 3 is no number." in at(job).content.decode()
        with django_capture_on_commit_callbacks(execute=True):
            answer = at(job, "again", method="post")
        assert answer.headers["Location"] == reverse("jobs:job", args=[job.pk])
        job.refresh_from_db()
        assert job.state == "queued"
        assert delivered == [job.pk]

    def test_work_that_did_not_fail_is_not_run_again(self, asked, at, client):
        job = asked()
        run(job.pk)
        answer = at(job, "again", method="post", follow=True)
        assert "Only work that has failed" in answer.content.decode()

    def test_it_leads_on_to_where_the_work_says(self, asked, at):
        job = asked(url="/help/")
        run(job.pk)
        assert '<a class="button" href="/help/">Go on</a>' in at(job).content.decode()

    def test_the_page_is_in_the_readers_language(self, asked, at):
        page = at(asked(), headers={"accept-language": "vi"}).content.decode()
        assert "Đang chờ" in page
        assert "Công việc nền" in page
