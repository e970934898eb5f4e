"""The first lines of a page, made from its figures: what was reached, who is short, by how much.

In the words and numbers of ``sentences``, which writes the longer report.
"""

from collections.abc import Iterable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.models import Tier, Unit, UnitKind
from reports.engine.comparing import is_short
from reports.engine.figures import Figure
from reports.engine.rules import (
    REACHED,
    SHORT,
    Status,
    percent_of,
)

from .shortfalls import missing_to_date
from .words import (
    amount,
    amount_of_people,
    is_rate,
    listed,
    number,
    percent,
    status_name,
    subject,
)

_MOST_NAMED = 3
"""How many units a line names; more are only counted."""
_SHORT_KINDS = {
    UnitKind.CITY: "TP",
    UnitKind.TOWN: "TX",
    UnitKind.TOWNSHIP: "TT",
    UnitKind.WARD: "P.",
}


def headline(own: Figure, below: Sequence[Figure]) -> str:
    """``Toàn tỉnh đạt 101,6% kế hoạch năm 2023 về …; 3 huyện còn thiếu 3.374 người``"""
    named = topic(own)
    if own.achieved is None:
        return _("%(whole)s: no approved figures of %(indicator)s yet") % {
            "whole": subject(own.unit),
            "indicator": named,
        }
    if own.percent_of_target is None:
        words = _("%(whole)s: %(amount)s, %(indicator)s; no target was assigned")
        if own.is_incomplete:
            words = _("%(whole)s: %(amount)s so far, %(indicator)s; reports are still missing")
        return words % {
            "whole": subject(own.unit),
            "amount": amount(own.indicator, own.achieved),
            "indicator": named,
        }
    said = _of_the_year(own) % {
        "whole": subject(own.unit),
        "percent": percent(own.percent_of_target),
        "year": own.month.year,
        "indicator": named,
    }
    short = behind(below)
    return f"{said}; {short_of_plan(short)}" if short else said


def _of_the_year(own: Figure) -> str:
    """The year's plan is said to be the year's; what must not be exceeded is used, not reached."""
    if own.operator == "at_most":
        return _("%(whole)s is at %(percent)s of the limit of %(year)d for %(indicator)s")
    return _("%(whole)s has reached %(percent)s of the %(year)d plan for %(indicator)s")


def short_of_plan(short: Sequence[Figure]) -> str:
    """``3 huyện còn thiếu 3.374 người``; within the year it says that the plan to date is meant."""
    first = short[0]
    over, due = first.operator == "at_most", is_due(first)
    if over and due:
        said = ngettext(
            "%(units)s is %(amount)s over the limit",
            "%(units)s are %(amount)s over the limit",
            len(short),
        )
    elif over:
        said = ngettext(
            "%(units)s is %(amount)s over the limit to date",
            "%(units)s are %(amount)s over the limit to date",
            len(short),
        )
    elif due:
        said = ngettext(
            "%(units)s is %(amount)s short", "%(units)s are %(amount)s short", len(short)
        )
    else:
        said = ngettext(
            "%(units)s is %(amount)s short of the plan to date",
            "%(units)s are %(amount)s short of the plan to date",
            len(short),
        )
    people = amount_of_people(first.indicator, missing(short))
    return said % {"units": count_of(short), "amount": people}


def is_due(figure: Figure) -> bool:
    """Whether the plan to date is the whole plan."""
    return figure.deadline is not None and figure.month >= figure.deadline


def standing(own: Figure, below: Sequence[Figure]) -> list[SafeString]:
    """The lines under the headline: how many reached it, who did not, what closing would bring."""
    judged = [figure for figure in below if figure.status in REACHED | SHORT]
    if not judged:
        return []
    reached = sum(figure.status in REACHED for figure in judged)
    due = is_due(judged[0])
    lines = [
        format_html(
            _reached_of(judged, due=due),
            reached=format_html("<b>{}</b>", number(reached)),
            units=count_of(judged),
        )
    ]
    if len(judged) < len(below):
        lines.append(_not_judged(below))
    lines += [_named(below, status) for status in (Status.AT_RISK, Status.BEHIND)]
    lines.append(_if_closed(own, below))
    return [line for line in lines if line]


def _reached_of(judged: Sequence[Figure], *, due: bool) -> str:
    if judged[0].operator == "at_most":
        return _("{reached} of {units} are within the limit.")
    if due:
        return _("{reached} of {units} have met or exceeded the plan.")
    return _("{reached} of {units} have met or exceeded the plan to date.")


def _not_judged(below: Sequence[Figure]) -> str:
    """Those that are held against nothing, by why: ``45 chưa đủ báo cáo.``"""
    return counts([figure for figure in below if figure.status not in REACHED | SHORT]) + "."


def _named(below: Sequence[Figure], status: Status) -> SafeString | None:
    """``Nguy cơ: Sốp Cộp (96,6%).`` in percent of the year's plan, as the table beside it."""
    found = [figure for figure in behind(below) if figure.status == status]
    if not found:
        return None
    names = format_html_join(
        ", ",
        "<b>{}</b> ({})",
        ((f.unit.name, percent(f.percent_of_target)) for f in found[:_MOST_NAMED]),
    )
    more = len(found) - _MOST_NAMED
    rest = " " + _("and %(count)s more") % {"count": number(more)} if more > 0 else ""
    said = status_name(status)
    if not is_due(found[0]):
        said = _("%(status)s, in percent of the year's plan") % {"status": said}
    return format_html("{}: {}{}.", said, names, rest)


def _if_closed(own: Figure, below: Sequence[Figure]) -> str | None:
    """What the whole would stand at had the units behind closed their gaps at the deadline."""
    short = behind(below)
    if not (short and is_due(own) and own.is_compared and own.target) or is_rate(own.indicator):
        return None
    if own.operator == "at_most":
        kept = percent_of(own.achieved - missing(short), own.target)
        return _("Had they kept the limit, the whole would stand at %(percent)s.") % {
            "percent": percent(kept)
        }
    reached = percent_of(own.achieved + missing(short), own.target)
    return _("Had they made up the shortfall, the whole would stand at %(percent)s.") % {
        "percent": percent(reached)
    }


def counts(below: Sequence[Figure]) -> str:
    """How many units stand where: ``6 vượt, 3 đạt, 2 chậm và 1 nguy cơ``"""
    words = {
        Status.EXCEEDED: _("%(count)s exceeded"),
        Status.MET: _("%(count)s met"),
        Status.BEHIND: _("%(count)s behind"),
        Status.AT_RISK: _("%(count)s at risk"),
        Status.NO_TARGET: _("%(count)s without a target"),
        Status.NO_DATA: _("%(count)s without figures"),
        Status.INCOMPLETE: _("%(count)s incomplete"),
        Status.NOT_APPLICABLE: _("%(count)s not applicable"),
    }
    return listed(
        [
            text % {"count": number(count)}
            for status, text in words.items()
            if (count := sum(figure.status == status for figure in below))
        ]
    )


def behind(below: Iterable[Figure]) -> list[Figure]:
    """The units short of their plan to date, most people missing first."""
    short = [figure for figure in below if is_short(figure)]
    return sorted(short, key=lambda figure: (-(missing_to_date(figure) or 0), figure.unit.code))


def missing(short: Iterable[Figure]) -> int:
    """How many people units are short of, or over a ceiling, together."""
    return sum(missing_to_date(figure) or 0 for figure in short)


def count_of(figures: Sequence[Figure]) -> str:
    """``12 huyện``, ``75 xã``: units by what most of them are."""
    return count_of_units([figure.unit for figure in figures])


def count_of_units(units: Sequence[Unit]) -> str:
    many = len(units)
    if any(unit.tier == Tier.DISTRICT for unit in units):
        return ngettext("%(count)s district", "%(count)s districts", many) % {"count": number(many)}
    return ngettext("%(count)s commune", "%(count)s communes", many) % {"count": number(many)}


def topic(figure: Figure) -> str:
    """The indicator inside a sentence: its first word begins small unless it is an abbreviation."""
    name = figure.indicator.name
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def short_name(unit: Unit) -> str:
    """``Sông Mã``, ``TP Sơn La``, ``P. Tô Hiệu``: the kind only where it is not the usual one."""
    kind = _SHORT_KINDS.get(unit.kind)
    return f"{kind} {unit.name}" if kind else unit.name
