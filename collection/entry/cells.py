"""What changes on a sheet while somebody types: the numbers of one report, and what is typed."""

from collections.abc import Mapping
from dataclasses import dataclass

from collection import rules
from collection.models import DraftCell
from collection.querysets import counts_in, draft_cells
from commitments.models import Indicator
from commitments.rules import Fault
from districts.models import Unit
from districts.months import Month
from reports.wording import words


@dataclass
class Cells:
    """What stands in the cells of one report, by indicator: counted, and typed over it.

    ``counts`` are (reported, approved).
    """

    counts: Mapping[int, tuple[int | None, int | None]]
    drafts: dict[int, DraftCell]

    def reported(self, indicator: int) -> int | None:
        return self.counts.get(indicator, (None, None))[0]

    def approved(self, indicator: int) -> int | None:
        return self.counts.get(indicator, (None, None))[1]

    def standing(self, indicator: Indicator) -> tuple[str, int | None, Fault | None]:
        """What a cell shows, the number it holds, and what is wrong with it."""
        draft, reported = self.drafts.get(indicator.pk), self.reported(indicator.pk)
        if draft is None:
            return ("" if reported is None else words.number(reported)), reported, None
        if draft.value is not None:
            return words.number(draft.value), draft.value, None
        if draft.text == "":
            return "", None, None if reported is None else rules.blanked(indicator)
        return draft.text, None, rules.read_text(draft.text, indicator)[1]

    def version(self, indicator: int) -> str:
        """The version of a cell as it stands."""
        draft = self.drafts.get(indicator)
        if draft is not None:
            return rules.version(draft.value, draft.text)
        return rules.version(self.reported(indicator), "")


def cells_of(unit: Unit, month: Month) -> Cells:
    """The cells of one report. Whoever writes holds its month (``periods.lock``)."""
    return Cells(
        counts_in(unit, month), {draft.indicator_id: draft for draft in draft_cells(unit, month)}
    )
