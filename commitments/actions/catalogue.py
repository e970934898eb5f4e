"""Loads the catalogue: indicators, rules and review levels, from the data files beside it."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.db import transaction

from commitments.models import Indicator, ReviewLevel, Rule
from districts.models import Tier
from districts.months import FOREVER, Month
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor

FILES = Path(__file__).resolve().parent.parent / "catalogue"

DISTRICTS_VERIFIED_UNTIL = Month.of(2025, 7)
"""From July 2025 there are no districts; the province approves communes directly."""


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FILES / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _codes(text: str) -> list[str]:
    return [code for code in text.split("+") if code]


@transaction.atomic
def load_catalogue(*, actor: Actor) -> dict[str, int]:
    """Bring indicators and rules to what the files say; says how many were new. Repeatable.

    Rows that are not in the files stay as they are: a province may add its own.
    """
    new_indicators = _load_indicators()
    new_rules = _load_rules()
    level, new_level = ReviewLevel.objects.get_or_create(
        tier=Tier.DISTRICT, since=Month(0), defaults={"until": DISTRICTS_VERIFIED_UNTIL}
    )
    created = {
        "indicators": new_indicators,
        "rules": new_rules,
        "review_levels": int(new_level),
    }
    if any(created.values()):
        write_journal(actor=actor, action="catalogue.loaded", subject=level, after=created)
    return created


def _load_indicators() -> int:
    known: dict[str, Indicator] = {}
    rows = list(_rows("indicators.csv"))
    created = 0
    for ratios in (False, True):
        for position, row in enumerate(rows, start=1):
            if (row["kind"] == "ratio") is ratios:
                known[row["code"]], is_new = Indicator.objects.update_or_create(
                    code=row["code"], defaults=_indicator_fields(row, position, known)
                )
                created += is_new
    for row in rows:
        if row["parts"]:
            known[row["code"]].parts.set(known[code] for code in _codes(row["parts"]))
    return created


def _indicator_fields(
    row: Mapping[str, str], position: int, known: Mapping[str, Indicator]
) -> dict:
    text = (
        "name_vi",
        "name_en",
        "group",
        "kind",
        "unit_of_measure",
        "direction",
        "entered_at",
        "frequency",
        "legal_basis",
    )
    return {
        **{name: row[name] for name in text},
        "decimals": int(row["decimals"]),
        "numerator": known.get(row["numerator"]),
        "denominator": known.get(row["denominator"]),
        "maximum": int(row["maximum"]) if row["maximum"] else None,
        "main": bool(row["main"]),
        "position": position,
        "since": Month.parse(row["since"]) if row["since"] else Month(0),
        "until": FOREVER,
    }


def _load_rules() -> int:
    indicators = {indicator.code: indicator for indicator in Indicator.objects.all()}
    created = 0
    for row in _rows("rules.csv"):
        rule, is_new = Rule.objects.update_or_create(
            code=row["code"],
            defaults={
                "kind": row["kind"],
                "severity": row["severity"],
                "indicator": indicators.get(row["indicator"]),
                "other": indicators.get(row["other"]),
                "percent": int(row["percent"]) if row["percent"] else None,
                "least": int(row["least"]) if row["least"] else None,
            },
        )
        rule.parts.set(indicators[code] for code in _codes(row["parts"]))
        created += is_new
    return created
