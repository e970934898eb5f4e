"""Compare every stored total with a plain GROUP BY from the counts; --repair puts them right.

manage.py verify_totals --repair
"""

from commitments.totals import verify_totals
from steering.accounts.programs.answers import AnsweringCommand


class Command(AnsweringCommand):
    help = "Verifies every stored total against the counts below it."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--repair", action="store_true", help="put wrong totals right")

    def answer(self, *, repair, **options):
        return verify_totals(repair=repair).as_dict()
