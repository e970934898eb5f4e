"""A report as one form: its numbers, what the rules ask, and its next steps."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.actions.reporting.periods import close_period
from commitments.models import Base, Count, Move, Revision, State, Submission, Total
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from tests import builders

from .conftest import DECEMBER, JANUARY, TODAY, page, told

FEBRUARY = JANUARY + 1


@pytest.fixture
def commune(world):
    return world.communes[0]


def new_report(unit, month) -> str:
    return page("commitments.submission", "add") + f"?unit={unit.pk}&month={month}"


def address(report: Submission) -> str:
    return page("commitments.submission", "change", report.pk)


def numbers(world, **values: str) -> dict[str, str]:
    return {f"count_{world.indicators[code].pk}": value for code, value in values.items()}


def value(unit, month, code: str) -> tuple[int | None, int | None] | None:
    found = Count.objects.filter(unit=unit, month=month, indicator__code=code)
    return found.values_list("value", "approved").first()


def test_choosing_unit_and_month_opens_the_form_of_what_the_unit_enters(
    world, commune, commune_officer, signed_in
):
    client = signed_in(commune_officer)
    chooser = client.get(page("commitments.submission", "add"))
    assert chooser.context["form"].initial == {"month": JANUARY, "unit": commune}
    form = client.get(new_report(commune, FEBRUARY)).context["form"]
    assert [line.indicator.code for line in form.lines] == ["POP", "HI", "HI_HH_NEW", "SI_V"]
    by_code = {line.indicator.code: line for line in form.lines}
    assert (by_code["HI"].last, by_code["HI"].value) == (1500, None)
    assert by_code["POP"].base.number == 20_000
    assert by_code["POP"].base.given == DECEMBER


def test_a_month_that_has_a_report_opens_that_report(world, commune, commune_officer, signed_in):
    answer = signed_in(commune_officer).get(new_report(commune, JANUARY))
    assert answer.url == address(Submission.objects.get(unit=commune, month=JANUARY))


def test_a_unit_out_of_reach_or_not_in_force_cannot_be_chosen(
    world, commune_officer, signed_in, officer
):
    answer = signed_in(commune_officer).get(new_report(world.communes[1], FEBRUARY))
    assert "unit" in answer.context["form"].errors
    builders.reform_99(world.province)
    answer = signed_in(officer).get(new_report(world.communes[0], "2025-08"))
    assert "unit" in answer.context["form"].errors


def test_saving_and_sending_writes_counts_revisions_moves_and_totals(
    world, commune, commune_officer, signed_in
):
    data = numbers(world, HI="1.512", HI_HH_NEW="7", SI_V="") | {"_send": "1"}
    answer = signed_in(commune_officer).post(new_report(commune, FEBRUARY), data)
    report = Submission.objects.get(unit=commune, month=FEBRUARY)
    assert answer.url == address(report)
    assert (report.state, report.reported_by) == (State.SUBMITTED, commune_officer)
    assert value(commune, FEBRUARY, "HI") == (1512, None)
    assert value(commune, FEBRUARY, "SI_V") is None
    revision = Revision.objects.get(unit=commune, month=FEBRUARY, indicator__code="HI")
    assert (revision.old_value, revision.new_value, revision.by) == (None, 1512, commune_officer)
    assert [move.verb for move in report.moves.all()] == ["send"]
    total = Total.objects.get(node=world.province, month=FEBRUARY, indicator__code="HI")
    assert (total.reported, total.approved) == (1512, None)


def test_a_draft_is_saved_without_being_sent(world, commune, commune_officer, signed_in):
    data = numbers(world, HI="1510") | {"_save": "1"}
    signed_in(commune_officer).post(new_report(commune, FEBRUARY), data)
    report = Submission.objects.get(unit=commune, month=FEBRUARY)
    assert report.state == State.DRAFT
    assert not report.moves.exists()


def test_a_finding_that_asks_keeps_the_draft_until_it_is_explained(
    world, commune, commune_officer, signed_in
):
    client = signed_in(commune_officer)
    data = numbers(world, HI="3000") | {"_send": "1"}
    answer = client.post(new_report(commune, FEBRUARY), data, follow=True)
    report = Submission.objects.get(unit=commune, month=FEBRUARY)
    assert report.state == State.DRAFT
    assert "3.000" in told(answer)
    assert [row.rule.code for row in answer.context["explanations"]] == ["HI_JUMP"]
    client.post(address(report), data | {"explanation": "Rà soát lại danh sách"})
    report.refresh_from_db()
    assert report.state == State.SUBMITTED
    assert report.explanations.get().text == "Rà soát lại danh sách"


@pytest.mark.parametrize(
    ("typed", "said"),
    [("1,5", "1,5"), ("nhiều", "nhiều"), ("-3", "-3"), ("99.000.000", "HI")],
)
def test_wrong_input_is_quoted_beside_its_number_and_nothing_is_saved(
    world, commune, commune_officer, signed_in, typed, said
):
    data = numbers(world, HI=typed, SI_V="60") | {"_send": "1"}
    answer = signed_in(commune_officer).post(new_report(commune, FEBRUARY), data)
    assert answer.status_code == 200
    form = answer.context["form"]
    (sentence,) = form.errors[f"count_{world.indicators['HI'].pk}"]
    assert said in sentence
    assert typed in answer.content.decode()
    assert not Count.objects.filter(month=FEBRUARY).exists()
    assert not Submission.objects.filter(month=FEBRUARY).exists()


def test_an_empty_form_is_refused_with_a_sentence(world, commune, commune_officer, signed_in):
    answer = signed_in(commune_officer).post(new_report(commune, FEBRUARY), {"_send": "1"})
    assert answer.context["form"].non_field_errors()
    assert not Submission.objects.filter(month=FEBRUARY).exists()


def test_a_blank_does_not_erase_a_count_and_says_so(world, commune, commune_officer, signed_in):
    report = Submission.objects.get(unit=commune, month=JANUARY)
    answer = signed_in(commune_officer).post(
        address(report), numbers(world, HI="") | {"_save": "1"}
    )
    assert "1.500" in answer.context["form"].errors[f"count_{world.indicators['HI'].pk}"][0]
    assert value(commune, JANUARY, "HI") == (1500, None)


def shown(world, **values: str) -> dict[str, str]:
    """What stood in the page when it was made, as its hidden fields send it along."""
    return {f"initial-{name}": value for name, value in numbers(world, **values).items()}


def test_the_page_sends_along_what_it_showed(world, commune, commune_officer, signed_in):
    report = Submission.objects.get(unit=commune, month=JANUARY)
    content = signed_in(commune_officer).get(address(report)).content.decode()
    assert f'name="initial-count_{world.indicators["HI"].pk}" value="1.500"' in content


def test_only_what_was_changed_is_saved(world, commune, commune_officer, signed_in):
    world.report(commune, JANUARY, SI_V=70)
    report = Submission.objects.get(unit=commune, month=JANUARY)
    data = shown(world, HI="1.500", SI_V="60") | numbers(world, HI="1.501", SI_V="60")
    answer = signed_in(commune_officer).post(address(report), data | {"_save": "1"})
    assert answer.status_code == 302
    assert value(commune, JANUARY, "HI") == (1501, None)
    assert value(commune, JANUARY, "SI_V") == (70, None)


def test_a_number_that_changed_meanwhile_is_not_overwritten(
    world, commune, commune_officer, signed_in
):
    report = Submission.objects.get(unit=commune, month=JANUARY)
    data = shown(world, HI="1.450") | numbers(world, HI="1.501") | {"_save": "1"}
    answer = signed_in(commune_officer).post(address(report), data)
    assert "1.500" in answer.context["form"].errors[f"count_{world.indicators['HI'].pk}"][0]
    assert value(commune, JANUARY, "HI") == (1500, None)


def test_a_new_base_needs_its_source_and_date(world, commune, commune_officer, signed_in):
    client = signed_in(commune_officer)
    data = numbers(world, HI="1500", POP="20.100") | {"_save": "1"}
    answer = client.post(new_report(commune, FEBRUARY), data)
    assert {"base_source", "dated"} <= answer.context["form"].errors.keys()
    data |= {"base_source": "Niên giám 2023", "dated": "07/03/2023"}
    client.post(new_report(commune, FEBRUARY), data)
    base = Base.objects.get(unit=commune, month=FEBRUARY)
    assert (base.source, base.dated) == ("Niên giám 2023", date(2023, 3, 7))
    assert value(commune, FEBRUARY, "POP") == (20_100, None)


def test_a_report_goes_up_step_by_step_and_each_step_is_for_somebody_else(
    world, commune, commune_officer, chair, officer, signed_in
):
    data = numbers(world, HI="1510") | {"_send": "1"}
    signed_in(commune_officer).post(new_report(commune, FEBRUARY), data)
    report = Submission.objects.get(unit=commune, month=FEBRUARY)

    def offered(user) -> set[str]:
        return {name for name, _label in signed_in(user).get(address(report)).context["buttons"]}

    assert offered(commune_officer) == {"_save", "_send", "_withdraw"}
    assert offered(chair) == {"_save", "_send", "_withdraw", "_verify", "_return"}
    assert "_approve" not in offered(officer)
    signed_in(chair).post(address(report), {"_verify": "1"} | numbers(world, HI="1510"))
    assert offered(officer) >= {"_approve", "_return"}
    signed_in(officer).post(address(report), {"_approve": "1"} | numbers(world, HI="1510"))
    report.refresh_from_db()
    assert report.state == State.APPROVED
    assert value(commune, FEBRUARY, "HI") == (1510, 1510)
    steps = list(report.moves.values_list("verb", "by__username"))
    assert steps == [("send", "commune_officer"), ("verify", "chair"), ("approve", "officer")]
    assert JournalEntry.objects.filter(action="report.approve", actor=officer).exists()


def test_nobody_approves_their_own_report(world, commune, officer, chair, signed_in):
    client = signed_in(officer)
    client.post(new_report(commune, FEBRUARY), numbers(world, HI="1510") | {"_send": "1"})
    report = Submission.objects.get(unit=commune, month=FEBRUARY)
    signed_in(chair).post(address(report), {"_verify": "1"} | numbers(world, HI="1510"))
    shown = client.get(address(report))
    assert "_approve" not in dict(shown.context["buttons"])
    answer = client.post(
        address(report), {"_approve": "1"} | numbers(world, HI="1510"), follow=True
    )
    assert told(answer)
    report.refresh_from_db()
    assert report.state == State.VERIFIED
    assert value(commune, FEBRUARY, "HI") == (1510, None)


def test_a_report_is_returned_with_a_reason_only(world, commune, chair, signed_in):
    report = Submission.objects.get(unit=commune, month=JANUARY)
    client = signed_in(chair)
    same = {"_return": "1"} | numbers(world, HI="1500")
    answer = client.post(address(report), same, follow=True)
    report.refresh_from_db()
    assert told(answer) and report.state == State.SUBMITTED
    client.post(address(report), same | {"why": "Thiếu số người tham gia BHXH"})
    report.refresh_from_db()
    assert report.state == State.RETURNED
    assert report.moves.last().why == "Thiếu số người tham gia BHXH"


def test_a_step_is_not_taken_over_changed_numbers(world, commune, officer, chair, signed_in):
    report = Submission.objects.get(unit=commune, month=JANUARY)
    answer = signed_in(chair).post(address(report), {"_verify": "1"} | numbers(world, HI="1600"))
    assert answer.context["form"].non_field_errors()
    report.refresh_from_db()
    assert report.state == State.SUBMITTED
    assert value(commune, JANUARY, "HI") == (1500, None)


def test_a_correction_leaves_the_approved_number_until_the_next_approval(
    world, commune, commune_officer, signed_in
):
    report = Submission.objects.get(unit=commune, month=DECEMBER)
    data = numbers(world, POP="20.000", HI="1.005", SI_V="50") | {"_send": "1", "why": "Đếm lại"}
    signed_in(commune_officer).post(address(report), data)
    report.refresh_from_db()
    assert report.state == State.SUBMITTED
    assert value(commune, DECEMBER, "HI") == (1005, 1000)
    assert Revision.objects.first().why == "Đếm lại"


@pytest.mark.parametrize("who", ["auditor", "leader"])
def test_who_only_looks_sees_the_numbers_and_is_refused_with_a_sentence(
    who, world, commune, signed_in, request
):
    report = Submission.objects.get(unit=commune, month=JANUARY)
    client = signed_in(request.getfixturevalue(who))
    shown = client.get(address(report))
    assert shown.context["buttons"] == []
    assert "1.500" in shown.content.decode()
    answer = client.post(address(report), numbers(world, HI="9") | {"_save": "1"})
    assert answer.context["form"].errors
    answer = client.post(address(report), {"_approve": "1"}, follow=True)
    assert told(answer)
    assert value(commune, JANUARY, "HI") == (1500, None)
    assert Submission.objects.get(pk=report.pk).state == State.SUBMITTED


def test_a_closed_month_takes_nothing(world, commune, commune_officer, signed_in):
    close_period(unit=world.province, month=JANUARY, actor=COMMAND_LINE, on=TODAY)
    report = Submission.objects.get(unit=commune, month=JANUARY)
    client = signed_in(commune_officer)
    assert client.get(address(report)).context["buttons"] == []
    answer = client.post(address(report), numbers(world, HI="1501") | {"_save": "1"})
    assert "01/2024" in str(answer.context["form"].errors)
    assert value(commune, JANUARY, "HI") == (1500, None)


def test_many_reports_are_verified_and_returned_from_the_list(world, chair, signed_in):
    client = signed_in(chair)
    chosen = [report.pk for report in Submission.objects.filter(month=JANUARY)]
    mine = list(Submission.objects.filter(month=JANUARY, unit__code__lte="99003"))
    data = {"action": "verify", "_selected_action": chosen}
    client.post(page("commitments.submission"), data)
    states = dict(Submission.objects.filter(month=JANUARY).values_list("unit__code", "state"))
    assert {code for code, state in states.items() if state == State.VERIFIED} == {
        "99001", "99002", "99003",
    }  # fmt: skip
    data = {"action": "return_report", "_selected_action": [report.pk for report in mine]}
    asked = client.post(page("commitments.submission"), data)
    assert asked.status_code == 200 and not Move.objects.filter(verb="return").exists()
    client.post(page("commitments.submission"), data | {"why": "Gửi lại bản có chữ ký"})
    assert Move.objects.filter(verb="return", why="Gửi lại bản có chữ ký").count() == 3


def test_the_form_costs_no_more_queries_with_more_indicators(
    world, commune, commune_officer, signed_in
):
    report = Submission.objects.get(unit=commune, month=JANUARY)
    client = signed_in(commune_officer)
    with CaptureQueriesContext(connection) as few:
        client.get(address(report))
    for number in range(12):
        world.indicators[f"N{number}"] = builders.indicator(f"N{number}", position=20 + number)
        world.report(commune, JANUARY, actor=commune_officer, **{f"N{number}": number})
    with CaptureQueriesContext(connection) as many:
        shown = client.get(address(report))
    assert len(shown.context["form"].lines) == 16
    assert len(many) <= len(few)


def test_where_nobody_verifies_the_province_approves_at_once(
    world, office, officer, auditor, signed_in
):
    report = world.report(office, JANUARY, TOTAL=1400)
    buttons = dict(signed_in(officer).get(address(report)).context["buttons"])
    assert "_approve" in buttons and "_verify" not in buttons
