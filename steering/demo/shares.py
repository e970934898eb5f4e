"""Dividing a whole among many so that the parts add up to it exactly. Pure arithmetic."""

import random
from collections.abc import Sequence
from itertools import accumulate
from operator import mul

_FINE = 10**15
"""Weights become integers of this fineness, for exact division."""
_CLOSE = 1e-3
"""A share this close to its cap counts as full."""


def apportion(total: int, weights: Sequence[float], caps: Sequence[int] | None = None) -> list[int]:
    """Integers in proportion to ``weights`` that add up to ``total``, none above its cap.

    What a cap holds back is shared by all the others. Raises ValueError if the caps together
    hold less than ``total``.
    """
    full = _full(total, weights, caps) if caps else set()
    rest = [index for index in range(len(weights)) if index not in full]
    parts = [0] * len(weights)
    for index in full:
        parts[index] = caps[index]
    left = total - sum(parts)
    if rest:
        whole = sum(weights[index] for index in rest)
        shares = [round(weights[index] / whole * _FINE) for index in rest]
        for index, part in zip(rest, _nearest(left, shares), strict=True):
            parts[index] = part
    elif left:
        raise ValueError(f"{total} does not fit under caps of {sum(caps)}")
    return parts


def _nearest(total: int, shares: Sequence[int]) -> list[int]:
    """``total`` by largest remainder: no part is a whole one above its quota, nor above its cap."""
    whole = sum(shares)
    quotas = [divmod(total * share, whole) for share in shares]
    parts = [quotient for quotient, _rest in quotas]
    by_rest = sorted(range(len(shares)), key=lambda index: -quotas[index][1])
    for index in by_rest[: total - sum(parts)]:
        parts[index] += 1
    return parts


def _full(total: int, weights: Sequence[float], caps: Sequence[int]) -> set[int]:
    """The places whose cap holds them back when the rest shares what is left in proportion."""
    full: set[int] = set()
    while len(full) < len(weights):
        rest = [index for index in range(len(weights)) if index not in full]
        left = total - sum(caps[index] for index in full)
        factor = left / sum(weights[index] for index in rest)
        more = {index for index in rest if factor * weights[index] >= caps[index] - _CLOSE}
        if not more:
            break
        full |= more
    return full


def scatter(total: int, weights: Sequence[float], chance: random.Random) -> list[int]:
    """``total`` single events that fall by chance on places in proportion to ``weights``."""
    parts = [0] * len(weights)
    bounds = list(accumulate(weights))
    for index in chance.choices(range(len(weights)), cum_weights=bounds, k=total):
        parts[index] += 1
    return parts


def fit(
    table: Sequence[Sequence[float]],
    row_sums: Sequence[int],
    column_sums: Sequence[int],
    *,
    rounds: int,
) -> list[list[float]]:
    """Stretch a table of weights until its rows and columns add up (proportional fitting).

    Columns are met exactly, rows as closely as ``rounds`` repetitions bring them.
    """
    columns = [list(column) for column in zip(*table, strict=True)]
    row_factors = [1.0] * len(row_sums)
    for _round in range(rounds):
        column_factors = [
            wanted / sum(map(mul, column, row_factors))
            for column, wanted in zip(columns, column_sums, strict=True)
        ]
        row_factors = [
            wanted / sum(map(mul, row, column_factors))
            for row, wanted in zip(table, row_sums, strict=True)
        ]
    column_factors = [
        wanted / sum(map(mul, column, row_factors))
        for column, wanted in zip(columns, column_sums, strict=True)
    ]
    return [
        [
            cell * row_factor * column_factor
            for cell, column_factor in zip(row, column_factors, strict=True)
        ]
        for row, row_factor in zip(table, row_factors, strict=True)
    ]
