"""Show the targets in force on a day, with what the units directly below have together.

manage.py show_targets --unit 14 --year 2024
manage.py show_targets --unit 14 --year 2024 --on 2024-06-30 --children --format json

Without --on the day is 31 December of the year, or today while it runs. A code means the unit in
force on 31 December or, if it ended in the year, on its last day; --on names the other.
"""

from django.utils import timezone

from commitments.models import Authority
from districts.months import parse_day
from reports.documents.asking import unit_of_year
from steering.accounts.programs.answers import AnsweringCommand, argument
from steering.promises.decisions.asking import Asked, as_dict, day_of


def _year(text: str) -> int:
    year = int(text)
    if not 1990 <= year <= 2100:
        raise ValueError(text)
    return year


class Command(AnsweringCommand):
    help = "Shows the targets of a unit that are in force on a day, with those of its children."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--unit", required=True, help="code of 2, 3 or 5 digits")
        parser.add_argument("--year", required=True, type=argument(_year, "2024"))
        parser.add_argument("--on", type=argument(parse_day, "2024-06-30"), help="a day")
        parser.add_argument("--children", action="store_true")
        parser.add_argument("--authority", choices=Authority.values, default=Authority.PPC)

    def answer(self, *, unit, year, on, children, authority, **options):
        found = unit_of_year(unit, year, on)
        day = on or day_of(found, year, timezone.localdate())
        asked = Asked(found, year, day, str(authority), children)
        return {
            "unit": unit,
            "year": year,
            "on": day.isoformat(),
            "targets": [as_dict(one) for one in asked.found],
        }

    def show(self, answer):
        return "\n".join(
            f"{one['unit']:>5}  {one['indicator']:<14}  {one['operator']:<9}  {one['value']}"
            f"  {one['decision']} (v{one['version']})"
            f"  {'' if one['difference'] is None else one['difference']}"
            for one in answer["targets"]
        )
