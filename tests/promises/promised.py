"""Targets for the fixed cast, as a decision of the province assigned them."""

from datetime import date

from commitments.actions.targets.decisions import NewTarget, record_decision
from commitments.models import Decision
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from tests import builders

DAY = date(2024, 3, 7)


def assign(province, catalogue, targets, *, number="148/QĐ-UBND", on=DAY, **facts) -> Decision:
    """Record a decision: {code of a unit: {indicator: scaled value}}."""
    given = {"year": on.year, "issued_on": date(on.year, 1, 26), **facts}
    return record_decision(
        unit=province,
        authority="ppc",
        number=number,
        targets=[
            NewTarget(
                builders.by_code(code, on).pk,
                catalogue[name].pk,
                value,
                Month.of(given["year"], 12),
            )
            for code, values in targets.items()
            for name, value in values.items()
        ],
        actor=COMMAND_LINE,
        on=on,
        **given,
    ).decision
