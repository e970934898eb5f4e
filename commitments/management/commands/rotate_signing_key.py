"""Change the key of the chain of promises: the old one introduces the new one in every chain.

manage.py make_signing_key --output FILE
manage.py rotate_signing_key --to FILE
"""

from pathlib import Path

from commitments.actions.promises.chaining import rotate_key
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.programs.answers import AnsweringCommand


class Command(AnsweringCommand):
    help = "Signs with another key from now on; the public half of the old one stays trusted."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--to", required=True, metavar="FILE", help="the new private key")

    def answer(self, *, to, **options):
        return {"ok": True, "key": rotate_key(new_key=Path(to), actor=COMMAND_LINE)}
