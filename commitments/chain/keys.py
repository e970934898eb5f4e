"""The key that signs links: Ed25519, in a file that the database's administrator cannot write to.

``SIGNING_KEY_FILE`` holds the private key (PKCS#8, PEM). Public keys that signed before it lie in
the folder beside it whose name ends in ``.retired``; those two places are all that is trusted.
"""

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from commitments.models import Link
from steering.accounts.faults import Refused

PublicKeys = Mapping[str, Ed25519PublicKey]
"""Trusted public keys by their id."""


class NoKey(Refused):
    """Nothing can be signed: the key is missing, unreadable, or not the one that signed before."""

    @classmethod
    def because_of(cls, code: str, message: str) -> "NoKey":
        return cls.because(code, message, read=str(key_file().name))


def key_file() -> Path:
    return Path(settings.SIGNING_KEY_FILE)


def retired_folder() -> Path:
    """Where public keys lie that signed before the present one."""
    path = key_file()
    return path.with_name(path.name + ".retired")


def key_id(key: Ed25519PublicKey) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the raw public key."""
    return key_id_of(raw(key).hex())


def key_id_of(raw_key: str) -> str:
    """The id of a key from its raw bytes in hexadecimal; blank for what is none."""
    try:
        return hashlib.sha256(bytes.fromhex(raw_key)).hexdigest()[:16]
    except ValueError:
        return ""


def raw(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def as_pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def read_public(content: bytes) -> Ed25519PublicKey:
    """A public key as downloaded: PEM, or 64 hexadecimal digits. Raises ValueError."""
    if b"-----BEGIN" in content:
        key = load_pem_public_key(content)
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError("not an Ed25519 key")
        return key
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(content.decode("ascii").strip()))


def signed_by(key: Ed25519PublicKey, signature: str, digest: str) -> bool:
    """Whether ``signature`` (hexadecimal) is this key's over ``digest``."""
    try:
        key.verify(bytes.fromhex(signature), digest.encode("ascii"))
    except (InvalidSignature, ValueError):
        return False
    return True


def signing_key() -> Ed25519PrivateKey:
    """The key to sign the next link with. Raises NoKey if there is none that may.

    Embedded, one is made at first need: where the database is SQLite and holds no link yet. A key
    other than the one of the latest link may sign only after ``rotate_key`` introduced it.
    """
    path = key_file()
    latest = Link.objects.order_by("-pk").values_list("key", flat=True).first()
    if not path.exists():
        if latest is not None or connection.vendor != "sqlite":
            message = _(
                "The signing key is missing, so nothing can be signed. Put it back to where "
                "SIGNING_KEY_FILE says."
            )
            raise NoKey.because_of("signing_key_missing", message)
        make_key(path)
    key = read_private(path)
    name = key_id(key.public_key())
    if latest not in (None, name) and _introduced_last() != name:
        message = _(
            "The signing key %(key)s is not the one that signed before, %(latest)s. Put that one "
            "back, or change keys with “rotate_signing_key”."
        )
        raise NoKey.because_of("signing_key_foreign", message % {"key": name, "latest": latest})
    return key


def _introduced_last() -> str:
    """The id of the key that the one before it introduced last; blank if there was no other."""
    changes = Link.objects.filter(kind=Link.Kind.KEY).order_by("-pk")
    return key_id_of(changes.values_list("subject_digest", flat=True).first() or "-")


def read_private(path: Path) -> Ed25519PrivateKey:
    """The private key of a file. Raises NoKey."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        message = _("The file of the signing key cannot be read as an Ed25519 key in PEM form.")
        raise NoKey.because_of("signing_key_unreadable", message)
    return key


def make_key(path: Path) -> None:
    """Write a new private key that only its owner can read. Never over a file that exists."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    # Linked when whole: of two processes that start at once, both read the same key.
    with NamedTemporaryFile("wb", dir=path.parent) as draft, suppress(FileExistsError):
        draft.write(content)
        draft.flush()
        os.link(draft.name, path)


def retire(key: Ed25519PublicKey) -> None:
    """Keep a public key trusted that signs no more."""
    retired_folder().mkdir(mode=0o700, exist_ok=True)
    (retired_folder() / f"{key_id(key)}.pem").write_bytes(as_pem(key))


def replace(key: Ed25519PrivateKey) -> None:
    """Let another private key sign from now on; the file is never half written."""
    path = key_file()
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with NamedTemporaryFile("wb", dir=path.parent, delete=False) as draft:
        draft.write(content)
    Path(draft.name).replace(path)


def trusted_keys() -> dict[str, Ed25519PublicKey]:
    """The public keys that count, from outside the database: the present one and retired ones."""
    found = []
    if key_file().exists():
        found.append(read_private(key_file()).public_key())
    for path in sorted(retired_folder().glob("*.pem")):
        with suppress(ValueError):
            found.append(read_public(path.read_bytes()))
    return {key_id(key): key for key in found}


def present_key() -> str:
    """The id of the key that signs now; blank while there is none."""
    return key_id(read_private(key_file()).public_key()) if key_file().exists() else ""
