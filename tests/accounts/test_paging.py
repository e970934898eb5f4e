"""Pages by key: every row once, whatever comes or goes meanwhile, from any key that was written."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steering.accounts.paging import FIRST, Turn, page_among, page_of, read_key, write_key
from steering.jobs.models import Job

ORDER = ["label", "-queued_at", "pk"]
MORNING = datetime(2025, 12, 1, 8, tzinfo=UTC)

pytestmark = pytest.mark.django_db

jobs = st.tuples(st.sampled_from(["Mường La", "a~b", "50% & more", "a", ""]), st.integers(0, 2))


def ask_for(label: str, hours: int) -> Job:
    at = MORNING + timedelta(hours=hours, microseconds=7)
    return Job.objects.create(kind="nothing", label=label, language="vi", queued_at=at)


def by_list(turn: Turn, size: int):
    """The same page from rows that were read already."""
    rows = list(Job.objects.order_by(*ORDER))
    return page_among(
        rows,
        turn,
        by=lambda job: (rows.index(job),),
        kinds=[int],
        size=size,
    )


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    first=st.lists(jobs, max_size=12),
    more=st.lists(jobs, max_size=4),
    lost=st.integers(0, 3),
    size=st.integers(1, 5),
)
def test_following_the_pages_shows_every_row_once_though_rows_come_and_go(first, more, lost, size):
    Job.objects.all().delete()
    there = [ask_for(*job).pk for job in first]
    gone, turn, seen, more = set(), FIRST, [], list(more)
    while turn:
        page = page_of(Job.objects.all(), turn, by=ORDER, size=size)
        assert len(page) <= size
        seen += [job.pk for job in page]
        turn = page.after and Turn(page.after)
        if more:
            ask_for(*more.pop())
        if lost and seen and turn:
            # The row that the key names, too, may go.
            lost -= 1
            gone.add(seen[-1])
            Job.objects.filter(pk=seen[-1]).delete()
    assert len(seen) == len(set(seen))
    assert set(there) <= set(seen)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(first=st.lists(jobs, max_size=12), size=st.integers(1, 5))
def test_the_way_back_shows_the_same_pages_and_a_list_that_was_read_has_them_too(first, size):
    Job.objects.all().delete()
    for job in first:
        ask_for(*job)
    pages, turn, other = [], FIRST, FIRST
    while turn:
        page = page_of(Job.objects.all(), turn, by=ORDER, size=size)
        read = by_list(other, size)
        assert read.rows == page.rows
        assert [bool(read.before), bool(read.after)] == [bool(page.before), bool(page.after)]
        pages.append(page)
        turn, other = page.after and Turn(page.after), Turn(read.after)
    assert [job for page in pages for job in page] == list(Job.objects.order_by(*ORDER))
    for expected in reversed(pages[:-1]):
        page = page_of(Job.objects.all(), Turn(page.before, back=True), by=ORDER, size=size)
        assert page == expected


@pytest.fixture
def ten():
    return [ask_for("a", hours) for hours in range(10)]


def shown(turn: Turn = FIRST, size: int = 4) -> list[int]:
    return [job.queued_at.hour - 8 for job in page_of(Job.objects.all(), turn, by=ORDER, size=size)]


def test_before_the_first_few_rows_lies_a_page_that_is_filled_up(ten):
    page = page_of(Job.objects.all(), FIRST, by=ORDER, size=4)
    ask_for("a", 11)
    assert shown(Turn(write_key(["a", ten[9].queued_at, ten[9].pk]), back=True)) == [11, 9, 8, 7]
    assert not page.before


def test_where_what_came_after_is_gone_the_end_of_the_list_is_shown(ten):
    key = Turn(page_of(Job.objects.all(), FIRST, by=ORDER, size=6).after)
    assert shown(key) == [3, 2, 1, 0]
    Job.objects.filter(pk__in=[job.pk for job in ten[:4]]).delete()
    page = page_of(Job.objects.all(), key, by=ORDER, size=4)
    assert [job.queued_at.hour - 8 for job in page] == [7, 6, 5, 4]
    assert page.before
    assert not page.after


@pytest.mark.parametrize(
    "key",
    [
        "x", "~", "a~b", "a~2025-12-01T08:00:00~1", "a~2025-12-01~1", "a~never~1", "a%00~~1",
        "a~2025-12-01T08:00:00Z~x", "a~2025-99-01T08:00:00Z~1", "a~2025-12-01T08:00:00Z~1~2", "%ff",
    ],
)  # fmt: skip
@pytest.mark.parametrize("back", [False, True])
def test_a_key_that_cannot_be_read_leads_to_the_first_page(ten, key, back):
    assert shown(Turn(key, back=back)) == [9, 8, 7, 6]


def test_a_number_no_row_could_have_is_a_key_like_any_other(ten):
    far = f"a~{(MORNING + timedelta(hours=5, microseconds=7)).isoformat()}~{10**30}"
    assert shown(Turn(far)) == [4, 3, 2, 1]


def test_an_address_holds_a_key_that_people_can_read():
    key = [True, "Mường~La", datetime(2025, 12, 31, 8, 30, tzinfo=UTC), 812]
    assert write_key(key[2:]) == "2025-12-31T08:30:00%2B00:00~812"
    kinds = [lambda part: part == "1", str, datetime.fromisoformat, int]
    assert read_key(write_key(key), kinds) == tuple(key)
    assert Turn.of({"after": "812"}) == Turn("812")
    assert Turn.of({"before": "812", "after": "7"}) == Turn("812", back=True)


def test_the_last_page_takes_one_query_like_the_first(ten, django_assert_num_queries):
    turn = FIRST
    for _page in range(3):
        with django_assert_num_queries(1):
            page = page_of(Job.objects.all(), turn, by=ORDER, size=4)
        turn = Turn(page.after)
    assert not page.after
