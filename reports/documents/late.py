"""The notice of late reporters: who sent the report of a month after its due day, or not at all."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.wording import words

from .monthly import head
from .months import LateReport, LateReports
from .setting import form
from .setting.document import Align, Column, Document, Row, Table


def late(found: LateReports) -> Document:
    """A notice to the units: how many of how many, the list, what is asked of them."""
    occasion = found.occasion
    title = pgettext("document", "Late reports for month %(month)s") % {
        "month": words.month_number(occasion.month)
    }
    return Document(
        title=f"{title}, {occasion.unit.full_name}",
        author=occasion.letterhead.agency.replace("\n", " "),
        language=occasion.language,
        dated=occasion.at.replace(tzinfo=None),
        head=head(occasion, pgettext("document", "NT")),
        blocks=(
            *form.title(pgettext("document", "NOTICE"), title),
            form.paragraph(_said(found)),
            _table(found),
        ),
        footer=tuple(filter(None, (_read(found), occasion.notice))),
    )


def _said(found: LateReports) -> str:
    days = sorted({one.due for one in found.late})
    due = words.listed([form.day_in_words(day) for day in days])
    return _(
        "The reports for month %(month)s were due by %(due)s. By the end of %(day)s, of "
        "%(expected)s units %(missing)s have sent none and %(late)s sent theirs late:"
    ) % {
        "month": words.month_number(found.occasion.month),
        "due": due,
        "day": form.day_in_words(found.as_of),
        "expected": words.number(found.expected),
        "missing": words.number(found.missing),
        "late": words.number(len(found.late) - found.missing),
    }


def _read(found: LateReports) -> str:
    return _("Read at %(moment)s") % {"moment": words.moment(found.occasion.at)}


def _table(found: LateReports) -> Table:
    has_districts = any(one.above for one in found.late)
    letterhead = found.occasion.letterhead
    above = (Column(pgettext("document", "Belongs to"), "C", Align.LEFT, grows=True),)
    return Table(
        columns=(
            Column(pgettext("document", "No."), "A", Align.CENTRE),
            Column(pgettext("document", "Unit"), "B", Align.LEFT, grows=True),
            *(above if has_districts else ()),
            Column(pgettext("document", "Due day"), "1", Align.CENTRE),
            Column(pgettext("document", "Sent on"), "2", Align.CENTRE),
            Column(pgettext("document", "Days late"), "3", Align.CENTRE),
        ),
        rows=tuple(
            _row(one, str(place), has_districts) for place, one in enumerate(found.late, start=1)
        ),
        notes=(
            form.paragraph(
                _(
                    "The units that have not reported are asked to do so at once; the units that "
                    "were late to send the next report in time./."
                )
            ),
        ),
        signatures=form.closing(
            tuple(letterhead.recipients.splitlines()),
            tuple(letterhead.posts.splitlines()),
            tuple(letterhead.office.splitlines()),
            letterhead.signer,
        ),
    )


def _row(one: LateReport, ordinal: str, has_districts: bool) -> Row:
    sent = words.day(one.sent_on) if one.sent_on else pgettext("document", "not sent")
    above = (one.above,) if has_districts else ()
    cells = (ordinal, one.unit.full_name, *above, words.day(one.due), sent)
    return Row((*cells, words.number(one.days)))
