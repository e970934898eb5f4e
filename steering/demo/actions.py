"""Loads the demonstration province through the same actions as real data, month by month.

Every month is one transaction: an interrupted run is continued by the next, and what has been
recorded once is never touched again.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from commitments.actions.reference.catalogue import load_catalogue
from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.reporting.periods import CLOSES_AFTER_DAYS, close_period, open_period
from commitments.models import Decision, Indicator, Submission
from commitments.querysets import working_days
from districts.actions import load_gazetteer
from districts.gazetteer.register import read_register
from districts.models import Ancestry, Lineage, Tier, Unit
from districts.months import Month
from steering.accounts.actors import Actor
from steering.accounts.faults import Refused

from . import words
from .people import seat_everybody
from .places import Place
from .promises.recording import Promises
from .province import FIRST, LAST
from .reporting import OPEN_MONTHS, TIME_ZONE, Sending, office_sending, sendings
from .series import OFFICE, REFORM, Series, build
from .targets import INVENTED, decisions

PROVINCE_CODE = "14"

OLD_MAP_DAY = (REFORM - 1).last_day
CLOSED_AT = time(17, 0)

Say = Callable[[str], None]
"""Receives one line about the progress."""


@dataclass(frozen=True)
class Loaded:
    """What a run added; all zero if everything was there."""

    accounts: int = 0
    targets: int = 0
    commitments: int = 0
    months: int = 0
    counts: int = 0


def load_demonstration(
    *, actor: Actor, on: date, until: Month = LAST, say: Say = lambda text: None
) -> Loaded:
    """Load the province with its accounts, decisions, commitments and counts up to ``until``.

    Repeatable: what is there stays as it is. Raises Refused if ``until`` is no month of the
    demonstration, or the province holds reports or decisions that are not the demonstration's.
    """
    if not FIRST <= until <= LAST:
        message = _("The demonstration runs from %(first)s to %(last)s; %(read)s is not in it.")
        details = {"first": FIRST, "last": LAST, "read": until}
        raise Refused.because(
            "not_in_the_demonstration",
            message % details,
            read=str(until),
            expected=f"{FIRST} – {LAST}",
        )
    if is_loaded(until):
        return Loaded()
    load_gazetteer(register=read_register().around([PROVINCE_CODE]), actor=actor)
    load_catalogue(actor=actor)
    province = _Province()
    province.refuse_other_data()
    series = build(province.places())
    planned = decisions(series)
    say(_("Units, catalogue and figures are ready."))
    accounts = seat_everybody(actor=actor, on=on)
    promises = Promises(province, planned, series, actor=actor, on=on)
    promises.record()
    months = counts = 0
    for month in province.months_to_come(until):
        if month == REFORM:
            promises.renew()
        written = province.report(series, month, actor=actor)
        months, counts = months + 1, counts + written
        say(_("%(month)s: %(count)s numbers") % {"month": month, "count": written})
    return Loaded(len(accounts), promises.targets, promises.signed, months, counts)


def is_loaded(until: Month = LAST) -> bool:
    """Whether the demonstration has been recorded up to ``until``."""
    reports = Submission.objects.filter(unit__code=PROVINCE_CODE, unit__tier=Tier.OFFICE)
    return reports.filter(month=until).exists() and _invented_decisions().exists()


def _invented_decisions() -> QuerySet[Decision]:
    """The decisions by which the demonstration is known: their numbers look like no real one."""
    return Decision.objects.filter(unit__code=PROVINCE_CODE, number__startswith=INVENTED)


class _Province:
    """The province in the database: its units by the codes that the plain numbers use."""

    def __init__(self):
        self.unit = Unit.objects.by_code(PROVINCE_CODE, OLD_MAP_DAY)
        self.office = Unit.objects.office_of(self.unit, FIRST)
        self.indicators = {indicator.code: indicator for indicator in Indicator.objects.all()}
        self.old = self._communes(REFORM - 1)
        self.new = self._communes(REFORM)
        self.districts = {
            unit.code: unit for unit in Unit.objects.children_of(self.unit, REFORM - 1)
        }

    def _communes(self, month: Month) -> dict[str, Unit]:
        below = Unit.objects.below(self.unit, month).at_tier(Tier.COMMUNE)
        return {unit.code: unit for unit in below.order_by("code")}

    def places(self) -> list[Place]:
        """The communes of the old map, each with its district and its successor."""
        district_of = dict(
            Ancestry.objects.in_month(REFORM - 1)
            .filter(descendant__in=self.old.values(), ancestor__tier=Tier.DISTRICT)
            .values_list("descendant", "ancestor__code")
        )
        heir_of = dict(
            Lineage.objects.on_map_of(REFORM)
            .filter(origin__in=self.old.values())
            .values_list("origin", "heir__code")
        )
        return [
            Place(unit.code, unit.name, unit.kind, district_of[unit.pk], heir_of[unit.pk])
            for unit in self.old.values()
        ]

    def refuse_other_data(self) -> None:
        """Real data and the demonstration must never mix."""
        reports = Submission.objects.filter(
            unit__in=[*self.old.values(), *self.new.values(), self.office]
        )
        if not _invented_decisions().exists() and (
            reports.exists() or self.unit.decisions.exists()
        ):
            raise Refused.because(
                "not_the_demonstration",
                _(
                    "%(unit)s already holds decisions or reports that are not the "
                    "demonstration's. Load it into an empty database."
                )
                % {"unit": self.unit.full_name},
                read=PROVINCE_CODE,
            )

    # --- months ----------------------------------------------------------------------------------

    def months_to_come(self, until: Month) -> list[Month]:
        """The months up to ``until`` that have not been recorded yet."""
        recorded = set(self.office.submissions.values_list("month", flat=True))
        return [
            month
            for month in (Month(number) for number in range(FIRST, until + 1))
            if month not in recorded
        ]

    @transaction.atomic
    def report(self, series: Series, month: Month, *, actor: Actor) -> int:
        """Record one month: reports as they arrive, the office last, then the closing of old ones.

        Returns how many numbers were written.
        """
        due_on = working_days().due_day(month)
        closes_on = due_on + timedelta(days=CLOSES_AFTER_DAYS)
        open_period(
            unit=self.unit,
            month=month,
            due_on=due_on,
            closes_on=closes_on,
            actor=actor,
            on=month.last_day,
        )
        communes = self.old if month < REFORM else self.new
        entries = self._entries(series, month, {**communes, OFFICE: self.office})
        arriving = sendings(month, list(communes), due_on)
        written = sum(
            self._arrive(sending, entries, words.explanation(month), actor) for sending in arriving
        )
        office = office_sending(month, closes_on)
        written += self._arrive(office, entries, words.TOTAL_BELOW_PART, actor)
        if month not in OPEN_MONTHS:
            close_period(
                unit=self.unit,
                month=month,
                actor=actor,
                on=closes_on,
                at=datetime.combine(closes_on, CLOSED_AT, TIME_ZONE),
                why=words.WHY,
            )
        return written

    def _entries(
        self, series: Series, month: Month, units: Mapping[str, Unit]
    ) -> dict[str, list[Entry]]:
        """Every number of the month by the code of the unit that reports it."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for (code, indicator), value in series.counts[month].items():
            found[code].append(
                Entry(
                    month,
                    units[code].pk,
                    self.indicators[indicator].pk,
                    value,
                    source=words.SOURCE,
                )
            )
        for (code, base), value in series.bases.get(month, {}).items():
            found[code].append(
                Entry(
                    month,
                    units[code].pk,
                    self.indicators[base].pk,
                    value,
                    source=words.SOURCE,
                    base_source=words.base_source(base, month),
                    dated=month.first_day,
                )
            )
        return found

    @staticmethod
    def _arrive(
        sending: Sending, entries: Mapping[str, list[Entry]], explanation: str, actor: Actor
    ) -> int:
        outcome = record_counts(
            entries=[entry for code in sending.units for entry in entries[code]],
            actor=actor,
            on=sending.at.date(),
            at=sending.at,
            why=words.WHY,
            explanation=explanation,
            send=sending.sent,
            approve=sending.approved,
        )
        return outcome.created
