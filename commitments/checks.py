"""System check: the key that signs the chain is there and is the one that signed before."""

from contextlib import suppress

from django.core.checks import Error, register
from django.db import OperationalError, ProgrammingError, connection
from django.utils.translation import override

from commitments.chain.keys import NoKey, key_file, signing_key
from commitments.models import Link


@register("signing_key")
def the_signing_key_is_the_one_that_signed(app_configs, databases=None, **kwargs):
    """commitments.E001: the key is missing, unreadable or foreign, so nothing can be signed.

    Asked where a chain exists, and on a server, where a key is never made by itself. A database
    that is not there yet, or not migrated, is not this check's business.
    """
    with suppress(OperationalError, ProgrammingError), override("en"):
        if not (Link.objects.exists() or connection.vendor != "sqlite" or key_file().exists()):
            return []
        try:
            signing_key()
        except NoKey as refusal:
            return [Error(str(fault), id="commitments.E001") for fault in refusal.faults]
    return []
