"""The table that divides a target, as page and API show it: rows, balance, what is unusual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from commitments.actions.targets.allocating import version
from commitments.actions.targets.assigning import cautions_of
from commitments.allocation.balance import Balance, State
from commitments.allocation.cautions import Caution
from commitments.allocation.places import Place, portions_of
from commitments.allocation.shares import Share
from commitments.models import Allocation, Indicator, Operator, Portion, Target
from districts.models import Unit
from reports.wording import words
from steering.accounts.actors import Actor
from steering.committee.access import may
from steering.committee.roles import Permission

from .ground import Measures, measures_of
from .wording import balance_words, caution_words, shown


@dataclass(frozen=True)
class Row:
    """One unit's line. ``is_assigned``: it has its target by decision and is not changed here."""

    unit: Unit
    indicator: Indicator
    share: Share
    portion: Portion | None
    is_assigned: bool
    cautions: Sequence[Caution]

    @property
    def text(self) -> str:
        return shown(self.indicator, self.share.value)

    @property
    def version(self) -> str:
        return version(self.share.value)

    @property
    def base(self) -> str:
        return "" if self.share.base is None else words.number(self.share.base)

    @property
    def last(self) -> str:
        return shown(self.indicator, self.share.last)

    @property
    def last_coverage(self) -> str:
        """Last year's result as a share of the people; of a rate nothing, for it is one."""
        return self._share_of_base(self.share.last)

    @property
    def coverage(self) -> str:
        return self._share_of_base(self.share.value)

    def _share_of_base(self, value: int | None) -> str:
        if value is None or not self.share.base or self.indicator.kind == "ratio":
            return ""
        return words.number(Decimal(value * 100) / self.share.base, 1) + "%"

    @property
    def people(self) -> str:
        """How many people a rate stands for."""
        if self.share.value is None or not self.share.base or self.indicator.kind != "ratio":
            return ""
        whole = 100 * self.indicator.scale
        return words.number((2 * self.share.value * self.share.base + whole) // (2 * whole))

    @property
    def change(self) -> str:
        """Against last year's result: people, of a rate points."""
        if self.share.value is None or self.share.last is None:
            return ""
        by = self.share.value - self.share.last
        if self.indicator.kind == "ratio":
            return words.signed(Decimal(by).scaleb(-self.indicator.decimals), 1)
        return words.signed(by)

    @property
    def messages(self) -> list[tuple[str, bool]]:
        """What is unusual in words, and whether it blocks."""
        return [(caution_words(one, self.indicator), one.blocks) for one in self.cautions]

    @property
    def blocks(self) -> bool:
        return any(one.blocks for one in self.cautions)


@dataclass(frozen=True)
class Table:
    """Everything about one target that is divided, for one reader.

    ``is_open``: the reader may change it now. ``own_texts`` are texts of the reader that were kept
    back, by the code of the unit.
    """

    place: Place
    allocation: Allocation | None
    portions: Mapping[int, Portion]
    assigned: Mapping[int, Target]
    measures: Measures
    may_divide: bool
    own_texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def indicator(self) -> Indicator:
        return self.place.indicator

    @property
    def version(self) -> int:
        """The table's version; 1 before anybody began it, as when it is begun."""
        return self.allocation.version if self.allocation else 1

    @property
    def is_assigned(self) -> bool:
        """Whether all units have their targets by decision."""
        by_table = self.allocation is not None and self.allocation.assigned_by_id is not None
        return by_table or len(self.assigned) == len(self.place.children)

    @property
    def is_open(self) -> bool:
        return self.may_divide and not self.is_assigned and not self.place.decision.withdrawn_on

    @property
    def is_rate(self) -> bool:
        return self.place.figure.is_rate

    @cached_property
    def shares(self) -> list[Share]:
        """The rows as the methods take them."""
        values = {}
        for child in self.place.children:
            portion, target = self.portions.get(child.pk), self.assigned.get(child.pk)
            if target is not None:
                values[child.pk] = target.value, True
            else:
                values[child.pk] = portion and portion.value, bool(portion and portion.locked)
        return self.measures.known.with_values(values)

    @cached_property
    def balance(self) -> Balance:
        return self.place.figure.balance(self.shares)

    @cached_property
    def rows(self) -> list[Row]:
        found: dict[int, list[Caution]] = {}
        for caution in cautions_of(self.place, self.measures.known, self.shares):
            found.setdefault(caution.unit, []).append(caution)
        return [
            Row(
                unit=child,
                indicator=self.indicator,
                share=share,
                portion=self.portions.get(child.pk),
                is_assigned=child.pk in self.assigned,
                cautions=found.get(child.pk, ()),
            )
            for child, share in zip(self.place.children, self.shares, strict=True)
        ]

    # --- words -------------------------------------------------------------------------------

    @property
    def target(self) -> str:
        return shown(self.indicator, self.place.target.value)

    @property
    def divided(self) -> str:
        """What the units come to so far."""
        if self.balance.divided is None:
            return shown(self.indicator, 0)
        whole = self.balance.divided
        return shown(
            self.indicator,
            int((2 * whole.numerator + whole.denominator) // (2 * whole.denominator)),
        )

    @property
    def measure(self) -> str:
        """What is counted: people, villages; of a rate what stands above its line."""
        return words.measure(self.indicator.numerator if self.is_rate else self.indicator)

    @property
    def keyboard(self) -> str:
        """The keyboard that a phone opens."""
        return "decimal" if self.is_rate else "numeric"

    @property
    def share_name(self) -> str:
        """What a part is said as besides: people of a rate, a share of the people of a count."""
        return _("In people") if self.is_rate else _("Coverage")

    @property
    def base_name(self) -> str:
        return self.measures.base.name if self.measures.base else ""

    @property
    def methods(self) -> list[tuple[str, str]]:
        """The methods that fit what is divided, with their names."""
        left_out = {Allocation.Method.BY_HAND}
        if self.is_rate:
            left_out.add(Allocation.Method.POPULATION)
        return [(one.value, one.label) for one in Allocation.Method if one not in left_out]

    @property
    def balance_words(self) -> str:
        return balance_words(self.balance, self.indicator)

    @property
    def needs_reason(self) -> bool:
        """Whether what does not come to the target has to be explained before it is assigned."""
        at_most = self.place.target.operator == Operator.AT_MOST
        left = self.balance.state == State.LEFT and not at_most
        return left or self.balance.state == State.OVER


def table_of(
    place: Place,
    reader: Actor,
    today: date,
    own_texts: Mapping[str, str] | None = None,
    *,
    last_targets: bool = False,
) -> Table:
    """The table as it stands, for whoever reads it. A fixed number of queries."""
    allocation = place.allocation()
    return Table(
        place=place,
        allocation=allocation,
        portions=portions_of(allocation),
        assigned=place.assigned(),
        measures=measures_of(place, last_targets=last_targets),
        may_divide=may(reader, Permission.ALLOCATE_TARGETS, place.unit, today),
        own_texts=own_texts or {},
    )
