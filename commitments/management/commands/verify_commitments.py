"""Recompute the digest of every signed commitment and follow the chains: finds any later change.

manage.py verify_commitments
"""

from commitments.actions.signing import verify_commitments
from steering.accounts.answers import AnsweringCommand


class Command(AnsweringCommand):
    help = "Verifies that every signed commitment is still what was signed."

    def answer(self, **options):
        return verify_commitments().as_dict()
