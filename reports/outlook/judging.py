"""The four criteria a person judges a target's prospects by, in words. Pure data."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.engine.rules import Status
from reports.models import (
    Grade,
    Judgement,
)


@dataclass(frozen=True)
class Criterion:
    """One question about a target, and what each grade is called in its answer."""

    field: str
    title: str
    question: str
    words: Mapping[str, str]


CRITERIA = (
    Criterion(
        "difficulty",
        _("Difficulty of the target"),
        _("How far is the target from what has been reached?"),
        {
            Grade.GOOD: pgettext_lazy("difficulty", "Easy"),
            Grade.FAIR: pgettext_lazy("difficulty", "Manageable"),
            Grade.DOUBTFUL: pgettext_lazy("difficulty", "Hard"),
            Grade.POOR: pgettext_lazy("difficulty", "Very hard"),
        },
    ),
    Criterion(
        "planning",
        _("Plan of action"),
        _("Is it written down who does what by when?"),
        {
            Grade.GOOD: pgettext_lazy("plan of action", "Good"),
            Grade.FAIR: pgettext_lazy("plan of action", "Sufficient"),
            Grade.DOUBTFUL: pgettext_lazy("plan of action", "Has gaps"),
            Grade.POOR: pgettext_lazy("plan of action", "Missing"),
        },
    ),
    Criterion(
        "capacity",
        _("Capacity to deliver"),
        _("Are there people, money and cooperation enough?"),
        {
            Grade.GOOD: pgettext_lazy("capacity", "Strong"),
            Grade.FAIR: pgettext_lazy("capacity", "Sufficient"),
            Grade.DOUBTFUL: pgettext_lazy("capacity", "Obstacles"),
            Grade.POOR: pgettext_lazy("capacity", "Weak"),
        },
    ),
    Criterion(
        "progress",
        _("Progress on the ground"),
        _("Is what was planned really happening?"),
        {
            Grade.GOOD: pgettext_lazy("progress", "Fast"),
            Grade.FAIR: pgettext_lazy("progress", "On course"),
            Grade.DOUBTFUL: pgettext_lazy("progress", "Slow"),
            Grade.POOR: pgettext_lazy("progress", "Stalled"),
        },
    ),
)


_SIGNS = {
    Grade.GOOD: Status.EXCEEDED,
    Grade.FAIR: Status.MET,
    Grade.DOUBTFUL: Status.BEHIND,
    Grade.POOR: Status.AT_RISK,
}
"""Grades are shown with the shapes and colours of the four statuses."""


@dataclass(frozen=True)
class Judged:
    """One criterion of a judgement in words; without a judgement only its question."""

    title: str
    question: str
    status: Status | None = None
    word: str = ""
    note: str = ""


def judged(judgement: Judgement | None) -> list[Judged]:
    """The four criteria as ``judgement`` answers them; unanswered while nobody has judged."""
    if judgement is None:
        return [Judged(criterion.title, criterion.question) for criterion in CRITERIA]
    return [
        Judged(
            title=criterion.title,
            question=criterion.question,
            status=_SIGNS[Grade(getattr(judgement, criterion.field))],
            word=criterion.words[getattr(judgement, criterion.field)],
            note=getattr(judgement, f"{criterion.field}_note"),
        )
        for criterion in CRITERIA
    ]
