"""Counts, targets and figures of province 99, for the tests of what a figure means."""

from datetime import date

import pytest

from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.targets.decisions import NewTarget, record_decision
from districts.months import Month
from reports.engine.figures import figures_for
from steering.accounts.actors import COMMAND_LINE

DECEMBER = Month.of(2024, 12)
TODAY = date(2025, 1, 10)


@pytest.fixture
def put(catalogue, communes, office):
    """Approve {code: numbers of the five communes} (None is blank) for a month."""

    def put(month, *, approve=True, units=communes, **numbers):
        entries = [
            Entry(month, unit.pk, catalogue[code].pk, number)
            for code, row in numbers.items()
            for unit, number in zip(
                [office] if catalogue[code].entered_at == "province" else units, row, strict=True
            )
            if number is not None
        ]
        day = max(TODAY, month.last_day)
        record_counts(entries=entries, actor=COMMAND_LINE, on=day, approve=approve)

    return put


@pytest.fixture
def assign(province, catalogue):
    """Record {(unit, code): target}, scaled, as a decision: of 2024 and province 99 unless said."""

    def assign(values, *, year=2024, authority="ppc", number="1/QĐ", operator="at_least", **more):
        deadline, path = more.pop("deadline", Month.of(year, 12)), more.pop("path", ())
        return record_decision(
            unit=more.pop("by", province),
            authority=authority,
            number=number,
            year=year,
            issued_on=more.pop("issued_on", date(year, 1, 26)),
            targets=[
                NewTarget(unit.pk, catalogue[code].pk, value, deadline, operator, path)
                for (unit, code), value in values.items()
            ],
            actor=COMMAND_LINE,
            on=date(year + 1, 1, 10),
            **more,
        ).decision

    return assign


@pytest.fixture
def figure(province, catalogue):
    """One figure of a unit, the province unless said."""

    def figure(code, *, unit=province, month=DECEMBER, **more):
        (found,) = figures_for(unit=unit, month=month, indicators=[catalogue[code]], **more)
        return found

    return figure


@pytest.fixture
def below(province, catalogue):
    """Figures of the children of a unit, province 99 unless said, by code."""

    def below(code, *, unit=province, month=DECEMBER, **more):
        found = figures_for(
            unit=unit, month=month, indicators=[catalogue[code]], children=True, **more
        )
        return {one.unit.code: one for one in found[1:]}

    return below
