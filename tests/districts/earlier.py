"""The gazetteer as its first edition had it, made from the corrections by turning them round."""

import csv
from dataclasses import replace

from districts.gazetteer.cells import FOLDER
from districts.gazetteer.register import Register
from districts.gazetteer.rows import SuccessionRow


def corrections() -> list[dict[str, str]]:
    """The lines of corrections.csv as they are written."""
    with (FOLDER / "corrections.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def first_edition(register: Register) -> Register:
    """``register`` with every wrong value and every successor too many back in its place."""
    units, successions = dict(register.units), list(register.successions)
    for line in corrections():
        unit = units.get(line["unit"])
        if unit is None:
            continue
        if line["file"] == "units.csv":
            field, was = line["field"], line["was"]
            if field == "area_km2":
                field, was = "area_ha", round(float(was) * 100)
            units[unit.id] = unit._replace(**{field: was})
        else:
            successor = line["field"].removeprefix("successor ")
            successions = _divided(successions, unit.id, successor, line["was"].endswith("main 1"))
    return replace(register, units=units, successions=successions, corrections=(), wrong_heirs=())


def _divided(
    successions: list[SuccessionRow], predecessor: str, wrong: str, main: bool
) -> list[SuccessionRow]:
    """One successor more: nobody knew the shares then."""
    theirs = [row for row in successions if row.predecessor == predecessor]
    others = [row for row in successions if row.predecessor != predecessor]
    heirs = [row._replace(share=None, main=row.main and not main) for row in theirs]
    return [*others, *heirs, theirs[0]._replace(successor=wrong, share=None, main=main)]
