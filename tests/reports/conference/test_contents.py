"""What a conference is told, gathered from the database."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.actions.promises.signing import NewLine, Signature, sign_commitments
from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.reporting.periods import open_period
from commitments.actions.targets.decisions import NewTarget, record_decision
from commitments.models import Explanation, Rule, Submission
from districts.models import Unit
from districts.months import Month
from reports.conference.assembly import assemble_conference
from reports.conference.contents import checks
from reports.engine.figures import NotOnThisMap
from reports.workbook.build import build
from steering.accounts.actors import COMMAND_LINE
from steering.committee.models import Committee
from tests import builders

DECEMBER = Month.of(2024, 12)
TODAY = date(2025, 2, 1)


@pytest.fixture
def put(catalogue, office):
    """Approve numbers: {code: number of each commune}; TOTAL is the province's own."""

    def put(month, units, **numbers):
        entries = [
            Entry(month, unit.pk, catalogue[code].pk, number)
            for code, number in numbers.items()
            for unit in ([office] if code == "TOTAL" else units)
        ]
        record_counts(
            entries=entries, actor=COMMAND_LINE, on=TODAY, approve=True, explanation="Vì sao"
        )

    return put


@pytest.fixture
def decide(province, catalogue):
    def decide(targets, *, year=2024, number="1/QĐ-UBND", authority="ppc", note=""):
        return record_decision(
            unit=province,
            authority=authority,
            number=number,
            year=year,
            issued_on=date(year, 1, 26),
            targets=[
                NewTarget(unit.pk, catalogue[code].pk, value, Month.of(year, 12))
                for (unit, code), value in targets.items()
            ],
            actor=COMMAND_LINE,
            on=TODAY,
            note=note,
        ).decision

    return decide


@pytest.fixture
def conference(province):
    def conference(*, unit=province, month=DECEMBER, **asked):
        return assemble_conference(unit=unit, month=month, **asked)

    return conference


def codes(rows):
    return [row.unit.code for row in rows]


def test_units_and_communes_stand_in_code_order_under_their_district(put, communes, conference):
    put(DECEMBER, communes, HI=10)
    found = conference()
    assert codes(found.children) == ["901", "902"]
    assert [codes(group.communes) for group in found.groups] == [
        ["99001", "99002", "99003"],
        ["99004", "99005"],
    ]
    assert found.children[0].figures["HI"].value == 30
    assert found.communes[0].figures["HI"].value == 10


def test_communes_are_told_their_main_figures_only(put, communes, conference, catalogue):
    put(DECEMBER, communes, HI=10, SI_V=2)
    main = {code for code, indicator in catalogue.items() if indicator.main}
    assert set(conference().communes[0].figures) == main


def test_after_the_reform_communes_stand_directly_under_the_province(
    put, communes, reformed, conference
):
    put(DECEMBER, communes, HI=10)
    found = conference(on_map=date(2025, 7, 1))
    assert codes(found.children) == ["99001", "99004", "99005"]
    assert [group.district for group in found.groups] == [None]
    assert sum(row.figures["HI"].value for row in found.communes) == 50


def test_a_map_older_than_the_month_is_refused(put, communes, reformed, conference):
    with pytest.raises(NotOnThisMap):
        conference(month=Month.of(2025, 12), on_map=date(2025, 6, 30))


def test_sums_re_add_over_units_and_over_communes(put, communes, conference):
    put(DECEMBER, communes, HI=10)
    found = [check for check in checks(conference()) if check.indicator.code == "HI"]
    assert [(check.scope, check.parts, check.whole) for check in found] == [
        ("units", 50, 50),
        ("communes", 50, 50),
    ]


def test_a_flow_is_compared_only_with_a_whole_year(put, communes, conference):
    for month in DECEMBER.year_to_date():
        put(month, communes, HI_HH_NEW=2)
    last = DECEMBER.same_month_last_year
    for month in last.year_to_date()[1:]:
        put(month, communes, HI_HH_NEW=1)
    assert conference().own.figures["HI_HH_NEW"].last_year_to_date is None
    put(last.january, communes, HI_HH_NEW=1)
    figure = conference().own.figures["HI_HH_NEW"]
    assert (figure.year_to_date, figure.last_year_to_date) == (120, 60)


def test_the_other_authoritys_plan_is_told_where_only_it_assigned(
    put, communes, province, decide, conference
):
    put(DECEMBER, communes, HI=10, SI_V=3)
    decide({(province, "HI"): 50})
    decide({(province, "HI"): 60, (province, "SI_V"): 20}, authority="vss", number="2/QĐ-BHXH")
    found = conference()
    assert found.own.figures["HI"].target == 50
    assert {code: figure.target for code, figure in found.elsewhere.items()} == {"SI_V": 20}
    assert found.other_authority == "vss"


class TestPromises:
    def test_in_december_next_years_targets_and_who_signed(
        self, put, communes, province, decide, conference, catalogue
    ):
        put(DECEMBER, communes, HI=10)
        east, west = (builders.by_code(code) for code in ("901", "902"))
        decide({(province, "HI"): 55})
        decide({(province, "HI"): 60, (east, "HI"): 36, (west, "HI"): 24}, year=2025, number="9/QĐ")
        sign(province, [(east, catalogue["HI"], 35)], 2025)
        promises = conference().promises
        assert promises.year == 2025
        assert [indicator.code for indicator in promises.indicators] == ["HI"]
        assert [instrument.number for instrument in promises.instruments] == ["9/QĐ"]
        assert promises.own.targets["HI"].target == 60
        first, second = promises.units
        assert (first.signed_on, first.version, first.agrees) == (date(2025, 3, 7), 1, False)
        assert (second.targets["HI"].target, second.signed_on, second.agrees) == (24, None, None)
        assert promises.signed == 1

    def test_the_latest_version_of_a_commitment_counts(
        self, put, communes, province, decide, conference, catalogue
    ):
        east = builders.by_code("901")
        decide({(east, "HI"): 36})
        for value in (35, 36):
            sign(province, [(east, catalogue["HI"], value)], 2024)
        first = conference().promises.units[0]
        assert (first.version, first.agrees) == (2, True)

    def test_without_next_years_decision_this_years_is_told(self, decide, province, conference):
        decide({(province, "HI"): 55})
        assert conference().promises.year == 2024
        assert conference(month=DECEMBER - 3).promises.year == 2024

    def test_without_any_decision_there_is_nothing_to_tell(self, province, catalogue, conference):
        assert conference().promises is None

    def test_on_another_map_or_anothers_plan_commitments_have_no_place(
        self, decide, province, reformed, conference
    ):
        decide({(province, "HI"): 55})
        decide({(province, "HI"): 55}, authority="vss", number="2")
        assert conference().promises.signing
        assert not conference(on_map=date(2025, 7, 1)).promises.signing
        assert not conference(authority="vss").promises.signing


def sign(province, lines, year):
    committee, _made = Committee.objects.get_or_create(unit=province, name="Ban Chỉ đạo")
    return sign_commitments(
        committee=committee,
        year=year,
        signed_on=date(year, 3, 7),
        signatures=[
            Signature(
                unit=unit,
                lines=[NewLine(indicator.pk, value, assigned=value)],
                signer_post="Chủ tịch UBND",
                receiver_post="Chủ tịch UBND tỉnh",
            )
            for unit, indicator, value in lines
        ],
        actor=COMMAND_LINE,
        on=date(year, 3, 7),
    )


def test_the_notice_is_what_the_committee_wants_printed(province, catalogue, conference):
    assert conference().notice == ""
    builders.committee(province)
    Committee.objects.update(notice="Số minh họa")
    assert conference().notice == "Số minh họa"


def test_dates_come_from_the_period(province, catalogue, conference):
    open_period(
        unit=province,
        month=DECEMBER,
        due_on=date(2025, 1, 5),
        closes_on=date(2025, 1, 15),
        actor=COMMAND_LINE,
        on=TODAY,
    )
    found = conference()
    assert (found.data_to, found.dated) == (date(2024, 12, 31), date(2025, 1, 15))


def test_the_provinces_own_explanations_are_told_one_by_one_and_others_by_rule(
    put, communes, office, conference
):
    put(DECEMBER, communes, HI=10)
    put(DECEMBER, communes, TOTAL=9)
    rule = Rule.objects.create(code="ASKED", kind="change", severity="explain", percent=1, least=1)
    for unit in (office, *communes[:2]):
        Explanation.objects.create(
            submission=Submission.objects.get(unit=unit, month=DECEMBER),
            rule=rule,
            finding=f"found at {unit.code}",
            read=1,
            expected="2",
            text="vì",
        )
    told = conference().explained
    assert [(item.unit.tier, item.text, item.reports) for item in told] == [
        ("office", "vì", 1),
        ("province", "vì", 2),
    ]
    assert told[0].finding == "found at 99"


class TestVersion:
    def test_it_is_the_same_for_the_same_figures_in_any_language(self, put, communes, conference):
        put(DECEMBER, communes, HI=10)
        assert conference().version == conference(language="en").version

    def test_it_changes_with_a_figure(self, put, communes, conference):
        put(DECEMBER, communes, HI=10)
        before = conference().version
        put(DECEMBER, communes[:1], HI=11)
        assert conference().version != before

    def test_it_changes_with_a_signature(self, decide, province, conference, catalogue):
        east = builders.by_code("901")
        decide({(east, "HI"): 36})
        before = conference().version
        sign(province, [(east, catalogue["HI"], 36)], 2024)
        assert conference().version != before


def test_the_number_of_queries_grows_neither_with_units_nor_with_numbers(
    put, communes, province, decide, conference, catalogue
):
    east = builders.by_code("901")
    decide({(unit, "HI"): 10 for unit in (province, east, *communes)})
    sign(province, [(east, catalogue["HI"], 36)], 2024)
    put(DECEMBER, communes, HI=10, POP=100)

    def count():
        with CaptureQueriesContext(connection) as queries:
            conference()
        return len(queries)

    few = count()
    more = [builders.unit(f"98{number:03}", f"Xã {number}", parent=east) for number in range(30)]
    builders.rebuild_map()
    decide({(unit, "HI"): 10 for unit in more}, number="2/QĐ-UBND")
    put(DECEMBER, more, HI=10, POP=100, SI_V=3)
    assert count() == few


def test_building_the_workbook_asks_the_database_nothing(put, communes, conference):
    put(DECEMBER, communes, HI=10, POP=100)
    found = conference(language="en")
    with CaptureQueriesContext(connection) as queries:
        build(found)
    assert len(queries) == 0


@pytest.mark.parametrize("code", ["99", "901", "99001"])
def test_any_unit_may_hold_a_conference(put, communes, conference, code):
    put(DECEMBER, communes, HI=10)
    tier = {2: "province", 3: "district", 5: "commune"}[len(code)]
    found = conference(unit=Unit.objects.get(code=code, tier=tier), language="en")
    assert found.province.code == "99"
    assert build(found).startswith(b"PK")
