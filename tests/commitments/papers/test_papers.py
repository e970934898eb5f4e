"""Papers: prepared in one step, frozen, replaced, withdrawn, and signed in three ways."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from commitments.actions.promises.paper_signing import (
    Signer,
    record_scan,
    record_signed_pdf,
    sign_by_name,
)
from commitments.actions.promises.papers import prepare_papers, withdraw_paper
from commitments.actions.targets.decisions import NewTarget, record_decision
from commitments.chain.links import head_of
from commitments.chain.verifying import verify_commitments
from commitments.models import Commitment, Paper
from commitments.papers.content import Content, content_digest, new_code, read_code, shown_code
from commitments.rules import Refused
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.committee.access import NotAllowed
from steering.committee.roles import Role
from tests import builders

from .certificates import Authority, printed, signed

DAY = date(2024, 3, 7)
DECEMBER = Month.of(2024, 12)


@pytest.fixture
def assign(province, catalogue):
    """Record a decision for districts: {unit: {indicator: scaled value}}."""

    def assign(number, values, **facts):
        return record_decision(
            unit=province,
            authority="ppc",
            number=number,
            year=2024,
            issued_on=facts.pop("issued_on", date(2024, 1, 26)),
            targets=[
                NewTarget(unit.pk, catalogue[code].pk, value, DECEMBER)
                for unit, targets in values.items()
                for code, value in targets.items()
            ],
            actor=COMMAND_LINE,
            on=DAY,
            **facts,
        ).decision

    return assign


@pytest.fixture
def districts(province):
    return [builders.by_code("901"), builders.by_code("902")]


@pytest.fixture
def assigned(assign, districts):
    return assign("148/QĐ-UBND", {unit: {"HI": 100, "HI_RATE": 9610} for unit in districts})


@pytest.fixture
def prepare(province):
    def prepare(**changes):
        given = {"year": 2024, "actor": COMMAND_LINE, "on": DAY}
        return prepare_papers(committee=builders.committee(province), **{**given, **changes})

    return prepare


@pytest.fixture
def papers(assigned, prepare):
    return prepare().papers


def states() -> list[str]:
    return list(Paper.objects.with_state().order_by("pk").values_list("state", flat=True))


def code_of(refused) -> list[str]:
    return [fault.code for fault in refused.value.faults]


class TestPreparing:
    def test_all_units_of_a_decision_are_prepared_in_one_step(self, papers, districts):
        assert [paper.unit for paper in papers] == districts
        content = Content.from_text(papers[0].content)
        assert (content.unit.code, content.year, content.version) == ("901", 2024, 1)
        assert [line.indicator for line in content.lines] == ["HI", "HI_RATE"]
        assert [(line.assigned, line.committed) for line in content.lines] == [
            (100, 100),
            (9610, 9610),
        ]
        assert [one.number for one in content.decisions] == ["148/QĐ-UBND"]
        assert content.receiving.post == "Chủ tịch UBND huyện Đồi Thông"
        assert papers[0].content_digest == content_digest(papers[0].content)
        assert states() == ["prepared", "prepared"]

    def test_the_head_of_the_chain_is_stored_as_of_preparation(self, papers, province):
        head = head_of(builders.committee(province))
        assert (papers[0].chain_number, papers[0].chain_head) == (head.number, head.digest)
        assert head.number == 1

    def test_what_says_the_same_is_not_prepared_anew(self, papers, prepare, districts):
        again = prepare()
        assert again.papers == ()
        assert list(again.unchanged) == districts

    def test_a_change_gives_a_new_code_and_replaces_the_old_one(
        self, papers, prepare, assign, assigned, districts
    ):
        assign(
            "900/QĐ-UBND", {districts[0]: {"HI": 120}}, issued_on=date(2024, 3, 1), amends=assigned
        )
        again = prepare()
        assert [paper.unit for paper in again.papers] == districts[:1]
        assert states() == ["replaced", "prepared", "prepared"]
        assert again.papers[0].code != papers[0].code
        content = Content.from_text(again.papers[0].content)
        assert [one.number for one in content.decisions] == ["148/QĐ-UBND", "900/QĐ-UBND"]

    def test_last_results_and_higher_promises_are_written_in(
        self, assigned, prepare, districts, catalogue
    ):
        key = (districts[0].pk, catalogue["HI"].pk)
        paper = prepare(results={key: 90}, committed={key: 105}).papers[0]
        line = Content.from_text(paper.content).lines[0]
        assert (line.last_year, line.assigned, line.committed) == (90, 100, 105)

    def test_nobody_promises_less_than_was_assigned(self, assigned, prepare, districts, catalogue):
        with pytest.raises(Refused) as refused:
            prepare(committed={(districts[0].pk, catalogue["HI"].pk): 99})
        assert code_of(refused) == ["below_assigned"]
        assert not Paper.objects.exists()

    def test_a_unit_without_targets_gets_no_paper(self, prepare, assign, districts):
        assign("1/QĐ-UBND", {districts[0]: {"HI": 5}})
        done = prepare()
        assert [paper.unit for paper in done.papers] == districts[:1]
        assert list(done.without_targets) == districts[1:]

    def test_only_the_standing_officer_prepares(self, assigned, prepare, chair, leader):
        for actor in (chair, leader):
            with pytest.raises(NotAllowed):
                prepare(actor=actor)

    def test_a_withdrawn_paper_waits_no_more(self, papers, prepare):
        with pytest.raises(Refused):
            withdraw_paper(paper=papers[0], why=" ", actor=COMMAND_LINE, on=DAY)
        withdraw_paper(paper=papers[0], why="Sai đơn vị", actor=COMMAND_LINE, on=DAY)
        assert states() == ["withdrawn", "prepared"]
        with pytest.raises(Refused):
            withdraw_paper(paper=papers[0], why="Lại", actor=COMMAND_LINE, on=DAY)
        assert [paper.unit for paper in prepare().papers] == [papers[0].unit]


class TestCodes:
    def test_a_code_holds_eighty_random_bits_and_is_read_as_typed(self):
        codes = {new_code() for _ in range(200)}
        assert len(codes) == 200
        assert {len(code) for code in codes} == {16}
        code = min(codes)
        assert read_code(f" {shown_code(code).lower()} ") == code

    @given(st.text(max_size=40))
    def test_whatever_is_typed_is_a_code_or_nothing(self, typed):
        assert len(read_code(typed)) in (0, 16)


class TestSigningByName:
    @pytest.fixture
    def head(self, districts):
        who = builders.user("head", name="Quàng Thị Mẫu")
        builders.seat(who, Role.CHAIR, districts[0], since=date(2024, 1, 1), until=date(2024, 6, 1))
        return who

    def test_the_head_in_office_signs_and_the_content_is_frozen(self, papers, head):
        commitment = sign_by_name(paper=papers[0], typed_name="quàng thị mẫu", actor=head, on=DAY)
        assert (commitment.way, commitment.signer_name) == ("typed", "Quàng Thị Mẫu")
        assert list(commitment.lines.values_list("value", flat=True)) == [100, 9610]
        assert states() == ["signed", "prepared"]
        assert verify_commitments().wrong == []

    def test_nobody_else_signs_not_even_the_officer_or_the_head_after_the_term(
        self, papers, head, officer, chair, districts
    ):
        root = builders.user("root", name="Root", superuser=True)
        for actor, day in ((officer, DAY), (root, DAY), (head, date(2024, 6, 1))):
            with pytest.raises(NotAllowed):
                sign_by_name(paper=papers[0], typed_name=str(actor), actor=actor, on=day)
        with pytest.raises(NotAllowed):
            sign_by_name(paper=papers[1], typed_name=head.name, actor=head, on=DAY)
        assert not Commitment.objects.exists()

    def test_another_name_is_refused(self, papers, head):
        for typed in ("", "Ai đó"):
            with pytest.raises(Refused) as refused:
                sign_by_name(paper=papers[0], typed_name=typed, actor=head, on=DAY)
            assert code_of(refused) == ["name_differs"]

    def test_one_paper_is_signed_once(self, papers, head):
        sign_by_name(paper=papers[0], typed_name=head.name, actor=head, on=DAY)
        with pytest.raises(Refused) as refused:
            sign_by_name(paper=papers[0], typed_name=head.name, actor=head, on=DAY)
        assert code_of(refused) == ["not_waiting"]

    def test_an_amendment_is_a_new_version_that_supersedes_when_signed(
        self, papers, head, prepare, assign, assigned, districts
    ):
        sign_by_name(paper=papers[0], typed_name=head.name, actor=head, on=DAY)
        assert prepare().papers == ()
        assign(
            "900/QĐ-UBND", {districts[0]: {"HI": 120}}, issued_on=date(2024, 3, 8), amends=assigned
        )
        later = date(2024, 3, 20)
        (paper,) = prepare(on=later).papers
        assert paper.version == 2
        assert states() == ["signed", "prepared", "prepared"]
        sign_by_name(paper=paper, typed_name=head.name, actor=head, on=later)
        assert states() == ["superseded", "prepared", "signed"]
        assert verify_commitments().wrong == []


class TestScan:
    def test_the_standing_officer_records_a_scan(self, papers, officer):
        content = b"%PDF-1.7 scan"
        commitment = record_scan(
            paper=papers[0],
            content=content,
            signer=Signer("Quàng Thị Mẫu", "Chủ tịch"),
            signed_on=DAY,
            actor=officer,
            on=DAY,
        )
        assert commitment.way == "scan"
        with commitment.file.open() as file:
            assert file.read() == content
        assert commitment.file_digest in commitment.file.name
        assert verify_commitments().wrong == []

    @pytest.mark.parametrize(
        ("content", "name", "day", "code"),
        [
            (b"MZ", "A", DAY, "scan_kind"),
            (b"", "A", DAY, "scan_kind"),
            (b"%PDF-", " ", DAY, "signer_missing"),
            (b"%PDF-", "A", DAY + timedelta(days=1), "future"),
        ],
    )
    def test_what_is_no_scan_or_says_too_little_is_refused(
        self, papers, officer, content, name, day, code
    ):
        with pytest.raises(Refused) as refused:
            record_scan(
                paper=papers[0],
                content=content,
                signer=Signer(name),
                signed_on=day,
                actor=officer,
                on=DAY,
            )
        assert code_of(refused) == [code]

    def test_the_chair_records_no_scan(self, papers, chair):
        with pytest.raises(NotAllowed):
            record_scan(
                paper=papers[0],
                content=b"%PDF-",
                signer=Signer("A"),
                signed_on=DAY,
                actor=chair,
                on=DAY,
            )


class TestSignedPdf:
    NOW = datetime(2024, 3, 7, 2, 30, tzinfo=UTC)

    @pytest.fixture
    def signer(self, settings, tmp_path):
        issuer = Authority.make()
        issuer.write_to(tmp_path / "roots")
        settings.TRUSTED_CERTIFICATES = tmp_path / "roots"
        return issuer.signer(
            "Quàng Thị Mẫu", since=self.NOW - timedelta(9), until=self.NOW + timedelta(9)
        )

    def hand_in(self, paper, content, actor):
        return record_signed_pdf(
            paper=paper, content=content, signer=Signer(""), actor=actor, on=DAY
        )

    def sign(self, content, signer):
        with time_machine.travel(self.NOW, tick=False):
            return signed(content, signer)

    def test_a_signed_pdf_of_this_paper_counts(self, papers, officer, signer):
        content = self.sign(printed(papers[0].content_digest), signer)
        commitment = self.hand_in(papers[0], content, officer)
        (found,) = commitment.certificate["signatures"]
        assert (commitment.way, commitment.signer_name) == ("digital", "Quàng Thị Mẫu")
        assert (found["trusted"], found["organisation"]) == (True, "UBND huyện Bến Đá")
        assert "014012345678" not in str(commitment.certificate)
        assert verify_commitments().wrong == []

    def test_an_untrusted_issuer_is_said_and_taken(self, papers, officer, signer, settings):
        settings.TRUSTED_CERTIFICATES = "/nowhere"
        content = self.sign(printed(papers[0].content_digest), signer)
        commitment = self.hand_in(papers[0], content, officer)
        assert commitment.certificate["signatures"][0]["trusted"] is False

    def test_unsigned_changed_other_and_broken_files_are_refused(self, papers, officer, signer):
        own = printed(papers[0].content_digest)
        good = self.sign(own, signer)
        other = self.sign(printed(papers[1].content_digest), signer)
        at = good.index(b"/Type")
        changed = good[:at] + b"/type" + good[at + 5 :]
        for content, code in (
            (own, "not_signed"),
            (changed, "changed_after_signing"),
            (other, "other_paper"),
            (b"%PDF-1.7", "pdf_unreadable"),
        ):
            with pytest.raises(Refused) as refused:
                self.hand_in(papers[0], content, officer)
            assert code_of(refused) == [code]
        assert not Commitment.objects.exists()
