"""The overview of the province against the raw SQL that reads the same numbers: ratios of CPU time.

    python benchmarks/overview.py          (on the demonstration province)

Of the month people look at now, with its 75 communes and a year of other units behind it, and of
December 2023, with twelve districts. Four ways a page is answered: as somebody with the same rights
was answered before (*kept*); made anew from figures that are ready, as after a change of seats or
in another language (*ready*); made first after a report was approved, before a worker made the
figures ready again (*changed*); and told that it is what the browser holds (*not modified*).

The floor reads totals of the months needed, year-to-date sums, targets, bases and expected units of
the units shown, one indicator of every commune below, and adds nothing up in Python. It leaves out
what earlier months come to on the new map. Page and floor run in turn, in one process; the median
of the paired ratios is told.
"""

import statistics
from datetime import date

from bare import FIGURES, FIGURES_OF_COMMUNES, SERIES, clock, read, timed
from bare.aims import tell
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.reporting.periods import reopen_period
from commitments.models import Authority, Count, Indicator, Period
from districts.models import Tier, Unit
from districts.months import Month
from districts.versions import Touches, raise_versions
from reports.ready.making import make_ready
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import User
from steering.demo.people import ACCOUNTS
from steering.wsgi import application  # noqa: F401  (what the server has set up)

PROVINCE, MONTHS, ROUNDS = "14", {"now": Month.of(2025, 12), "2023": Month.of(2023, 12)}, 9
TODAY = date(2026, 1, 10)
PLAIN_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
"""Nothing has to be collected first."""


class Overview:
    """The page of one month, its floor, and what happens to it between two rounds."""

    def __init__(self, month: Month):
        self.month = month
        self.province = Unit.objects.by_code(PROVINCE, month.last_day)
        children = list(Unit.objects.children_of(self.province, month))
        self.shown = [self.province.pk, *(child.pk for child in children)]
        communes = Unit.objects.below(self.province, month).at_tier(Tier.COMMUNE)
        self.below = sorted(set(communes.values_list("pk", flat=True)))
        self.lead = Indicator.objects.filter(main=True).first()
        self.client = Client()
        self.client.force_login(User.objects.get(username=ACCOUNTS[0].username))
        self.tag = ""
        period = Period.objects.get(unit=self.province, month=month)
        if period.is_closed:
            reopen_period(
                unit=self.province, month=month, actor=COMMAND_LINE, on=TODAY, why="measured"
            )

    def page(self, **headers: str) -> None:
        answer = self.client.get("/", {"month": self.month}, headers=headers)
        assert answer.status_code == (304 if headers else 200)
        self.tag = answer.headers["ETag"]

    def not_modified(self) -> None:
        self.page(if_none_match=self.tag)

    def raw(self) -> None:
        read(FIGURES, self.shown, self.month)
        read(FIGURES_OF_COMMUNES, self.below, self.month, self.lead.pk)
        read([SERIES], self.shown, self.month, self.lead.pk)

    def make_ready(self) -> None:
        """What a worker does once somebody looked."""
        for authority in Authority.values:
            asked = {"month": self.month, "map_month": self.month, "authority": authority}
            assert make_ready(province=self.province, **asked)

    def seat_changes(self) -> None:
        """Every page is another, and no figure."""
        raise_versions([self.province.pk], Touches.NONE)

    def report_comes_in(self) -> None:
        """One commune's number is reported anew and approved."""
        held = Count.objects.filter(
            month=self.month, unit__in=self.below, indicator=self.lead, approved__isnull=False
        ).first()
        entry = Entry(self.month, held.unit_id, self.lead.pk, held.value + 1)
        record_counts(
            entries=[entry], actor=COMMAND_LINE, on=TODAY, approve=True, explanation="measured"
        )

    def ratio(self, ask, before=lambda: None) -> float:
        """Of what ``ask`` takes to the floor beside it; ``before`` is not timed."""
        found = []
        for _round in range(ROUNDS):
            before()
            found.append(timed(ask, clock) / timed(self.raw, clock))
        return statistics.median(found)


def measure() -> list[tuple[str, float]]:
    """The four ratios of both months, by name."""
    found = []
    for name, month in MONTHS.items():
        overview = Overview(month)
        overview.make_ready()
        overview.raw(), overview.page(), overview.page()
        found.append((f"overview_{name}_kept", overview.ratio(overview.page)))
        unmodified = overview.ratio(overview.not_modified)
        with CaptureQueriesContext(connection) as queries:
            overview.not_modified()
        assert len(queries) <= 3, queries.captured_queries
        found.append(("not_modified" if name == "now" else f"not_modified_{name}", unmodified))
        ready = overview.ratio(overview.page, before=overview.seat_changes)
        found.append((f"overview_{name}_ready", ready))

        def change(overview: Overview = overview) -> None:
            overview.make_ready()
            overview.report_comes_in()

        found.append((f"overview_{name}_changed", overview.ratio(overview.page, before=change)))
    return found


if __name__ == "__main__":
    with override_settings(
        ALLOWED_HOSTS=["testserver"], STORAGES=settings.STORAGES | {"staticfiles": PLAIN_FILES}
    ):
        tell(measure())
