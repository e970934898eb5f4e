"""Every figure worked out a second time, plainly: from counts, placements, successions, targets.

Nothing here asks the engine, a stored total, an ancestry or a lineage. Each question is answered
from the rows themselves, in loops, with exact fractions; slow, and short enough to be read beside
the rules of docs/adr/0015-what-a-figure-means.md.
"""

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache

from commitments.models import Base, Count, Indicator, Target
from districts.models import Placement, Succession, Unit
from districts.months import Month

WHOLE = 1_000_000


@dataclass(frozen=True)
class Assigned:
    """One target of one decision, unscaled."""

    order: tuple
    effective_on: date
    number: str
    year: int
    value: Fraction
    operator: str
    deadline: int
    path: tuple[tuple[int, Fraction], ...]


@dataclass(frozen=True)
class Asked:
    """What is asked of a unit: by the deadline, and by the end of a month before rounding."""

    target: Fraction
    operator: str
    deadline: int
    line: Fraction | None


def digits(value: Fraction, decimals: int) -> Fraction:
    """Half-up to so many decimals, through the decimal module."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return Fraction(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def divided(number: int, shares: list[int]) -> list[int]:
    """``number`` people by Webster's method, one seat at a time where quotas leave some open.

    The level of claims is searched by halving: everybody with share / (2k - 1) above it is served.
    """
    low, high = Fraction(0), Fraction(2 * max(shares))

    def served(level: Fraction) -> list[int]:
        return [math.floor((share / level + 1) / 2) for share in shares]

    while True:
        middle = (low + high) / 2
        found = served(middle)
        if sum(found) == number:
            return found
        if sum(found) > number:
            low = middle
        else:
            high = middle
        if high - low < Fraction(1, 10**12):
            found = served(high)
            claims = sorted(
                range(len(shares)), key=lambda i: (-Fraction(shares[i], 2 * found[i] + 1), i)
            )
            for i in claims[: number - sum(found)]:
                found[i] += 1
            return found


class Plainly:
    """All rows of all tables that a figure rests on, and the questions about them."""

    def __init__(self, authority: str = "ppc"):
        self.units = {unit.pk: unit for unit in Unit.objects.all()}
        self.indicators = {one.pk: one for one in Indicator.objects.all()}
        self.parts = {pk: [p.pk for p in one.parts.all()] for pk, one in self.indicators.items()}
        self.placements = defaultdict(list)
        for row in Placement.objects.all():
            self.placements[row.unit_id].append(row)
        self.heirs_of = defaultdict(list)
        for row in Succession.objects.filter(reorganisation__state="applied").order_by("pk"):
            self.heirs_of[row.predecessor_id].append(row)
        self.predecessors_of = defaultdict(list)
        for rows in self.heirs_of.values():
            for row in rows:
                if row.share:
                    self.predecessors_of[row.successor_id].append(row.predecessor_id)
        self.counts = {
            (row.month, row.unit_id, row.indicator_id): row for row in Count.objects.all()
        }
        self.given = defaultdict(list)
        for row in Base.objects.all():
            self.given[row.unit_id, row.indicator_id].append(row.month)
        self.targets = defaultdict(list)
        rows = Target.objects.filter(decision__authority=authority)
        for row in rows.select_related("decision").prefetch_related("path"):
            scale = 10 ** self.indicators[row.indicator_id].decimals
            decision = row.decision
            self.targets[row.unit_id, row.indicator_id].append(
                Assigned(
                    order=(decision.effective_on, decision.issued_on, decision.pk),
                    effective_on=decision.effective_on,
                    number=decision.number,
                    year=decision.year,
                    value=Fraction(row.value, scale),
                    operator=row.operator,
                    deadline=row.deadline,
                    path=tuple((p.month, Fraction(p.value, scale)) for p in row.path.all()),
                )
            )

        for name in ("above", "heirs", "contributors", "entered", "coverage", "exact"):
            setattr(self, name, cache(getattr(self, name)))

    # --- the map -----------------------------------------------------------------------------

    def above(self, pk: int, day: date) -> list[int]:
        """The unit and everybody it stood under on a day; empty if it was not in force."""
        if not self.units[pk].in_force_on(day):
            return []
        found = [pk]
        while True:
            parents = [
                row.parent_id
                for row in self.placements[found[-1]]
                if row.since <= day and (row.until is None or day < row.until)
            ]
            if not parents:
                return found
            found.append(parents[0])

    def heirs(self, pk: int, day: date) -> dict[int, int]:
        """Who has the unit's people on the map of a day: unit to parts per million."""
        if self.units[pk].in_force_on(day):
            return {pk: WHOLE}
        found = {}
        for row in self.heirs_of[pk]:
            for heir, share in self.heirs(row.successor_id, day).items():
                if row.share and share:
                    found[heir] = found.get(heir, 0) + row.share * share // WHOLE
        return found

    def contributors(self, node: int, month: Month, day: date, tier: str) -> list[int]:
        """The units that were to report in ``month`` and have people below ``node`` on ``day``."""
        return [
            pk
            for pk, unit in self.units.items()
            if unit.reports_at == tier
            and unit.in_force_on(month.first_day)
            and any(node in self.above(heir, day) for heir in self.heirs(pk, day))
        ]

    def has(self, node: int, pk: int, number: int, day: date) -> int:
        """What ``node`` has of a number of a unit, on the map of ``day``."""
        heirs = self.heirs(pk, day)
        parts = [number] if len(heirs) == 1 else divided(number, list(heirs.values()))
        return sum(
            part for heir, part in zip(heirs, parts, strict=True) if node in self.above(heir, day)
        )

    # --- what one unit said ------------------------------------------------------------------

    def entered(self, pk: int, month: int, indicator: int) -> int | None:
        """The approved number of a unit, or the base that holds for it."""
        if self.indicators[indicator].frequency == "yearly":
            return self.base(pk, month, indicator)
        row = self.counts.get((month, pk, indicator))
        return None if row is None else row.approved

    def base(self, pk: int, month: int, indicator: int) -> int | None:
        own = sorted(
            given
            for given in self.given[pk, indicator]
            if given <= month
            and (row := self.counts.get((given, pk, indicator))) is not None
            and row.approved is not None
        )
        if own:
            return self.counts[own[-1], pk, indicator].approved
        found = None
        for before in self.predecessors_of[pk]:
            number = self.base(before, month, indicator)
            if number is None:
                continue
            rows = [row for row in self.heirs_of[before] if row.share]
            parts = divided(number, [row.share for row in rows]) if len(rows) > 1 else [number]
            for row, part in zip(rows, parts, strict=True):
                if row.successor_id == pk:
                    found = (found or 0) + part
        return found

    # --- leaves of an indicator --------------------------------------------------------------

    def leaves(self, indicator: int) -> list[int]:
        """The entered indicators that a sum is made of; one that is entered is itself."""
        if self.indicators[indicator].kind != "sum":
            return [indicator]
        return [leaf for part in self.parts[indicator] for leaf in self.leaves(part)]

    def is_flow(self, indicator: int) -> bool:
        return any(self.indicators[leaf].kind == "flow" for leaf in self.leaves(indicator))

    def months(self, indicator: int, month: Month) -> list[Month]:
        """The months that the result of ``month`` is made of."""
        one = self.indicators[indicator]
        if one.kind == "ratio":
            above, below = self.is_flow(one.numerator_id), self.is_flow(one.denominator_id)
            if below and not above:
                return [month - back for back in range(11, -1, -1)]
            return self.months(one.numerator_id, month)
        return month.year_to_date() if self.is_flow(indicator) else [month]

    def carried(self, node: int, pk: int, month: Month, indicator: int, day: date) -> int | None:
        """What ``node`` has of what a unit said, the parts of a sum one by one; None if one lacks.

        Each part is divided by itself, so that a sum is the sum of its parts on every map.
        """
        numbers = [self.entered(pk, month, leaf) for leaf in self.leaves(indicator)]
        if None in numbers:
            return None
        return sum(self.has(node, pk, number, day) for number in numbers)

    # --- results -----------------------------------------------------------------------------

    def count(self, node: int, indicator: int, months: list[Month], day: date) -> int | None:
        """The sum over units and months of what is approved; None if nothing is."""
        tier = self.indicators[self.leaves(indicator)[0]].entered_at
        numbers = [
            number
            for month in months
            for pk in self.contributors(node, month, day, tier)
            if (number := self.carried(node, pk, month, indicator, day)) is not None
        ]
        return sum(numbers) if numbers else None

    def matched(self, node: int, indicator: int, month: Month, day: date):
        """Numerator, denominator and per month how many units know both, of how many."""
        one = self.indicators[indicator]
        months = self.months(indicator, month)
        over = self.is_flow(one.denominator_id) and not self.is_flow(one.numerator_id)
        tier = self.indicators[self.leaves(one.numerator_id)[0]].entered_at
        above = below = 0
        coverage = []
        if over:
            units = self.contributors(node, month, day, tier)
            known = 0
            for pk in units:
                top = self.carried(node, pk, month, one.numerator_id, day)
                bottoms = [self.carried(node, pk, at, one.denominator_id, day) for at in months]
                if top is not None and None not in bottoms:
                    known += 1
                    above += top
                    below += sum(bottoms)
            coverage = [(known, len(units))]
            return (above, below, coverage) if known else (None, None, coverage)
        some = False
        for at in months:
            units, known = self.contributors(node, at, day, tier), 0
            for pk in units:
                top = self.carried(node, pk, at, one.numerator_id, day)
                bottom = self.carried(node, pk, at, one.denominator_id, day)
                if top is not None and bottom is not None:
                    known += 1
                    some = True
                    above += top
                    below += bottom
            coverage.append((known, len(units)))
        return (above, below, coverage) if some else (None, None, coverage)

    def exact(self, node: int, indicator: int, month: Month, day: date) -> Fraction | None:
        """The result: a stock of the month, a flow since January, a ratio in percent."""
        if self.indicators[indicator].kind == "ratio":
            above, below, _coverage = self.matched(node, indicator, month, day)
            return Fraction(above * 100, below) if below else None
        number = self.count(node, indicator, self.months(indicator, month), day)
        return None if number is None else Fraction(number)

    def coverage(self, node: int, indicator: int, month: Month, day: date) -> tuple[int, int]:
        """(approved, expected) of the least month; (0, 0) where nobody reports it."""
        if self.indicators[indicator].kind == "ratio":
            found = self.matched(node, indicator, month, day)[2]
        else:
            tier = self.indicators[self.leaves(indicator)[0]].entered_at
            found = []
            for at in self.months(indicator, month):
                units = self.contributors(node, at, day, tier)
                known = [
                    pk for pk in units if self.carried(node, pk, at, indicator, day) is not None
                ]
                found.append((len(known), len(units)))
        expected = [pair for pair in found if pair[1]]
        if not expected:
            return 0, 0
        least = min(Fraction(*pair) for pair in expected)
        return [pair for pair in expected if Fraction(*pair) == least][-1]

    # --- the plan ----------------------------------------------------------------------------

    def in_force(self, node: int, indicator: int, month: Month) -> list[Assigned]:
        """The targets of the year that count by the month's end, the newest last."""
        found = [
            one
            for one in self.targets[node, indicator]
            if one.year == month.year and one.effective_on <= month.last_day
        ]
        return sorted(found, key=lambda one: one.order)

    def line(self, node: int, indicator: int, month: Month, day: date, versions) -> Fraction | None:
        """What the newest of ``versions`` asks for by the end of ``month``, before rounding."""
        *earlier, plan = versions
        if month >= plan.deadline:
            return plan.value
        december = month.last_december
        bend = max(december, Month.containing(plan.effective_on) - 1)
        earlier = [one for one in earlier if one.effective_on <= bend.last_day]
        retold = any(december < at <= bend for at, _value in plan.path)
        if bend > december and earlier and not retold:
            first, begins = bend, self.line(node, indicator, bend, day, earlier)
        else:
            first, begins = december, self.start(node, indicator, december, day)
        points = [] if begins is None else [(first, begins)]
        points += sorted(point for point in plan.path if first < point[0] < plan.deadline)
        points.append((plan.deadline, plan.value))
        before = [point for point in points if point[0] <= month]
        after = [point for point in points if point[0] > month]
        if not before:
            return None
        (left, low), (right, high) = before[-1], after[0]
        found = low + (high - low) * Fraction(month - left, right - left)
        if plan.operator == "at_most":
            return max(found, plan.value)
        return min(found, plan.value)

    def start(self, node: int, indicator: int, december: Month, day: date) -> Fraction | None:
        """Where the year's line begins: at nothing for a flow, else at a whole December."""
        if self.indicators[indicator].kind == "flow":
            return Fraction(0)
        approved, expected = self.coverage(node, indicator, december, day)
        if not expected or approved < expected:
            return None
        return self.exact(node, indicator, december, day)

    # --- what predecessors were assigned -----------------------------------------------------

    def inherited(
        self, node: int, indicator: int, month: Month
    ) -> list[tuple[int, list[Assigned]]]:
        """The predecessors that were assigned a target which counts, each with its versions."""
        if self.in_force(node, indicator, month):
            return []
        found = [(pk, self.in_force(pk, indicator, month)) for pk in self.predecessors_of[node]]
        return [(pk, versions) for pk, versions in found if versions]

    def part(self, predecessor: int, heir: int, number: int) -> int:
        """What one heir has of a number of a unit that ended."""
        rows = [row for row in self.heirs_of[predecessor] if row.share]
        parts = divided(number, [row.share for row in rows]) if len(rows) > 1 else [number]
        return sum(part for row, part in zip(rows, parts, strict=True) if row.successor_id == heir)

    def recast(self, node: int, indicator: int, month: Month, day: date) -> "Asked | None":
        """What the predecessors were assigned: counts added, rates weighed by their base."""
        of = self.inherited(node, indicator, month)
        newest = [versions[-1] for _pk, versions in of]
        weights = self._weights(node, indicator, month, of)
        if not of:
            return None
        deadline = max(one.deadline for one in newest)
        if weights is None:
            # Nothing to weigh by; equal rates need no weights.
            value = newest[0].value
            if {one.value for one in newest} != {value}:
                return None
            line = self._straight(node, indicator, month, day, value, deadline)
            return Asked(value, newest[0].operator, deadline, line)
        value = sum(one.value * weight for one, weight in zip(newest, weights, strict=True))
        decimals = self.indicators[indicator].decimals
        straight = all(len(versions) == 1 and not versions[0].path for _pk, versions in of)
        if (
            straight
            and len({one.deadline for one in newest}) == 1
            and len(of) == len(self.predecessors_of[node])
        ):
            # Lines of all that run straight are one, from the unit's own December.
            line = self._straight(node, indicator, month, day, value, deadline)
        else:
            lines = [
                self.line(
                    pk,
                    indicator,
                    month,
                    Month(self.units[pk].until - 1).first_day,
                    versions,
                )
                for pk, versions in of
            ]
            line = None
            if None not in lines:
                line = sum(one * weight for one, weight in zip(lines, weights, strict=True))
        if month >= deadline:
            line = value
        return Asked(digits(value, decimals), newest[0].operator, deadline, line)

    def _weights(self, node: int, indicator: int, month: Month, of) -> list[Fraction] | None:
        """What of each predecessor's target is asked of the unit."""
        one = self.indicators[indicator]
        if one.kind != "ratio":
            return [self._weight_of(pk, node, versions[-1].value) for pk, versions in of]
        bases = [self._weighed_by(pk, one.denominator_id, month) for pk, _versions in of]
        if None in bases:
            return None
        parts = [self.part(pk, node, base) for (pk, _v), base in zip(of, bases, strict=True)]
        return [Fraction(part, sum(parts)) for part in parts] if sum(parts) else None

    def _weight_of(self, predecessor: int, heir: int, value: Fraction) -> Fraction:
        """What part of a target falls to one heir; of nothing, its share."""
        if value:
            return self.part(predecessor, heir, int(value)) / value
        rows = [row for row in self.heirs_of[predecessor] if row.successor_id == heir]
        return Fraction(sum(row.share for row in rows), WHOLE)

    def _weighed_by(self, pk: int, below: int, month: Month) -> int | None:
        """The base of a unit that ended, or what its rate was divided by last year."""
        last = Month(self.units[pk].until - 1)
        if self.indicators[below].frequency == "yearly":
            return self.base(pk, min(month, last), below)
        months = self.months(below, month.last_december)
        return self.count(pk, below, months, last.first_day)

    def _straight(self, node, indicator, month, day, value, deadline) -> Fraction | None:
        if month >= deadline:
            return value
        december = month.last_december
        begins = self.start(node, indicator, december, day)
        if begins is None:
            return None
        return begins + (value - begins) * Fraction(month - december, deadline - december)

    # --- the figure --------------------------------------------------------------------------

    def figure(self, node: int, indicator: int, month: Month, day: date) -> dict:
        """A figure but for its rank, with the keys of ``show_figures``."""
        one = self.indicators[indicator]
        decimals = one.decimals

        def shown(value):
            return None if value is None else digits(value, decimals)

        exact = self.exact(node, indicator, month, day)
        approved, expected = self.coverage(node, indicator, month, day)
        last = month.same_month_last_year
        last_covered = self.coverage(node, indicator, last, day)
        before = self.exact(node, indicator, last, day)
        flow = one.kind == "flow"
        found = {
            "value": shown(exact),
            "year_to_date": None,
            "last_year": shown(before),
            "last_year_to_date": None,
            "last_year_coverage": last_covered,
            "approved": approved,
            "expected": expected,
        }
        if flow:
            of_month = self.count(node, indicator, [month], day)
            of_last = self.count(node, indicator, [last], day)
            found |= {"value": of_month, "last_year": of_last, "year_to_date": exact}
            found["last_year_to_date"] = before
        for key, covered in self._last_year_known(node, indicator, last, day):
            if not covered[1] or covered[0] < covered[1]:
                found[key] = None
        if one.kind == "ratio":
            above, below, _coverage = self.matched(node, indicator, month, day)
            found |= {"numerator": above, "denominator": below}
        asked = self.asked(node, indicator, month, day)
        whole = approved == expected
        nothing = one.kind == "ratio" and found["numerator"] == 0 and found["denominator"] == 0
        applicable = not (nothing and whole) and (expected or exact is not None or asked)
        compared = applicable and (exact is None or whole)
        found["change"] = None
        if compared and exact is not None and before is not None:
            covered = last_covered[0] == last_covered[1] and last_covered[1]
            found["change"] = shown(exact - before) if covered else None
        found |= self._against(asked, indicator, month, exact, compared)
        if not applicable:
            found["status"] = "not_applicable"
        elif exact is not None and not whole:
            found["status"] = "incomplete"
        return found

    def _last_year_known(self, node: int, indicator: int, last: Month, day: date):
        """What says something of last year, with how far it is known; a flow's month is its own."""
        whole = self.coverage(node, indicator, last, day)
        if self.indicators[indicator].kind != "flow":
            return [("last_year", whole)]
        tier = self.indicators[indicator].entered_at
        units = self.contributors(node, last, day, tier)
        known = [pk for pk in units if self.entered(pk, last, indicator) is not None]
        return [("last_year", (len(known), len(units))), ("last_year_to_date", whole)]

    def asked(self, node: int, indicator: int, month: Month, day: date) -> Asked | None:
        versions = self.in_force(node, indicator, month)
        if not versions:
            return self.recast(node, indicator, month, day)
        plan = versions[-1]
        line = self.line(node, indicator, month, day, versions)
        return Asked(plan.value, plan.operator, plan.deadline, line)

    def _against(self, plan, indicator, month, exact, compared) -> dict:
        keys = ("target", "plan_to_date", "percent_of_target", "percent_to_date")
        if plan is None:
            return dict.fromkeys(keys) | {"status": "no_target", "operator": None}
        ceiling = plan.operator == "at_most"
        decimals = self.indicators[indicator].decimals
        now = None
        if plan.line is not None:
            now = max(plan.line, plan.target) if ceiling else min(plan.line, plan.target)
            if self.indicators[indicator].kind == "ratio":
                now = digits(now, decimals)
            else:
                now = Fraction(math.floor(now) if ceiling else math.ceil(now))
        found = dict.fromkeys(keys) | {
            "target": plan.target,
            "plan_to_date": now,
            "operator": plan.operator,
            "status": "no_data",
        }
        if exact is None or not compared:
            return found
        judged = digits(exact, decimals)
        due = month >= plan.deadline

        def reaches(asked: Fraction, due: bool) -> bool:
            if ceiling:
                return judged <= asked
            return judged > asked if plan.operator == "more_than" and due else judged >= asked

        def percent(asked: Fraction, reached: bool) -> Fraction | None:
            if not asked:
                return None
            exactly = digits(exact * 100 / asked, 2)
            hundred, last = Fraction(100), Fraction(1, 100)
            if ceiling:
                return min(exactly, hundred) if reached else max(exactly, hundred + last)
            return max(exactly, hundred) if reached else min(exactly, hundred - last)

        found["percent_of_target"] = percent(plan.target, reaches(plan.target, True))
        if now is not None:
            found["percent_to_date"] = percent(now, reaches(now, due))
        asked, due = (plan.target, True) if now is None else (now, due)
        if reaches(asked, due):
            far = judged * 102 <= asked * 100 if ceiling else judged * 100 >= asked * 102
            found["status"] = "exceeded" if far and asked > 0 else "met"
        elif now is not None:
            near = judged * 97 <= asked * 100 if ceiling else judged * 100 >= asked * 97
            found["status"] = "behind" if near else "at_risk"
        return found

    def ranks(self, figures: dict[int, dict]) -> dict[int, tuple[int | None, int]]:
        """Unit to (rank, of how many), best percent of the target first; lowest of a ceiling."""
        scores = {pk: f["percent_of_target"] for pk, f in figures.items()}
        known = [score for score in scores.values() if score is not None]
        ceiling = {f["operator"] for f in figures.values()} - {None} == {"at_most"}

        def better(one: Fraction, other: Fraction) -> bool:
            return one < other if ceiling else one > other

        return {
            pk: (
                None if score is None else 1 + sum(better(other, score) for other in known),
                len(known),
            )
            for pk, score in scores.items()
        }
