"""Signatures in a PDF (PAdES): intact, by whom, when, changed afterwards, issued by whom.

A reader of files, nothing else: bytes in, findings out. Of a certificate only name, organisation,
issuer and validity are looked at: its serial may hold an identity number. Whether it was revoked is
not asked, for nothing is fetched.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader
from pypdf.errors import PyPdfError

LARGEST_PDF = 20 * 1024 * 1024


class UnreadablePdf(ValueError):
    """The file is no PDF that can be read."""


@dataclass(frozen=True)
class SignatureFound:
    """One signature. ``changed`` says that the file is not what was signed any more.

    ``signed_at`` is the signer's own clock, in UTC; ``trusted`` that the certificate leads to one
    of the roots and was valid then; ``why`` says in words why not.
    """

    name: str
    organisation: str
    issuer: str
    valid_from: str
    valid_until: str
    signed_at: datetime | None
    intact: bool
    changed: bool
    trusted: bool
    why: str

    def as_certificate(self) -> dict[str, Any]:
        """What is kept of it, as plain data."""
        found = asdict(self)
        found["signed_at"] = self.signed_at and self.signed_at.isoformat()
        return found


def signatures_of(
    content: bytes, *, roots: Sequence[x509.Certificate] = ()
) -> list[SignatureFound]:
    """Every signature of a PDF, the last one last; empty for one that nobody signed.

    Raises UnreadablePdf.
    """
    try:
        embedded = PdfFileReader(io.BytesIO(content), strict=False).embedded_signatures
        last = len(embedded) - 1
        return [_found(one, roots, is_last=at == last) for at, one in enumerate(embedded)]
    except (PdfReadError, SignatureValidationError, ValueError, KeyError, TypeError) as error:
        raise UnreadablePdf(str(error)) from error


def _found(embedded, roots: Sequence[x509.Certificate], *, is_last: bool) -> SignatureFound:
    at = embedded.self_reported_timestamp
    # A certificate that ran out since the signing was valid then: look at the stated moment.
    context = ValidationContext(trust_roots=list(roots), allow_fetching=False, moment=at)
    status = validate_pdf_signature(embedded, context, skip_diff=False)
    certificate = embedded.signer_cert
    subject, issuer = certificate.subject.native, certificate.issuer.native
    whole = (
        SignatureCoverageLevel.ENTIRE_FILE if is_last else SignatureCoverageLevel.ENTIRE_REVISION
    )
    changed = (
        not status.intact
        or not status.valid
        or status.coverage < whole
        or status.modification_level == ModificationLevel.OTHER
        or status.docmdp_ok is False
    )
    validity = certificate["tbs_certificate"]["validity"]
    return SignatureFound(
        name=_text(subject, "common_name"),
        organisation=_text(subject, "organization_name"),
        issuer=_text(issuer, "common_name") or _text(issuer, "organization_name"),
        valid_from=validity["not_before"].native.date().isoformat(),
        valid_until=validity["not_after"].native.date().isoformat(),
        signed_at=at and at.astimezone(UTC),
        intact=status.intact and status.valid,
        changed=changed,
        trusted=bool(status.trusted),
        why="" if status.trusted else _why(status),
    )


def _why(status: PdfSignatureStatus) -> str:
    """Why a certificate is not trusted, in words."""
    indication = str(getattr(status.trust_problem_indic, "name", ""))
    if "OUT_OF_BOUNDS" in indication:
        return _("The certificate was not valid on the day of signing.")
    if "REVOKED" in indication:
        return _("The certificate was revoked.")
    return _("It could not be checked who issued the certificate: the issuer is not on the list.")


def _text(names: dict[str, Any], part: str) -> str:
    found = names.get(part, "")
    return ", ".join(found) if isinstance(found, list) else str(found)


def text_without_spaces(content: bytes) -> str:
    """The text of a PDF without any white space, to look for codes and digests in it."""
    try:
        pages = PdfReader(io.BytesIO(content)).pages
        return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadablePdf(str(error)) from error


def trusted_roots(folder: Path | None) -> list[x509.Certificate]:
    """The certificates of a folder (PEM or DER) whose issue is trusted; none without a folder."""
    found = []
    for path in sorted(folder.glob("*")) if folder and folder.is_dir() else ():
        if path.suffix.lower() not in (".pem", ".crt", ".cer", ".der"):
            continue
        content = path.read_bytes()
        parts = (
            [der for _kind, _headers, der in pem.unarmor(content, multiple=True)]
            if (pem.detect(content))
            else [content]
        )
        found += [x509.Certificate.load(der) for der in parts]
    return found
