"""How far a month is: who has reported and been approved, when last, until when one may report."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Max, Q
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.models import Decision, Period, State, Submission
from commitments.querysets import waiting_corrections
from districts.models import Ancestry, EntryTier
from reports.conference.completeness import (
    SENT,
    stands,
)
from reports.wording.words import (
    amendment,
    moment,
    number,
    peoples_committee,
)
from steering.committee.models import Committee

from .scope import Scope, provinces_above


@dataclass(frozen=True)
class DataState:
    """Reports of the communes at or below a unit for a month. ``expected`` counts those in force.

    ``period`` is None for a month that was never opened. A closed month stays as it was closed:
    what was approved counts as approved while a correction waits, ``corrections`` says how many
    numbers do, ``amendments`` what changed its plan since.
    """

    expected: int
    sent: int
    approved: int
    updated_at: datetime | None
    period: Period | None
    corrections: int = 0
    amendments: tuple[str, ...] = ()

    @property
    def waiting(self) -> int:
        """Sent and not yet approved."""
        return self.sent - self.approved

    @property
    def missing(self) -> int:
        return self.expected - self.sent

    @property
    def sentence(self) -> SafeString:
        """``200/200 xã đã duyệt, 3 chờ duyệt · cập nhật 15:30 09/01/2024``

        Empty while the month is not open: nobody was asked for anything yet.
        """
        if self.period is None and not self.sent:
            return SafeString()
        said = format_html(
            _("{approved} of {expected} communes approved"),
            approved=format_html("<b>{}</b>", number(self.approved)),
            expected=number(self.expected),
        )
        if self.waiting:
            said = format_html(
                "{}, {}", said, _("%(count)s waiting") % {"count": number(self.waiting)}
            )
        if self.updated_at:
            last = _("last approved %(at)s") % {"at": moment(self.updated_at)}
            said = format_html("{} · {}", said, last)
        if self.corrections:
            waiting = ngettext(
                "%(count)s number waits for correction",
                "%(count)s numbers wait for correction",
                self.corrections,
            )
            said = format_html("{} · {}", said, waiting % {"count": number(self.corrections)})
        return said

    @property
    def is_complete(self) -> bool:
        return 0 < self.expected == self.approved


@dataclass(frozen=True)
class Letterhead:
    """Who issues a printed page, where and when."""

    agency_above: str
    agency: str
    place: str
    day: date


def letterhead(scope: Scope) -> Letterhead:
    """The head of the paper a page is printed on: that of the unit's own committee, if it has one.

    In Vietnamese whatever is read: it is the form of the state.
    """
    names = Committee.objects.filter(unit=scope.unit).values_list("name", flat=True)
    province = provinces_above(scope.unit).values_list("name", flat=True).first()
    with translation.override("vi"):
        above = peoples_committee(scope.unit)
    return Letterhead(
        agency_above=above,
        agency=names.first() or "",
        place=province or scope.unit.name,
        day=scope.today,
    )


def data_state(scope: Scope) -> DataState:
    """The state of the scope's own month, whatever map it is shown on.

    Three queries, two more for a month that is closed.
    """
    period = Period.objects.filter(unit__in=provinces_above(scope.unit), month=scope.month).first()
    is_closed = period is not None and period.is_closed
    below = {
        "ancestor": scope.unit,
        "since__lte": scope.month,
        "until__gt": scope.month,
        "descendant__reports_at": EntryTier.COMMUNE,
    }
    approved = Q(state=State.APPROVED)
    if is_closed:
        approved |= Q(stands=True)
    reports = (
        Submission.objects.annotate(stands=stands())
        .filter(
            month=scope.month,
            unit__reports_at=EntryTier.COMMUNE,
            unit__ancestries__ancestor=scope.unit,
            unit__ancestries__since__lte=F("month"),
            unit__ancestries__until__gt=F("month"),
        )
        .aggregate(
            sent=Count("pk", filter=Q(state__in=SENT) | approved),
            approved=Count("pk", filter=approved),
            updated_at=Max("approved_at"),
        )
    )
    return DataState(
        expected=Ancestry.objects.filter(**below).count(),
        period=period,
        corrections=waiting_corrections(scope.unit.pk, scope.month) if is_closed else 0,
        amendments=_amendments(scope, period) if is_closed else (),
        **reports,
    )


def _amendments(scope: Scope, period: Period) -> tuple[str, ...]:
    """What changed the plan of the closed month, each in words."""
    found = Decision.objects.changing_published(
        unit=period.unit_id, month=scope.month, authority=scope.authority
    )
    return tuple(amendment(decision) for decision in found)
