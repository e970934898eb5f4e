"""Show figures of a unit and its children, as every other face of the system shows them.

manage.py show_figures --unit 14 --month 2023-12 --indicator HI HI_RATE --children
manage.py show_figures --unit 14 --month 2023-12 --map 2025-07-01 --format json
"""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from commitments.models import Authority, Indicator
from districts.models import Unit
from districts.months import Month
from reports.figures import Figure, NotOnThisMap, figures_for
from steering.accounts.answers import AnsweringCommand, argument, day_argument
from steering.accounts.faults import Fault, Refused

KEYS = (
    "value",
    "year_to_date",
    "reported_value",
    "target",
    "percent_of_target",
    "points_to_target",
    "percent_to_date",
    "last_year",
    "change",
    "rank",
    "status",
    "approved",
    "reported",
    "expected",
    "provisional",
    "estimated",
)
RATIO_KEYS = ("numerator", "denominator", "denominator_source")


def plain(value: Any) -> Any:
    """A value as JSON holds it: ratios are numbers."""
    return float(value) if isinstance(value, Decimal) else value


def as_dict(figure: Figure) -> dict[str, Any]:
    """A figure as scripts read it."""
    keys = KEYS + (RATIO_KEYS if figure.indicator.kind == "ratio" else ())
    return {
        "unit": figure.unit.code,
        "name": figure.unit.full_name,
        "indicator": figure.indicator.code,
        **{key: plain(getattr(figure, key)) for key in keys},
    }


class Command(AnsweringCommand):
    help = "Shows figures of a unit, with its direct children if asked."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--unit", required=True, help="code of 2, 3 or 5 digits")
        parser.add_argument("--month", required=True, type=argument(Month.parse, "2023-12"))
        parser.add_argument("--indicator", nargs="+", metavar="CODE")
        parser.add_argument("--children", action="store_true")
        parser.add_argument("--map", type=day_argument, help="a day, e.g. 2025-07-01")
        parser.add_argument("--authority", choices=Authority.values, default=Authority.PPC)

    def answer(self, *, unit, month, indicator, children, map, authority, **options):
        try:
            figures = figures_for(
                unit=find_unit(unit, map or month.last_day),
                month=month,
                indicators=find_indicators(indicator),
                children=children,
                on_map=map,
                authority=authority,
            )
        except NotOnThisMap as error:
            raise Refused.because("not_on_this_map", str(error), read=str(map)) from None
        return {
            "unit": unit,
            "month": str(month),
            "map": map and map.isoformat(),
            "authority": str(authority),
            "figures": [as_dict(figure) for figure in figures],
        }

    def show(self, answer):
        lines = [
            f"{figure['unit']:>5}  {figure['indicator']:<14}  {figure['value']}"
            f"  {figure['percent_of_target'] or ''}  {figure['status']}"
            for figure in answer["figures"]
        ]
        return "\n".join(lines)


def find_unit(code: str, day) -> Unit:
    """The unit in force on ``day``; raises Refused if there is none."""
    try:
        return Unit.objects.by_code(code, day)
    except Unit.DoesNotExist:
        message = _(
            "No unit with the code “%(read)s” is in force on %(day)s. Give 2, 3 or 5 digits."
        )
        details = {"read": code, "day": f"{day:%d/%m/%Y}"}
        raise Refused.because("unknown_unit", message % details, read=code) from None


def find_indicators(codes: list[str] | None) -> list[Indicator] | None:
    """The indicators of the codes given, or None for all; raises Refused for unknown ones."""
    if codes is None:
        return None
    found = {indicator.code: indicator for indicator in Indicator.objects.filter(code__in=codes)}
    unknown = [code for code in codes if code not in found]
    if unknown:
        message = _("“%(read)s” is no indicator of the catalogue.")
        raise Refused(
            Fault("unknown_indicator", message % {"read": code}, read=code) for code in unknown
        )
    return list(found.values())
