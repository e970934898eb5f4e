"""The rules of the catalogue as formulas, so that a form objects while it is being filled in.

Only what the sheet itself can know is said there: a rule that compares with something that is not
on the sheet is left to the server, which judges everything again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from commitments.rules import Judge


@dataclass(frozen=True)
class Cells:
    """Where on a sheet the number of each indicator stands, its last month, and the reason."""

    numbers: Mapping[str, str]
    last: Mapping[str, str]
    reasons: Mapping[str, str]
    names: Mapping[str, str]


def difference(number: str, last: str) -> str:
    """The change against last month; blank while either is."""
    return f'=IF(AND(ISNUMBER({number}),ISNUMBER({last})),{number}-{last},"")'


def total(parts: Sequence[str], *, complete: bool) -> str:
    """The sum of some cells; blank while all of them are, or one, if it must be ``complete``."""
    cells = ",".join(parts)
    lacks = f"COUNT({cells})<{len(parts)}" if complete else f"COUNT({cells})=0"
    return f'=IF({lacks},"",SUM({cells}))'


def check(code: str, maximum: int | None, judges: Sequence[Judge], cells: Cells) -> str:
    """What is wrong with the number of one row, in words; blank while nothing is."""
    cell = cells.numbers[code]
    sayings = "&".join(
        f'IF({wrong},{said}&". ","")' for wrong, said in _wrongs(code, judges, cells)
    )
    rules = f"TRIM({sayings})" if sayings else '""'
    if maximum is None:
        return f'=IF(ISNUMBER({cell}),{rules},"")'
    formula = rules
    for wrong, said in (
        (f"{cell}>{maximum}", _("Impossibly large")),
        (f"{cell}<0", _("Cannot be negative")),
        (f"{cell}<>INT({cell})", _("Write a whole number")),
        (f"NOT(ISNUMBER({cell}))", _("Write a number")),
        (f"ISBLANK({cell})", ""),
    ):
        formula = f"IF({wrong},{_text(said)},{formula})"
    return "=" + formula


def _wrongs(code: str, judges: Sequence[Judge], cells: Cells) -> Iterator[tuple[str, str]]:
    """Condition and sentence of each rule on ``code`` that the sheet can judge, blocking first."""
    for judge in sorted(judges, key=lambda judge: judge.severity != "block"):
        formula = _FORMULAS.get(judge.kind)
        if judge.indicator == code and formula and (found := formula(judge, cells)):
            wrong, said = found
            if judge.severity == "explain" and (reason := cells.reasons.get(code)):
                asked = _text(": " + _("say why"))
                said += f'&IF(LEN({reason})=0,{asked},"")'
            yield wrong, said


def _at_most(judge: Judge, cells: Cells) -> tuple[str, str] | None:
    limit = cells.numbers.get(judge.other)
    if limit is None:
        return None
    number, name = cells.numbers[judge.indicator], cells.names[judge.other]
    said = _text(_("More than %(other)s") % {"other": name} + " (")
    return f"AND(ISNUMBER({limit}),{number}>{limit})", f'{said}&FIXED({limit},0)&")"'


def _parts_at_most(judge: Judge, cells: Cells) -> tuple[str, str] | None:
    parts = [cells.numbers[code] for code in judge.parts if code in cells.numbers]
    if not parts:
        return None
    number, added = cells.numbers[judge.indicator], f"SUM({','.join(parts)})"
    said = _text(_("Less than the sum of its groups") + " (")
    return f"{number}<{added}", f'{said}&FIXED({added},0)&")"'


def _total_between(judge: Judge, cells: Cells) -> tuple[str, str] | None:
    if any(code not in cells.numbers for code in judge.parts):
        return None
    number, parts = (
        cells.numbers[judge.indicator],
        ",".join(cells.numbers[code] for code in judge.parts),
    )
    said = _text(_("Not between the largest of its parts and their sum"))
    return f"AND(COUNT({parts})>0,OR({number}<MAX({parts}),{number}>SUM({parts})))", said


def _change(judge: Judge, cells: Cells) -> tuple[str, str] | None:
    last = cells.last.get(judge.indicator)
    if last is None:
        return None
    number = cells.numbers[judge.indicator]
    moved = f"ABS({number}-{last})"
    rose, fell = _text(_("Risen by") + " "), _text(_("Fallen by") + " ")
    return (
        f"AND(ISNUMBER({last}),{moved}>={judge.least},{moved}*100>{last}*{judge.percent})",
        f"IF({number}>{last},{rose},{fell})&"
        f'IF({last}=0,FIXED({moved},0),FIXED({moved}*100/{last},1)&"%")',
    )


_FORMULAS: dict[str, Callable[[Judge, Cells], tuple[str, str] | None]] = {
    "at_most": _at_most,
    "parts_at_most": _parts_at_most,
    "total_between": _total_between,
    "change": _change,
}


def _text(words: str) -> str:
    """A literal text inside a formula, which may hold 255 characters."""
    return '"' + words[:250].replace('"', '""') + '"'
