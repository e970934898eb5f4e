"""Small files with one habit each, of the province of Sơn La: read right, or refused by name."""

from datetime import date
from pathlib import Path

import pytest

from commitments.actions.reference.catalogue import load_catalogue
from commitments.intake.counts import import_counts
from commitments.intake.targets import import_targets
from commitments.models import Count, Target
from commitments.rules import Refused
from districts.actions import load_gazetteer
from districts.gazetteer.register import read_register
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE

FILES = Path(__file__).parent / "files"
DECEMBER = Month.of(2025, 12)
TODAY = date(2026, 1, 5)


@pytest.fixture
def son_la(db) -> None:
    """The real communes and the real catalogue."""
    load_gazetteer(register=read_register().around(["14"]), actor=COMMAND_LINE)
    load_catalogue(actor=COMMAND_LINE)


@pytest.fixture
def counts(son_la):
    """What importing a file for December 2025 records, as {(unit, indicator): number}."""

    def counts(name: str) -> dict[tuple[str, str], int]:
        import_counts(path=FILES / name, month=DECEMBER, actor=COMMAND_LINE, on=TODAY)
        rows = Count.objects.values_list("unit__code", "indicator__code", "value")
        return {(unit, code): value for unit, code, value in rows}

    return counts


@pytest.fixture
def refused(counts):
    """The faults for which a file is refused, nothing of it being kept: (code, sheet, cell)."""

    def refused(name: str) -> list[tuple[str, str | None, str]]:
        with pytest.raises(Refused) as refusal:
            counts(name)
        assert not Count.objects.exists()
        faults = refusal.value.faults
        return [(one.code, one.sheet, f"{one.column or ''}{one.row or ''}") for one in faults]

    return refused


def test_tables_side_by_side(counts):
    assert counts("flow-side-by-side.xlsx") == {
        ("03688", "SI_C_NEW"): 41, ("03724", "SI_C_NEW"): 23, ("03862", "SI_C_NEW"): 12,
        ("03868", "SI_C_NEW"): 5, ("03868", "HI_HH_NEW"): 7, ("03862", "HI_HH_NEW"): 9,
        ("03724", "HI_HH_NEW"): 15, ("03688", "HI_HH_NEW"): 30,
    }  # fmt: skip


def test_a_second_table_below(counts):
    assert counts("second-table-below.xlsx") == {
        ("03688", "HI"): 20550, ("03724", "HI"): 13630, ("03862", "SI_V"): 176,
        ("03868", "SI_V"): 197,
    }  # fmt: skip


def test_a_number_merged_over_two_indicators(refused):
    assert refused("merged-across.xlsx") == [("merged_number", "Sheet1", "C2")]


def test_a_number_merged_over_two_units(refused):
    assert refused("flow-merged-two-units.xlsx") == [("merged_number", "Sheet1", "B2")]


def test_commas_for_thousands_without_quotation_marks(refused):
    assert refused("flow-comma-thousands-unquoted.csv") == [
        ("beyond_the_heads", None, "D2"),
        ("beyond_the_heads", None, "D3"),
    ]


def test_an_indicator_left_of_the_units(counts):
    found = counts("left-of-units.xlsx")
    assert {unit: value for (unit, code), value in found.items() if code == "SI_V"} == {
        "03688": 480, "03724": 322, "03862": 176, "03868": 197,
    }  # fmt: skip
    assert found["03868", "HI"] == 9630
    assert len(found) == 8


def test_one_of_three_sheets_with_a_misspelt_head(refused):
    ((code, sheet, cell),) = refused("sheet-per-commune-one-head-misspelt.xlsx")
    assert (code, cell) == ("unread_sheet", "B1")
    assert sheet not in ("Sheet1", None)


def test_a_footnote_mark_behind_a_number(counts):
    assert counts("superscript-footnote.xlsx") == {("03703", "UNIT_NEW"): 4}


def test_names_of_parts_with_backslashes(counts):
    assert counts("backslash.xlsx") == {
        ("03688", "HI"): 20550, ("03724", "HI"): 13630, ("03862", "HI"): 8450, ("03868", "HI"): 9630
    }  # fmt: skip


def test_a_spreadsheet_of_2003_with_a_new_name(refused):
    assert refused("spreadsheetml2003-named.xlsx") == [("spreadsheet_2003", None, "")]


def test_counts_shown_with_a_percent_sign(refused):
    assert refused("count-shown-with-percent-sign.xlsx") == [
        ("percentage", "Sheet1", "C2"),
        ("percentage", "Sheet1", "C3"),
    ]


def test_a_target_shown_with_a_written_percent_sign(son_la):
    import_targets(
        path=FILES / "targets-quoted-percent.xlsx",
        number="1/QĐ-BHXH",
        issued_on=date(2026, 1, 2),
        authority="vss",
        year=2026,
        actor=COMMAND_LINE,
        on=TODAY,
    )
    target = Target.objects.get()
    assert (target.unit.code, target.indicator.code) == ("14", "SI_V_RATE")
    assert target.value == 90
    assert target.indicator.decimals == 2
