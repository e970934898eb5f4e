"""What the help page holds: how to do a thing, what a word means, how an indicator is counted.

Cards are for roles; the reader's own come first. Everything is found without accents.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.models import Indicator, Kind
from districts.vietnamese import search_key
from reports.engine.rules import (
    BEHIND_FROM,
    EXCEEDED_FROM,
    Status,
)
from reports.wording.words import status_name
from steering.committee.roles import Role

_EVERYBODY = tuple(Role)
_REPORTING = (Role.STANDING_OFFICER, Role.CHAIR, Role.OFFICER)


@dataclass(frozen=True)
class Card:
    """How to do one thing. ``leads_to`` is the name of the page where it is done; ``pages`` are
    those whose reader, asking for help, finds it first."""

    key: str
    title: Any
    roles: Sequence[Role]
    steps: Sequence[Any]
    leads_to: str = ""
    pages: Sequence[str] = ()

    def text(self) -> str:
        return " ".join([str(self.title), *map(str, self.steps)])


@dataclass(frozen=True)
class Term:
    """A word of these pages and what it means here."""

    word: str
    meaning: str

    def text(self) -> str:
        return f"{self.word} {self.meaning}"


@dataclass(frozen=True)
class Entry:
    """An indicator: how it is counted and on which law or decision it rests."""

    indicator: Indicator
    definition: str

    def text(self) -> str:
        held = self.indicator
        names = (held.code, held.name_vi, held.name_en, held.legal_basis)
        return " ".join([*names, self.definition])


CARDS = (
    Card(
        "read-the-overview",
        gettext_lazy("See whether the plan is met, and by whom not"),
        _EVERYBODY,
        (
            gettext_lazy("Open the overview. Its first sentence says how things stand."),
            gettext_lazy("Step from month to month with ‹ and › above the sentence."),
            gettext_lazy("Read the table: each unit has a status as a sign and a word."),
            gettext_lazy("Choose a unit's name to see every target of that unit."),
        ),
        "reports:overview",
        ("reports:overview", "reports:ranking", "reports:indicators"),
    ),
    Card(
        "where-a-number-comes-from",
        gettext_lazy("Find out where a number comes from"),
        _EVERYBODY,
        (
            gettext_lazy("Choose the number itself, wherever it stands."),
            gettext_lazy("Read what was divided by what, who reported it and who approved it."),
            gettext_lazy("Open the full history for every earlier version and its reason."),
        ),
        "reports:overview",
        ("reports:provenance", "reports:history", "reports:indicator", "reports:unit"),
    ),
    Card(
        "compare-across-the-reform",
        gettext_lazy("Compare with the time before July 2025"),
        _EVERYBODY,
        (
            gettext_lazy("Choose a month before July 2025."),
            gettext_lazy("“As it was” shows the districts and communes of that month."),
            gettext_lazy("“Today's map” adds the same counts up for the units of today."),
            gettext_lazy(
                "Figures carried over by a share of the population are marked as estimated."
            ),
        ),
        "reports:overview",
        ("reports:unit",),
    ),
    Card(
        "show-in-the-hall",
        gettext_lazy("Show the overview in the hall, on paper or in Excel"),
        (Role.STANDING_OFFICER, Role.LEADER),
        (
            gettext_lazy("Open the overview of the month the meeting is about."),
            gettext_lazy("For the screen of the hall choose hall mode, or press P."),
            gettext_lazy("For paper choose print: one A4 page with the header of the state."),
            gettext_lazy("For Excel choose download: the same rows, in the same order and words."),
        ),
        "reports:overview",
        ("reports:overview",),
    ),
    Card(
        "find-who-falls-behind",
        gettext_lazy("Find who in your unit falls behind"),
        (Role.STANDING_OFFICER, Role.CHAIR),
        (
            gettext_lazy("Open the page of your unit."),
            gettext_lazy("Look at the units sorted by how many people they still miss."),
            gettext_lazy("Read the pace still needed: people each month until the deadline."),
        ),
        "reports:overview",
        ("reports:unit", "reports:ranking"),
    ),
    Card(
        "judge-prospects",
        gettext_lazy("Judge whether a target will be met"),
        (Role.STANDING_OFFICER, Role.CHAIR),
        (
            gettext_lazy("Open the indicator and read where the pace leads."),
            gettext_lazy("Choose “Sign a judgement” and grade the four criteria."),
            gettext_lazy("Say in a sentence what the judgement rests on, and sign."),
            gettext_lazy("What was signed stays; a later judgement takes its place."),
        ),
        "reports:indicators",
        ("reports:indicator", "reports:judge"),
    ),
    Card(
        "report-a-month",
        gettext_lazy("Report the counts of a month"),
        _REPORTING,
        (
            gettext_lazy("Open data entry; whoever reports for several units chooses one."),
            gettext_lazy("Fill in every number, 0 for none. What is typed is kept at once."),
            gettext_lazy("Without a line type on: the device keeps it and sends it later."),
            gettext_lazy("Answer what is asked back: a large change needs its reason."),
            gettext_lazy("Send the report. Until somebody verified it you may withdraw it."),
        ),
        "collection:entry",
        ("collection:entry", "collection:sheet", "collection:receipt"),
    ),
    Card(
        "hand-in-a-file",
        gettext_lazy("Hand in the counts as a file"),
        _REPORTING,
        (
            gettext_lazy("In data entry get the template, and fill in its cream cells."),
            gettext_lazy("Choose “Hand in a file” and look at what was read from it."),
            gettext_lazy("Correct what is marked, on the page or in the copy with notes."),
            gettext_lazy("Accept. Nothing is recorded before that."),
        ),
        "collection:upload",
        ("collection:upload", "collection:uploaded"),
    ),
    Card(
        "approve-reports",
        gettext_lazy("Approve or return reports"),
        (Role.STANDING_OFFICER, Role.CHAIR),
        (
            gettext_lazy(
                "Open review. Reports with warnings and first reports lead the list; read them."
            ),
            gettext_lazy("Approve, or return with a sentence that says what to correct."),
            gettext_lazy("A slip can be undone within ten seconds."),
            gettext_lazy("Nobody approves what they reported themselves."),
        ),
        "collection:review",
        ("collection:review", "collection:report"),
    ),
    Card(
        "remind-reporters",
        gettext_lazy("Remind whoever has not reported"),
        (Role.STANDING_OFFICER, Role.CHAIR),
        (
            gettext_lazy("Open completeness. Where most is missing stands first."),
            gettext_lazy("Choose to remind a group, and read the text that is proposed."),
            gettext_lazy("Send it. A group is reminded of one month once a day at most."),
        ),
        "collection:completeness",
        ("collection:completeness", "collection:remind"),
    ),
    Card(
        "record-days-off",
        gettext_lazy("Record the days off that the government decides"),
        (Role.STANDING_OFFICER,),
        (
            gettext_lazy(
                "Reports are due on the fifth working day of the next month; weekends and public "
                "holidays do not count, a day of a weekend worked in exchange does."
            ),
            gettext_lazy(
                "Open working days. A year whose days off are not known yet says so at its top."
            ),
            gettext_lazy(
                "Record the day off, the day worked in exchange, and the number of the decision."
            ),
            gettext_lazy(
                "Months already opened are listed with the day the rule gives: compute them anew."
            ),
        ),
        "collection:days",
        ("collection:days", "collection:periods"),
    ),
    Card(
        "seat-a-member",
        gettext_lazy("Give somebody a seat, move or end it"),
        (Role.STANDING_OFFICER,),
        (
            gettext_lazy("Open people and search for the name, the post or the unit."),
            gettext_lazy("Choose seat, move or end, the first day and the reason."),
            gettext_lazy("Whoever has no account yet gets one from “Open an account”."),
        ),
        "committee:people",
        (
            "committee:people",
            "committee:seat",
            "committee:move",
            "committee:end",
            "committee:reset_second_factor",
        ),
    ),
    Card(
        "follow-the-history",
        gettext_lazy("Check who changed what"),
        (Role.AUDITOR, Role.STANDING_OFFICER),
        (
            gettext_lazy("Open history and narrow it down to a unit, a person or a month."),
            gettext_lazy("For everything else open the back office, then the journal."),
            gettext_lazy("Entries can be read and searched; nobody can change or delete them."),
        ),
        "collection:history",
        ("collection:history", "reports:history"),
    ),
    Card(
        "second-factor",
        gettext_lazy("Protect your account with a second factor"),
        _EVERYBODY,
        (
            gettext_lazy("Open second factor in the menu of your account."),
            gettext_lazy("Scan the picture with an app for one-time codes."),
            gettext_lazy("Type the six digits it shows, and keep the backup codes on paper."),
            gettext_lazy("Without telephone and codes, ask the standing officer for a reset."),
        ),
        "accounts:second_factor",
        ("accounts:settings", "accounts:second_factor", "accounts:set_up_second_factor"),
    ),
)


def cards_for(roles: Collection[str], search: str = "") -> list[tuple[Card, bool]]:
    """Cards that fit the search, each with whether it is for one of ``roles``; those first."""
    found = [(card, any(role in roles for role in card.roles)) for card in CARDS]
    found = [(card, own) for card, own in found if fits(search, card.text())]
    return sorted(found, key=lambda pair: not pair[1])


def card_called(key: str) -> Card | None:
    """The card with this key."""
    return next((card for card in CARDS if card.key == key), None)


def terms(search: str = "") -> list[Term]:
    """The words of these pages that fit the search."""
    met = {"met": f"{float(EXCEEDED_FROM * 100):g}", "behind": f"{float(BEHIND_FROM * 100):g}"}
    statuses = {
        Status.EXCEEDED: _("At least %(met)s%% of the plan to date.") % met,
        Status.MET: _("From 100%% to below %(met)s%% of the plan to date.") % met,
        Status.BEHIND: _("From %(behind)s%% to below 100%% of the plan to date.") % met,
        Status.AT_RISK: _("Below %(behind)s%% of the plan to date.") % met,
    }
    found = [Term(status_name(status), meaning) for status, meaning in statuses.items()]
    found += [
        Term(
            _("Plan to date"),
            _("The part of the year's plan that should be reached by the month shown."),
        ),
        Term(_("Provisional"), _("At least one report below is not approved yet.")),
        Term(
            _("Estimated"),
            _("Rests on a share: a unit was divided, and its counts with it, by population."),
        ),
        Term(_("As it was"), _("The units in force in the month shown.")),
        Term(
            _("Today's map"), _("The units in force today, with the counts of those they continue.")
        ),
        Term(_("Blank"), _("Not reported. A blank is never zero and never erases a count.")),
        Term(
            _("Working day"),
            _(
                "Monday to Friday but for public holidays and days off by the government's "
                "decision; and the day of a weekend that is worked in exchange."
            ),
        ),
        Term(
            _("Seat"),
            _("Somebody's place on the committee of a unit, with a role and a term; all rights."),
        ),
    ]
    return [term for term in found if fits(search, term.text())]


def glossary(search: str = "") -> list[Entry]:
    """Every indicator of the catalogue that fits the search, in the order of the catalogue."""
    held = Indicator.objects.select_related("numerator", "denominator").prefetch_related("parts")
    entries = [Entry(indicator, definition(indicator)) for indicator in held]
    return [entry for entry in entries if fits(search, entry.text())]


def definition(indicator: Indicator) -> str:
    """How an indicator comes about, in one sentence."""
    match indicator.kind:
        case Kind.RATIO:
            return _("%(numerator)s divided by %(denominator)s.") % {
                "numerator": indicator.numerator.name,
                "denominator": indicator.denominator.name,
            }
        case Kind.SUM:
            return _("Sum of: %(parts)s.") % {
                "parts": "; ".join(part.name for part in indicator.parts.all())
            }
        case Kind.FLOW:
            return _("Counted anew each month; the months of a year add up.")
    if indicator.is_base:
        return _("A base given with its source; it holds until the next one is given.")
    return _("Counted at the end of the month; the last month stands for the year.")


def fits(search: str, text: str) -> bool:
    """Whether every word of the search stands in the text, accents and case apart."""
    folded = search_key(text)
    return all(word in folded for word in search_key(search).split())
