"""Reports through the API: the sheet, saving with versions, sending, deciding; the same rights."""

from datetime import date

import pytest
import time_machine

from collection.models import DraftCell, Receipt
from collection.rules import BLANK, digest_of
from commitments.actions.reporting.counts import Entry, record_counts
from commitments.models import Count, ReviewLevel, Revision, Rule, Submission
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.committee.roles import Role
from tests import builders

JANUARY, FEBRUARY = Month.of(2024, 1), Month.of(2024, 2)
TODAY = date(2024, 3, 3)
REPORT = "/api/v1/submissions/2024-02/99001/"
COUNTS = f"{REPORT}counts/"


@pytest.fixture(autouse=True)
def in_march():
    with time_machine.travel("2024-03-03T08:00:00+07:00"):
        yield


@pytest.fixture
def january(catalogue, communes):
    """January approved, so that February has something beside it."""
    numbers = {"HI": 100, "SI_V": 10, "HI_HH_NEW": 3}
    record_counts(
        entries=[Entry(JANUARY, communes[0].pk, catalogue[c].pk, n) for c, n in numbers.items()],
        actor=COMMAND_LINE,
        on=TODAY,
        approve=True,
    )


@pytest.fixture
def client(api, commune_officer, january):
    return api(commune_officer)


def typed(client, **texts: str):
    """The answer to saving these texts with the versions that the sheet shows now."""
    versions = {cell["indicator"]: cell["version"] for cell in client.get(COUNTS).json()["cells"]}
    cells = [{"indicator": c, "text": t, "version": versions[c]} for c, t in texts.items()]
    return client.patch(COUNTS, {"cells": cells})


def decide(client, verb: str, **told: str):
    """The answer to a decision about the report as it stands now."""
    return client.post(f"{REPORT}{verb}/", {"seen": client.get(REPORT).json()["last_move"], **told})


def test_times_are_told_in_the_zone_of_the_site(client):
    saved = typed(client, HI="102").json()["saved_at"]
    assert saved.startswith("2024-03-03T08:00:")
    assert saved.endswith("+07:00")
    typed(client, SI_V="10", HI_HH_NEW="3")
    client.post(f"{REPORT}send/")
    told = client.get(REPORT).json()
    assert {move["at"][-6:] for move in told["moves"]} == {"+07:00"}
    assert {receipt["at"][-6:] for receipt in told["receipts"]} == {"+07:00"}


def test_saving_a_cell_reads_only_what_depends_on_it(
    keeping, client, catalogue, django_assert_max_num_queries
):
    Rule.objects.create(
        code="CHANGE",
        kind="change",
        severity="explain",
        indicator=catalogue["HI"],
        percent=10,
        least=1,
    )
    typed(client, HI="149")
    version = typed(client, HI="150").json()["cells"][0]["version"]
    cell = {"indicator": "HI", "text": "151", "version": version}
    with django_assert_max_num_queries(14):
        answer = client.patch(COUNTS, {"cells": [cell]}).json()
    assert [(found["rule"], found["open"]) for found in answer["findings"]] == [("CHANGE", True)]


def test_sending_reads_each_thing_once(keeping, client, django_assert_max_num_queries):
    typed(client, HI="102")
    typed(client, SI_V="10", HI_HH_NEW="3")
    # Two levels stand above a commune until 2025: with one it takes 25.
    with django_assert_max_num_queries(27) as asked:
        assert client.post(f"{REPORT}send/").status_code == 201
    tables = [query["sql"] for query in asked.captured_queries]
    assert not [sql for sql in tables if "districts_succession" in sql and "INSERT" not in sql]


def errors_of(answer) -> set[tuple[str, str | None]]:
    return {(error["code"], error["field"]) for error in answer.json()["errors"]}


def test_the_sheet_shows_every_cell_with_last_month_and_its_version(client):
    sheet = client.get(COUNTS).json()
    assert [(c["indicator"], c["text"], c["value"], c["last"]) for c in sheet["cells"]] == [
        ("HI", "", None, 100),
        ("HI_HH_NEW", "", None, 3),
        ("SI_V", "", None, 10),
    ]
    assert (sheet["filled"], sheet["all"]) == (0, 3)
    assert all(cell["version"] for cell in sheet["cells"])


def test_a_saved_cell_is_on_the_server_and_nobodys_figure_yet(client, province):
    answer = typed(client, HI="1.486")
    assert answer.status_code == 200
    (cell,) = answer.json()["cells"]
    assert (cell["text"], cell["value"], cell["conflict"]) == ("1.486", 1486, None)
    assert DraftCell.objects.get().value == 1486
    assert not Count.objects.filter(month=FEBRUARY).exists()


def test_a_text_that_is_no_number_is_kept_as_typed_and_quoted(client):
    (cell,) = typed(client, HI="1,5").json()["cells"]
    assert (cell["text"], cell["value"]) == ("1,5", None)
    assert cell["error"]["read"] == "1,5"
    assert client.get(COUNTS).json()["cells"][0]["text"] == "1,5"


def test_somebody_elses_change_is_shown_and_never_overwritten(client, api, officer):
    stale = client.get(COUNTS).json()["cells"][0]["version"]
    typed(api(officer), HI="120")
    changes = [
        {"indicator": "HI", "text": "130", "version": stale},
        {
            "indicator": "SI_V",
            "text": "11",
            "version": client.get(COUNTS).json()["cells"][2]["version"],
        },
    ]
    answer = client.patch(COUNTS, {"cells": changes})
    assert answer.status_code == 409
    hi, si = answer.json()["cells"]
    assert (hi["conflict"]["text"], hi["conflict"]["by"]) == ("120", "officer")
    assert si["conflict"] is None
    assert {d.indicator.code: d.value for d in DraftCell.objects.all()} == {"HI": 120, "SI_V": 11}


def test_an_approval_in_between_is_no_conflict(client, api, officer):
    typed(client, HI="104", SI_V="11", HI_HH_NEW="0")
    seen = cell(client, "HI", "105")
    client.post(f"{REPORT}send/")
    assert decide(api(officer), "approve").json()["state"] == "approved"
    answer = client.patch(COUNTS, {"cells": [seen]})
    assert (answer.status_code, answer.json()["cells"][0]["value"]) == (200, 105)


def test_sending_gives_a_receipt_whose_digest_can_be_recomputed(client, communes):
    typed(client, HI="104", SI_V="11", HI_HH_NEW="0")
    answer = client.post(f"{REPORT}send/")
    assert answer.status_code == 201
    receipt = answer.json()
    assert receipt["values"] == {"HI": 104, "SI_V": 11, "HI_HH_NEW": 0}
    assert receipt["digest"] == digest_of(receipt["number"], "99001", FEBRUARY, receipt["values"])
    assert Submission.objects.get(month=FEBRUARY).state == "submitted"
    assert Count.objects.get(month=FEBRUARY, indicator__code="HI").value == 104
    assert not DraftCell.objects.exists()


def test_an_incomplete_report_is_refused_with_every_empty_cell_and_nothing_is_sent(client):
    typed(client, HI="104")
    answer = client.post(f"{REPORT}send/")
    assert answer.status_code == 422
    assert errors_of(answer) == {("missing", "SI_V"), ("missing", "HI_HH_NEW")}
    assert not Receipt.objects.exists()
    assert DraftCell.objects.count() == 1


def test_a_rule_that_asks_is_answered_through_the_api(client, catalogue):
    Rule.objects.create(
        code="HI_CHANGE", kind="change", severity="explain", indicator=catalogue["HI"],
        percent=10, least=2,
    )  # fmt: skip
    (finding,) = typed(client, HI="150", SI_V="11", HI_HH_NEW="0").json()["findings"]
    assert (finding["rule"], finding["indicator"], finding["open"]) == ("HI_CHANGE", "HI", True)
    assert errors_of(client.post(f"{REPORT}send/")) == {("explanation_needed", "HI")}
    told = {"explanations": [{"rule": "HI_CHANGE", "text": "Đợt vận động"}]}
    (finding,) = client.patch(COUNTS, told).json()["findings"]
    assert (finding["explanation"], finding["open"]) == ("Đợt vận động", False)
    assert client.post(f"{REPORT}send/").status_code == 201


def test_a_report_goes_from_hand_to_hand(client, api, officer, chair):
    ReviewLevel.objects.create(tier="district", since=Month(0), until=Month.of(2025, 7))
    typed(client, HI="104", SI_V="11", HI_HH_NEW="0")
    client.post(f"{REPORT}send/")
    assert errors_of(decide(api(officer), "approve")) == {("wrong_state", None)}
    assert decide(api(chair), "verify").json()["state"] == "verified"
    assert api(officer).get(REPORT).json()["steps"]
    assert decide(api(officer), "approve").json()["state"] == "approved"
    assert Count.objects.get(month=FEBRUARY, indicator__code="HI").approved == 104
    assert api(officer).post(f"{REPORT}undo/").json()["state"] == "verified"
    assert Count.objects.get(month=FEBRUARY, indicator__code="HI").approved is None


def test_a_return_needs_a_reason_and_the_reporter_reads_it(client, api, officer):
    typed(client, HI="104", SI_V="11", HI_HH_NEW="0")
    client.post(f"{REPORT}send/")
    assert errors_of(decide(api(officer), "return")) == {("reason_needed", None)}
    decide(api(officer), "return", why="Chưa khớp")
    whole = client.get(REPORT).json()
    assert whole["state"] == "returned"
    assert whole["moves"][-1]["why"] == "Chưa khớp"


def test_a_text_that_does_not_fit_is_told_with_its_limit(client, api, officer, catalogue):
    Rule.objects.create(
        code="HI_CHANGE", kind="change", severity="explain", indicator=catalogue["HI"],
        percent=10, least=2,
    )  # fmt: skip
    typed(client, HI="150", SI_V="11", HI_HH_NEW="0")
    told = {"explanations": [{"rule": "HI_CHANGE", "text": "x" * 2001}]}
    answer = client.patch(COUNTS, told)
    assert (answer.status_code, errors_of(answer)) == (422, {("too_long", "HI_CHANGE")})
    assert answer.json()["errors"][0]["message"].startswith("Văn bản có 2001 ký tự; tối đa 2000")
    client.patch(COUNTS, {"explanations": [{"rule": "HI_CHANGE", "text": "Đợt vận động"}]})
    client.post(f"{REPORT}send/")
    returned = decide(api(officer), "return", why="x" * 301)
    assert (returned.status_code, errors_of(returned)) == (422, {("too_long", "why")})
    assert Submission.objects.get(month=FEBRUARY).state == "submitted"


def test_where_an_answer_is_refused_the_cells_beside_it_are_not_saved_either(client):
    blank = client.get(COUNTS).json()["cells"][0]
    cells = [{"indicator": "HI", "text": "150", "version": blank["version"]}]
    answer = client.patch(
        COUNTS, {"cells": cells, "explanations": [{"rule": "HI_CHANGE", "text": "x" * 2001}]}
    )
    assert (answer.status_code, errors_of(answer)) == (422, {("too_long", "HI_CHANGE")})
    assert not DraftCell.objects.exists()
    assert client.get(COUNTS).json()["cells"][0] == blank


def test_a_report_nobody_reviewed_is_withdrawn(client):
    typed(client, HI="104", SI_V="11", HI_HH_NEW="0")
    client.post(f"{REPORT}send/")
    assert client.post(f"{REPORT}withdraw/").json()["state"] == "draft"


def test_whoever_may_not_report_learns_nothing_from_withdrawing(client, api, communes):
    stranger = builders.seated("stranger", Role.OFFICER, communes[4])
    before = api(stranger).post(f"{REPORT}withdraw/")
    typed(client, HI="101", SI_V="10", HI_HH_NEW="0")
    client.post(f"{REPORT}send/")
    after = api(stranger).post(f"{REPORT}withdraw/")
    assert (before.status_code, after.status_code) == (403, 403)
    assert before.json() == after.json()
    assert errors_of(after) == {("not_allowed", None)}


def test_nobody_approves_what_they_reported(api, officer, january):
    client = api(officer)
    typed(client, HI="104", SI_V="11", HI_HH_NEW="0")
    client.post(f"{REPORT}send/")
    assert errors_of(decide(client, "approve")) == {("own_report", None)}


@pytest.mark.parametrize("verb", ["approve", "return"])
def test_a_report_that_changed_after_it_was_seen_is_not_decided_about_and_shown(
    verb, client, api, officer
):
    typed(client, HI="104", SI_V="11", HI_HH_NEW="0")
    client.post(f"{REPORT}send/")
    seen = api(officer).get(REPORT).json()["last_move"]
    client.post(f"{REPORT}withdraw/")
    typed(client, HI="999")
    client.post(f"{REPORT}send/")
    refused = api(officer).post(f"{REPORT}{verb}/", {"seen": seen, "why": "Chưa khớp"})
    assert refused.status_code == 409
    assert errors_of(refused) == {("changed_meanwhile", "seen")}
    report = refused.json()["report"]
    assert [move["verb"] for move in report["moves"] if move["id"] > seen] == ["withdraw", "send"]
    assert (report["state"], Submission.objects.get(month=FEBRUARY).state) == ("submitted",) * 2
    again = {"seen": report["last_move"], "why": "Chưa khớp"}
    assert api(officer).post(f"{REPORT}{verb}/", again).status_code == 200


def test_a_decision_that_does_not_say_what_was_seen_is_refused(client, api, officer, chair):
    ReviewLevel.objects.create(tier="district", since=Month(0), until=Month.of(2025, 7))
    typed(client, HI="104", SI_V="11", HI_HH_NEW="0")
    client.post(f"{REPORT}send/")
    for verb, user in (("verify", chair), ("return", chair), ("verify", officer)):
        refused = api(user).post(f"{REPORT}{verb}/", {"why": "Chưa khớp"})
        assert (refused.status_code, errors_of(refused)) == (400, {("unseen", "seen")})
    assert Submission.objects.get(month=FEBRUARY).state == "submitted"
    # Whoever may not decide is told that first.
    assert api(chair).post(f"{REPORT}approve/").status_code == 403


@pytest.mark.parametrize("who", ["chair_elsewhere", "leader", "auditor", "outsider"])
def test_who_may_not_report_neither_sees_what_is_typed_nor_types(
    who, request, client, api, province
):
    typed(client, HI="777123")
    if who == "chair_elsewhere":
        user = builders.seated(who, Role.CHAIR, builders.by_code("902"))
    else:
        user = request.getfixturevalue(who)
    other = api(user)
    assert other.get(COUNTS).status_code == 403
    answer = other.patch(COUNTS, {"cells": [{"indicator": "HI", "text": "1", "version": BLANK}]})
    assert answer.status_code == 403
    assert "777123" not in answer.content.decode()
    assert other.post(f"{REPORT}send/").status_code == 403
    assert other.post(f"{REPORT}approve/").status_code == 403
    assert DraftCell.objects.get().value == 777123


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ([{"indicator": "HI", "text": "1"}], "cells.0.version"),
        ([{"text": "1", "version": BLANK}], "cells.0.indicator"),
        ("many", "cells"),
        ([{"indicator": "HI", "text": "9" * 61, "version": BLANK}], "cells.0.text"),
    ],
)
def test_what_is_wrong_in_the_request_is_named(client, cells, field):
    answer = client.patch(COUNTS, {"cells": cells})
    assert answer.status_code == 400
    assert field in {error["field"] for error in answer.json()["errors"]}
    assert not DraftCell.objects.exists()


def test_an_indicator_not_entered_here_is_refused_by_name(client):
    cells = [{"indicator": "TOTAL", "text": "1", "version": BLANK}]
    answer = client.patch(COUNTS, {"cells": cells})
    assert answer.status_code == 422
    assert errors_of(answer) == {("not_entered_here", "TOTAL")}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/submissions/spring/99001/", 400),
        ("/api/v1/submissions/2024-02/77777/", 404),
        ("/api/v1/submissions/2024-02/99001/dance/", 405),
        # The code is that of a new commune in September, which is somebody else's.
        ("/api/v1/submissions/2025-09/99001/", 403),
    ],
)
def test_an_address_that_means_nothing_says_so(client, address, status, reformed):
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["message"]


def test_lists_hold_what_the_reader_may_see(client, api, outsider):
    typed(client, HI="104", SI_V="11", HI_HH_NEW="0")
    client.post(f"{REPORT}send/")
    found = client.get("/api/v1/submissions/", {"state": "submitted"}).json()["results"]
    assert [(row["unit"], row["month"]) for row in found] == [("99001", "2024-02")]
    assert found[0]["last_move"] == client.get(REPORT).json()["last_move"] > 0
    query = {"month": "2024-02", "indicator": "HI"}
    (count,) = client.get("/api/v1/counts/", query).json()["results"]
    assert (count["value"], count["approved"]) == (104, None)
    assert api(outsider).get("/api/v1/submissions/").json()["count"] == 0
    assert api(outsider).get("/api/v1/counts/").json()["count"] == 0


def test_saving_one_cell_or_all_takes_the_same_queries(client, django_assert_max_num_queries):
    typed(client, HI="104")
    changed = [cell(client, "HI", "105")]
    cells = [*changed, cell(client, "SI_V", "7"), cell(client, "HI_HH_NEW", "7")]
    with django_assert_max_num_queries(60) as one:
        answer = client.patch(COUNTS, {"cells": changed})
    assert answer.status_code == 200
    with django_assert_max_num_queries(len(one)):
        assert client.patch(COUNTS, {"cells": cells}).status_code == 200
    assert not Revision.objects.filter(month=FEBRUARY).exists()


def cell(client, code: str, text: str) -> dict:
    versions = {cell["indicator"]: cell["version"] for cell in client.get(COUNTS).json()["cells"]}
    return {"indicator": code, "text": text, "version": versions[code]}
