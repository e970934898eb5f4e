"""A commitment on one page: on what ground, between whom, the figures, the pledges, the code."""

from datetime import date, datetime, time
from decimal import Decimal

from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from commitments.models import PaperState, Way
from commitments.papers.content import PaperLine, shown_code
from districts.months import Month
from reports.wording import words

from . import texts
from .promised import Printed, Promised, Side
from .setting import form
from .setting.document import (
    Align,
    Block,
    Code,
    Column,
    Document,
    Head,
    Line,
    Row,
    Signatures,
    Table,
)

_SMALL = 8
TIGHTEST = 4
_TABLE_SIZES, _SIGNING_ROOMS = (12, 11, 10, 9, 8), (4, 4, 3, 2, 2)


def commitment(found: Promised, *, tight: int = 0) -> Document:
    """The paper as it is signed; once it is, with the names and the way it was signed.

    A commitment is one page: ``tight``, from 0 to TIGHTEST, makes its table and the room for the
    signatures smaller, never the text.
    """
    title = pgettext(
        "document", "To reach the targets for participation in SI and HI in %(year)d"
    ) % {"year": found.year}
    return Document(
        title=f"{pgettext('document', 'COMMITMENT')}: {found.unit_name}, {found.year}",
        author=words.listed([found.receiving.unit_name, found.assigning.unit_name]),
        language=(get_language() or "vi")[:2],
        dated=datetime.combine(found.dated, time()),
        head=_head(found),
        blocks=(
            *form.title(pgettext("document", "COMMITMENT"), title),
            *_grounds(found),
            *_parties(found),
            _table(found, _TABLE_SIZES[tight]),
            *_pledges(found),
            _signatures(found, _SIGNING_ROOMS[tight]),
            *_codes(found),
        ),
        footer=(found.letterhead.committee.notice,) if found.letterhead.committee.notice else (),
    )


def _head(found: Promised) -> Head:
    """The head is that of the unit that commits itself."""
    signed = found.signed
    place = found.letterhead.place
    if signed and signed.place:
        place = signed.place
    return Head(
        superior=pgettext("document", "PEOPLE'S COMMITTEE"),
        agency=found.unit_name.upper(),
        number=form.document_number(None, pgettext("document", "CM")),
        place_and_date=form.place_and_date(place, signed.on if signed else None),
    )


def _grounds(found: Promised) -> list[Line]:
    """``Căn cứ ...``, each on a line of its own, the last with a full stop."""
    cited = [
        pgettext("document", "Pursuant to %(document)s")
        % {
            "document": texts.cited(
                texts.kind_named(one.kind),
                one.number,
                date.fromisoformat(one.issued_on),
                one.issuer,
            )
        }
        for one in found.decisions
    ]
    return [
        form.paragraph(text + (";" if place < len(cited) else "."), italic=True)
        for place, text in enumerate(cited, start=1)
    ]


def _parties(found: Promised) -> list[Line]:
    sides = pgettext("document", "Assigning side: %(assigning)s. Receiving side: %(receiving)s.")
    said = sides % {"assigning": _party(found.assigning), "receiving": _party(found.receiving)}
    more = pgettext("document", "The receiving side commits itself to these targets for %(year)d:")
    return [form.paragraph(f"{said} {more % {'year': found.year}}")]


def _party(party: Side) -> str:
    """The name, where it is known, and the post."""
    return f"{party.name}, {party.post}" if party.name else party.post


def _table(found: Promised, size: int) -> Table:
    return Table(
        columns=(
            Column(pgettext("document", "No."), "A", Align.CENTRE),
            Column(pgettext("document", "Target"), "B", Align.LEFT, grows=True),
            Column(pgettext("document", "Measured in"), "C", Align.CENTRE),
            Column(pgettext("document", "Result of %(year)d") % {"year": found.year - 1}, "1"),
            Column(pgettext("document", "Assigned target"), "2"),
            Column(pgettext("document", "Committed target"), "3"),
        ),
        rows=tuple(_row(str(place), line) for place, line in enumerate(found.lines, start=1)),
        numbered=False,
        largest=size,
    )


def _row(ordinal: str, line: PaperLine) -> Row:
    english = (get_language() or "vi").startswith("en")
    values = (line.last_year, line.assigned, line.committed)
    decimals = _decimals(values, line)
    last_year, assigned, committed = (_number(value, line, decimals) for value in values)
    sign = "" if line.operator == "at_least" else words.operator(line.operator)
    return Row(
        (
            ordinal,
            _named(line, english=english),
            words.measure_named(line.measure),
            last_year,
            form.glued(f"{sign} {assigned}") if sign and assigned else assigned,
            form.glued(f"{sign} {committed}") if sign else committed,
        )
    )


def _named(line: PaperLine, *, english: bool) -> str:
    """The indicator, and until when where that is not the end of the year."""
    name = line.name_en if english else line.name_vi
    if not line.deadline or line.deadline.endswith("-12"):
        return name
    month = words.month_number(Month.parse(line.deadline))
    return pgettext("document", "%(target)s (by %(month)s)") % {"target": name, "month": month}


def _decimals(values: tuple[int | None, ...], line: PaperLine) -> int:
    """As many as the longest of its numbers needs: nothing is rounded on a paper."""
    if line.measure == "VND":
        return 1
    if not line.decimals:
        return 0
    found = (Decimal(value).scaleb(-line.decimals) for value in values if value)
    return max([1, *(-value.normalize().as_tuple().exponent for value in found)])


def _number(value: int | None, line: PaperLine, decimals: int) -> str:
    if value is None:
        return ""
    if line.measure == "VND":
        return words.number(Decimal(value) / words.BILLION, decimals)
    if not line.decimals:
        return words.number(value)
    return words.number(Decimal(value).scaleb(-line.decimals), decimals)


def _pledges(found: Promised) -> list[Line]:
    said = [form.paragraph(text) for text in found.letterhead.pledges.splitlines() if text.strip()]
    copies = pgettext("document", "Two copies of the same force are made; each side keeps one./.")
    return [*said, form.paragraph(copies)]


def _signatures(found: Promised, room: int) -> Signatures:
    """Side by side: whoever commits, whoever assigned."""
    return Signatures(
        left=form.signer(
            (
                pgettext("document", "FOR THE RECEIVING SIDE"),
                found.receiving.post.upper(),
            )
        ),
        right=form.signer(
            (pgettext("document", "FOR THE ASSIGNING SIDE"), found.assigning.post.upper())
        ),
        left_name=form.name(found.receiving.name) or (Line("", form.BODY),),
        right_name=form.name(found.assigning.name),
        room=room,
    )


# --- the code ------------------------------------------------------------------------------------


def _codes(found: Promised) -> list[Block]:
    """The QR code with what it stands for; of a commitment without a paper how it was recorded."""
    said = _how_signed(found)
    if found.printed is None:
        return [Line(text, form.FOOTER, italic=True, before=6) for text in said]
    printed = found.printed
    return [
        Code(
            address=printed.address,
            alt=_("QR code of the page of verification: %(address)s")
            % {"address": printed.address},
            lines=tuple(
                Line(text, size, bold=bold) for text, size, bold in _printed(printed, said)
            ),
        )
    ]


def _printed(printed: Printed, said: list[str]) -> list[tuple[str, float, bool]]:
    """Each digest is one word without a space, so that it is found as it stands."""
    chain = [
        (
            _("Head of the chain when it was prepared (number %(number)s):")
            % {"number": words.number(printed.chain_number)},
            _SMALL,
            False,
        ),
        (printed.chain_head, _SMALL, False),
    ]
    return [
        (_("Code of verification: %(code)s") % {"code": shown_code(printed.code)}, 10, True),
        (
            _("To compare with the record: %(address)s") % {"address": printed.address},
            _SMALL,
            False,
        ),
        (_("Digest of the content (SHA-256):"), _SMALL, False),
        (printed.digest, _SMALL, False),
        *(chain if printed.chain_head else ()),
        *((text, _SMALL, False) for text in said),
    ]


def _how_signed(found: Promised) -> list[str]:
    """When and by which way it was signed, and whether it still holds."""
    over = _OVER.get(found.state)
    if found.signed is None:
        waiting = _("Prepared on %(day)s; not signed yet.") % {"day": words.day(found.dated)}
        return [str(over) if over else waiting]
    day = {"day": words.day(found.signed.on)}
    said = {
        Way.TYPED: _("Signed on %(day)s by typed name: a record, not a digital signature.") % day,
        Way.SCAN: _("Signed on paper on %(day)s; the scan is kept.") % day,
        Way.DIGITAL: _("Signed digitally on %(day)s; the signed file is kept.") % day,
    }.get(found.signed.way, _("Recorded as signed on %(day)s.") % day)
    return [said, *([str(over)] if over else [])]


_OVER = {
    PaperState.REPLACED: gettext_lazy("Replaced before signing: this paper must not be signed."),
    PaperState.WITHDRAWN: gettext_lazy("Withdrawn: this paper must not be signed."),
    PaperState.SUPERSEDED: gettext_lazy("No longer in force: superseded by a new version."),
    PaperState.ENDED: gettext_lazy("No longer in force: ended by a reorganisation."),
}
