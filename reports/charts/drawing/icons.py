"""The sign of a status: its shape alone says which, also in grey and in print."""

from functools import lru_cache

from django.utils.safestring import SafeString

from reports.engine.rules import Status

from .svg import (
    picture,
    status_class,
    tag,
)

_SIZE = 12


def status_icon(status: Status, *, label: str | None = None, key: str = "") -> SafeString:
    """An arrow up, a disc with a tick, a triangle down, an octagon with "!", a dash, a dotted ring,
    a ring half filled, a ring struck through.

    Beside the status's word it is decoration; with ``label`` it stands alone and is named so.
    """
    return _drawn(status, label, key)


@lru_cache(maxsize=64)
def _drawn(status: Status, label: str | None, key: str) -> SafeString:
    return picture(
        *_SHAPES[status](),
        class_=f"status-icon {status_class(status)}",
        label=label,
        key=key,
        width=_SIZE,
        height=_SIZE,
        viewBox=f"0 0 {_SIZE} {_SIZE}",
    )


def _exceeded():
    yield tag("path", d="M6 .8 11 6H7.9v5.2H4.1V6H1z", class_="solid")


def _met():
    yield tag("circle", cx=6, cy=6, r=5.2, class_="solid")
    yield tag("path", d="M3.5 6.2 5.3 8l3.3-3.8", class_="cut")


def _behind():
    yield tag("path", d="M.9 1.9h10.2L6 10.9z", class_="solid")


def _at_risk():
    yield tag("path", d="M3.9.8h4.2l3.1 3.1v4.2l-3.1 3.1H3.9L.8 8.1V3.9z", class_="solid")
    yield tag("path", d="M6 3.1v3.3M6 8.6v.2", class_="cut")


def _no_target():
    yield tag("circle", cx=6, cy=6, r=4.8, class_="open")
    yield tag("path", d="M3.6 6h4.8", class_="open")


def _no_data():
    yield tag("circle", cx=6, cy=6, r=4.8, class_="open dotted")


def _incomplete():
    yield tag("circle", cx=6, cy=6, r=4.8, class_="open")
    yield tag("path", d="M6 1.2a4.8 4.8 0 0 0 0 9.6z", class_="solid")


def _not_applicable():
    yield tag("circle", cx=6, cy=6, r=4.8, class_="open")
    yield tag("path", d="M2.6 9.4 9.4 2.6", class_="open")


_SHAPES = {
    Status.EXCEEDED: _exceeded,
    Status.MET: _met,
    Status.BEHIND: _behind,
    Status.AT_RISK: _at_risk,
    Status.NO_TARGET: _no_target,
    Status.NO_DATA: _no_data,
    Status.INCOMPLETE: _incomplete,
    Status.NOT_APPLICABLE: _not_applicable,
}
