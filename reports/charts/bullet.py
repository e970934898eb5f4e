"""One unit against its plan: a dot on a scale that need not begin at zero, the plan as a tick."""

from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reports.engine.rules import Status
from reports.wording.words import number
from reports.wording.words import percent as percent_words

from .deviation import deviation_facts
from .drawing.bands import background
from .drawing.scale import Span
from .drawing.svg import (
    Fact,
    arrow,
    classes,
    group,
    percent,
    picture,
    status_class,
    tag,
)

_HEIGHT, _MIDDLE, _DOT = 22, 11, 6.5


def bullet(
    reached: Decimal | None,
    *,
    span: Span,
    status: Status,
    last_year: Decimal | None = None,
    provisional: bool = False,
    downward: bool = False,
    label: str | None = None,
    key: str = "",
) -> SafeString:
    """Percents of the plan on the scale all rows share: ``reached`` the dot, ``last_year`` ◇.

    The stem from plan to dot has the status's colour; a provisional dot is striped; what lies
    beyond the scale ends in an arrow. Without a target there is neither scale nor plan, only a
    dotted line. As wide as its place.
    """
    tick = percent(span.share(100))
    planned = status is not Status.NO_TARGET
    marks = [background(span, _HEIGHT - 2, downward=downward)] if planned else []
    if reached is None:
        marks.append(tag("line", x1="0", x2="100%", y1=_MIDDLE, y2=_MIDDLE, class_="none"))
    else:
        marks.append(_stem(float(reached), span, tick, status))
    if planned:
        marks.append(tag("line", x1=tick, x2=tick, y1=0, y2=_HEIGHT, class_="tick"))
    if last_year is not None and span.holds(float(last_year)):
        marks.append(_diamond(percent(span.share(float(last_year)))))
    if reached is not None and span.holds(float(reached)):
        marks.append(_dot(percent(span.share(float(reached))), status, provisional))
    return picture(
        *marks,
        class_=classes("bullet", "is-provisional" if provisional else None),
        label=label,
        facts=bullet_facts(reached, status=status, last_year=last_year, provisional=provisional),
        key=key,
        width="100%",
        height=_HEIGHT,
    )


def _stem(reached: float, span: Span, tick: str, status: Status) -> SafeString:
    here = percent(span.share(reached))
    marks = [tag("line", x1=tick, x2=here, y1=_MIDDLE, y2=_MIDDLE, class_="stem")]
    if not span.holds(reached):
        left = reached < span.low
        # The head begins inside, so that its tip touches the end of the row.
        inside = tag(
            "svg",
            arrow("0", _MIDDLE, left=left, class_="solid"),
            x=7 if left else -7,
            class_="beyond",
        )
        marks.append(tag("svg", inside, x=here, class_="beyond"))
    return group(*marks, class_=status_class(status))


def _dot(x: str, status: Status, provisional: bool) -> SafeString:
    marks = [tag("circle", cx=x, cy=_MIDDLE, r=_DOT, class_="dot")]
    if provisional:
        stripes = "M-5.5 1.5 1.5-5.5M-4 4 4-4M-1.5 5.5 5.5-1.5"
        marks.append(_at(x, tag("path", d=stripes, class_="stripe")))
    return group(*marks, class_=status_class(status))


def _diamond(x: str) -> SafeString:
    return _at(x, tag("path", d="M0-5.6 5.6 0 0 5.6-5.6 0z", class_="last-year"))


def _at(x: str, *marks: SafeString) -> SafeString:
    """Marks drawn around the middle of the row, at a share of its width."""
    return tag("svg", group(*marks, transform=f"translate(0 {_MIDDLE})"), x=x, class_="beyond")


def bullet_facts(
    reached: Decimal | None,
    *,
    status: Status,
    last_year: Decimal | None = None,
    provisional: bool = False,
) -> list[Fact]:
    """What the row shows, in words."""
    facts = deviation_facts(reached, status=status, provisional=provisional)
    if last_year is not None:
        facts.append(Fact(_("Same month last year"), percent_words(last_year)))
    return facts


def bullet_axis(span: Span) -> SafeString:
    """The scale above the rows: 92 %, 100 %, 106 %."""
    texts = []
    for value in span.ticks:
        anchor = {span.low: "start", span.high: "end"}.get(value, "middle")
        texts.append(
            tag(
                "text",
                f"{number(value)}%",
                x=percent(span.share(value)),
                y=12,
                text_anchor=anchor,
                class_=classes("axis", "plan-label" if value == 100 else None),
            )
        )
    return picture(*texts, class_="bullet-axis", width="100%", height=16)


def bullet_legend(*, last_year: str, provisional: bool = False) -> SafeString:
    """What the marks mean, to stand under the rows; ``last_year`` names the diamond: 12/2022."""
    bands = [
        ("band-1", _("below %(percent)s") % {"percent": "97%"}),
        ("band-2", "97–100%"),
        ("band-3", "100–102%"),
    ]
    entries = [
        (_dot("50%", Status.EXCEEDED, False), _("Result")),
        (tag("line", x1="50%", x2="50%", y1=2, y2=20, class_="tick"), _("Plan")),
        (_diamond("50%"), last_year),
    ]
    if provisional:
        entries.append((_dot("50%", Status.AT_RISK, True), _("provisional")))
    for name, words in bands:
        box = tag("rect", x=1, y=5, width=16, height=12, class_=name)
        entries.append((group(box, class_="ground"), words))
    return tag(
        "ul",
        *(
            tag("li", picture(mark, class_="bullet", width=18, height=_HEIGHT), words)
            for mark, words in entries
        ),
        class_="chart-legend",
    )
