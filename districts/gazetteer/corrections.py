"""What earlier editions of the gazetteer had otherwise: ``corrections.csv`` as typed rows.

Each line quotes the old value, so that an installation loaded from an earlier edition is told
apart from one where somebody changed a unit on purpose.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from .cells import RegisterError, Row, rows_of
from .rows import Correction, SuccessionRow, UnitRow, WrongHeir

FILE = "corrections.csv"
_COLUMNS = "file unit field was is evidence"
_TEXTS = ("name", "full_name", "kind")
_AREA = "area_km2"
_MAIN = ", main "


def read_corrections(
    folder: Path, units: Mapping[str, UnitRow], successions: Sequence[SuccessionRow]
) -> tuple[list[Correction], list[WrongHeir]]:
    """What was corrected in units and in successions, in the order of the file.

    Raises RegisterError where the files still say what a line calls wrong.
    """
    corrections, wrong_heirs = [], []
    pairs = {(row.predecessor, row.successor) for row in successions}
    for row in rows_of(folder / FILE, _COLUMNS):
        unit = row.choice("unit", units)
        if row.choice("file", ("units.csv", "successions.csv")) == "units.csv":
            corrections.append(_correction(row, unit))
            continue
        wrong = _wrong_heir(row, unit, units)
        if (wrong.predecessor, wrong.successor) in pairs:
            raise row.error("field", _("successions.csv still names this successor"))
        wrong_heirs.append(wrong)
    for (unit, field), now in {(row.unit, row.field): row.now for row in corrections}.items():
        if getattr(units[unit], field) != now:
            raise RegisterError(FILE, None, "is", str(now), _("units.csv says something else"))
    return corrections, wrong_heirs


def _correction(row: Row, unit: str) -> Correction:
    field = row.choice("field", (*_TEXTS, _AREA))
    if field == _AREA:
        return Correction(
            unit, "area_ha", row.hectares("was"), row.hectares("is"), row.text("evidence")
        )
    return Correction(unit, field, row.text("was"), row.text("is"), row.text("evidence"))


def _wrong_heir(row: Row, unit: str, units: Mapping[str, UnitRow]) -> WrongHeir:
    """A line like: successor c31582-2025; was: Xã Thuận Hòa, main 1; is: no successor ..."""
    _word, _space, successor = row.text("field").partition(" ")
    if successor not in units:
        raise row.error("field", _("units.csv has no such unit"))
    name, _comma, main = row.text("was").rpartition(_MAIN)
    if not name or main not in ("0", "1"):
        raise row.error("was", _("one of these is expected: %(values)s") % {"values": "main 0, 1"})
    return WrongHeir(unit, successor, main == "1", row.text("evidence"))
