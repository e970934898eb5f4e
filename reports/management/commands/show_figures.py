"""Show figures of a unit and its children, as every other face of the system shows them.

manage.py show_figures --unit 14 --month 2023-12 --indicator HI HI_RATE --children
manage.py show_figures --unit 14 --month 2023-12 --map 2025-07-01 --format json
"""

from commitments.models import Authority
from districts.months import Month, parse_day
from reports.engine.asking import (
    find_indicators,
    find_unit,
)
from reports.engine.figures import NotOnThisMap
from reports.ready.reading import figures_for
from reports.wording.plain import as_dict
from steering.accounts.faults import Refused
from steering.accounts.programs.answers import AnsweringCommand, argument


class Command(AnsweringCommand):
    help = "Shows figures of a unit, with its direct children if asked."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--unit", required=True, help="code of 2, 3 or 5 digits")
        parser.add_argument("--month", required=True, type=argument(Month.parse, "2023-12"))
        parser.add_argument("--indicator", nargs="+", metavar="CODE")
        parser.add_argument("--children", action="store_true")
        day = argument(parse_day, "2025-07-01")
        parser.add_argument("--map", type=day, help="a day, e.g. 2025-07-01")
        parser.add_argument("--authority", choices=Authority.values, default=Authority.PPC)

    def answer(self, *, unit, month, indicator, children, map, authority, **options):
        try:
            figures = figures_for(
                unit=find_unit(unit, map or month.first_day),
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
