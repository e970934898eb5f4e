"""Preparing again: what keeps its paper, what is promised beyond a target, which day counts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.actions.promises.paper_signing import Signer, record_scan
from commitments.actions.promises.papers import counting_day, is_below, prepare_papers
from commitments.actions.promises.signing import NewLine, Signature, sign_commitments
from commitments.actions.targets.withdrawing import withdraw_decision
from commitments.chain.verifying import verify_commitments
from commitments.models import Commitment, Operator, Paper
from commitments.papers.content import Content
from commitments.rules import Refused
from steering.accounts.actors import COMMAND_LINE
from tests import builders
from tests.builders import REFORM_DAY
from tests.promises.promised import DAY, assign


@pytest.fixture
def decision(province, catalogue):
    return assign(province, catalogue, {"901": {"HI": 100, "HI_RATE": 9610}})


@pytest.fixture
def prepare(province, decision):
    def prepare(**changes) -> tuple[Paper, ...]:
        given = {"year": 2024, "actor": COMMAND_LINE, "on": DAY, **changes}
        return prepare_papers(committee=builders.committee(province), **given).papers

    return prepare


def sign(paper: Paper, signed_on: date = DAY, on: date | None = None) -> Commitment:
    return record_scan(
        paper=paper,
        content=b"%PDF-1.7",
        signer=Signer("Quàng Thị Mẫu"),
        signed_on=signed_on,
        actor=COMMAND_LINE,
        on=on or signed_on,
    )


def committed(paper: Paper) -> list[int]:
    return [line.committed for line in Content.from_text(paper.content).lines]


def states() -> list[str]:
    return list(Paper.objects.with_state().order_by("pk").values_list("state", flat=True))


class TestBeyondTheTarget:
    @pytest.fixture
    def raised(self, prepare, catalogue):
        return prepare(committed={(builders.by_code("901").pk, catalogue["HI"].pk): 105})[0]

    def test_it_is_kept_when_all_papers_are_prepared_again(self, raised, prepare):
        assert committed(raised) == [105, 9610]
        assert prepare() == ()

    def test_it_is_kept_in_the_next_version_unless_the_target_has_passed_it(
        self, raised, prepare, province, catalogue, decision
    ):
        sign(raised)
        for number, target, expected in (("2/QĐ-UBND", 103, 105), ("3/QĐ-UBND", 120, 120)):
            assign(province, catalogue, {"901": {"HI": target}}, number=number, amends=decision)
            assert committed(prepare()[0])[0] == expected

    def test_it_is_taken_back_by_typing_the_target(self, raised, prepare, catalogue):
        key = (builders.by_code("901").pk, catalogue["HI"].pk)
        assert committed(prepare(committed={key: 100})[0]) == [100, 9610]

    @given(
        st.sampled_from(Operator.values),
        st.integers(0, 10**9),
        st.integers(0, 10**9),
    )
    def test_of_two_promises_one_at_most_is_below_the_other(self, operator, one, other):
        assert not (is_below(operator, one, other) and is_below(operator, other, one))
        assert not is_below(operator, one, one)


class TestWhatWasSigned:
    def test_another_last_result_is_no_reason_to_sign_anew(self, prepare, catalogue):
        sign(prepare()[0])
        key = (builders.by_code("901").pk, catalogue["HI"].pk)
        assert prepare(results={key: 90}) == ()

    def test_a_paper_that_waits_for_it_says_the_last_result_known(self, prepare, catalogue):
        prepare()
        key = (builders.by_code("901").pk, catalogue["HI"].pk)
        (paper,) = prepare(results={key: 90})
        assert Content.from_text(paper.content).lines[0].last_year == 90

    def test_where_it_holds_again_the_paper_that_waited_to_replace_it_is_withdrawn(
        self, prepare, province, catalogue, decision
    ):
        sign(prepare()[0])
        amendment = assign(
            province, catalogue, {"901": {"HI": 120}}, number="2/QĐ-UBND", amends=decision
        )
        prepare()
        assert states() == ["signed", "prepared"]
        withdraw_decision(
            decision=amendment,
            reason="Ban hành nhầm",
            withdrawn_on=DAY,
            actor=COMMAND_LINE,
            on=DAY,
        )
        assert prepare() == ()
        assert states() == ["signed", "withdrawn"]

    def test_a_paper_overtaken_by_a_version_recorded_without_one_is_not_signed(
        self, prepare, province, catalogue
    ):
        (paper,) = prepare()
        sign_commitments(
            committee=builders.committee(province),
            year=2024,
            signed_on=DAY,
            signatures=[
                Signature(
                    paper.unit, [NewLine(catalogue["HI"].pk, 100)], "Chủ tịch", "Chủ tịch tỉnh"
                )
            ],
            actor=COMMAND_LINE,
            on=DAY,
        )
        with pytest.raises(Refused) as refused:
            sign(paper)
        assert [fault.code for fault in refused.value.faults] == ["overtaken"]


class TestDays:
    @pytest.mark.parametrize(
        ("on", "counting"),
        [
            (date(2023, 12, 20), date(2024, 1, 1)),
            (DAY, DAY),
            (date(2025, 2, 1), date(2024, 12, 31)),
        ],
    )
    def test_targets_count_on_the_day_of_the_year_next_to_the_preparation(self, on, counting):
        assert counting_day(2024, on) == counting

    def test_the_coming_year_is_prepared_in_december(self, prepare, province, catalogue):
        december = date(2023, 12, 20)
        assign(
            province,
            catalogue,
            {"901": {"HI": 100}},
            number="9/QĐ-UBND",
            year=2024,
            issued_on=december,
            effective_on=date(2024, 1, 1),
        )
        assert len(prepare(on=december)) == 1

    def test_nobody_signed_before_the_paper_was_prepared(self, prepare):
        with pytest.raises(Refused) as refused:
            sign(prepare()[0], date(2024, 3, 6), DAY)
        assert [fault.code for fault in refused.value.faults] == ["before_prepared"]

    def test_a_scan_recorded_after_the_unit_has_ended_has_ended_too(
        self, province, catalogue, prepare, reformed
    ):
        assign(province, catalogue, {"901": {"HI": 9}}, on=date(2025, 6, 2), number="5/QĐ-UBND")
        (paper,) = prepare(year=2025, on=date(2025, 6, 2))
        commitment = sign(paper, date(2025, 6, 20), date(2025, 7, 9))
        assert states() == ["ended"]
        assert commitment.events.last().on == REFORM_DAY
        assert verify_commitments().wrong == []
