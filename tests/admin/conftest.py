"""A day in early 2024, a province with some history, and the cast signed in to the back office."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from collection.models import Answer, Dispute, Receipt, Reminder, Upload
from commitments.actions.promises.signing import NewLine, Signature, sign_commitments
from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.reporting.periods import close_period, reopen_period
from commitments.actions.targets.decisions import NewTarget, record_decision
from commitments.models import Indicator, ReviewLevel, Rule, Submission
from districts.models import Unit
from districts.months import Month
from reports.actions import record_judgement
from reports.models import Judgement
from reports.outlook.judging import CRITERIA
from steering.accounts.actors import COMMAND_LINE, Actor
from steering.accounts.models import User
from tests import builders

TODAY = date(2024, 2, 15)
DECEMBER, JANUARY = Month.of(2023, 12), Month.of(2024, 1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Rights are judged on the day the page is asked for; here it is always the same day."""
    with time_machine.travel(datetime(2024, 2, 15, 9, 0), tick=False):
        yield


@dataclass
class World:
    """Province 99 with its catalogue, and verbs to add history to it."""

    province: Unit
    communes: Sequence[Unit]
    indicators: Mapping[str, Indicator]

    def report(
        self,
        unit: Unit,
        month: Month,
        *,
        actor: Actor = COMMAND_LINE,
        approve: bool = False,
        send: bool = True,
        **counts: int,
    ) -> Submission:
        entries = [
            Entry(
                month, unit.pk, self.indicators[code].pk, value,
                base_source="Niên giám", dated=date(2023, 1, 1),
            )
            for code, value in counts.items()
        ]  # fmt: skip
        record_counts(
            entries=entries,
            actor=actor,
            on=TODAY,
            approve=approve,
            send=send,
            explanation="Số liệu minh họa",
        )
        return Submission.objects.get(unit=unit, month=month)

    def decide(self, number: str, year: int, targets: Sequence[tuple[Unit, str, int]]) -> None:
        record_decision(
            unit=self.province,
            authority="ppc",
            number=number,
            year=year,
            issued_on=date(year, 1, 26),
            targets=[
                NewTarget(unit.pk, self.indicators[code].pk, value, Month.of(year, 12))
                for unit, code, value in targets
            ],
            actor=COMMAND_LINE,
            on=TODAY,
        )

    def sign(self, year: int, *codes: str) -> None:
        line = NewLine(self.indicators["HI_RATE"].pk, 9610, assigned=9600, last_year=9550)
        sign_commitments(
            committee=builders.committee(self.province),
            year=year,
            signed_on=date(2024, 2, 1),
            signatures=[
                Signature(builders.by_code(code), [line], "Chủ tịch huyện", "Chủ tịch tỉnh")
                for code in codes
            ],
            actor=COMMAND_LINE,
            on=TODAY,
        )

    def judge(self, unit: Unit, month: Month, code: str) -> Judgement:
        return record_judgement(
            unit=unit,
            indicator=self.indicators[code],
            month=month,
            grades={criterion.field: "fair" for criterion in CRITERIA},
            outlook="likely",
            comment="Đủ người và kinh phí",
            actor=COMMAND_LINE,
            on=TODAY,
        )

    def close_and_reopen(self, month: Month) -> None:
        close_period(unit=self.province, month=month, actor=COMMAND_LINE, on=TODAY)
        reopen_period(
            unit=self.province, month=month, actor=COMMAND_LINE, on=TODAY, why="Đính chính"
        )


@pytest.fixture
def empty_world(province, communes, catalogue) -> World:
    """Units, catalogue and a rule that asks about jumps; nothing reported yet."""
    Rule.objects.create(
        code="HI_JUMP",
        kind=Rule.Kind.CHANGE,
        severity="explain",
        indicator=catalogue["HI"],
        percent=10,
        least=10,
    )
    ReviewLevel.objects.create(tier="district", since=Month.of(2020, 1), until=Month.of(2025, 7))
    return World(province, communes, catalogue)


@pytest.fixture
def world(empty_world, officer, leader, auditor, chair, commune_officer, outsider) -> World:
    """December approved, January sent by the communes of both districts; decided and signed."""
    made = empty_world
    for number, commune in enumerate(made.communes):
        made.report(commune, DECEMBER, approve=True, POP=20_000, HI=1000 + number, SI_V=50)
        made.report(commune, JANUARY, HI=1500 + number)
    made.decide(
        "148/QĐ-UBND", 2024, [(made.province, "HI_RATE", 9610), (made.communes[0], "HI", 5)]
    )
    made.sign(2024, "901", "902")
    made.judge(made.province, DECEMBER, "HI")
    made.close_and_reopen(DECEMBER)
    surround(made, made.communes[0], chair, officer)
    return made


def surround(world: World, commune: Unit, chair: User, officer: User) -> None:
    """A receipt, a file handed in, a reminder, and a dispute with its answer."""
    hi, at = world.indicators["HI"], timezone.now()
    Receipt.objects.create(
        number=f"{commune.code}-2024-01-1",
        submission=Submission.objects.get(unit=commune, month=JANUARY),
        at=at,
        by=officer,
        values={"HI": 1500},
        digest="d" * 64,
    )
    Upload.objects.create(
        name="bc.xlsx", digest="d" * 64, size=9, by=officer, unit=commune, month=JANUARY
    )
    Reminder.objects.create(
        month=JANUARY, group=world.province, units=["99005"], text="Đề nghị gửi báo cáo", at=at
    )
    dispute = Dispute.objects.create(
        month=JANUARY, unit=commune, indicator=hi, figure="1.500", note="Thiếu", at=at, by=chair
    )
    Answer.objects.create(dispute=dispute, verdict="stands", text="Đủ", at=at, by=officer)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def page(model: str, view: str = "changelist", *args: object) -> str:
    """The address of a page, like ``page("districts.unit", "change", 1)``."""
    return reverse(f"admin:{model.replace('.', '_').lower()}_{view}", args=args)


def rows(response) -> list:
    """The rows a list shows, from the queryset behind it."""
    return list(response.context["cl"].result_list)


def told(response) -> str:
    """Every message on the page."""
    return " ".join(str(message) for message in response.context["messages"])
