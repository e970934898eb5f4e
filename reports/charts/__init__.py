"""Charts as SVG text: pure functions of figures, coloured by ``charts.css``, without a script."""

from .bullet import bullet, bullet_axis, bullet_facts, bullet_legend
from .course import Course, course, course_facts, usual_words
from .deviation import deviation, deviation_axis, deviation_facts
from .drawing.icons import status_icon
from .drawing.reading import (
    Break,
    Ceiling,
    Event,
    Row,
    Trajectory,
    trajectory_facts,
    trajectory_rows,
)
from .drawing.scale import (
    Span,
    reach,
    span,
)
from .drawing.svg import (
    Fact,
    description_of,
)
from .hero import hero_bar
from .multiple import multiple, multiple_facts, multiples_span, steps
from .pareto import pareto_bar, pareto_facts
from .sparkline import sparkline
from .trajectory import trajectory, trajectory_note, trajectory_set

__all__ = [
    "Break",
    "Ceiling",
    "Course",
    "Event",
    "Fact",
    "Row",
    "Span",
    "Trajectory",
    "bullet",
    "bullet_axis",
    "bullet_facts",
    "bullet_legend",
    "course",
    "course_facts",
    "description_of",
    "deviation",
    "deviation_axis",
    "deviation_facts",
    "hero_bar",
    "multiple",
    "multiple_facts",
    "multiples_span",
    "pareto_bar",
    "pareto_facts",
    "reach",
    "span",
    "sparkline",
    "status_icon",
    "steps",
    "trajectory",
    "trajectory_facts",
    "trajectory_note",
    "trajectory_rows",
    "trajectory_set",
    "usual_words",
]
