"""Reports, targets and questions for the tests of pages about units and indicators."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.test import RequestFactory

from commitments.actions.promises.signing import NewLine, Signature, sign_commitments
from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.targets.decisions import NewTarget, record_decision
from commitments.models import Commitment, Decision, Indicator
from districts.models import Unit
from districts.months import Month
from reports.pages.scope import Scope, scope_of
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import User
from tests import builders

TODAY = date(2026, 1, 10)


def report(
    catalogue: Mapping[str, Indicator],
    units: Sequence[Unit],
    month: Month,
    *,
    approve: bool = True,
    **numbers: Sequence[int | None],
) -> None:
    """{code: one number for each of ``units``}; None is blank."""
    entries = [
        Entry(
            month, unit.pk, catalogue[code].pk, number,
            base_source="Niên giám", dated=date(2023, 1, 1),
        )
        for code, row in numbers.items()
        for unit, number in zip(units, row, strict=True)
        if number is not None
    ]  # fmt: skip
    record_counts(entries=entries, actor=COMMAND_LINE, on=TODAY, approve=approve)


def assign(
    province: Unit,
    catalogue: Mapping[str, Indicator],
    targets: Mapping[tuple[Unit, str], int],
    *,
    year: int = 2025,
    number: str = "1/QĐ-UBND",
    operator: str = "at_least",
) -> Decision:
    """One decision of the province with ``targets`` due in December."""
    return record_decision(
        unit=province,
        authority="ppc",
        number=number,
        year=year,
        issued_on=date(year, 1, 26),
        targets=[
            NewTarget(unit.pk, catalogue[code].pk, value, Month.of(year, 12), operator)
            for (unit, code), value in targets.items()
        ],
        actor=COMMAND_LINE,
        on=TODAY,
    ).decision


def sign(
    province: Unit,
    unit: Unit,
    indicator: Indicator,
    value: int,
    *,
    year: int = 2025,
    day: date | None = None,
) -> Commitment:
    """The head of ``unit`` signs for one number (scaled), in March if no day is given."""
    line = NewLine(indicator.pk, value, assigned=value, last_year=None)
    sign_commitments(
        committee=builders.committee(province),
        year=year,
        signed_on=day or date(year, 3, 7),
        signatures=[Signature(unit, [line], "Chủ tịch huyện", "Chủ tịch tỉnh")],
        actor=COMMAND_LINE,
        on=TODAY,
    )
    return Commitment.objects.filter(unit=unit, year=year).latest("version")


def asking(user: User, query: str = "", *, code: str | None = None) -> Scope:
    """The scope of ``user`` who opens a page with ``query`` about the unit ``code``."""
    request = RequestFactory().get(f"/{query}")
    request.user = user
    return scope_of(request, today=TODAY, code=code)
