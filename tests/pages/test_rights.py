"""Every address of the site, walked as every member of the cast: who gets in, and who is told why.

To add an address, add a line to ``TABLE``; one that stands neither there nor in ``PUBLIC`` fails
``test_every_address_is_walked_or_known_to_be_public`` by name. ``{unit}``, ``{month}``,
``{indicator}``, ``{commune}``, ``{person}``, ``{seat}``, ``{job}`` and ``{decision}`` stand for
what is asked about: a unit, a month, a commune there that reports, somebody seated there,
background work of somebody else, and the decision of the province. ``{divider}`` is a unit too, as
it was on the day of the decision, whatever the month. The tables of rights say what
each reader's own unit, a sibling and the parent answer; those of an address without such a place
are asked about the own unit only.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse
from django.utils.text import capfirst

from commitments.models import Count, Decision, Total
from districts.models import Tier, Unit
from districts.months import Month
from steering.accounts.models import JournalEntry
from steering.committee.models import Membership
from steering.committee.roles import Role
from steering.jobs.actions import enqueue
from steering.jobs.models import Job
from tests import builders
from tests.builders import REFORM_DAY, by_code

from .reported import assign, report

# --- who asks, when, about what ------------------------------------------------------------------


@dataclass(frozen=True)
class When:
    """The day somebody asks, and the month they ask about."""

    day: date
    month: Month


BEFORE = When(date(2025, 6, 15), Month.of(2025, 5))
LOOKING_BACK = When(date(2025, 9, 15), Month.of(2025, 5))
AFTER = When(date(2025, 9, 15), Month.of(2025, 8))


@dataclass(frozen=True)
class Reader:
    """One of the cast: which units are own, sibling and parent to them, and when they ask."""

    own: str
    sibling: str
    parent: str | None
    asks: tuple[When, ...] = (BEFORE, LOOKING_BACK, AFTER)

    @property
    def relations(self) -> Iterator[tuple[int, str]]:
        """(column in a table of rights, code of the unit)."""
        for column, code in enumerate((self.own, self.sibling, self.parent)):
            if code is not None:
                yield column, code


READERS = {
    "officer": Reader("99", "98", None),
    "leader": Reader("99", "98", None),
    "auditor": Reader("99", "98", None),
    "chair": Reader("901", "902", "99", (BEFORE,)),
    "commune_officer": Reader("99001", "99002", "901", (BEFORE,)),
    "new_chair": Reader("99001", "99004", "99", (LOOKING_BACK, AFTER)),
    "ended_chair": Reader("901", "902", "99", (LOOKING_BACK, AFTER)),
    "outsider": Reader("99001", "99004", "99"),
    "anonymous": Reader("99001", "99004", "99"),
}
VISITS = [
    pytest.param(name, when, id=f"{name}, {when.day} about {when.month}")
    for name, reader in READERS.items()
    for when in reader.asks
]

# --- who may what --------------------------------------------------------------------------------

LOGIN = "sign in"
"""The answer that leads to the way in."""

VERBS = ("get", "post", "patch", "delete")
Rights = Mapping[str, tuple[int | str | None, ...]]

SEE: Rights = {
    "officer": (200, 403, None),
    "leader": (200, 403, None),
    "auditor": (200, 403, None),
    "chair": (200, 403, 403),
    "commune_officer": (200, 403, 403),
    "new_chair": (200, 403, 403),
    "ended_chair": (200, 403, 403),
    "outsider": (403, 403, 403),
    "anonymous": (LOGIN, LOGIN, LOGIN),
}
RANK: Rights = SEE | {"commune_officer": (404, 403, 403), "new_chair": (404, 403, 403)}
JUDGE: Rights = SEE | {
    "leader": (403, 403, None),
    "auditor": (403, 403, None),
    "commune_officer": (403, 403, 403),
    "ended_chair": (403, 403, 403),
}
TYPE: Rights = JUDGE | {"commune_officer": (200, 403, 403)}
# Whoever reports for somebody; the file then says for whom.
HAND_IN: Rights = JUDGE | {"commune_officer": (200, 403, 403)}
# A seat out of reach is refused; an account out of reach is as if it did not exist.
KEEP_SEATS: Rights = JUDGE | {"chair": (403, 403, 403), "new_chair": (403, 403, 403)}
KEEP_PEOPLE: Rights = KEEP_SEATS | {"officer": (200, 404, None)}
# A unit that does not report has no report to enter; what is above the own unit is out of reach.
ENTER: Rights = {
    "officer": (200, 404, None),
    "leader": (403, 404, None),
    "auditor": (403, 404, None),
    "chair": (404, 404, 403),
    "commune_officer": (200, 403, 404),
    "new_chair": (200, 403, 403),
    "ended_chair": (404, 404, 403),
    "outsider": (403, 403, 403),
    "anonymous": (LOGIN, LOGIN, LOGIN),
}
ENTERED: Rights = ENTER | {
    "officer": (302, 404, None),
    "commune_officer": (302, 403, 404),
    "new_chair": (302, 403, 403),
}
# Somebody with one unit is led to its report, everybody else who reports chooses one.
CHOOSE: Rights = ENTERED | {
    "officer": (200, None, None),
    "chair": (200, None, None),
    "ended_chair": (403, None, None),
}
# There is no such receipt: whoever may see the unit is told so.
CONFIRMED: Rights = ENTER | {
    "officer": (404, 404, None),
    "leader": (404, 404, None),
    "auditor": (404, 404, None),
    "commune_officer": (404, 403, 404),
    "new_chair": (404, 403, 403),
}


def everybody(answer: int, stranger: int | str = LOGIN) -> Rights:
    """Whoever is signed in gets ``answer``, mostly about what is their own."""
    return dict.fromkeys(READERS, (answer,) * 3) | {"anonymous": (stranger,) * 3}


def with_answer(rights: Rights, answer: int, stranger: int | str = LOGIN) -> Rights:
    """``rights`` where to be let in means ``answer``, as a form that leads on says."""
    said = {200: answer, LOGIN: stranger}
    return {name: tuple(said.get(one, one) for one in row) for name, row in rights.items()}


# Who divides a target is a unit below the decision's: another province's is none.
ALLOCATED: Rights = SEE | dict.fromkeys(("officer", "leader", "auditor"), (200, 404, None))
DIVIDING: Rights = ALLOCATED | {
    "officer": (302, 404, None),
    "leader": (403, 404, None),
    "auditor": (403, 404, None),
    "chair": (302, 403, 403),
    "commune_officer": (403, 403, 403),
    # Nobody stands below a commune.
    "new_chair": (422, 403, 403),
    "ended_chair": (403, 403, 403),
}
# Who may is told what is missing in an empty body.
DIVIDING_BY_PROGRAM: Rights = {
    name: tuple({302: 400, 422: 400, LOGIN: 401}.get(one, one) for one in row)
    for name, row in DIVIDING.items()
}


# A decision is seen by whoever sees a unit that it assigns to; others are not told of it.
DECISION: Rights = SEE | {"outsider": (404, 404, 404)}
ONLY_READ = ("leader", "auditor", "chair", "commune_officer", "new_chair", "ended_chair")
KEEP_DECISION: Rights = DECISION | dict.fromkeys(ONLY_READ, (403, 403, 403))
# The chair of a district passes on; nothing is below a commune.
DECIDE: Rights = KEEP_SEATS | {"chair": (200, None, None)}
# All papers of the province: for whoever sees all of it.
WHOLE: Rights = with_answer(SEE, 302) | dict.fromkeys(
    ("chair", "commune_officer", "new_chair", "ended_chair"), (403, 403, 403)
)

EVERY_ROLE = frozenset(Role)
KEEPERS = frozenset({Role.STANDING_OFFICER})
JUDGES = frozenset({Role.STANDING_OFFICER, Role.CHAIR})
REPORTERS = JUDGES | {Role.OFFICER}


@dataclass(frozen=True)
class Row:
    """An address with its rights to read and to write; None is a method it does not know.

    ``gone`` is what the own unit answers in a month in which it does not stand; ``may`` are the
    roles that a refusal names.
    """

    address: str
    get: Rights | None = None
    post: Rights | None = None
    patch: Rights | None = None
    delete: Rights | None = None
    gone: int = 200
    may: frozenset[Role] = EVERY_ROLE

    @property
    def has_place(self) -> bool:
        """Whether the address says which unit it is about."""
        places = ("{unit}", "{commune}", "{person}", "{seat}", "{divider}")
        return any(place in self.address for place in places)


ABOUT = "?month={month}&unit={unit}"
FIGURE = "{unit}/{indicator}/{month}/"

DIVIDED = "{decision}/{indicator}/?unit={divider}"

TABLE = [
    # figures
    Row(f"/{ABOUT}", SEE, gone=302),
    Row("/units/{unit}/?month={month}", SEE),
    Row(f"/indicators/{ABOUT}", SEE),
    Row("/indicators/{indicator}/" + ABOUT, SEE),
    Row("/indicators/{indicator}/judgement/" + ABOUT, JUDGE, JUDGE, may=JUDGES),
    Row(f"/ranking/{ABOUT}", SEE, gone=302),
    Row(f"/provenance/{FIGURE}", SEE),
    Row(f"/history/{FIGURE}", SEE),
    Row(f"/excel/overview/{ABOUT}", SEE, gone=404),
    Row(f"/excel/ranking/{ABOUT}", SEE, gone=404),
    Row(f"/excel/unit/{ABOUT}", SEE, gone=404),
    Row(f"/excel/indicator/{ABOUT}&indicator={{indicator}}", SEE, gone=404),
    # documents are packed, as workbooks are; there is nothing to rank below a commune
    Row(f"/documents/monthly.pdf{ABOUT}", dict(SEE), gone=404),
    Row(f"/documents/ranking.docx{ABOUT}", RANK, gone=404),
    Row(f"/documents/late.docx{ABOUT}", dict(SEE), gone=404),
    Row("/periods/", dict(SEE)),
    Row("/periods/{month}/close/", post=with_answer(KEEP_SEATS, 302), may=KEEPERS),
    Row("/periods/{month}/reopen/", post=with_answer(KEEP_SEATS, 302), may=KEEPERS),
    # days off hold for the whole country: whoever closes months of a province records them
    Row("/periods/days/", dict(SEE)),
    Row("/periods/days/decide/", post=with_answer(KEEP_SEATS, 422), may=KEEPERS),
    Row("/periods/days/recompute/", post=with_answer(KEEP_SEATS, 302), may=KEEPERS),
    Row("/periods/days/2027-05-03/withdraw/", post=with_answer(KEEP_SEATS, 302), may=KEEPERS),
    Row("/periods/days/2027/complete/", post=with_answer(KEEP_SEATS, 302), may=KEEPERS),
    Row("/periods/days/2027/reopen/", post=with_answer(KEEP_SEATS, 302), may=KEEPERS),
    Row("/decisions/", dict(SEE)),
    Row("/decisions/new/", DECIDE, with_answer(DECIDE, 422), may=KEEPERS),
    Row(f"/decisions/compare/{ABOUT}", SEE),
    Row("/decisions/{decision}/", DECISION),
    Row("/decisions/{decision}/scan/", everybody(404)),
    Row("/decisions/{decision}/annex.xlsx", DECISION),
    Row(
        "/decisions/{decision}/annex/",
        KEEP_DECISION,
        with_answer(KEEP_DECISION, 422),
        may=KEEPERS,
    ),
    # dividing what a decision assigned
    Row("/allocations/", dict(SEE)),
    Row(f"/allocations/{DIVIDED}", ALLOCATED, DIVIDING, may=JUDGES),
    Row("/api/v1/allocations/", everybody(200, 401)),
    Row(
        f"/api/v1/allocations/{DIVIDED}",
        with_answer(ALLOCATED, 200, 401),
        patch=DIVIDING_BY_PROGRAM,
        may=JUDGES,
    ),
    Row(
        "/api/v1/allocations/{decision}/{indicator}/divide/?unit={divider}",
        post=DIVIDING_BY_PROGRAM,
        may=JUDGES,
    ),
    Row(
        "/api/v1/allocations/{decision}/{indicator}/assign/?unit={divider}",
        post=DIVIDING_BY_PROGRAM,
        may=JUDGES,
    ),
    Row(
        "/decisions/{decision}/withdraw/",
        KEEP_DECISION,
        with_answer(KEEP_DECISION, 422),
        may=KEEPERS,
    ),
    Row(
        "/decisions/{decision}/correct/",
        KEEP_DECISION,
        with_answer(KEEP_DECISION, 302),
        may=KEEPERS,
    ),
    Row(
        "/decisions/{decision}/path/HI/",
        DECISION,
        with_answer(KEEP_DECISION, 422),
        may=KEEPERS,
    ),
    Row("/disputes/", dict(SEE)),
    Row(f"/disputes/{ABOUT}&indicator={{indicator}}", dict(SEE)),
    Row(f"/disputes/new/{ABOUT}&indicator={{indicator}}", JUDGE, JUDGE, may=JUDGES),
    Row("/disputes/987654/answer/", everybody(404), everybody(404)),
    # background work: one's own list; somebody else's is as if it did not exist
    Row("/jobs/", everybody(200)),
    Row("/jobs/987654321/", everybody(404)),
    Row("/jobs/987654321/file/", everybody(404)),
    Row("/jobs/987654321/again/", post=everybody(404)),
    # entering the counts
    Row("/entry/", CHOOSE, may=REPORTERS),
    Row("/entry/{month}/{unit}/", ENTER, ENTERED, may=REPORTERS),
    Row("/entry/{month}/{unit}/receipt/{unit}-{month}-1/", CONFIRMED),
    # who has reported, and what was changed
    Row(f"/completeness/{ABOUT}", SEE, gone=302),
    Row(
        "/completeness/remind/?month={month}&group={unit}",
        JUDGE,
        with_answer(JUDGE, 422),
        may=JUDGES,
    ),
    Row(f"/history/{ABOUT}", SEE),
    Row(f"/history/export/{ABOUT}", SEE),
    Row("/letterhead/?unit={unit}", KEEP_SEATS, with_answer(KEEP_SEATS, 422), may=KEEPERS),
    # people
    Row("/people/", KEEP_PEOPLE, may=KEEPERS),
    Row("/people/{person}/seat/", KEEP_PEOPLE, KEEP_PEOPLE, may=KEEPERS),
    Row("/people/{person}/second-factor/", KEEP_PEOPLE, KEEP_PEOPLE, may=KEEPERS),
    Row("/seats/{seat}/move/", KEEP_SEATS, KEEP_SEATS, may=KEEPERS),
    Row("/seats/{seat}/end/", KEEP_SEATS, KEEP_SEATS, may=KEEPERS),
    # reports
    Row("/entry/{month}/{unit}/template/", SEE, gone=404),
    Row("/review/", JUDGE, may=JUDGES),
    Row("/review/pass/", post=with_answer(JUDGE, 302), may=JUDGES),
    Row("/review/undo/", post=with_answer(JUDGE, 302), may=JUDGES),
    Row("/review/{month}/{commune}/", SEE, gone=404),
    Row("/review/{month}/{commune}/verify/", post=with_answer(JUDGE, 302), gone=404, may=JUDGES),
    # background work: that of others is as if it did not exist
    Row(f"/workbook/{ABOUT}", post=with_answer(SEE, 302), gone=302),
    Row("/jobs/", everybody(200)),
    Row("/jobs/{job}/", everybody(404)),
    Row("/jobs/{job}/file/", everybody(404)),
    Row("/jobs/{job}/again/", post=everybody(404)),
    # handing in files: that of others is as if it did not exist
    Row("/upload/", HAND_IN, with_answer(HAND_IN, 422), may=REPORTERS),
    Row("/upload/987654321/", everybody(404), everybody(404)),
    Row("/upload/987654321/accept/", post=everybody(404)),
    Row("/upload/987654321/annotated/", everybody(404)),
    Row("/upload/987654321/discard/", post=everybody(404)),
    # commitments: the register of the own province; papers are walked in tests/promises
    Row("/commitments/", dict(SEE)),
    Row("/commitments/prepare/", post=with_answer(KEEP_SEATS, 302), may=KEEPERS),
    Row("/commitments/documents/", post=WHOLE),
    Row("/commitments/987654321/", everybody(404)),
    Row("/commitments/987654321/file/", everybody(404)),
    Row("/commitments/987654321/paper.pdf", everybody(404)),
    Row("/commitments/recorded/987654321/", everybody(404)),
    Row("/commitments/recorded/987654321/paper.pdf", everybody(404)),
    Row("/commitments/987654321/withdraw/", post=everybody(404)),
    Row("/commitments/987654321/promise/", post=everybody(404)),
    Row("/commitments/987654321/sign/", everybody(404), everybody(404)),
    Row("/commitments/987654321/scan/", everybody(404), everybody(404)),
    Row("/commitments/987654321/pdf/", everybody(404), everybody(404)),
    Row("/api/v1/commitments/", everybody(200, 401)),
    Row("/api/v1/commitments/recorded/", everybody(200, 401)),
    Row("/api/v1/commitments/987654321/", everybody(404, 401)),
    Row(
        "/api/v1/commitments/prepare/",
        post=everybody(400, 401),
    ),
    # tasks: those of units one may see; somebody else's are as if they did not exist
    Row("/tasks/", dict(SEE)),
    Row(
        "/tasks/new/",
        JUDGE,
        with_answer(JUDGE, 422),
        may=JUDGES,
    ),
    Row("/tasks/987654321/", everybody(404), everybody(404)),
    Row("/tasks/987654321/remind/", post=everybody(404)),
    Row("/tasks/987654321/done/", post=everybody(404)),
    Row("/tasks/987654321/drop/", post=everybody(404)),
    Row("/api/v1/tasks/", everybody(200, 401), everybody(400, 401)),
    Row("/api/v1/tasks/987654321/", everybody(404, 401)),
    Row("/api/v1/tasks/987654321/done/", post=everybody(404, 401)),
    # programs
    Row(f"/api/v1/figures/{ABOUT}&indicator=HI", with_answer(SEE, 200, 401), gone=422),
    Row("/api/v1/units/", everybody(200, 401)),
    Row("/api/v1/periods/", everybody(200, 401)),
    Row("/api/v1/indicators/", everybody(200, 401)),
    Row("/api/v1/tokens/", everybody(200, 401), everybody(201, 401)),
    Row("/api/v1/tokens/unknown/", delete=everybody(404, 401)),
    Row("/api/v1/jobs/", everybody(200, 401)),
    Row("/api/v1/jobs/987654/", everybody(404, 401)),
    Row("/api/v1/decisions/", everybody(200, 401), everybody(400, 401)),
    Row("/api/v1/decisions/{decision}/", with_answer(DECISION, 200, 401)),
    Row(
        "/api/v1/targets/?unit={unit}&year=2025&on={month}-20",
        with_answer(SEE, 200, 401),
        gone=404,
    ),
    Row("/api/v1/submissions/", everybody(200, 401)),
    Row("/api/v1/counts/", everybody(200, 401)),
    Row("/api/v1/submissions/{month}/{commune}/", with_answer(SEE, 200, 401), gone=404),
    Row(
        "/api/v1/submissions/{month}/{commune}/counts/",
        with_answer(TYPE, 200, 401),
        patch=with_answer(TYPE, 200, 401),
        gone=404,
        may=REPORTERS,
    ),
    Row(
        "/api/v1/submissions/{month}/{commune}/send/",
        post=with_answer(TYPE, 422, 401),
        gone=404,
        may=REPORTERS,
    ),
    Row(
        "/api/v1/submissions/{month}/{commune}/approve/",
        # Whoever may approve is asked what they saw.
        post=with_answer(KEEP_SEATS, 400, 401),
        gone=404,
        may=KEEPERS,
    ),
    # targets of those who continue units that ended: showing another indicator stores nothing
    Row("/successions/", KEEP_SEATS, may=KEEPERS),
    Row("/successions/{unit}/2025-07-01/", KEEP_SEATS, KEEP_SEATS, may=KEEPERS),
    # one's own account
    Row("/accounts/password/", everybody(200), everybody(200)),
    Row("/admin/password_change/", everybody(200), everybody(200)),
    Row("/accounts/settings/", everybody(200), everybody(200)),
    Row("/accounts/second-factor/", everybody(200)),
    Row("/accounts/second-factor/set-up/", everybody(200), everybody(200)),
    Row("/accounts/second-factor/codes/", post=everybody(302)),
    Row("/accounts/second-factor/off/", post=everybody(302)),
]

PUBLIC = {
    "/help/": 200,
    "/help/unknown/": 404,
    "/favicon.ico": 302,
    "/entry/worker.js": 200,
    "/start/": 302,
    "/verify/": 200,
    "/verify/0123456789ABCDEF/": 404,
    "/api/v1/commitments/verify/0123456789ABCDEF/": 404,
    "/verify/key/": 200,
    "/verify/key.pem": 200,
    "/admin/login/": LOGIN,
    "/admin/logout/": 405,
    "/accounts/login/": 200,
    "/accounts/code/": LOGIN,
    "/accounts/logout/": 405,
    "/language/setlang/": 302,
    "/api/v1/schema/": 200,
    "/api/v1/docs/": 200,
}
"""Open to whoever comes along, and what a stranger's GET answers: nothing of a unit."""

COMMUNES = {"98": "98001", "99": "99005", "901": "99003", "902": "99004"}
"""A commune that reports, for each unit above one."""

# --- the walk ------------------------------------------------------------------------------------


@pytest.fixture
def site(reformed, catalogue, communes, province) -> None:
    """Province 99 and its neighbour 98 with numbers, targets and people, through the reform."""
    neighbour = builders.unit("98", "Núi Xa", tier=Tier.PROVINCE)
    far = builders.unit("98001", "Suối Lạnh", parent=neighbour)
    builders.rebuild_map()
    after = [by_code(code, AFTER.day) for code in ("99001", "99004", "99005")]
    for month, units in ((BEFORE.month, communes), (AFTER.month, after)):
        report(
            catalogue,
            [*units, far],
            month,
            HI=[7_310_017 + 1_303 * (month % 7) + 211 * n for n in range(len(units) + 1)],
        )
    planned = Unit.objects.administrative().exclude(code__startswith="98")
    assign(province, catalogue, {(unit, "HI"): 9_000_000 for unit in planned})
    for unit in Unit.objects.administrative():
        builders.seated(f"member-{unit.pk}", Role.AUDITOR, unit)
    enqueue(
        kind="conference_workbook", label="", arguments={}, actor=builders.user("somebody else")
    )


@pytest.fixture
def visitor(site, request) -> Callable[[str, When], Client]:
    """A browser in which one of the cast has signed in."""

    def visitor(name: str, when: When) -> Client:
        client = Client()
        if name == "new_chair":
            user = builders.user(name)
            builders.seat(user, Role.CHAIR, by_code("99001", AFTER.day), since=REFORM_DAY)
        elif name != "anonymous":
            user = request.getfixturevalue(name.removeprefix("ended_"))
        if name != "anonymous":
            client.force_login(user)
        return client

    return visitor


def on(when: When) -> time_machine.travel:
    return time_machine.travel(datetime(when.day.year, when.day.month, when.day.day, 12))


def unit_meant(code: str, month: Month) -> Unit:
    """The unit of the month; one that ended before, as it was."""
    of_month = Unit.objects.filter(code=code).in_force_on(month.last_day).administrative().first()
    return of_month or by_code(code)


def stands(code: str, month: Month) -> bool:
    return unit_meant(code, month).in_force_on(month.last_day)


def address_of(row: Row, code: str, month: Month) -> str:
    seat = Membership.objects.get(user__username=f"member-{unit_meant(code, month).pk}")
    return row.address.format(
        unit=code,
        divider=code,
        commune=COMMUNES.get(code, code),
        month=month,
        indicator="HI",
        person=seat.user.username,
        seat=seat.pk,
        job=Job.objects.get(by__username="somebody else").pk,
        decision=Decision.objects.get(number="1/QĐ-UBND").pk,
    )


def sent(client: Client, verb: str, address: str) -> HttpResponse:
    """The answer to an empty form; programs speak JSON."""
    kind = {"content_type": "application/json"} if address.startswith("/api/") else {}
    return getattr(client, verb)(address, **(kind if verb != "get" else {}))


def asked(name: str, when: When) -> Iterator[tuple[Row, str, int, str, str]]:
    """(row, method, relation, code of the unit, address) of everything a reader walks."""
    for row in TABLE:
        for relation, code in READERS[name].relations:
            if relation == 0 or row.has_place:
                address = address_of(row, code, when.month)
                for verb in VERBS:
                    if getattr(row, verb) is not None:
                        yield row, verb, relation, code, address


def answered(response: HttpResponse) -> int | str:
    if response.status_code == 302 and response.url.startswith(reverse("accounts:login")):
        return LOGIN
    return response.status_code


def digits(response: HttpResponse) -> str:
    """The page without what groups digits, to look numbers up in."""
    return re.sub(r"[.,\s]", "", response.getvalue().decode(errors="replace"))


def numbers() -> set[str]:
    """Every number of every unit."""
    counts = Count.objects.filter(value__isnull=False).values_list("value", flat=True)
    totals = Total.objects.filter(approved__isnull=False).values_list("approved", flat=True)
    found = {str(number) for number in (*counts, *totals)}
    assert min(map(len, found)) >= 7
    return found


def roles_named(response: HttpResponse) -> frozenset[Role]:
    if "json" in response.headers["Content-Type"]:
        errors = response.json()["errors"]
        (error,) = (error for error in errors if error["code"] == "not_allowed")
        return frozenset(map(Role, error["expected"].split(", ")))
    (listed,) = re.findall(r'<ul class="plain">(.*?)</ul>', response.content.decode(), re.S)
    words = set(re.findall(r"<li>(.*?)</li>", listed))
    by_word = {capfirst(str(role.label)): role for role in Role}
    return frozenset(by_word[word] for word in words)


@pytest.mark.parametrize(("name", "when"), VISITS)
def test_every_address_answers_those_who_may_and_nobody_else(name, when, visitor):
    wrong = {}
    with on(when):
        client = visitor(name, when)
        for row, verb, relation, code, address in asked(name, when):
            right = getattr(row, verb)[name][relation]
            rights = {right}
            if row.has_place and not stands(code, when.month):
                # What does not stand may be said not to exist before anybody's right is asked.
                rights = {403: {403, 404}, 200: {row.gone}, 302: {row.gone}}.get(right, rights)
            if (found := answered(sent(client, verb, address))) not in rights:
                wrong[verb, address] = f"{found} instead of {rights}"
    assert wrong == {}


@pytest.mark.parametrize(("name", "when"), VISITS)
def test_a_refusal_shows_no_number_writes_nothing_and_names_the_roles_that_may(name, when, visitor):
    wrong, refused, secret = {}, 0, numbers()
    with on(when):
        client = visitor(name, when)
        written = JournalEntry.objects.count()
        for row, verb, relation, _code, address in asked(name, when):
            if getattr(row, verb)[name][relation] not in (401, 403, 404, LOGIN):
                continue
            refused += 1
            response = sent(client, verb, address)
            page = digits(response)
            if shown := [number for number in secret if number in page]:
                wrong[verb, address] = shown
            if response.status_code == 403 and name != "anonymous":
                # Whoever does not even see the unit is told who does.
                sees = SEE[name][relation] == 200
                may = {row.may} if sees else {row.may, EVERY_ROLE}
                if (named := roles_named(response)) not in may:
                    wrong[verb, address] = named
        assert JournalEntry.objects.count() == written
    assert wrong == {}
    assert refused


def test_the_walk_would_find_the_numbers_on_pages_that_show_them(visitor):
    secret, silent = numbers(), set()
    with on(BEFORE):
        client = visitor("chair", BEFORE)
        for row in TABLE:
            if row.get is SEE:
                page = digits(client.get(address_of(row, "901", BEFORE.month)))
                if not any(number in page for number in secret):
                    silent.add(row.address.partition("?")[0])
    # Completeness and a ranking tell no number of people, and a workbook is packed.
    files = {f"/excel/{page}/" for page in ("overview", "ranking", "unit", "indicator")}
    packed = files | {"/entry/{month}/{unit}/template/"}
    # Two days of one year's targets do not differ here: there is nothing to compare.
    assert silent == {"/completeness/", "/ranking/", "/decisions/compare/"} | packed


@pytest.mark.parametrize("name", READERS)
def test_a_method_an_address_does_not_know_is_refused_to_everybody(name, visitor):
    when, wrong = READERS[name].asks[-1], {}
    with on(when):
        client = visitor(name, when)
        for row in TABLE:
            address = address_of(row, READERS[name].own, when.month)
            for verb in VERBS:
                if getattr(row, verb) is None:
                    found = answered(sent(client, verb, address))
                    # A stranger may be led to the way in before the method is looked at.
                    led_in = name == "anonymous" and found in (LOGIN, 401, 403)
                    if found != 405 and not led_in:
                        wrong[verb, address] = found
    assert wrong == {}


@pytest.mark.parametrize("name", ["ended_chair", "ended_commune_officer"])
def test_a_code_used_again_opens_nothing_new_to_whoever_sat_at_the_old_unit(name, visitor):
    wrong, secret = {}, numbers()
    with on(AFTER):
        client = visitor(name, AFTER)
        for row in TABLE:
            if "{unit}" in row.address and row.get:
                address = address_of(row, "99001", AFTER.month)
                response = client.get(address)
                page = digits(response)
                if response.status_code != 403 or any(number in page for number in secret):
                    wrong[address] = response.status_code
    assert wrong == {}


def test_what_is_public_answers_a_stranger_and_shows_nothing_of_a_unit(visitor):
    client, secret = visitor("anonymous", BEFORE), numbers()
    for address, right in PUBLIC.items():
        response = client.get(address)
        assert answered(response) == right, address
        assert not any(number in digits(response) for number in secret), address


# --- nothing is forgotten ------------------------------------------------------------------------


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every address the site knows; the back office has walks of its own in tests/admin."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if not isinstance(pattern, URLResolver):
            yield route
        elif pattern.namespace != "admin":
            yield from routes(pattern, route)


def route_of(address: str) -> str:
    path = address.partition("?")[0]
    fill = {
        "unit": "99",
        "indicator": "HI",
        "month": "2025-05",
        "person": "somebody",
        "seat": "1",
        "job": "1",
        "commune": "99001",
        "decision": "1",
    }
    return resolve(path.format(**fill)).route


def test_every_address_is_walked_or_known_to_be_public():
    walked = {route_of(row.address) for row in TABLE}
    public = {route_of(address) for address in PUBLIC}
    assert walked & public == set()
    forgotten = set(routes(get_resolver())) - walked - public
    assert forgotten == set(), "add a line to TABLE"
