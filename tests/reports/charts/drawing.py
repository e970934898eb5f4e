"""Reading a chart back: parsed as XML, with the places of its marks."""

from xml.etree import ElementTree

from hypothesis import strategies as st

from commitments.models import Indicator
from districts.months import Month
from reports.engine.trajectories import Point

FIRST = Month.of(2023, 1)
IMPOSSIBLE = ("nan", "inf", "None")
LABELS = st.none() | st.text().filter(lambda text: not any(word in text for word in IMPOSSIBLE))
"""What somebody may call a chart, but for what would read as an impossible number."""


def parsed(svg):
    """The root element; fails unless the text is well-formed XML without an impossible number."""
    text = str(svg)
    for impossible in IMPOSSIBLE:
        assert f'"{impossible}' not in text.replace("NaN", "nan")
        assert f" {impossible}," not in text
    return ElementTree.fromstring(text)


def marks(root, class_):
    """The elements with a class, wherever they stand."""
    return [mark for mark in root.iter() if class_ in mark.get("class", "").split()]


def only(root, class_):
    (mark,) = marks(root, class_)
    return mark


def share(length):
    """A length in percent of the width."""
    assert length.endswith("%")
    return float(length[:-1])


def words(root):
    return ["".join(text.itertext()) for text in root.iter("text")]


def count_indicator(**more):
    return Indicator(kind="stock", unit_of_measure="person", decimals=0, **more)


def rate_indicator():
    return Indicator(kind="ratio", unit_of_measure="percent", decimals=2)


def flow_indicator():
    return Indicator(kind="flow", unit_of_measure="VND", decimals=0)


def points(values, *, plan=None, first=FIRST, approved=None):
    """Months from ``first``; ``approved`` of ten units each, all unless given."""
    plan = plan or [None] * len(values)
    approved = approved or [10] * len(values)
    return [
        Point(first + place, value, plan[place], approved[place], 10, approved[place] < 10)
        for place, value in enumerate(values)
    ]
