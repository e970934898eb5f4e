"""Who has promised what for a year, and who is missing: the register. A read."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Max, TextChoices
from django.utils.translation import gettext_lazy as _

from commitments.actions.promises.papers import Key, counting_day, is_below
from commitments.models import (
    Authority,
    Commitment,
    CommitmentEvent,
    CommitmentLine,
    Decision,
    Indicator,
    Paper,
    Target,
)
from districts.models import Ancestry, Unit
from districts.months import Month
from reports.engine.figures import Figure, Status
from reports.pages.scope import latest_month
from reports.ready.reading import figures_of
from steering.committee import access
from steering.committee.models import Committee, Membership


class State(TextChoices):
    """Where a unit stands with its commitment of a year."""

    UNSIGNED = "unsigned", _("assigned, nothing prepared")
    READY = "ready", _("ready to be signed")
    SIGNED = "signed", _("signed")
    SUPERSEDED = "superseded", _("superseded by a new version")
    ENDED = "ended", _("ended by a reorganisation")
    NOTHING = "nothing", _("nothing assigned")


@dataclass(frozen=True)
class Row:
    """One unit of the register. ``agrees`` is None while nothing is written to compare."""

    unit: Unit
    state: State
    commitment: Commitment | None
    paper: Paper | None
    number_of_lines: int
    agrees: bool | None
    met: int
    judged: int
    head: str

    @property
    def signer(self) -> str:
        """Who signed, or who is to."""
        if self.commitment:
            return self.commitment.signer_name or self.commitment.signer_post
        return self.head

    @property
    def is_missing(self) -> bool:
        return self.state in (State.UNSIGNED, State.READY)


@dataclass(frozen=True)
class Register:
    """The register of a committee for a year; ``month`` is that of the progress shown.

    ``rows`` are the units, each once; ``superseded`` earlier versions of what they signed.
    """

    committee: Committee
    year: int
    years: tuple[int, ...]
    month: Month
    rows: tuple[Row, ...]
    superseded: tuple[Row, ...]

    @cached_property
    def counts(self) -> list[tuple[State, int]]:
        """How many are in each state, states without any left out."""
        counted = Counter(row.state for row in (*self.rows, *self.superseded))
        return [(state, counted[state]) for state in State if counted[state]]

    @property
    def missing(self) -> list[Row]:
        return [row for row in self.rows if row.is_missing]

    def in_state(self, state: str) -> list[Row]:
        """Rows in a state, ``missing`` those not signed; all units for a blank or unknown one."""
        if state == "missing":
            return self.missing
        if state not in State.values:
            return list(self.rows)
        return [row for row in (*self.rows, *self.superseded) if row.state == state]


def register(committee: Committee, year: int, *, user, on: date) -> Register:
    """The units that sign with ``committee`` for a year, as far as ``user`` may see them."""
    units = _units(committee, year, user, on)
    ids = [unit.pk for unit in units]
    signed = Commitment.objects.filter(unit__in=ids, year=year).with_state()
    every = list(signed.select_related("paper").order_by("version", "pk"))
    commitments = {one.unit_id: one for one in every}
    waiting = Paper.objects.waiting().filter(unit__in=ids, year=year)
    papers = {paper.unit_id: paper for paper in waiting}
    targets = targets_of_units(ids, year, counting_day(year, on))
    lines = _lines(every)
    month = min(Month.of(year, 12), latest_month(committee.unit, on))
    figures = _figures(units, month, lines, year)
    heads = {
        seat.committee.unit_id: str(seat.user) for seat in Membership.objects.heads_of(ids, on)
    }
    rows = []
    for unit in units:
        commitment, own = commitments.get(unit.pk), targets.get(unit.pk, {})
        promised = lines.get(commitment.pk, []) if commitment else []
        judged = [figures.get((unit.pk, line.indicator_id)) for line in promised]
        judged = [figure for figure in judged if figure and figure.is_compared]
        rows.append(
            Row(
                unit=unit,
                state=_state(unit, commitment, papers.get(unit.pk), own, year),
                commitment=commitment,
                paper=papers.get(unit.pk) or (commitment and commitment.paper),
                number_of_lines=len(promised) or len(own),
                agrees=agree(promised, own) if promised else None,
                met=sum(figure.status in (Status.MET, Status.EXCEEDED) for figure in judged),
                judged=len(judged),
                head=heads.get(unit.pk, ""),
            )
        )
    called = {unit.pk: unit for unit in units}
    superseded = tuple(
        Row(
            unit=called[one.unit_id],
            state=State.SUPERSEDED,
            commitment=one,
            paper=one.paper,
            number_of_lines=len(lines[one.pk]),
            agrees=None,
            met=0,
            judged=0,
            head="",
        )
        for one in every
        if one.state == CommitmentEvent.What.SUPERSEDED
    )
    return Register(committee, year, _years(committee), month, tuple(rows), superseded)


def _units(committee: Committee, year: int, user, on: date) -> list[Unit]:
    """Units that stood directly below the committee's in the year, those in force at its end last
    known by their names then."""
    january, after = Month.of(year, 1), Month.of(year + 1, 1)
    below = Ancestry.objects.filter(
        ancestor=committee.unit, depth=1, since__lt=after, until__gt=january
    )
    units = Unit.objects.administrative().filter(pk__in=below.values("descendant"))
    seen = access.visible(units, user, on).called_in(Month.of(year, 12))
    # Those that stand come before those that ended in the year.
    return sorted(seen, key=lambda unit: (unit.until <= Month.of(year, 12), unit.code, unit.pk))


def targets_of_units(
    units: Collection[int], year: int, on: date
) -> Mapping[int, Mapping[int, Target]]:
    """Unit to indicator to the target of the People's Committee that counts on the day."""
    found: dict[int, dict[int, Target]] = defaultdict(dict)
    counting = Target.objects.in_force(year=year, on=on, authority=Authority.PPC)
    for target in counting.filter(unit__in=units):
        found[target.unit_id][target.indicator_id] = target
    return found


def _lines(commitments: Sequence[Commitment]) -> dict[int, list[CommitmentLine]]:
    found = defaultdict(list)
    signed = [commitment.pk for commitment in commitments]
    for line in CommitmentLine.objects.filter(commitment__in=signed).order_by("position"):
        found[line.commitment_id].append(line)
    return found


def agree(lines: Sequence[CommitmentLine], targets: Mapping[int, Target]) -> bool:
    """Whether what is promised rests on just what is assigned now, and on all of it.

    Lines recorded without what was assigned are asked only to promise no less.
    """
    promised = {line.indicator_id: line for line in lines}
    resting = {line.indicator_id for line in lines if line.assigned is not None}
    return resting <= set(targets) <= set(promised) and all(
        _agrees(promised[indicator], target) for indicator, target in targets.items()
    )


def _agrees(line: CommitmentLine, target: Target) -> bool:
    if line.assigned is None:
        return not is_below(target.operator, line.value, target.value)
    return (line.operator, line.assigned) == (target.operator, target.value)


def _figures(
    units: Sequence[Unit], month: Month, lines: Mapping[int, Sequence[CommitmentLine]], year: int
) -> dict[Key, Figure]:
    """The figures of what was promised, for the units that stand in the month."""
    wanted = {line.indicator_id for own in lines.values() for line in own}
    standing = [unit for unit in units if unit.since <= month < unit.until]
    if not wanted or not standing or month.year != year:
        return {}
    figures = figures_of(
        units=standing, month=month, indicators=list(Indicator.objects.filter(pk__in=wanted))
    )
    return {(figure.unit.pk, figure.indicator.pk): figure for figure in figures}


def _state(
    unit: Unit,
    commitment: Commitment | None,
    paper: Paper | None,
    targets: Mapping[int, Target],
    year: int,
) -> State:
    ends = unit.until <= Month.of(year, 12)
    if commitment and commitment.state in (
        CommitmentEvent.What.SIGNED,
        CommitmentEvent.What.RESUMED,
    ):
        return State.READY if paper else State.SIGNED
    if ends or (commitment and commitment.state == CommitmentEvent.What.ENDED):
        return State.ENDED
    if paper:
        return State.READY
    return State.UNSIGNED if targets else State.NOTHING


def _years(committee: Committee) -> tuple[int, ...]:
    """Years with a decision or a commitment, the latest first."""
    decided = Decision.objects.filter(unit=committee.unit).values_list("year", flat=True)
    signed = committee.commitments.values_list("year", flat=True)
    return tuple(sorted({*decided, *signed}, reverse=True))


def latest_year(committee: Committee, on: date) -> int:
    """The year whose register is opened: the latest with a decision, else today's."""
    found = Decision.objects.filter(unit=committee.unit, authority=Authority.PPC)
    return found.aggregate(year=Max("year"))["year"] or on.year


def results_before(units: Sequence[Unit], year: int) -> dict[Key, int]:
    """What each unit had reached in the December before ``year``, scaled, on the units' own map.

    Left out where it is not known, or only in part.
    """
    if not units:
        return {}
    december = Month.of(year, 1) - 1
    day = max(max(unit.established_on or date(1900, 1, 1) for unit in units), december.last_day)
    # Flows of the year before are their sum to December.
    figures = figures_of(units=units, month=december, on_map=day)
    found = {}
    for figure in figures:
        achieved = figure.achieved
        if achieved is not None and not figure.is_incomplete:
            scaled = Decimal(achieved) * figure.indicator.scale
            found[figure.unit.pk, figure.indicator.pk] = int(scaled)
    return found
