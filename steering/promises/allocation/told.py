"""The table and what became of its cells, as the API tells them."""

from commitments.actions.targets.allocating import Outcome, Saved
from commitments.allocation.places import Place
from commitments.models import Allocation
from steering.accounts.programs.rest import fault_told

from .table import Row, Table
from .wording import caution_words, shown


def table_told(table: Table) -> dict:
    """Everything about a table, as ``AllocationSerializer`` describes it."""
    place, made = table.place, table.allocation
    return {
        "decision": place.decision.number,
        "unit": place.unit.code,
        "indicator": place.indicator.code,
        "operator": place.target.operator,
        "target": place.target.value,
        "decimals": place.indicator.decimals,
        "base": table.measures.base.code if table.measures.base else None,
        "method": made.method if made else Allocation.Method.BY_HAND,
        "version": table.version,
        "open": table.is_open,
        "assigned_by": made.assigned_by.number if made and made.assigned_by else None,
        "reason": made.reason if made else "",
        "balance": {
            "state": table.balance.state,
            "words": table.balance_words,
            "divided": table.divided,
            "people": table.balance.people,
        },
        "rows": [_row_told(row) for row in table.rows],
    }


def _row_told(row: Row) -> dict:
    portion = row.portion
    return {
        "unit": row.unit.code,
        "name": row.unit.full_name,
        "value": row.share.value,
        "text": row.text,
        "version": row.version,
        "locked": row.share.locked,
        "assigned": row.is_assigned,
        "base": row.share.base,
        "last": row.share.last,
        "last_target": row.share.last_target,
        "source": portion.source if portion else "",
        "by": str(portion.by) if portion and portion.by else None,
        "at": portion.at if portion else None,
        "cautions": [
            {
                "code": one.code,
                "blocks": one.blocks,
                "message": caution_words(one, row.indicator),
            }
            for one in row.cautions
        ],
    }


def saved_told(saved: Saved, place: Place) -> dict:
    """One cell that was sent."""
    conflict = saved.conflict
    return {
        "unit": saved.unit,
        "text": shown(place.indicator, saved.value),
        "value": saved.value,
        "version": saved.version,
        "locked": saved.locked,
        "error": fault_told(saved.error) if saved.error else None,
        "conflict": conflict
        and {
            "text": shown(place.indicator, conflict.value),
            "by": str(conflict.by or ""),
            "at": conflict.at,
            "version": conflict.version,
        },
    }


def outcome_told(outcome: Outcome, place: Place) -> list[dict]:
    return [saved_told(saved, place) for saved in outcome.saved]
