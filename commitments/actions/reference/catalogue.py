"""Loads the catalogue: indicators, rules and review levels, from the data files beside it."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.db import transaction

from commitments.models import Indicator, ReviewLevel, Rule
from districts.models import Tier
from districts.months import FOREVER, Month
from districts.versions import raise_common
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor

FILES = Path(__file__).resolve().parents[2] / "catalogue"

DISTRICTS_VERIFIED_UNTIL = Month.of(2025, 7)
"""From July 2025 there are no districts; the province approves communes directly."""


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FILES / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _codes(text: str) -> list[str]:
    return [code for code in text.split("+") if code]


@transaction.atomic
def load_catalogue(*, actor: Actor) -> dict[str, int]:
    """Add the indicators, rules and review levels that are missing; says how many. Repeatable.

    What is there stays as it is, even where the files say something else: the back office may
    have changed it, and a province may add its own. The journal names what was added.
    """
    level, added_levels = _load_review_level()
    added = {
        "indicators": _load_indicators(),
        "rules": _load_rules(),
        "review_levels": added_levels,
    }
    if any(added.values()):
        write_journal(actor=actor, action="catalogue.loaded", subject=level, after=added)
        raise_common()
    return {name: len(codes) for name, codes in added.items()}


def _load_review_level() -> tuple[ReviewLevel, list[str]]:
    """The review level of districts, and what was added: its tier, or nothing."""
    if level := ReviewLevel.objects.filter(tier=Tier.DISTRICT).first():
        return level, []
    level = ReviewLevel.objects.create(
        tier=Tier.DISTRICT, since=Month(0), until=DISTRICTS_VERIFIED_UNTIL
    )
    return level, [str(level.tier)]


def _load_indicators() -> list[str]:
    """Add missing indicators; returns their codes."""
    known = {indicator.code: indicator for indicator in Indicator.objects.all()}
    rows = [
        (position, row)
        for position, row in enumerate(_rows("indicators.csv"), start=1)
        if row["code"] not in known
    ]
    # Ratios come last: they refer to indicators that stand anywhere in the file.
    for position, row in sorted(rows, key=lambda pair: pair[1]["kind"] == "ratio"):
        known[row["code"]] = Indicator.objects.create(
            code=row["code"], **_indicator_fields(row, position, known)
        )
    for _position, row in rows:
        if row["parts"]:
            known[row["code"]].parts.set(known[code] for code in _codes(row["parts"]))
    return [row["code"] for _position, row in rows]


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


def _load_rules() -> list[str]:
    """Add missing rules; returns their codes."""
    indicators = {indicator.code: indicator for indicator in Indicator.objects.all()}
    known = set(Rule.objects.values_list("code", flat=True))
    rows = [row for row in _rows("rules.csv") if row["code"] not in known]
    for row in rows:
        rule = Rule.objects.create(
            code=row["code"],
            kind=row["kind"],
            severity=row["severity"],
            indicator=indicators.get(row["indicator"]),
            other=indicators.get(row["other"]),
            percent=int(row["percent"]) if row["percent"] else None,
            least=int(row["least"]) if row["least"] else None,
        )
        rule.parts.set(indicators[code] for code in _codes(row["parts"]))
    return [row["code"] for row in rows]
