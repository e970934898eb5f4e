"""What a figure comes to, in a sentence: how far above or short of its plan, and how it changed."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.engine.comparing import (
    gap,
    is_short,
)
from reports.engine.figures import Figure
from reports.engine.rules import (
    REACHED,
    UNJUDGED,
    Status,
    half_up,
)
from reports.engine.trajectories import Point
from reports.outlook.forecast import (
    LEAST_MONTHS,
    Forecast,
    NoForecast,
)
from reports.outlook.pace import Pace
from reports.wording.numbers import rough

from .headlines import (
    count_of_units,
    is_due,
)
from .shortfalls import Shortfall
from .words import (
    amount,
    amount_of_people,
    is_rate,
    listed,
    month_number,
    number,
    percent,
)


def difference(figure: Figure, value: int | Decimal) -> str:
    """A distance without its sign: ``20.131 người``, ``0,42 điểm``."""
    if is_rate(figure.indicator):
        decimals = max(0, -Decimal(value).as_tuple().exponent)
        return _("%(count)s points") % {"count": number(abs(value), decimals)}
    return amount(figure.indicator, abs(value))


def is_partial(figure: Figure) -> bool:
    """Whether reports are not approved, so that the sum says nothing about the plan."""
    return figure.is_incomplete


# --- one indicator -------------------------------------------------------------------------------


def verdict(figure: Figure, whole: Point | None = None) -> str:
    """``Số người tham gia BHYT: vượt kế hoạch 20.131 người``

    While reports are missing it is the result of ``whole``, the last complete month.
    """
    if is_partial(figure) and whole is not None:
        said = _("%(amount)s up to %(month)s, the last complete month") % {
            "amount": amount(figure.indicator, whole.value),
            "month": month_number(whole.month),
        }
        return f"{figure.indicator.name}: {said}"
    return f"{figure.indicator.name}: {_standing(figure)}"


def _standing(figure: Figure) -> str:
    distance = gap(figure)
    if figure.achieved is None:
        return _("no approved figures yet")
    if is_partial(figure):
        return partly(figure)
    if distance is None:
        return amount(figure.indicator, figure.achieved)
    if distance == 0 and is_short(figure):
        return _("exactly the target, and more than that is asked for")
    if distance == 0:
        return _("exactly on plan") if is_due(figure) else _("exactly on plan to date")
    said = {"amount": difference(figure, distance)}
    if figure.operator == "at_most":
        return (
            _("%(amount)s over the limit") if distance > 0 else _("%(amount)s under the limit")
        ) % said
    if is_due(figure):
        words = (
            _("%(amount)s above the plan") if distance > 0 else _("%(amount)s short of the plan")
        )
    elif distance > 0:
        words = _("%(amount)s above the plan to date")
    else:
        words = _("%(amount)s short of the plan to date")
    return words % said


def partly(figure: Figure) -> str:
    """``tạm tính, mới duyệt 30 trên 75 báo cáo``"""
    return _("provisional, %(approved)s of %(expected)s reports approved") % {
        "approved": number(figure.approved),
        "expected": number(figure.expected),
    }


def known_of(figure: Figure) -> str:
    """``của 30 xã``: whose numbers an incomplete figure is made of."""
    if figure.expected == 1:
        return _("of which something is not approved")
    said = {"approved": number(figure.approved), "expected": number(figure.expected)}
    if figure.indicator.kind == "flow":
        return _("in one month of only %(approved)s of %(expected)s communes") % said
    words = ngettext("of %(approved)s commune", "of %(approved)s communes", figure.approved)
    return words % said


def account(figure: Figure, rate: Figure | None = None) -> list[str]:
    """The lines under it: the result, its parts of plan and base, the change on a year before."""
    if figure.achieved is None:
        return []
    if is_partial(figure):
        return [
            _("%(month)s so far: %(reached)s, %(of)s; compared once every report is approved.")
            % {
                "month": month_number(figure.month),
                "reached": amount(figure.indicator, figure.achieved),
                "of": known_of(figure),
            }
        ]
    lines = [_result(figure, rate)]
    if figure.change is not None:
        lines.append(_compared(figure, figure.change))
    why = (inherited(figure), _no_line(figure), _no_year_before(figure))
    lines += [said for said in why if said]
    return lines


def inherited(figure: Figure) -> str | None:
    """Of how many earlier units the target is the sum, where it is not the unit's own alone."""
    if not figure.predecessors:
        return None
    return _(
        "The target adds up what %(assigned)s of %(predecessors)s earlier units were given."
    ) % {
        "assigned": number(figure.assigned),
        "predecessors": number(figure.predecessors),
    }


def _no_line(figure: Figure) -> str | None:
    """Why nothing says where the result should be by this month, though a target was assigned."""
    if figure.target is None or figure.plan_to_date is not None or not figure.baseline_coverage:
        return None
    approved, expected = figure.baseline_coverage
    return _(
        "No plan to date: of %(month)s, where it would begin, %(approved)s of %(expected)s reports "
        "are approved."
    ) % {
        "month": month_number(figure.month.last_december),
        "approved": number(approved),
        "expected": number(expected),
    }


def _no_year_before(figure: Figure) -> str | None:
    """Why the result is not compared with the year before, though something of it is known."""
    approved, expected = figure.last_year_coverage
    if figure.change is not None or not expected or approved == expected:
        return None
    said = {
        "month": month_number(figure.month.same_month_last_year),
        "approved": number(approved),
        "expected": number(expected),
    }
    if figure.indicator.kind == "flow":
        return (
            _(
                "Not compared with the months up to %(month)s: of one of them only %(approved)s of "
                "%(expected)s reports are approved."
            )
            % said
        )
    return (
        _("Not compared with %(month)s: %(approved)s of %(expected)s reports are approved.") % said
    )


def _compared(figure: Figure, difference_: int | Decimal) -> str:
    said = {
        "amount": difference(figure, difference_),
        "month": month_number(figure.month.same_month_last_year),
    }
    if not difference_:
        return _("The same as in %(month)s.") % said
    if is_rate(figure.indicator):
        higher, lower = (
            _("%(amount)s higher than in %(month)s."),
            _("%(amount)s lower than in %(month)s."),
        )
    else:
        higher, lower = (
            _("%(amount)s more than in %(month)s."),
            _("%(amount)s fewer than in %(month)s."),
        )
    return (higher if difference_ > 0 else lower) % said


def _result(figure: Figure, rate: Figure | None) -> str:
    """``1.278.316 người, bằng 101,6% kế hoạch năm 2023 và 98,3% dân số.``"""
    reached = amount(figure.indicator, figure.achieved)
    if figure.indicator.kind == "flow":
        reached = _("%(amount)s since January") % {"amount": reached}
    if parts := _parts(figure, rate):
        reached = _("%(reached)s, %(parts)s") % {"reached": reached, "parts": listed(parts)}
    if figure.target is None:
        return _("%(reached)s; no target was assigned.") % {"reached": reached}
    return f"{reached}."


def _parts(figure: Figure, rate: Figure | None) -> list[str]:
    """What the result is a part of: the plan to date, the year's plan, the base."""
    parts = []
    if figure.percent_to_date is not None and not is_due(figure):
        words = _("%(percent)s of the plan to date")
        parts.append(words % {"percent": percent(figure.percent_to_date)})
    if figure.percent_of_target is not None:
        words = _("%(percent)s of the %(year)d plan")
        year = figure.deadline.year
        parts.append(words % {"percent": percent(figure.percent_of_target), "year": year})
    if rate is not None and rate.value is not None:
        base = _inside(rate.indicator.denominator.name)
        parts.append(_("%(rate)s of %(base)s") % {"rate": percent(rate.value), "base": base})
    return parts


def _inside(name: str) -> str:
    """A name inside a sentence: it begins small unless it is an abbreviation."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def prospect(figure: Figure, points: Sequence[Point], ahead: Sequence[Forecast] | None) -> str:
    """The title of the trajectory: where the pace leads, against the plan of that month."""
    if not ahead:
        return _("Result and plan, month by month")
    last = rough(ahead[-1])
    said = {"amount": amount(figure.indicator, last.value), "month": month_number(last.month)}
    plan = next((point.plan for point in points if point.month == last.month), None)
    if plan is None:
        return _("At this pace about %(amount)s in %(month)s") % said
    distance = last.value - plan
    said["amount"] = difference(figure, _about(distance))
    is_open = last.low <= plan <= last.high
    if figure.operator == "at_most":
        return _prospect_of_ceiling(over=distance > 0, is_open=is_open) % said
    if is_open:
        open_above = _("%(month)s is open: at this pace about %(amount)s above the plan")
        open_short = _("%(month)s is open: at this pace about %(amount)s short of the plan")
        return (open_above if distance >= 0 else open_short) % said
    if distance >= 0:
        return _("At this pace %(month)s ends about %(amount)s above the plan") % said
    return _("At this pace %(month)s ends about %(amount)s short of the plan") % said


def no_forecast(why: NoForecast) -> str:
    """Why nothing is forecast."""
    if why == NoForecast.NO_WHOLE_YEAR:
        return _("No forecast: a whole year has not been seen.")
    words = _("No forecast: it takes at least %(least)s months of approved figures.")
    return words % {"least": number(LEAST_MONTHS)}


def _prospect_of_ceiling(*, over: bool, is_open: bool) -> str:
    if is_open and over:
        return _("%(month)s is open: at this pace about %(amount)s over the limit")
    if is_open:
        return _("%(month)s is open: at this pace about %(amount)s under the limit")
    if over:
        return _("At this pace %(month)s ends about %(amount)s over the limit")
    return _("At this pace %(month)s ends about %(amount)s under the limit")


def _about(value: int | Decimal) -> int | Decimal:
    """Two leading digits: a forecast bears no more."""
    unit = Decimal(10) ** (Decimal(value).adjusted() - 1) if value else Decimal(1)
    if isinstance(value, int):
        unit = max(unit, Decimal(1))
    return type(value)(half_up(Fraction(value) / Fraction(unit), 0) * unit)


def ranked(figure: Figure) -> str | None:
    """``Xếp thứ 3 trên 12 theo % kế hoạch``, of those that have a rank; None without one."""
    if figure.rank is None:
        return None
    return _("rank %(rank)s of %(count)s by percent of the plan") % {
        "rank": number(figure.rank),
        "count": number(figure.ranked),
    }


# --- one unit ------------------------------------------------------------------------------------


def unit_verdict(name: str, figures: Sequence[Figure], *, signed: bool) -> str:
    """``Huyện Sốp Cộp: nguy cơ ở 1 trong 6 chỉ tiêu đã ký``"""
    planned = [figure for figure in figures if figure.plan_to_date is not None]
    partial = [figure for figure in figures if figure.achieved is not None and is_partial(figure)]
    if not any(figure.achieved is not None for figure in figures):
        said = _("no approved figures yet")
    elif partial:
        said = partly(partial[0])
    elif not planned:
        said = _("no targets were assigned")
    else:
        said = _unit_standing(planned, signed)
    return f"{name}: {said}"


def _unit_standing(planned: Sequence[Figure], signed: bool) -> str:
    counts = {
        status: sum(figure.status == status for figure in planned)
        for status in (Status.AT_RISK, Status.BEHIND, Status.NO_DATA)
    }
    of_all = _signed_targets(len(planned)) if signed else _assigned_targets(len(planned))
    if not any(counts.values()):
        return _("on plan or above in all of %(targets)s") % {"targets": of_all}
    words = {
        Status.AT_RISK: _("at risk in %(count)s"),
        Status.BEHIND: _("behind in %(count)s"),
        Status.NO_DATA: _("without figures in %(count)s"),
    }
    parts = [words[status] % {"count": number(count)} for status, count in counts.items() if count]
    return _("%(parts)s of %(targets)s") % {"parts": listed(parts), "targets": of_all}


def _signed_targets(many: int) -> str:
    return ngettext("%(count)s signed target", "%(count)s signed targets", many) % {
        "count": number(many)
    }


def _assigned_targets(many: int) -> str:
    return ngettext("%(count)s assigned target", "%(count)s assigned targets", many) % {
        "count": number(many)
    }


# --- who drags, and what is still needed ---------------------------------------------------------


def drag(short: Sequence[Shortfall], figures: Sequence[Figure]) -> str:
    """The title of the list of who drags: how many units are short, of how many people."""
    if not short:
        if any(figure.plan_to_date is not None for figure in figures):
            return _("Nobody is short of the plan to date")
        return _("No unit has a target of its own")
    words = _("%(amount)s short in %(units)s")
    if short[0].figure.operator == "at_most":
        words = _("%(amount)s over the limit in %(units)s")
    return words % {
        "units": count_of_units([one.figure.unit for one in short]),
        "amount": amount_of_people(short[0].figure.indicator, sum(one.missing for one in short)),
    }


def needed(figure: Figure, pace: Pace | None) -> str | None:
    """``Cần thêm 1.792 người trong 10 tháng: khoảng 180 người mỗi tháng``"""
    if pace is None:
        return None
    ceiling = figure.operator == "at_most"
    if not pace.missing:
        if ceiling:
            return _("It is within the limit of %(year)d.") % {"year": figure.deadline.year}
        return _("The target of %(year)d is already met.") % {"year": figure.deadline.year}
    said = {
        "missing": amount_of_people(figure.indicator, pace.missing),
        "month": month_number(figure.deadline),
    }
    if pace.per_month is None:
        words = _("%(missing)s short when the target fell due in %(month)s.")
        if ceiling:
            words = _("%(missing)s over the limit when it fell due in %(month)s.")
        return words % said
    if pace.months_left == 1:
        words = _("Still needed by %(month)s: %(missing)s in the one month left.")
        if ceiling:
            words = _("Must come down by %(missing)s in the one month left, to %(month)s.")
        return words % said
    said["pace"] = amount_of_people(figure.indicator, pace.per_month)
    said["left"] = ngettext("%(count)s month", "%(count)s months", pace.months_left) % {
        "count": number(pace.months_left)
    }
    words = _("Still needed by %(month)s: %(missing)s in %(left)s, that is %(pace)s a month.")
    if ceiling:
        words = _(
            "Must come down by %(missing)s by %(month)s: in %(left)s, that is %(pace)s a month."
        )
    return words % said


def on_plan(figures: Sequence[Figure]) -> str:
    """The title of the rows of children: how many of those with figures reached the plan."""
    planned = [figure for figure in figures if figure.plan_to_date is not None]
    if not planned:
        return _("No unit has a target of its own")
    known = [f for f in planned if f.status != Status.NO_DATA and f.status not in UNJUDGED]
    if not known:
        return _("No unit has approved figures yet")
    reached = sum(figure.status in REACHED for figure in known)
    words = _("%(reached)s of %(units)s are on plan or above")
    if not reached:
        words = _("Not one of %(units)s is on plan")
    units = count_of_units([figure.unit for figure in known])
    said = words % {"reached": number(reached), "units": units}
    silent = len(planned) - len(known)
    if not silent:
        return said
    return said + "; " + _("%(count)s without complete figures") % {"count": number(silent)}
