"""Write a new key for the chain of promises, where SIGNING_KEY_FILE says or elsewhere.

manage.py make_signing_key [--output FILE]

Never over a file that exists. To change keys, write the new one elsewhere, then rotate_signing_key.
"""

from pathlib import Path

from django.utils.translation import gettext as _

from commitments.chain import keys
from commitments.rules import Refused
from steering.accounts.programs.answers import AnsweringCommand


class Command(AnsweringCommand):
    help = "Writes a new private key (Ed25519) that only its owner can read."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--output", metavar="FILE", help="default: where SIGNING_KEY_FILE says")

    def answer(self, *, output, **options):
        path = Path(output) if output else keys.key_file()
        if path.exists():
            message = _("%(file)s exists already and is left as it is.")
            raise Refused.because("file_exists", message % {"file": path.name}, read=str(path))
        keys.make_key(path)
        key = keys.key_id(keys.read_private(path).public_key())
        return {"ok": True, "file": str(path), "key": key}
