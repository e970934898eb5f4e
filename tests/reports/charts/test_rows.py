"""Bars and dots in rows: where their marks stand, and what they say without being seen."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.charts import (
    bullet,
    bullet_axis,
    bullet_facts,
    bullet_legend,
    description_of,
    deviation,
    deviation_axis,
    hero_bar,
    pareto_bar,
    pareto_facts,
    span,
    status_icon,
)
from reports.engine.rules import Status
from reports.wording.shares import parts

from .drawing import LABELS, marks, only, parsed, share, words

PERCENTS = st.none() | st.decimals(0, 10**6, places=2)
STATUSES = st.sampled_from(list(Status))


def end(mark):
    return share(mark.get("x")) + share(mark.get("width"))


# --- deviation -----------------------------------------------------------------------------------


def test_the_bar_begins_at_the_plan_and_ends_at_its_deviation():
    above = parsed(deviation(Decimal("103.7"), status=Status.EXCEEDED))
    bar = only(above, "solid")
    assert share(bar.get("x")) == 50
    assert end(bar) == pytest.approx(87)
    below = only(parsed(deviation(Decimal("97"), status=Status.BEHIND)), "solid")
    assert share(below.get("x")) == pytest.approx(20)
    assert end(below) == pytest.approx(50)
    assert only(above, "tick").get("x1") == "50%"


@pytest.mark.parametrize(("reached", "tip"), [("130", 7), ("40", -7)])
def test_beyond_five_percent_the_bar_ends_in_an_arrow(reached, tip):
    root = parsed(deviation(Decimal(reached), status=Status.AT_RISK))
    bar, head = marks(root, "solid")
    assert head.tag == "path"
    assert f"L{tip} " in head.get("d")
    assert (end(bar) < 100) if tip > 0 else (share(bar.get("x")) > 0)


def test_a_deviation_within_the_scale_has_no_arrow():
    assert len(marks(parsed(deviation(Decimal("105"), status=Status.EXCEEDED)), "solid")) == 1


def test_what_is_provisional_is_striped_and_what_is_final_is_not():
    final = parsed(deviation(Decimal("97"), status=Status.BEHIND))
    assert not marks(final, "hatch")
    early = parsed(deviation(Decimal("97"), status=Status.BEHIND, provisional=True))
    assert len(marks(early, "hatch")) == 1
    assert "is-provisional" in early.get("class")


def test_without_a_figure_only_the_plan_and_a_dotted_line_are_drawn():
    root = parsed(deviation(None, status=Status.NO_DATA))
    assert marks(root, "none")
    assert not marks(root, "solid")


def test_the_bands_mirror_where_the_target_must_not_be_exceeded():
    def darkest(downward):
        root = parsed(deviation(Decimal(100), status=Status.MET, downward=downward))
        return share(only(root, "band-1").get("x"))

    assert darkest(False) == 0
    assert darkest(True) > 50


def test_the_axis_says_what_the_bars_reach():
    assert words(parsed(deviation_axis())) == ["−5%", "0", "+5%"]


# --- bullet --------------------------------------------------------------------------------------


def test_the_dot_the_plan_and_last_year_stand_on_one_scale():
    scale = span([Decimal("92"), Decimal("106")])
    root = parsed(
        bullet(Decimal("103"), span=scale, status=Status.EXCEEDED, last_year=Decimal("95"))
    )

    def place(percent):
        return (percent - scale.low) / (scale.high - scale.low) * 100

    assert share(only(root, "tick").get("x1")) == pytest.approx(place(100), abs=0.01)
    assert share(only(root, "dot").get("cx")) == pytest.approx(place(103), abs=0.01)
    assert share(only(root, "stem").get("x2")) == pytest.approx(place(103), abs=0.01)
    diamond = next(
        mark for mark in root.iter("svg") if marks(mark, "last-year") and mark is not root
    )
    assert share(diamond.get("x")) == pytest.approx(place(95), abs=0.01)


def test_what_lies_beyond_the_scale_ends_in_an_arrow_instead_of_a_dot():
    root = parsed(bullet(Decimal("40"), span=span([]), status=Status.AT_RISK))
    assert not marks(root, "dot")
    assert only(root, "solid").tag == "path"


def test_without_a_target_there_is_neither_plan_nor_scale():
    def drawn(status):
        return parsed(bullet(None, span=span([]), status=status))

    def marked(root, class_):
        return [one for one in root.iter() if class_ in one.get("class", "").split()]

    missing, unplanned = drawn(Status.NO_DATA), drawn(Status.NO_TARGET)
    assert marked(missing, "tick")
    assert marked(missing, "band-1")
    assert not marked(unplanned, "tick")
    assert not marked(unplanned, "band-1")
    assert marked(unplanned, "none")


def test_a_provisional_dot_is_striped():
    root = parsed(bullet(Decimal("99"), span=span([]), status=Status.BEHIND, provisional=True))
    assert marks(root, "stripe")


@given(st.decimals(0, 300, places=2), st.decimals(0, 300, places=2))
def test_more_never_stands_further_left(one, other):
    scale = span([one, other])
    low, high = sorted((one, other))
    assert scale.share(low) <= scale.share(high)


def test_the_axis_names_the_plan_and_the_ends_that_keep_their_distance():
    assert words(parsed(bullet_axis(span([Decimal(93), Decimal(105)])))) == ["92%", "100%", "106%"]
    assert words(parsed(bullet_axis(span([Decimal(40)] * 3)))) == ["40%", "100%"]


def test_one_unit_far_out_does_not_press_the_others_together():
    close = [Decimal(percent) for percent in (99, 100, 101, 102, 98)]
    assert span([*close, Decimal(3)]) == span(close)


def test_the_scale_follows_when_most_units_are_far_from_the_plan():
    assert span([Decimal(20), Decimal(25), Decimal(30)]).low <= 20


@given(st.lists(PERCENTS, max_size=30))
def test_every_scale_holds_the_bands_of_the_plan(percents):
    scale = span(percents)
    assert scale.low < 97
    assert scale.high > 102


def test_the_legend_names_every_mark():
    legend = parsed(bullet_legend(last_year="12/2022", provisional=True))
    assert len(list(legend)) == 7
    assert "12/2022" in "".join(legend.itertext())


# --- hero, pareto, icons -------------------------------------------------------------------------


def test_the_hero_bar_and_its_plan_are_in_proportion():
    root = parsed(hero_bar(900, 1000, status=Status.AT_RISK))
    bar, tick = only(root, "filled"), only(root, "tick")
    assert share(bar.get("width")) / share(tick.get("x1")) == pytest.approx(0.9, abs=0.001)
    assert end(only(root, "missing")) == pytest.approx(share(tick.get("x1")), abs=0.02)


def test_a_result_far_above_the_plan_still_fits():
    bar = only(parsed(hero_bar(5000, 1000, status=Status.EXCEEDED)), "filled")
    assert share(bar.get("width")) < 100


@pytest.mark.parametrize(("value", "plan"), [(None, 10), (10, None), (0, 0)])
def test_a_hero_bar_without_a_plan_or_a_result_is_an_empty_track(value, plan):
    root = parsed(hero_bar(value, plan, status=Status.NO_DATA))
    assert marks(root, "track")
    assert not marks(root, "filled")


def test_most_missing_comes_first_and_who_misses_nothing_is_left_out():
    found = parts([("A", 10), ("B", 30), ("C", 0), ("D", -5)])
    assert [(part.unit, part.share) for part in found] == [
        ("B", Decimal("75.0")),
        ("A", Decimal("25.0")),
    ]


def test_thirds_are_printed_so_that_they_add_up():
    assert [str(part.share) for part in parts([("A", 1), ("B", 1), ("C", 1)])] == [
        "33.4",
        "33.3",
        "33.3",
    ]


@given(st.lists(st.integers(0, 10**12), max_size=80))
def test_the_shares_add_up_to_a_hundred(missing):
    found = parts(list(enumerate(missing)))
    assert sum(part.share for part in found) == (100 if found else 0)
    assert not found or found[-1].together == 100


def test_the_own_part_is_the_bar_and_the_line_goes_on_to_all_so_far():
    second = parts([("A", 60), ("B", 40)])[1]
    root = parsed(pareto_bar(second))
    assert only(root, "solid").get("width") == "40%"
    assert [line.get("x2") for line in marks(root, "together")] == ["100%", "100%"]


def test_every_status_has_a_shape_of_its_own():
    shapes = set()
    for status in Status:
        root = parsed(status_icon(status))
        shapes.add("".join(f"{mark.tag}{mark.get('d')}{mark.get('class')}" for mark in root))
    assert len(shapes) == len(Status)


# --- what is read instead of seen ----------------------------------------------------------------


def test_beside_its_number_a_bar_is_hidden_from_readers():
    root = parsed(deviation(Decimal(97), status=Status.BEHIND))
    assert root.get("aria-hidden") == "true"
    assert root.get("role") is None


def test_alone_a_bar_is_an_image_with_a_title_and_its_numbers():
    root = parsed(
        bullet(Decimal("96.6"), span=span([]), status=Status.AT_RISK, label="Sốp Cộp", key="row 1")
    )
    title, description = root.find("title"), root.find("desc")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == title.get("id") == "row-1-title"
    assert root.get("aria-describedby") == description.get("id")
    assert title.text == "Sốp Cộp"
    facts = bullet_facts(Decimal("96.6"), status=Status.AT_RISK)
    assert description.text == description_of(facts)
    assert any("96" in fact.text for fact in facts)


@pytest.mark.parametrize("name", ["Nậm & <b>Ty</b>", 'x" onload="y', "a\x00b\x0bc\ufffe"])
def test_names_are_escaped_and_stay_well_formed(name):
    svg = status_icon(Status.MET, label=name, key=name)
    assert "<b>" not in svg
    assert 'onload="' not in svg
    assert parsed(svg).find("title").text


@given(PERCENTS, PERCENTS, STATUSES, st.booleans(), st.booleans(), LABELS)
def test_any_row_is_well_formed(reached, last_year, status, provisional, downward, label):
    scale = span([reached, last_year])
    more = {"status": status, "provisional": provisional, "label": label, "key": label or ""}
    charts = [
        deviation(reached, downward=downward, **more),
        bullet(reached, span=scale, last_year=last_year, downward=downward, **more),
        bullet_axis(scale),
        hero_bar(reached, last_year, **more),
    ]
    assert [parsed(chart).tag for chart in charts] == ["svg"] * len(charts)


@given(st.integers(1, 10**12), st.integers(0, 10**12))
def test_any_part_is_well_formed(one, other):
    for part in parts([("A", one), ("B", other)]):
        parsed(pareto_bar(part, label="A", key="a"))
        assert pareto_facts(part)[0].text.endswith("%")
