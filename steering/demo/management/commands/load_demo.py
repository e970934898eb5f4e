"""Load the demonstration province, Sơn La from December 2022 to December 2025. Repeatable.

manage.py load_demo
manage.py load_demo --until 2023-01 --format json
"""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from commitments.models import Indicator
from districts.models import Unit
from districts.months import Month
from reports.engine.figures import figures_for
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.programs.answers import AnsweringCommand, argument
from steering.accounts.statistics import renew_statistics
from steering.demo.actions import PROVINCE_CODE, load_demonstration
from steering.demo.people import ACCOUNTS, PASSWORD
from steering.demo.province import LAST
from steering.demo.words import NOTICE

HEADLINES = (Month.of(2023, 12), Month.of(2025, 5))


class Command(AnsweringCommand):
    help = "Loads the demonstration province with targets, commitments, counts and accounts."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--until",
            type=argument(Month.parse, "2023-12"),
            default=LAST,
            metavar="YYYY-MM",
            help="the last month to load",
        )

    def answer(self, *, until, **options):
        loaded = load_demonstration(
            actor=COMMAND_LINE, on=timezone.localdate(), until=until, say=self.stderr.write
        )
        renew_statistics()
        return {
            "ok": True,
            **asdict(loaded),
            "headlines": [_headline(month) for month in HEADLINES if month <= until],
            "usernames": [account.username for account in ACCOUNTS],
            "notice": NOTICE,
        }

    def show(self, answer):
        lines = [_headline_text(headline) for headline in answer["headlines"]]
        lines.append(_("Accounts, password %(password)s:") % {"password": PASSWORD})
        lines += [f"  {account.username:<12} {account.post}" for account in ACCOUNTS]
        lines.append(answer["notice"])
        return "\n".join(lines)


def _headline(month: Month) -> dict[str, Any]:
    """Health insurance of the province in one month, as the engine gives it."""
    unit = Unit.objects.by_code(PROVINCE_CODE, month.last_day)
    indicators = Indicator.objects.filter(code__in=("HI", "HI_RATE"))
    insured, coverage = figures_for(unit=unit, month=month, indicators=indicators)
    return {
        "unit": unit.name,
        "month": str(month),
        "insured": insured.value,
        "change": insured.change,
        "coverage": float(coverage.value),
        "percent_of_target": _number(insured.percent_of_target),
    }


def _headline_text(headline: dict[str, Any]) -> str:
    """One sentence, such as “Sơn La, 12/2023: 1.278.316 …”."""
    month = Month.parse(headline["month"])
    parts = [
        _("%(unit)s, %(month)s: %(insured)s people with health insurance")
        % {
            "unit": headline["unit"],
            "month": f"{month.month:02d}/{month.year}",
            "insured": _count(headline["insured"]),
        },
        _("%(coverage)s%% of the population") % {"coverage": _rate(headline["coverage"])},
    ]
    if (change := headline["change"]) is not None:
        sign = "−" if change < 0 else "+"
        parts.append(_("%(change)s on the year before") % {"change": sign + _count(abs(change))})
    if (percent := headline["percent_of_target"]) is not None:
        parts.append(_("%(percent)s%% of the plan") % {"percent": _rate(percent)})
    return ", ".join(parts) + "."


def _count(value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)


def _rate(value: float) -> str:
    return number_format(value, 1, use_l10n=True)


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
