"""What stands around every page: navigation by role, the account menu, languages.

It composes the apps, so it knows the names of their pages; a page that does not exist is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.models import Tier
from steering.committee.models import Membership
from steering.committee.roles import Permission, roles_with
from steering.kept.reader import Reader, anybody, is_left_open, reader_of

_BELONGS_TO = {
    "reports:unit": "reports:overview",
    "reports:indicator": "reports:indicators",
    "collection:sheet": "collection:entry",
    "collection:receipt": "collection:entry",
    "collection:report": "collection:review",
    "collection:remind": "collection:completeness",
    "promises:succession": "promises:successions",
    "promises:commitment": "promises:commitments",
    "promises:sign": "promises:commitments",
    "promises:scan": "promises:commitments",
    "promises:signed_pdf": "promises:commitments",
    "promises:decision": "promises:decisions",
    "promises:plan_path": "promises:decisions",
    "promises:task": "promises:tasks",
    "promises:allocation": "promises:allocations",
}
"""Pages that are no item themselves, and the item that is marked while one reads them."""

IN_THE_BAR = 5


@dataclass(frozen=True)
class Item:
    """A link of the frame."""

    label: str
    url: str
    icon: str
    current: bool


@dataclass(frozen=True)
class Language:
    """A link to this page in one language."""

    code: str
    name: str
    url: str
    current: bool


class Frame:
    """The frame of one request, read when a template asks for it: at most one query."""

    def __init__(self, request: HttpRequest):
        self.request = request
        # What goes wrong before somebody is recognised gets its page too.
        self.user = getattr(request, "user", None) or AnonymousUser()

    @cached_property
    def seats(self) -> Sequence[Membership]:
        """The seats the reader holds today: units still in force first, then the highest."""
        if not self.user.is_authenticated:
            return []
        today, tiers = timezone.localdate(), list(Tier)

        def rank(seat: Membership) -> tuple[bool, int, date]:
            unit = seat.committee.unit
            return not unit.in_force_on(today), tiers.index(unit.tier), seat.since

        held = self.user.memberships.in_force_on(today).select_related("committee__unit")
        return sorted(held, key=rank)

    @property
    def reader(self) -> Reader:
        """How the page names whom it is for."""
        return reader_of(self.request, self.user)

    @property
    def committee_name(self) -> str:
        """The committee the reader sits on; empty for everybody else."""
        return self.seats[0].committee.name if self.seats else ""

    @cached_property
    def pages(self) -> list[Item]:
        """The pages for the reader's roles, those they need most first."""
        if not self.user.is_authenticated:
            return []
        help_page = self._item(_("Help"), "reports:help", "help")
        if not self.seats:
            return [help_page]
        compares = any(seat.committee.unit.tier != Tier.COMMUNE for seat in self.seats)
        reviews = self._may(Permission.VERIFY_REPORTS)
        ranking = compares and self._item(_("Ranking"), "reports:ranking", "ranking")
        # The word may break where a fifth of a phone is too narrow for it.
        word = pgettext_lazy("navigation", "Complete\u00adness")
        complete = self._item(word, "collection:completeness", "completeness")
        entry = self.reports_counts and self._item(_("Data entry"), "collection:entry", "entry")
        review = self._item(pgettext_lazy("navigation", "Review"), "collection:review", "review")
        middle = [entry, review, complete, ranking] if reviews else [ranking, entry]
        items = [
            self._item(pgettext_lazy("navigation", "Overview"), "reports:overview", "overview"),
            self._item(_("Indicators"), "reports:indicators", "indicators"),
            *middle,
            help_page,
            not reviews and complete,
            self._item(_("Commitments"), "promises:commitments", "review"),
            self._item(_("Decisions"), "promises:decisions", "indicators"),
            compares and self._item(_("Division"), "promises:allocations", "indicators"),
            self._item(pgettext_lazy("who does what", "Tasks"), "promises:tasks", "entry"),
            self._may(Permission.SEAT_MEMBERS)
            and self._item(_("People"), "committee:people", "people"),
            self._may(Permission.ASSIGN_TARGETS)
            and self._item(_("Letterhead"), "committee:letterhead", "print"),
            self._item(_("History"), "collection:history", "history"),
            self._item(_("Disputed figures"), "collection:disputes", "history"),
            self._may(Permission.ASSIGN_TARGETS)
            and self._item(_("Changes of the map"), "promises:successions", "history"),
            self._may(Permission.CLOSE_PERIODS)
            and self._item(_("Reporting months"), "collection:periods", "completeness"),
        ]
        return [item for item in items if item]

    @property
    def navigation(self) -> list[Item]:
        """The first five pages: they fill the bottom bar of a phone."""
        return self.pages[:IN_THE_BAR]

    @property
    def on_a_desk(self) -> list[Item]:
        """The ranking, where only the bar of a phone has no room for it."""
        return [item for item in self.pages[IN_THE_BAR:] if item.icon == "ranking"]

    @cached_property
    def account_items(self) -> list[Item]:
        """The links of the account menu: the pages the bar has no room for, then one's own."""
        items = [
            *self.pages[IN_THE_BAR:],
            self._item(_("My account"), "accounts:settings", "account"),
            self._item(_("Change password"), "accounts:password", "account"),
            self._item(_("Second factor"), "accounts:second_factor", "account"),
            self._item(_("Background work"), "jobs:jobs", "account"),
            self.user.is_staff and self._item(_("Back office"), "admin:index", "back-office"),
        ]
        return [item for item in items if item]

    @cached_property
    def languages(self) -> list[Language]:
        """This page in every language, as links that keep the rest of the address."""
        choices = []
        for code, name in settings.LANGUAGES:
            query = self.request.GET.copy()
            query["lang"] = code
            with translation.override(code):
                own_name = translation.gettext(str(name))
            choices.append(
                Language(
                    code,
                    own_name,
                    f"{self.request.path}?{query.urlencode()}",
                    code == translation.get_language(),
                )
            )
        return choices

    @property
    def reports_counts(self) -> bool:
        """Whether the reader may report for some unit."""
        return self._may(Permission.REPORT_COUNTS)

    def _may(self, permission: Permission) -> bool:
        """Whether a seat at a unit still in force carries ``permission``."""
        today, roles = timezone.localdate(), roles_with(permission)
        return any(
            seat.role in roles and seat.committee.unit.in_force_on(today) for seat in self.seats
        )

    def _item(self, label: str, name: str, icon: str) -> Item | None:
        """A link to the page called ``name``; None where no such page exists."""
        try:
            url = reverse(name)
        except NoReverseMatch:
            return None
        match = self.request.resolver_match
        here = match.view_name if match else None
        return Item(label, url, icon, current=_BELONGS_TO.get(here, here) == name)


def frame(request: HttpRequest) -> dict[str, Frame | str]:
    """Context processor: the frame, lazily; with a page for anybody also their token."""
    context: dict[str, Frame | str] = {"frame": SimpleLazyObject(lambda: Frame(request))}
    if is_left_open(request):
        context["csrf_token"] = anybody().token
    return context
