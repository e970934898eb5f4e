"""Chain, once, what was promised before there was a chain.

manage.py take_over_commitments
"""

from dataclasses import asdict

from django.utils import timezone

from commitments.actions.promises.chaining import take_over
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.programs.answers import AnsweringCommand


class Command(AnsweringCommand):
    help = "Takes commitments and decisions that are older than the chain over into it, once."

    def answer(self, **options):
        return {"ok": True, **asdict(take_over(actor=COMMAND_LINE, on=timezone.localdate()))}
