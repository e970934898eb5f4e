"""Verify an exported chain offline, with the public key from the site. Needs no database.

manage.py verify_chain chain-14.json --key public-key.pem
"""

from commitments.chain.checking import verified_file
from steering.accounts.programs.answers import AnsweringCommand


class Command(AnsweringCommand):
    help = "Verifies an exported chain of promises with a public key, without a database."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--key",
            required=True,
            action="append",
            metavar="PUBLIC_KEY_FILE",
            help="in PEM form or as 64 hexadecimal digits; repeat it for retired keys",
        )

    def answer(self, *, file, key, **options):
        return verified_file(file, key)
