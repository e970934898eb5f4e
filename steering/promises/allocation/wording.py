"""How the parts of a divided target are said: numbers, balance, what a method did."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.actions.targets.allocating import Applied, Conflict
from commitments.allocation.balance import Balance, State
from commitments.allocation.cautions import Caution
from commitments.allocation.places import Place
from commitments.models import Indicator
from reports.wording import words


def shown(indicator: Indicator, value: int | None) -> str:
    """A scaled value as it is typed: ``7.793``, ``96,10%``; nothing where it is blank."""
    if value is None:
        return ""
    if indicator.kind != "ratio":
        return words.number(value)
    return words.number(Decimal(value).scaleb(-indicator.decimals), indicator.decimals) + "%"


def caution_words(caution: Caution, indicator: Indicator) -> str:
    """What is unusual about a part, in a sentence."""
    if caution.code == "far_from_neighbours":
        read, expected = (
            words.number(Decimal(number) / 100, 1) + "%"
            for number in (caution.read, caution.expected)
        )
        return _("%(read)s is far from the %(expected)s of all units together.") % {
            "read": read,
            "expected": expected,
        }
    sentences = {
        "above_population": _("%(read)s is more than the population, %(expected)s."),
        "above_base": _("%(read)s is more than the people it is measured by, %(expected)s."),
        "below_last": _("Less than last year's result, %(expected)s."),
        "above_last": _("More than last year's result, %(expected)s."),
    }
    return sentences[caution.code] % {
        "read": shown(indicator, caution.read),
        "expected": shown(indicator, caution.expected),
    }


def balance_words(balance: Balance, indicator: Indicator) -> str:
    """``Còn 488 người chưa giao``, ``Vừa khớp``, ``Giao dư 120 người``."""
    amount = words.amount_of_people(indicator, abs(balance.people))
    if balance.state == State.EXACT:
        return _("Exactly divided")
    if balance.state == State.OVER:
        return _("%(amount)s too many are divided") % {"amount": amount}
    if balance.people:
        return _("%(amount)s are not divided yet") % {"amount": amount}
    blank = balance.units - balance.decided
    if blank:
        return _("%(number)s units have no number yet") % {"number": words.number(blank)}
    return _("The mean of the rates is not known: the people they are measured by are missing")


def applied_words(applied: Applied, place: Place) -> str:
    """What a method did, whom it could not weigh, and what the table comes to now."""
    count = len(applied.changed)
    said = [
        ngettext("%(count)s unit has a new number.", "%(count)s units have a new number.", count)
        % {"count": words.number(count)}
    ]
    if applied.left_out:
        names = {child.code: child.full_name for child in place.children}
        listed = ", ".join(names[code] for code in applied.left_out[:5])
        more = "…" if len(applied.left_out) > 5 else ""
        said.append(
            _("Left as they are, for the number this method needs is not known: %(units)s.")
            % {"units": listed + more}
        )
    if not applied.balance.is_exact:
        said.append(balance_words(applied.balance, place.indicator) + ".")
        balance = applied.balance
        if place.figure.is_rate and balance.decided == balance.units and balance.people:
            said.append(
                _("What is locked or at 100%% or 0%% keeps the mean from %(target)s.")
                % {"target": shown(place.indicator, place.target.value)}
            )
    return " ".join(said)


def conflict_words(conflict: Conflict, place: Place) -> str:
    """Who put what into a cell, and when."""
    text = shown(place.indicator, conflict.value) or _("blank")
    return _("%(who)s wrote %(text)s here at %(at)s. Save again to put yours in its place.") % {
        "who": conflict.by or _("The command line"),
        "text": text,
        "at": f"{timezone.localtime(conflict.at):%H:%M}",
    }
