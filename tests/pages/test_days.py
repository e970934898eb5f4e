"""Days and months that no calendar of ours holds: refused in a sentence, wherever they are read."""

import html
import re
from collections.abc import Iterator

import pytest
from django.core.management import ManagementUtility
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from hypothesis import given
from hypothesis import strategies as st

from districts.months import Month, parse_day
from steering.accounts.models import JournalEntry
from tests import builders

from .reported import report

MAY = Month.of(2025, 5)
ODD_DAYS = ["0001-01-01", "1899-12-31", "2700-01-01", "9999-12-31"]
NO_DAYS = ["2025-02-30", "0000-00-00", "10000-01-01", "hôm nay", "²⁰²⁵-01-01"]
ODD_MONTHS = ["0001-01", "1899-12", "2700-01", "9999-12", "2025-13", "12-0001", "tháng"]
FIRST_AND_LAST = ["1900-01", "2699-12"]

READ_DAYS = [
    "/?map={}",
    "/units/99/?map={}",
    "/indicators/?map={}",
    "/indicators/HI/?map={}",
    "/ranking/?map={}",
    "/provenance/99/HI/2025-05/?map={}",
    "/history/99/HI/2025-05/?map={}",
    "/excel/overview/?map={}",
    "/completeness/?map={}",
    "/disputes/new/?indicator=HI&map={}",
    "/periods/?map={}",
    "/history/?from={}",
    "/history/?to={}",
    "/history/export/?from={}",
    "/history/export/?to={}",
    "/api/v1/figures/?unit=99&month=2025-05&map={}",
    "/api/v1/units/?in_force_on={}",
]
READ_MONTHS = [
    "/?month={}",
    "/units/99/?month={}",
    "/indicators/?month={}",
    "/indicators/HI/?month={}",
    "/indicators/HI/judgement/?month={}",
    "/ranking/?month={}",
    "/provenance/99/HI/{}/",
    "/history/99/HI/{}/",
    "/excel/unit/?month={}",
    "/completeness/?month={}",
    "/completeness/remind/?group=99&month={}",
    "/disputes/new/?indicator=HI&month={}",
    "/history/?month={}",
    "/history/export/?month={}",
    "/periods/?until={}",
    "/entry/?month={}",
    "/entry/{}/99001/",
    "/entry/{}/99001/template/",
    "/entry/{}/99001/receipt/1/",
    "/review/{}/99001/",
    "/api/v1/figures/?unit=99&month={}",
    "/api/v1/periods/?month={}",
    "/api/v1/submissions/?month={}",
    "/api/v1/counts/?month={}",
    "/api/v1/submissions/{}/99001/",
    "/api/v1/submissions/{}/99001/counts/",
]
SENT_MONTHS = [
    "/workbook/?month={}",
    "/periods/{}/close/",
    "/periods/{}/reopen/",
    "/review/{}/99001/verify/",
    "/entry/{}/99001/",
    "/completeness/remind/?group=99&month={}",
    "/api/v1/submissions/{}/99001/send/",
    "/api/v1/submissions/{}/99001/approve/",
    "/api/v1/submissions/{}/99001/undo/",
]


@pytest.fixture
def reader(catalogue, communes, officer, client):
    report(catalogue, communes, MAY, HI=[10, 20, 30, 40, 50])
    client.force_login(officer)
    return client


def text(answer) -> str:
    """What is said: the page without its tags, or the JSON."""
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize("address", READ_DAYS)
def test_a_day_of_no_year_of_ours_is_refused_in_a_sentence(reader, address):
    for written in [*ODD_DAYS, *NO_DAYS]:
        answer = reader.get(address.format(written))
        assert (answer.status_code, written) == (400, written)
        assert "in_force_on" in address or written in text(answer)


@pytest.mark.parametrize("address", READ_MONTHS)
def test_a_month_of_no_year_of_ours_is_refused_in_a_sentence(reader, address):
    for written in ODD_MONTHS:
        answer = reader.get(address.format(written))
        assert (answer.status_code, written) == (400, written)
        assert written in text(answer)


@pytest.mark.parametrize("address", SENT_MONTHS)
def test_nothing_is_sent_for_such_a_month(reader, address):
    before = JournalEntry.objects.count()
    for written in ODD_MONTHS:
        answer = reader.post(address.format(written))
        assert (answer.status_code, written) == (400, written)
    assert JournalEntry.objects.count() == before


@pytest.mark.parametrize("month", FIRST_AND_LAST)
def test_the_first_and_the_last_month_there_is_break_nothing(reader, month):
    for address in READ_MONTHS:
        assert reader.get(address.format(month)).status_code < 500, address
    for address in READ_DAYS:
        assert reader.get(address.format(f"{month}-01")).status_code < 500, address


def _routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _routes(pattern, route)


PLACES = {
    "unit_code": "99001", "indicator_code": "HI", "page": "overview", "number": "1", "verb": "send",
    "username": "officer", "key": "HI", "pk": "1", "upload_id": "1", "job_id": "1",
    "unit": "99", "indicator": "HI",
    "task_id": "1", "decision_id": "1", "commitment_id": "1", "paper_id": "1", "ending": "pdf",
    "name": "monthly", "code": "0123456789ABCDEF",
}  # fmt: skip


@pytest.mark.parametrize("written", ["0001-01-01", "9999-12-31"])
def test_no_address_breaks_on_such_a_day_or_month(reader, written):
    month = written[:7]
    about = f"?map={written}&from={written}&to={written}&in_force_on={written}&until={month}"
    for route in sorted(set(_routes(get_resolver()))):
        if re.match(r"admin/|\^|accounts/logout|language/", route):
            continue
        asked_about = [(month, f"?month={month}"), (str(MAY), about)] if "<" in route else []
        for path_month, query in asked_about or [("", f"?month={month}"), ("", about)]:
            places = PLACES | {"month": path_month, "day": written, "year": written[:4]}
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda place, to=places: to[place[1]], route)
            assert reader.get(f"/{path}{query}").status_code < 500, path


# --- the back office and forms -------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["01/01/0001", "31/12/9999"])
def test_forms_refuse_such_a_day_beside_its_field(reader, province, newcomer, typed):
    seat = builders.seat(newcomer, "auditor", province)
    iso = "-".join(reversed(typed.split("/")))
    of_people = reader.post(reverse("committee:end", args=[seat.pk]), {"until": iso})
    assert iso in of_people.context["form"].errors["until"][0]
    changed = reader.post(
        reverse("admin:committee_membership_change", args=[seat.pk]), {"until": typed}
    )
    assert "until" in changed.context["adminform"].form.errors
    data = {"unit": province.pk, "since": typed, "row": 1, "column": 1}
    placed = reader.post(reverse("admin:districts_tileposition_add"), data)
    assert "since" in placed.context["adminform"].form.errors
    data = {
        "name": "Sáp nhập", "legal_basis": "Nghị quyết", "effective_on": typed,
        "ended": [builders.by_code("99004").pk, builders.by_code("99005").pk], "code": "99010",
        "kind": "rural_commune", "unit_name": "Xanh Mây", "full_name": "Xã Xanh Mây",
        "parent": builders.by_code("902").pk,
    }  # fmt: skip
    drafted = reader.post(reverse("admin:districts_reorganisation_add"), data)
    assert "effective_on" in drafted.context["adminform"].form.errors


# --- commands ------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", [*ODD_DAYS, "hôm nay"])
@pytest.mark.parametrize(
    "command",
    [
        "show_figures --unit 99 --month 2025-05 --map {}",
        "write_workbook conference --unit 99 --month 2025-05 --output none.xlsx --map {}",
        "seat_member officer auditor 99 --since {}",
        "import_targets none.xlsx --decision 1 --authority ppc --year 2025 --issued {}",
        "import_targets none.xlsx --decision 1 --authority ppc --year 2025 --issued 2025-01-01 "
        "--effective {}",
    ],
)
def test_commands_refuse_such_a_day_as_a_wrong_argument(capsys, db, command, written):
    name, *arguments = (part.format(written.replace(" ", "_")) for part in command.split())
    with pytest.raises(SystemExit) as ended:
        ManagementUtility(["manage.py", name, *arguments]).execute()
    assert ended.value.code == 2
    assert written.replace(" ", "_") in capsys.readouterr().err


# --- reading -------------------------------------------------------------------------------------


@given(st.dates())
def test_every_day_that_is_read_lies_in_a_month(day):
    try:
        month = Month.containing(parse_day(day.isoformat()))
    except ValueError:
        assert not 1900 <= day.year <= 2699
    else:
        assert month.first_day <= day <= month.last_day
