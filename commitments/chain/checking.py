"""The answers of the commands that check chains: against an exported file, or a file by itself."""

from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils.translation import gettext as _

from commitments.rules import Refused
from steering.accounts.programs.answers import refused
from steering.committee.models import Committee

from .exporting import faults_against, faults_of_export, read_export
from .keys import key_id, read_public, trusted_keys
from .verifying import verify_commitments


def verified(*, against: str | None = None) -> dict[str, Any]:
    """Everything in the database, and whether it still holds the chain exported to ``against``.

    {"ok", "checked", "wrong", "repaired", "errors"}; with a file also "against": {"file", "unit",
    "number", "digest", "ok"}, the head it holds.
    """
    if against is None:
        return verify_commitments().as_dict()
    data = read_export(_content(against))
    result = verify_commitments()
    faults = faults_of_export(data, trusted_keys())
    if not faults:
        committees = Committee.objects.select_related("unit").in_bulk()
        faults = faults_against(data, committees)
    result.wrong += faults
    head = {"file": Path(against).name, "unit": data["committee"].get("unit"), **data["head"]}
    return {**result.as_dict(), "against": {**head, "ok": not faults}}


def verified_file(path: str, key_files: list[str]) -> dict[str, Any]:
    """A chain by itself, with the public keys that the reader trusts. Needs no database."""
    keys = {}
    for name in key_files:
        for key in _public_keys(name):
            keys[key_id(key)] = key
    data = read_export(_content(path))
    if faults := faults_of_export(data, keys):
        return refused(faults)
    return {
        "ok": True,
        "unit": data["committee"].get("unit"),
        "links": len(data["links"]),
        "head": data["head"],
        "exported_at": data.get("exported_at"),
        "keys": sorted(keys),
    }


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        message = _("%(file)s cannot be read: %(reason)s.")
        details = {"file": Path(path).name, "reason": error.strerror}
        raise Refused.because("file_unreadable", message % details, read=path) from error


def _public_keys(path: str) -> list[Ed25519PublicKey]:
    """Every key of a file: one as 64 hexadecimal digits, or any number in PEM form."""
    content = _content(path)
    end = b"-----END PUBLIC KEY-----"
    parts = [part + end for part in content.split(end)[:-1]] if end in content else [content]
    try:
        return [read_public(part) for part in parts]
    except (ValueError, UnicodeDecodeError) as error:
        message = _("%(file)s holds no public key as this site hands it out.")
        name = Path(path).name
        raise Refused.because("key_unreadable", message % {"file": name}, read=path) from error
