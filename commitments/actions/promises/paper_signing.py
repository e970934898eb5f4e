"""Signing a paper in one of three ways: by typed name, on paper with a scan, digitally in a PDF."""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from commitments.chain.links import link_events
from commitments.models import Commitment, CommitmentEvent, Indicator, Paper, PaperState, Way
from commitments.papers.content import Content, content_digest
from commitments.papers.signatures import (
    LARGEST_PDF,
    SignatureFound,
    UnreadablePdf,
    signatures_of,
    text_without_spaces,
    trusted_roots,
)
from commitments.rules import Refused
from districts.vietnamese import clean, search_key
from steering.accounts.actors import Actor, as_user
from steering.accounts.models import User
from steering.committee import access
from steering.committee.access import NotAllowed
from steering.committee.models import Committee, Membership
from steering.committee.roles import Permission

from .signing import NewLine, Signature, write_signed

SCANS = {b"%PDF-": ".pdf", b"\x89PNG\r\n\x1a\n": ".png", b"\xff\xd8\xff": ".jpg"}
"""How a scan begins, and what its file is called."""


@dataclass(frozen=True)
class Signer:
    """Who signed, as it is written down: name, post, and where."""

    name: str
    post: str = ""
    place: str = ""


def may_sign(paper: Paper, actor: Actor, on: date) -> bool:
    """Whether ``actor`` heads the unit of a paper on that day, in a unit that stands."""
    head = Membership.objects.head_of(paper.unit_id, on)
    user = as_user(actor)
    return bool(head and user and head.user_id == user.pk and paper.unit.in_force_on(on))


@transaction.atomic
def sign_by_name(
    *, paper: Paper, typed_name: str, place: str = "", actor: User, on: date
) -> Commitment:
    """Sign a paper by typing one's name: the head of the unit in office on that day, nobody else.

    A record, not a legal digital signature. That password and second factor were given is the
    caller's part. Raises NotAllowed for anybody else, Refused for a name that is not the account's.
    """
    if not may_sign(paper, actor, on):
        raise NotAllowed(Permission.SIGN_COMMITMENTS, paper.unit)
    if search_key(typed_name) != search_key(str(actor)):
        message = _("Type your name as it stands in your account: %(name)s.")
        raise Refused.because("name_differs", message % {"name": actor}, read=typed_name)
    signer = Signer(clean(str(actor)), actor.post, place)
    return _sign(paper, Way.TYPED, signer, actor=actor, signed_on=on, on=on)


@transaction.atomic
def record_scan(
    *, paper: Paper, content: bytes, signer: Signer, signed_on: date, actor: Actor, on: date
) -> Commitment:
    """Record a paper that was signed by hand, with its scan (PDF, PNG or JPEG)."""
    access.require(actor, Permission.RECORD_COMMITMENTS, paper.committee.unit, on)
    _refuse_size(content)
    ending = next((end for start, end in SCANS.items() if content.startswith(start)), None)
    if ending is None:
        message = _("The scan is no PDF, PNG or JPEG file. Scan the signed paper as one of these.")
        raise Refused.because("scan_kind", message)
    if not signer.name.strip():
        raise Refused.because("signer_missing", _("Write who signed the paper."))
    _refuse_day(paper, signed_on, on)
    return _sign(
        paper,
        Way.SCAN,
        signer,
        actor=actor,
        signed_on=signed_on,
        file=(content, ending),
        on=on,
    )


@transaction.atomic
def record_signed_pdf(
    *, paper: Paper, content: bytes, signer: Signer, actor: Actor, on: date
) -> Commitment:
    """Record the PDF of a paper that was signed digitally, after checking it.

    Handed in by the standing officer, or by the head who signs.
    Refused if nobody signed it, if it was changed afterwards, or if the content digest printed in
    it is not this paper's. A certificate of an issuer that is not on the list is taken, and said.
    """
    if not may_sign(paper, actor, on):
        access.require(actor, Permission.RECORD_COMMITMENTS, paper.committee.unit, on)
    found = checked_pdf(paper, content)
    last = found[-1]
    stated = last.signed_at and localdate(last.signed_at)
    # The signer's own clock: a day that cannot be gives way to the day it was handed in.
    signed_on = stated if stated and paper.prepared_on <= stated <= on else on
    return _sign(
        paper,
        Way.DIGITAL,
        Signer(signer.name or last.name, signer.post, signer.place),
        actor=actor,
        signed_on=signed_on,
        file=(content, ".pdf"),
        certificate={
            "checked_on": on.isoformat(),
            "signatures": [one.as_certificate() for one in found],
        },
        on=on,
    )


def checked_pdf(paper: Paper, content: bytes) -> list[SignatureFound]:
    """The signatures of a PDF that is this paper. Raises Refused if it cannot count as signed."""
    _refuse_size(content)
    try:
        roots = trusted_roots(Path(settings.TRUSTED_CERTIFICATES))
        found = signatures_of(content, roots=roots)
        text = text_without_spaces(content)
    except UnreadablePdf:
        message = _("The file cannot be read as a PDF. Hand in the signed PDF itself.")
        raise Refused.because("pdf_unreadable", message) from None
    if not found:
        raise Refused.because("not_signed", _("This PDF carries no digital signature."))
    if any(one.changed or not one.intact for one in found):
        message = _("This PDF was changed after it was signed. Hand in the file as it was signed.")
        raise Refused.because("changed_after_signing", message)
    if paper.content_digest not in text:
        message = _(
            "The content digest printed in this PDF is not that of the commitment. Sign the PDF of "
            "the paper with the code %(code)s."
        )
        raise Refused.because("other_paper", message % {"code": paper.code}, read=paper.code)
    return found


def _sign(
    paper: Paper,
    way: str,
    signer: Signer,
    *,
    actor: Actor,
    signed_on: date,
    file: tuple[bytes, str] | None = None,
    certificate: dict | None = None,
    on: date,
) -> Commitment:
    Committee.objects.select_for_update().get(pk=paper.committee_id)
    state = Paper.objects.with_state().get(pk=paper.pk).state
    if state != PaperState.PREPARED:
        message = _("This paper cannot be signed any more: %(state)s.")
        details = {"state": PaperState(state).label}
        raise Refused.because("not_waiting", message % details, read=paper.code)
    _refuse_overtaken(paper)
    if content_digest(paper.content) != paper.content_digest:
        message = _("The paper %(code)s does not say what was prepared.") % {"code": paper.code}
        raise Refused.because("paper_changed", message, read=paper.code)
    content = Content.from_text(paper.content)
    digest = hashlib.sha256(file[0]).hexdigest() if file else ""
    (commitment,) = write_signed(
        committee=paper.committee,
        year=paper.year,
        signed_on=signed_on,
        signatures=[
            Signature(
                unit=paper.unit,
                lines=_lines(content),
                signer_name=signer.name,
                signer_post=signer.post or content.receiving.post,
                receiver_post=content.assigning.post,
                place=signer.place,
                paper=paper,
                way=way,
                file=ContentFile(file[0], name=digest + file[1]) if file else None,
                file_digest=digest,
                certificate=certificate,
            )
        ],
        actor=actor,
    )
    _end_what_ended(commitment, actor, on)
    return commitment


def _end_what_ended(commitment: Commitment, actor: Actor, on: date) -> None:
    """Say that a commitment has ended whose unit ended between its signing and its recording."""
    end = commitment.unit.abolished_on
    if end is None or end > on or commitment.year < end.year:
        return
    event = CommitmentEvent.objects.create(
        commitment=commitment,
        what=CommitmentEvent.What.ENDED,
        on=end,
        by=as_user(actor),
        why=_("Recorded after the unit had ended."),
    )
    link_events([event])


def _lines(content: Content) -> list[NewLine]:
    keys = dict(Indicator.objects.values_list("code", "pk"))
    return [
        NewLine(
            indicator_id=keys[line.indicator],
            value=line.committed,
            operator=line.operator,
            assigned=line.assigned,
            last_year=line.last_year,
        )
        for line in content.lines
    ]


def _refuse_size(content: bytes) -> None:
    if len(content) > LARGEST_PDF:
        message = _("The file is larger than %(limit)s MB.")
        raise Refused.because("too_large", message % {"limit": LARGEST_PDF // 2**20})


def _refuse_overtaken(paper: Paper) -> None:
    """Refuse a paper printed with a version that was recorded as signed without it meanwhile."""
    if Commitment.objects.filter(
        unit=paper.unit_id, year=paper.year, version__gte=paper.version
    ).exists():
        message = _("Version %(version)s was recorded as signed meanwhile. Prepare the paper anew.")
        raise Refused.because("overtaken", message % {"version": paper.version}, read=paper.code)


def _refuse_day(paper: Paper, signed_on: date, on: date) -> None:
    if signed_on > on:
        message = _("The day of signing lies in the future.")
        raise Refused.because("future", message, read=signed_on.isoformat())
    if signed_on < paper.prepared_on:
        message = _("The paper was prepared on %(day)s; it cannot have been signed before.")
        details = {"day": paper.prepared_on.strftime("%d/%m/%Y")}
        raise Refused.because("before_prepared", message % details, read=signed_on.isoformat())
