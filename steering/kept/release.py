"""Which program made an answer: one of before an update is not handed out after it."""

from functools import cache
from hashlib import blake2b
from pathlib import Path

from django.conf import settings

_READ = {".css", ".html", ".js", ".mo", ".py", ".svg", ".typ"}
"""Endings of the files that what is made depends on or names."""


@cache
def release() -> str:
    """A digest of the program's own files, read once in each process."""
    digest = blake2b(digest_size=12)
    for package in settings.PROGRAM:
        for path in sorted((Path(settings.BASE_DIR) / package).rglob("*")):
            if path.suffix in _READ and path.is_file():
                digest.update(path.name.encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
