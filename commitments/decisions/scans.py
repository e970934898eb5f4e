"""Scans of documents: what they are is read from their content, never from their name."""

from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext as _

from steering.accounts.faults import Refused

MOST_BYTES = 20 * 2**20
_BEGINNINGS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
CONTENT_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}


@dataclass(frozen=True)
class Scan:
    """A scan that was recognised: ``ending`` is pdf, jpg or png."""

    data: bytes
    ending: str

    @property
    def digest(self) -> str:
        return sha256(self.data).hexdigest()


def read_scan(data: bytes) -> Scan:
    """A PDF or a picture. Raises Refused for anything else and for what is too large."""
    if len(data) > MOST_BYTES:
        message = _("The scan is larger than %(limit)s MB. Scan it with fewer dots per inch.")
        raise Refused.because("scan_too_large", message % {"limit": MOST_BYTES // 2**20})
    for beginning, ending in _BEGINNINGS.items():
        if data.startswith(beginning):
            return Scan(data, ending)
    raise Refused.because("no_scan", _("This is neither a PDF nor a picture (JPG, PNG)."))
