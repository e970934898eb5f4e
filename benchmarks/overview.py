"""The overview's whole request against its figures alone: two ratios of CPU time, in one run.

    python benchmarks/overview.py           (on the demonstration province)

The request is that of the standing officer through every middleware, view and template, answered
in full. It is held against the calls of the engine that read the figures it shows, with the same
arguments: what the page adds to them. For information it is held against raw SQL for the same
cells too: the province and its districts, the communes for the leading indicator, twelve months of
the sparklines. All three run in turn in one process; the medians of the paired ratios are printed.
"""

import statistics
from collections.abc import Callable
from datetime import date
from time import process_time
from unittest import mock

from bare import FIGURES, FIGURES_OF_COMMUNES, SERIES, read, timed
from django.conf import settings
from django.test import Client, override_settings

from commitments.models import Indicator
from districts.models import Tier, Unit
from districts.months import Month
from reports.engine.figures import (
    figures_of,
    statuses_of,
)
from reports.engine.ground import Ground
from reports.engine.trajectories import trajectories
from reports.pages import overview
from steering.accounts.models import User
from steering.demo.people import ACCOUNTS
from steering.wsgi import application  # noqa: F401  (what the server has set up)

PROVINCE, MONTH, ROUNDS = "14", Month.of(2023, 12), 15
PLAIN_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
"""Nothing has to be collected first."""


def calls_of(page: Callable[[], int]) -> list[tuple[Callable, dict]]:
    """Which questions the page asks the engine, with their arguments."""
    found = []

    def noting(ask: Callable) -> Callable:
        def noted(**asked):
            found.append((ask, asked))
            return ask(**asked)

        return noted

    with (
        mock.patch.object(overview, "figures_of", noting(figures_of)),
        mock.patch.object(overview, "statuses_of", noting(statuses_of)),
        mock.patch.object(overview, "trajectories", noting(trajectories)),
    ):
        page()
    return found


def main() -> None:
    unit = Unit.objects.by_code(PROVINCE, date(2023, 12, 31))
    shown = [unit.pk, *(child.pk for child in Unit.objects.children_of(unit, MONTH))]
    communes = Unit.objects.below(unit, MONTH).at_tier(Tier.COMMUNE).values_list("pk", flat=True)
    below = sorted(set(communes))
    lead = Indicator.objects.filter(main=True).first().pk
    client = Client()
    client.force_login(User.objects.get(username=ACCOUNTS[0].username))

    def page() -> int:
        answer = client.get("/", {"month": MONTH})
        assert answer.status_code == 200
        return len(answer.content)

    calls = calls_of(page)

    def engine() -> int:
        ground = Ground()
        return sum(len(ask(**asked | {"ground": ground})) for ask, asked in calls)

    def raw() -> int:
        return (
            read(FIGURES, shown, MONTH)
            + read(FIGURES_OF_COMMUNES, below, MONTH, lead)
            + read([SERIES], shown, MONTH, lead)
        )

    raw(), engine(), page()
    rounds = [[timed(work, process_time) for work in (page, engine, raw)] for _ in range(ROUNDS)]
    whole, asking, reading = (
        statistics.median(times) * 1000 for times in zip(*rounds, strict=True)
    )
    print(
        f"overview: {page() // 1024} KiB {whole:.0f} ms, "
        f"its {len(calls)} calls of the engine {asking:.0f} ms, "
        f"ratio {statistics.median(p / e for p, e, _r in rounds):.2f} (aim: at most 3); "
        f"raw SQL {raw()} rows {reading:.0f} ms, "
        f"ratio {statistics.median(p / r for p, _e, r in rounds):.2f} (for information)"
    )


if __name__ == "__main__":
    with override_settings(
        ALLOWED_HOSTS=["testserver"], STORAGES=settings.STORAGES | {"staticfiles": PLAIN_FILES}
    ):
        main()
