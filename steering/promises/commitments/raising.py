"""What a unit promises beyond its targets, as it is typed beside the lines of its paper."""

from collections.abc import Mapping
from dataclasses import replace

from commitments.actions.promises.papers import Key
from commitments.intake.numbers import Unreadable, read_target
from commitments.intake.workbook.cells import Place
from commitments.models import Indicator, Paper
from commitments.papers.content import Content
from commitments.rules import Refused

TEXT_LENGTH = 30


def read_promises(paper: Paper, fields: Mapping[str, str]) -> dict[Key, int]:
    """What was typed for each line (``line-1``), scaled; a blank is what was assigned.

    Raises Refused for what is no number.
    """
    indicators = {one.code: one for one in Indicator.objects.all()}
    found, faults = {}, []
    for line in Content.from_text(paper.content).lines:
        indicator = indicators[line.indicator]
        text = fields.get(f"line-{line.position}", "")[:TEXT_LENGTH]
        try:
            read = read_target(text, indicator)
        except Unreadable as unreadable:
            fault = unreadable.at(Place(sheet=None, row=0), text)
            message = f"{indicator.name}: {fault.message}"
            faults.append(replace(fault, row=None, column=line.indicator, message=message))
            continue
        value = read[1] if read else line.assigned
        if value is not None:
            found[paper.unit_id, indicator.pk] = value
    if faults:
        raise Refused(faults)
    return found
