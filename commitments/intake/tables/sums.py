"""Rows that add up others: totals and groups are checked against the rows below, not stored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from commitments.intake.workbook.cells import Place
from commitments.rules import Fault
from districts.vietnamese import search_key


@dataclass(frozen=True)
class Part:
    """One number that totals may add up: whose, in which group of rows. None is blank."""

    unit_id: int
    group_id: int | None
    value: int | None


@dataclass(frozen=True)
class Stated:
    """A number that a file states as a sum. ``unit_id`` is a group's own, None for a total."""

    place: Place
    label: str
    value: int
    unit_id: int | None
    group_id: int | None


def wrong_sums(
    stated: Sequence[Stated], parts: Sequence[Part], above: dict[int, list[int]]
) -> Iterator[tuple[Stated, int | None]]:
    """What was stated and does not add up, with the true sum; None if it has no parts at all.

    A group's number adds up the units below it. A total adds up every row, or, between groups,
    the rows of its own group.
    """
    for sum_ in stated:
        if sum_.unit_id is not None:
            choices = [[part for part in parts if sum_.unit_id in above[part.unit_id]]]
        else:
            choices = [list(parts)]
            if sum_.group_id is not None and not _is_of_everything(sum_.label):
                own = [part for part in parts if part.group_id == sum_.group_id]
                choices.insert(0, own)
        if not any(choices):
            yield sum_, None
            continue
        sums = [sum(part.value or 0 for part in choice) for choice in choices if choice]
        if sum_.value not in sums:
            yield sum_, sums[0]


def _is_of_everything(label: str) -> bool:
    """``Toàn tỉnh`` and ``Tổng cộng`` add up the table; ``Cộng`` may add up a group."""
    return search_key(label).startswith(("toan tinh", "tong"))


def total_differs(stated: Stated, true: int) -> Fault:
    """The fault of a total that is not the sum of its parts."""
    return stated.place.fault(
        "total_differs",
        _("“%(label)s” says %(read)s, but its rows add up to %(sum)s. Correct one of them.")
        % {"label": stated.label, "read": _n(stated.value), "sum": _n(true)},
        stated.value,
        str(true),
    )


def computed_total(stated: Stated) -> Fault:
    """The fault of a number that is only ever added up, in a file without its parts."""
    return stated.place.fault(
        "computed_total",
        _("The number of “%(label)s” is added up from the units below it and cannot be entered.")
        % {"label": stated.label},
        stated.value,
    )


def _n(value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)
