"""Recompute every digest, follow the chains and check their signatures: finds any later change.

manage.py verify_commitments [--against FILE]
"""

from commitments.chain.checking import verified
from steering.accounts.programs.answers import AnsweringCommand


class Command(AnsweringCommand):
    help = "Verifies that everything promised is still what was promised."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--against", metavar="FILE", help="a chain exported before")

    def answer(self, *, against, **options):
        return verified(against=against)
