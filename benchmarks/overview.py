"""The overview's whole request against the raw SQL that reads its figures: a ratio of CPU time.

    python benchmarks/overview.py           (on the demonstration province)

The request is that of the standing officer through every middleware, view and template, answered
in full. The floor reads the figures of the province and its districts, those of the communes for
the leading indicator, and twelve months of the sparklines. Both run in turn in one process; the
median of the paired ratios is printed.
"""

import statistics
from datetime import date
from time import process_time

from bare import FIGURES, FIGURES_OF_COMMUNES, SERIES, read, timed
from django.conf import settings
from django.test import Client, override_settings

from commitments.models import Indicator
from districts.models import Tier, Unit
from districts.months import Month
from steering.accounts.models import User
from steering.demo.people import ACCOUNTS

PROVINCE, MONTH, ROUNDS = "14", Month.of(2023, 12), 15
PLAIN_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
"""Nothing has to be collected first."""


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

    def floor() -> int:
        return (
            read(FIGURES, shown, MONTH)
            + read(FIGURES_OF_COMMUNES, below, MONTH, lead)
            + read([SERIES], shown, MONTH, lead)
        )

    floor(), page()
    pairs = [(timed(page, process_time), timed(floor, process_time)) for _round in range(ROUNDS)]
    ratios = [mine / other for mine, other in pairs]
    print(
        f"overview: {page() // 1024} KiB {statistics.median(m for m, _f in pairs) * 1000:.0f} ms, "
        f"raw SQL {floor()} rows {statistics.median(f for _m, f in pairs) * 1000:.0f} ms, "
        f"ratio {statistics.median(ratios):.2f} (aim: at most 3)"
    )


if __name__ == "__main__":
    with override_settings(
        ALLOWED_HOSTS=["testserver"], STORAGES=settings.STORAGES | {"staticfiles": PLAIN_FILES}
    ):
        main()
