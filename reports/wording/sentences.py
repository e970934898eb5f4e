"""What the chair says aloud, made from the figures: one sentence per finding, none without data."""

from decimal import Decimal

from django.utils.translation import gettext as _

from reports.conference.contents import (
    Conference,
    figures_by,
)
from reports.engine.figures import Figure
from reports.engine.rules import Status

from .headlines import (
    behind,
    is_due,
    missing,
    short_of_plan,
)
from .verdicts import known_of
from .words import (
    BILLION,
    amount,
    amount_of_people,
    authority_name,
    is_rate,
    listed,
    number,
    operator,
    percent,
    subject,
)

_MOST_NAMED = 5
"""How many units or targets a sentence names; more are only counted."""


def finding(data: Conference) -> str:
    """The headline: how the leading indicator stands, and what the units behind are missing."""
    figure = data.own.figures.get(data.lead.code)
    if figure is None or figure.achieved is None:
        return _("%(indicator)s: no approved figures yet") % {"indicator": data.lead.name}
    said = [f"{data.lead.name}: {amount(data.lead, figure.achieved)}"]
    if plan := _of_plan(data, figure, to_date=True):
        said.append(plan)
    text = ", ".join(said)
    if figure.is_incomplete:
        text += " (" + known_of(figure) + ")"
    elif figure.provisional:
        text += " (" + _("provisional") + ")"
    short = behind(figures_by(data.children, data.lead.code))
    return f"{text}; {short_of_plan(short)}" if short else text


def sentences(data: Conference) -> list[str]:
    """Every sentence the figures of this conference allow, in the order of a report."""
    made = [
        _provisional(data),
        _insured(data),
        _units(data),
        _all_schemes(data),
        _social(data),
        _new(data),
        _collected(data),
        _benefits(data),
        _care(data),
        _identity(data),
        _next_year(data),
    ]
    return [sentence for sentence in made if sentence]


# --- clauses -------------------------------------------------------------------------------------


def _reached(data: Conference, code: str) -> int | Decimal | None:
    """What was reached; nothing while some of it is missing, for half a sum is no finding."""
    figure = data.own.figures.get(code)
    return None if figure is None or figure.is_incomplete else figure.achieved


def _change(data: Conference, figure: Figure) -> str | None:
    """``tăng 31.997 người so với năm 2022``"""
    difference = figure.change
    if difference is None or is_rate(figure.indicator):
        return None
    said = {"amount": amount(figure.indicator, abs(difference)), "year": data.month.year - 1}
    if data.whole_year:
        more = _("%(amount)s more than in %(year)d")
        fewer = _("%(amount)s fewer than in %(year)d")
    else:
        more = _("%(amount)s more than a year before")
        fewer = _("%(amount)s fewer than a year before")
    return (more if difference >= 0 else fewer) % said


def _reaching(*things: str | None) -> str | None:
    """``đạt 98,3% dân số và 101,6% kế hoạch``"""
    known = [thing for thing in things if thing]
    return _("reaching %(things)s") % {"things": listed(known)} if known else None


def _of_plan(data: Conference, figure: Figure, *, to_date: bool = False) -> str | None:
    """``101,6% kế hoạch``; within a year it says whether the year's or that to date is meant."""
    reached = figure.percent_to_date if to_date else figure.percent_of_target
    if reached is None:
        return None
    if data.whole_year:
        words = _("%(percent)s of the plan")
    elif to_date:
        words = _("%(percent)s of the plan to date")
    else:
        words = _("%(percent)s of the year's plan")
    return words % {"percent": percent(reached)}


def _sentence(*clauses: str | None) -> str:
    return ", ".join(clause for clause in clauses if clause) + "."


# --- sentences -----------------------------------------------------------------------------------


def _provisional(data: Conference) -> str | None:
    """Before anything else: that the sums are not whole yet."""
    figure = data.own.figures.get(data.lead.code)
    if figure is None or figure.approved >= figure.expected:
        return None
    return _(
        "Provisional: only %(approved)s of %(expected)s reports are approved, so that sums and "
        "comparisons are not whole."
    ) % {"approved": number(figure.approved), "expected": number(figure.expected)}


def _insured(data: Conference) -> str | None:
    figure = data.own.figures.get("HI")
    if figure is None or figure.value is None:
        return None
    rate = _reached(data, "HI_RATE")
    population = rate is not None and _("%(rate)s of the population") % {"rate": percent(rate)}
    if figure.is_incomplete:
        return _("%(count)s people in health insurance so far, %(of)s.") % {
            "count": number(figure.value),
            "of": known_of(figure),
        }
    return _sentence(
        _("%(whole)s has %(count)s people in health insurance")
        % {"whole": subject(data.unit), "count": number(figure.value)},
        _change(data, figure),
        _reaching(population or None, _of_plan(data, figure)),
    )


def _units(data: Conference) -> str | None:
    """How many units stand where, and who is missing how many people."""
    figures = figures_by(data.children, data.lead.code)
    planned = [figure for figure in figures if figure.plan_to_date is not None]
    if not planned:
        return None
    known = [
        words % {"count": number(count)}
        for status, words in _standing(planned[0].operator).items()
        if (count := sum(figure.status == status for figure in figures))
    ]
    if not known:
        return None
    words = _("Of %(count)s units, %(standing)s")
    if not is_due(planned[0]):
        words = _("Against the plan to date, of %(count)s units %(standing)s")
    text = words % {"count": number(len(figures)), "standing": listed(known)}
    short = behind(figures)
    return f"{text}; {_who_is_short(data, short)}" if short else text + "."


def _standing(operator: str | None) -> dict[Status, str]:
    """What is said of so many units with each status; of a ceiling in its own words."""
    judged = {
        Status.EXCEEDED: _("%(count)s exceeded the plan"),
        Status.MET: _("%(count)s met it"),
        Status.BEHIND: _("%(count)s are behind"),
        Status.AT_RISK: _("%(count)s are at risk"),
    }
    if operator == "at_most":
        judged = {
            Status.EXCEEDED: _("%(count)s are well within the limit"),
            Status.MET: _("%(count)s are within it"),
            Status.BEHIND: _("%(count)s are over it"),
            Status.AT_RISK: _("%(count)s are far over it"),
        }
    return judged | {
        Status.INCOMPLETE: _("%(count)s have reported in part"),
        Status.NO_DATA: _("%(count)s have not reported"),
    }


def _who_is_short(data: Conference, short: list[Figure]) -> str:
    """``7 huyện còn thiếu 14.882 người, nhiều nhất là Huyện Sông Mã (4.410 người) …``"""
    units = listed([_by_how_many(data, figure) for figure in short[:_MOST_NAMED]])
    if len(short) > _MOST_NAMED:
        return _("%(short)s, most of all %(units)s.") % {
            "short": short_of_plan(short),
            "units": units,
        }
    return f"{short_of_plan(short)}: {units}."


def _by_how_many(data: Conference, figure: Figure) -> str:
    people = amount_of_people(data.lead, missing([figure]))
    return f"{figure.unit.full_name} ({people})"


def _all_schemes(data: Conference) -> str | None:
    figure = data.own.figures.get("TOTAL")
    if figure is None or _reached(data, "TOTAL") is None:
        return None
    return _sentence(
        _("People in social, health or unemployment insurance: %(count)s")
        % {"count": number(figure.value)},
        _change(data, figure),
        _of_plan(data, figure),
    )


def _social(data: Conference) -> str | None:
    everyone, voluntary = _reached(data, "SI"), _reached(data, "SI_V")
    if everyone is None or voluntary is None:
        return None
    rate = _reached(data, "SI_RATE")
    return _sentence(
        _("%(count)s people are in social insurance, %(voluntary)s of them voluntarily")
        % {"count": number(everyone), "voluntary": number(voluntary)},
        _reaching(
            None
            if rate is None
            else _("%(rate)s of the labour force of working age") % {"rate": percent(rate)},
            _of_plan(data, data.own.figures["SI"]),
        ),
    )


def _new(data: Conference) -> str | None:
    words = {
        "UNIT_NEW": _("%(count)s employers"),
        "SI_C_NEW": _("%(count)s people in compulsory social insurance"),
        "SI_V_NEW": _("%(count)s in voluntary social insurance"),
        "HI_HH_NEW": _("%(count)s in household health insurance"),
    }
    known = [
        text % {"count": number(count)}
        for code, text in words.items()
        if (count := _reached(data, code)) is not None
    ]
    return _("New in the year: %(things)s.") % {"things": listed(known)} if known else None


def _collected(data: Conference) -> str | None:
    figure = data.own.figures.get("COLLECT")
    if figure is None or not _reached(data, "COLLECT"):
        return None
    planned = data.elsewhere.get("COLLECT", figure)
    plan = None
    if planned.percent_of_target is not None:
        whose = data.authority if planned is figure else data.other_authority
        plan = _("%(percent)s of the plan of %(authority)s") % {
            "percent": percent(planned.percent_of_target),
            "authority": authority_name(whose, data.province),
        }
    return _sentence(
        _("Collected for social, health and unemployment insurance: %(amount)s")
        % {"amount": amount(figure.indicator, figure.achieved)},
        plan,
    )


def _benefits(data: Conference) -> str | None:
    settled, pensioners = _reached(data, "BEN_SET"), _reached(data, "PENS_N")
    if settled is None or pensioners is None:
        return None
    paid = data.own.figures.get("PENS_AMT")
    text = _(
        "Social insurance benefits settled for %(settled)s cases; pensions and monthly allowances "
        "paid to %(pensioners)s people"
    ) % {"settled": number(settled), "pensioners": number(pensioners)}
    if paid is None or paid.value is None or paid.is_incomplete:
        return _sentence(text)
    a_month = _("%(amount)s billion VND in the month") % {
        "amount": number(Decimal(paid.value) / BILLION, 1)
    }
    return _sentence(text, a_month)


def _care(data: Conference) -> str | None:
    visits, cost = _reached(data, "KCB_N"), data.own.figures.get("KCB_AMT")
    if visits is None or cost is None or not _reached(data, "KCB_AMT"):
        return None
    return _("Costs of %(visits)s visits under health insurance were appraised, %(amount)s.") % {
        "visits": number(visits),
        "amount": amount(cost.indicator, cost.achieved),
    }


def _identity(data: Conference) -> str | None:
    """Project 06: only what has figures."""
    said = []
    online = _reached(data, "DVC_RATE")
    if online is not None:
        said.append(_("%(rate)s of files are handled online") % {"rate": percent(online)})
    using, facilities = _reached(data, "KCB_CCCD"), _reached(data, "KCB_FAC")
    if using is not None and facilities is not None:
        said.append(
            _("%(using)s/%(facilities)s facilities look insurance up by identity card")
            % {"using": number(using), "facilities": number(facilities)}
        )
    matched, rate = _reached(data, "SYNC"), _reached(data, "SYNC_RATE")
    if matched is not None and rate is not None:
        said.append(
            _("%(count)s people (%(rate)s) are matched with the national population database")
            % {"count": number(matched), "rate": percent(rate)}
        )
    return _("Project 06: %(things)s.") % {"things": "; ".join(said)} if said else None


def _next_year(data: Conference) -> str | None:
    promises = data.promises
    if promises is None:
        return None
    assigned = [figure for figure in promises.own.targets.values() if figure.target is not None]
    rates = [figure for figure in assigned if is_rate(figure.indicator)]
    targets = [
        f"{figure.indicator.name} {_target(figure)}" for figure in (rates or assigned)[:_MOST_NAMED]
    ]
    said = []
    if promises.signing:
        said.append(
            _("%(signed)s of %(units)s units have signed for %(year)d")
            % {
                "signed": number(promises.signed),
                "units": number(len(promises.units)),
                "year": promises.year,
            }
        )
    if targets:
        said.append(
            _("targets of %(year)d: %(targets)s")
            % {"year": promises.year, "targets": "; ".join(targets)}
        )
    text = "; ".join(said)
    return text[:1].upper() + text[1:] + "." if said else None


def _target(figure: Figure) -> str:
    return f"{operator(figure.operator)} {amount(figure.indicator, figure.target)}".strip()
