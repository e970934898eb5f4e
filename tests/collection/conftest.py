"""A commune's report in the small: whose it is, what it holds, and how it is typed and sent."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.utils import timezone

from collection.actions.drafts import Saved, Typed, save_cells
from collection.actions.sending import send_report
from collection.entry.sheets import (
    Sheet,
    sheet_of,
)
from collection.models import Receipt
from collection.rules import BLANK
from commitments.actions.reporting.counts import Entry, record_counts
from commitments.models import Indicator, Rule
from districts.models import Unit
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import User

FEBRUARY = Month.of(2024, 2)
TODAY = date(2024, 3, 2)
NOW = timezone.make_aware(datetime(2024, 3, 2, 14, 32))


@pytest.fixture
def commune(communes: list[Unit]) -> Unit:
    """Commune 99001."""
    return communes[0]


@pytest.fixture
def sheet(commune: Unit, catalogue: dict[str, Indicator]) -> Callable[..., Sheet]:
    """The sheet as it stands."""
    return lambda unit=commune, month=FEBRUARY, on=TODAY: sheet_of(unit, month, on)


@pytest.fixture
def type_in(
    commune: Unit, catalogue: dict[str, Indicator], commune_officer: User
) -> Callable[..., dict[str, Saved]]:
    """Type {code: text} over what stands now, or with the versions given; answers by code."""

    def type_in(
        texts: dict[str, str],
        *,
        unit=commune,
        month=FEBRUARY,
        actor=commune_officer,
        on=TODAY,
        at=NOW,
        versions: dict[str, str] | None = None,
    ) -> dict[str, Saved]:
        seen = {line.indicator.code: line.version for line in sheet_of(unit, month, on).lines}
        seen |= versions or {}
        cells = [Typed(code, text, seen.get(code, BLANK)) for code, text in texts.items()]
        saved = save_cells(unit=unit, month=month, cells=cells, actor=actor, on=on, at=at)
        return {cell.indicator: cell for cell in saved}

    return type_in


@pytest.fixture
def send(commune: Unit, commune_officer: User) -> Callable[..., Receipt]:
    """Send the report of February."""

    def send(*, unit=commune, month=FEBRUARY, actor=commune_officer, on=TODAY, **more) -> Receipt:
        return send_report(unit=unit, month=month, actor=actor, on=on, at=NOW, **more)

    return send


@pytest.fixture
def counted(catalogue: dict[str, Indicator]) -> Callable[..., None]:
    """Record {code: value} of a unit for a month as the command line, approved unless said."""

    def counted(unit: Unit, numbers: dict[str, int], *, month=FEBRUARY, approve=True) -> None:
        entries = [
            Entry(month, unit.pk, catalogue[code].pk, value, base_source="Cục Thống kê")
            for code, value in numbers.items()
        ]
        on = max(TODAY, month.last_day)
        record_counts(entries=entries, actor=COMMAND_LINE, on=on, approve=approve, explanation="cũ")

    return counted


@pytest.fixture
def change_rule(catalogue: dict[str, Indicator]) -> Rule:
    """A change of more than a tenth of HI, and at least 20, asks for a reason."""
    return Rule.objects.create(
        code="HI_CHANGE",
        kind="change",
        severity="explain",
        indicator=catalogue["HI"],
        percent=10,
        least=20,
    )


@pytest.fixture
def population_rule(catalogue: dict[str, Indicator]) -> Rule:
    """More insured than inhabitants is refused."""
    return Rule.objects.create(
        code="HI_AT_MOST_POP",
        kind="at_most",
        severity="block",
        indicator=catalogue["HI"],
        other=catalogue["POP"],
    )
