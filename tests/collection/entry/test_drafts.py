"""What is typed is kept as typed, is nobody's figure, and never goes over somebody else's."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import translation

from collection.actions.drafts import Typed, clear_drafts, save_cells, save_explanations
from collection.entry.sheets import sheet_of
from collection.models import DraftAnswer, DraftCell
from collection.rules import BLANK
from commitments.actions.reporting import submissions
from commitments.actions.reporting.periods import close_period
from commitments.models import Count, Submission, Total
from commitments.rules import Refused
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from steering.committee.roles import Role
from tests import builders
from tests.collection.conftest import (
    FEBRUARY,
    NOW,
    TODAY,
)


def codes(refusal) -> set[str]:
    return {fault.code for fault in refusal.value.faults}


def texts(unit) -> dict[str, str]:
    return {line.indicator.code: line.text for line in sheet_of(unit, FEBRUARY, TODAY).lines}


@pytest.mark.parametrize("text", ["1486", "1.486", "1 486", "1\u00a0486", " 1,486 "])
def test_a_number_is_read_however_its_thousands_are_grouped(type_in, text):
    saved = type_in({"HI": text})["HI"]
    assert (saved.value, saved.text, saved.error) == (1486, "1.486", None)
    assert DraftCell.objects.get().text == text.strip()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,5", "fraction"),
        ("1.48", "fraction"),
        ("-3", "negative"),
        ("abc", "not_a_number"),
        ("1.48.6", "not_a_number"),
        ("10.000.001", "above_maximum"),
    ],
)
def test_what_is_no_count_is_kept_and_quoted(type_in, text, code):
    saved = type_in({"HI": text})["HI"]
    assert (saved.value, saved.text) == (None, text)
    assert (saved.error.code, saved.error.column) == (code, "HI")
    assert text in saved.error.message
    draft = DraftCell.objects.get()
    assert (draft.text, draft.value, draft.by.username) == (text, None, "commune_officer")


def test_a_longer_text_than_any_number_is_kept_to_its_sixtieth_character(type_in):
    assert type_in({"HI": "x" * 500})["HI"].text == "x" * 60


def test_drafts_are_nobodys_figure(type_in, commune):
    type_in({"HI": "100", "SI_V": "7"})
    assert not Count.objects.exists()
    assert not Total.objects.exists()
    assert Submission.objects.get().state == "draft"
    assert Submission.objects.get().reported_by is None


def test_the_first_cell_begins_the_report_and_the_journal_says_so_once(type_in):
    type_in({"HI": "100"})
    type_in({"SI_V": "7"})
    assert [entry.action for entry in JournalEntry.objects.all()] == ["report.begun"]


def test_an_empty_text_takes_back_what_was_typed(type_in, commune):
    type_in({"HI": "100"})
    saved = type_in({"HI": ""})["HI"]
    assert (saved.text, saved.value, saved.error) == ("", None, None)
    assert texts(commune)["HI"] == ""


def test_a_number_that_was_reported_cannot_be_blanked(type_in, counted, commune):
    counted(commune, {"HI": 100})
    saved = type_in({"HI": ""})["HI"]
    assert (saved.text, saved.value, saved.error.code) == ("", None, "blanked")
    assert Count.objects.get().value == 100


class TestVersions:
    def test_somebody_elses_change_is_shown_and_not_overwritten(self, type_in, commune, officer):
        seen = sheet_of(commune, FEBRUARY, TODAY).line("HI").version
        later = NOW + timedelta(minutes=5)
        other = type_in({"HI": "118"}, actor=officer, at=later)["HI"]
        mine = type_in({"HI": "120", "SI_V": "5"}, versions={"HI": seen})
        assert mine["HI"].conflict.text == "118"
        assert (mine["HI"].conflict.by, mine["HI"].conflict.at) == (officer, later)
        assert mine["HI"].conflict.version == other.version
        assert (mine["HI"].text, mine["SI_V"].conflict) == ("120", None)
        assert texts(commune) == {"HI": "118", "HI_HH_NEW": "", "SI_V": "5"}

    def test_with_the_new_version_one_overwrites_knowingly(self, type_in, commune, officer):
        seen = sheet_of(commune, FEBRUARY, TODAY).line("HI").version
        type_in({"HI": "118"}, actor=officer)
        version = type_in({"HI": "120"}, versions={"HI": seen})["HI"].conflict.version
        assert type_in({"HI": "120"}, versions={"HI": version})["HI"].conflict is None
        assert texts(commune)["HI"] == "120"

    def test_the_same_number_from_two_people_is_no_conflict(self, type_in, commune, officer):
        seen = sheet_of(commune, FEBRUARY, TODAY).line("HI").version
        type_in({"HI": "1.486"}, actor=officer)
        saved = type_in({"HI": "1486"}, versions={"HI": seen})["HI"]
        assert saved.conflict is None
        assert DraftCell.objects.get().by == officer

    def test_a_number_recorded_meanwhile_is_a_conflict_too(self, type_in, counted, commune):
        seen = sheet_of(commune, FEBRUARY, TODAY).line("HI").version
        counted(commune, {"HI": 90})
        conflict = type_in({"HI": "95"}, versions={"HI": seen})["HI"].conflict
        assert (conflict.text, conflict.by) == ("90", None)
        assert conflict.at is not None

    def test_discarded_and_typed_anew_is_a_conflict_only_if_it_is_another_number(
        self, type_in, commune, commune_officer, officer
    ):
        seen = type_in({"HI": "5"})["HI"].version
        clear_drafts(unit=commune, month=FEBRUARY, actor=commune_officer, on=TODAY)
        type_in({"HI": "7"}, actor=officer)
        assert type_in({"HI": "6"}, versions={"HI": seen})["HI"].conflict.text == "7"
        type_in({"HI": "5"}, actor=officer)
        assert type_in({"HI": "6"}, versions={"HI": seen})["HI"].conflict is None

    def test_what_was_taken_back_meanwhile_is_nobodys_number_to_lose(
        self, type_in, commune, officer
    ):
        seen = type_in({"HI": "5"}, actor=officer)["HI"].version
        type_in({"HI": ""}, actor=officer)
        assert type_in({"HI": "6"}, versions={"HI": seen})["HI"].conflict is None
        assert texts(commune)["HI"] == "6"

    @pytest.mark.parametrize("step", ["sent", "approved", "returned", "withdrawn"])
    def test_a_step_of_the_report_is_no_change_of_its_numbers(
        self, step, type_in, send, commune, commune_officer, officer
    ):
        """Neither one's own sending nor a decision about it: what was seen still stands."""
        seen = type_in({"HI": "100", "HI_HH_NEW": "1", "SI_V": "5"})["HI"].version
        send()
        report = {"submissions": Submission.objects.all(), "on": TODAY}
        if step == "approved":
            submissions.approve(**report, actor=officer)
        elif step == "returned":
            submissions.return_report(**report, actor=officer, why="rà lại")
        elif step == "withdrawn":
            submissions.withdraw(**report, actor=commune_officer)
        approved = 100 if step == "approved" else None
        assert Count.objects.get(indicator__code="HI").approved == approved
        saved = type_in({"HI": "120"}, versions={"HI": seen})["HI"]
        assert (saved.conflict, texts(commune)["HI"]) == (None, "120")

    def test_a_conflict_names_who_wrote_the_number_and_not_who_approved_it(
        self, type_in, send, commune_officer, officer
    ):
        seen = type_in({"HI": "90", "HI_HH_NEW": "1", "SI_V": "5"})["HI"].version
        type_in({"HI": "100"})
        send()
        submissions.approve(submissions=Submission.objects.all(), actor=officer, on=TODAY)
        conflict = type_in({"HI": "95"}, versions={"HI": seen})["HI"].conflict
        assert (conflict.text, conflict.by) == ("100", commune_officer)

    def test_the_language_a_number_is_printed_in_is_no_change(self, type_in, officer):
        with translation.override("en"):
            seen = type_in({"HI": "1486"})["HI"].version
        with translation.override("vi"):
            assert type_in({"HI": "1500"}, versions={"HI": seen})["HI"].conflict is None

    def test_emptying_a_cell_that_somebody_filled_is_a_conflict(self, type_in, officer):
        seen = type_in({"HI": "5"})["HI"].version
        type_in({"HI": "7"}, actor=officer)
        assert type_in({"HI": ""}, versions={"HI": seen})["HI"].conflict.text == "7"


class TestRefusals:
    @pytest.mark.parametrize("who", ["auditor", "leader", "outsider"])
    def test_who_may_not_report_types_nothing(self, type_in, request, who):
        with pytest.raises(Refused) as refusal:
            type_in({"HI": "1"}, actor=request.getfixturevalue(who))
        assert codes(refusal) == {"not_allowed"}

    def test_another_commune_is_out_of_reach(self, type_in, communes):
        with pytest.raises(Refused) as refusal:
            type_in({"HI": "1"}, unit=communes[1])
        assert codes(refusal) == {"not_allowed"}

    @pytest.mark.parametrize("role", [Role.OFFICER, Role.CHAIR])
    def test_the_district_may_type_for_its_communes(self, type_in, commune, role):
        someone = builders.seated("someone", role, builders.by_code("901"))
        assert type_in({"HI": "1"}, actor=someone)["HI"].value == 1

    def test_a_month_that_has_not_begun(self, type_in):
        with pytest.raises(Refused) as refusal:
            type_in({"HI": "1"}, month=Month.of(2024, 4))
        assert codes(refusal) == {"future_month"}

    def test_a_unit_that_has_ended(self, type_in, commune, reformed, officer):
        with pytest.raises(Refused) as refusal:
            type_in({"HI": "1"}, actor=officer, month=Month.of(2025, 8), on=date(2025, 9, 2))
        assert codes(refusal) == {"unit_not_in_force"}

    @pytest.mark.parametrize("code", ["POP", "HI_RATE", "TOTAL", "NO_SUCH"])
    def test_what_the_commune_does_not_enter_each_month(self, type_in, code):
        with pytest.raises(Refused) as refusal:
            type_in({code: "1", "HI": "2"})
        assert codes(refusal) == {"not_entered_here"}
        assert not DraftCell.objects.exists()

    def test_a_cell_given_twice(self, commune, catalogue, commune_officer):
        cells = [Typed("HI", "1", BLANK), Typed("HI", "2", BLANK)]
        with pytest.raises(Refused) as refusal:
            save_cells(
                unit=commune, month=FEBRUARY, cells=cells, actor=commune_officer, on=TODAY, at=NOW
            )
        assert codes(refusal) == {"duplicate"}

    def test_a_closed_month_still_takes_drafts(self, type_in, province):
        close_period(unit=province, month=FEBRUARY, actor=COMMAND_LINE, on=TODAY)
        assert type_in({"HI": "1"})["HI"].value == 1


def test_drafts_are_discarded_and_the_journal_keeps_what_they_said(
    type_in, counted, commune, commune_officer
):
    counted(commune, {"HI": 100})
    type_in({"HI": "120", "SI_V": "abc"})
    assert clear_drafts(unit=commune, month=FEBRUARY, actor=commune_officer, on=TODAY) == 2
    assert texts(commune) == {"HI": "100", "HI_HH_NEW": "", "SI_V": ""}
    entry = JournalEntry.objects.get(action="report.drafts_discarded")
    assert entry.before == {"HI": "120", "SI_V": "abc"}


class TestExplanations:
    @pytest.fixture
    def explain(self, commune, commune_officer):
        def explain(**texts):
            return save_explanations(
                unit=commune, month=FEBRUARY, explanations=texts, actor=commune_officer, on=TODAY
            )

        return explain

    @pytest.fixture
    def january(self, counted, commune, change_rule):
        counted(commune, {"HI": 100}, month=FEBRUARY - 1)

    def test_an_answer_is_kept_for_the_rule_that_asks(self, type_in, explain, january, sheet):
        type_in({"HI": "150"})
        assert explain(HI_CHANGE="chuyển đến", NO_SUCH="?") == ["HI_CHANGE"]
        (question,) = sheet().questions
        assert (question.explanation, question.is_open) == ("chuyển đến", False)

    def test_it_no_longer_stands_when_the_rule_finds_something_else(
        self, type_in, explain, january, sheet
    ):
        type_in({"HI": "150"})
        explain(HI_CHANGE="chuyển đến")
        type_in({"HI": "160"})
        assert sheet().questions[0].is_open

    def test_what_no_rule_asks_is_not_kept(self, type_in, explain, january):
        type_in({"HI": "101"})
        assert explain(HI_CHANGE="không hỏi") == []
        assert not DraftAnswer.objects.exists()

    def test_one_that_does_not_fit_is_refused_and_not_cut(self, type_in, explain, january):
        type_in({"HI": "150"})
        with pytest.raises(Refused) as refusal:
            explain(HI_CHANGE="x" * 2001)
        (fault,) = refusal.value.faults
        assert (fault.code, fault.column, fault.read) == ("too_long", "HI_CHANGE", "2001")
        assert not DraftAnswer.objects.exists()
        assert explain(HI_CHANGE=" " + "x" * 2000) == ["HI_CHANGE"]

    def test_an_answer_is_discarded_with_the_rest(
        self, type_in, explain, january, commune, commune_officer
    ):
        type_in({"HI": "150"})
        explain(HI_CHANGE="một")
        clear_drafts(unit=commune, month=FEBRUARY, actor=commune_officer, on=TODAY)
        assert not DraftAnswer.objects.exists()
        entry = JournalEntry.objects.get(action="report.drafts_discarded")
        assert entry.before == {"HI": "150", "HI_CHANGE": "một"}

    def test_an_answer_replaced_stays_in_the_journal(self, type_in, explain, january):
        type_in({"HI": "150"})
        explain(HI_CHANGE="một")
        explain(HI_CHANGE="hai")
        entry = JournalEntry.objects.get(action="explanations.changed")
        assert (entry.before, entry.after) == ({"HI_CHANGE": "một"}, {"HI_CHANGE": "hai"})


@pytest.fixture
def thirty(catalogue):
    """Thirty more indicators that a commune enters."""
    return [builders.indicator(f"X{n:02}", position=10 + n) for n in range(30)]


def test_thirty_cells_take_as_few_queries_as_one(
    keeping, type_in, commune, commune_officer, thirty, django_assert_num_queries
):
    type_in({"HI": "1"})

    def save(indicators):
        cells = [Typed(made.code, "1.486", BLANK) for made in indicators]
        save_cells(
            unit=commune, month=FEBRUARY, cells=cells, actor=commune_officer, on=TODAY, at=NOW
        )

    sheet_of(commune, FEBRUARY, TODAY)
    # Right, data version, savepoint and its end, period, counts, drafts, upsert.
    with django_assert_num_queries(8):
        save(thirty[:1])
    with django_assert_num_queries(8):
        save(thirty[1:])
    assert DraftCell.objects.count() == 31


@pytest.mark.django_db(transaction=True)
def test_of_two_people_on_one_cell_at_the_same_moment_one_is_told():
    province = builders.province_99()
    builders.small_catalogue()
    commune = builders.by_code("99001")
    people = [builders.seated(f"officer{n}", Role.OFFICER, commune) for n in (1, 2)]
    together = Barrier(len(people))
    rounds = 5

    def write(person) -> list[bool]:
        told = []
        try:
            for n in range(rounds):
                version = sheet_of(commune, FEBRUARY, TODAY).line("HI").version
                together.wait(timeout=30)
                (saved,) = save_cells(
                    unit=commune,
                    month=FEBRUARY,
                    cells=[Typed("HI", f"{person.pk}0{n}", version)],
                    actor=person,
                    on=TODAY,
                    at=NOW,
                )
                told.append(saved.conflict is not None)
                together.wait(timeout=30)
        finally:
            connection.close()
        return told

    with ThreadPoolExecutor(len(people)) as pool:
        first, second = pool.map(write, people)

    assert [one + other for one, other in zip(first, second, strict=True)] == [1] * rounds
    assert province.pk
