"""The gazetteer's files are checked before anything is loaded from them."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from districts.gazetteer import register as module
from districts.gazetteer.register import RegisterError, read_register
from districts.models import BEFORE_RECORDS
from districts.rules import WHOLE

HEADS = {
    "units.csv": "id,code,tier,kind,name,full_name,parent,established_on,abolished_on,area_km2",
    "moves.csv": "unit,new_parent,on",
    "successions.csv": "predecessor,successor,on,share,main",
    "layout.csv": "map,parent,unit,row,column",
    "corrections.csv": "file,unit,field,was,is,evidence",
    "changes-2026-unconfirmed.csv": (
        "unit,code,name_before,name_after,kind_after,resolution,resolution_of,source"
    ),
}
GOOD = {
    "units.csv": [
        "p,99,province,province,Suối,Tỉnh Suối,,,,",
        "d,901,district,rural_district,Đồi,Huyện Đồi,p,,2025-07-01,",
        "a,99001,commune,rural_commune,Ao,Xã Ao,d,,2025-07-01,",
        "b,99002,commune,rural_commune,Bến,Xã Bến,d,,,12.345",
        "c,99001,commune,ward,Ao Mới,Phường Ao Mới,p,2025-07-01,,",
    ],
    "moves.csv": ["b,p,2025-07-01"],
    "successions.csv": ["a,c,2025-07-01,0.25,0", "a,b,2025-07-01,0.75,1"],
    "layout.csv": ["before,,p,0,0", "before,d,a,0,0", "before,d,b,0,1", "after,p,c,0,0"],
    "corrections.csv": [
        "units.csv,a,name,ao,Ao,spelling",
        "units.csv,c,area_km2,0.0,,cannot be",
        'successions.csv,d,successor c,"Phường Ao Mới, main 0",no successor,a homonym',
    ],
    "changes-2026-unconfirmed.csv": [
        "c,99001,Phường Ao Mới,Xã Ao Mới,rural_commune,1/NQ,2026-04-14,one source",
    ],
}


@pytest.fixture
def folder(tmp_path: Path):
    """Writes the small register, with some lines replaced or added, and returns its folder."""

    def write(**changes: tuple[int | None, str]) -> Path:
        for file, lines in GOOD.items():
            lines = [HEADS[file], *lines]
            if change := changes.get(file.removesuffix(".csv")):
                at, line = change
                lines[slice(len(lines), None) if at is None else slice(at, at + 1)] = [line]
            (tmp_path / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return tmp_path

    return write


def test_a_good_register_is_read_as_typed_rows(folder):
    register = read_register(folder())
    assert register.units["p"].established_on == BEFORE_RECORDS
    assert register.units["b"].area_ha == 1235
    assert register.units["c"].established_on == date(2025, 7, 1)
    assert [row.share for row in register.successions] == [WHOLE // 4, 3 * WHOLE // 4]
    assert [tile.since for tile in register.tiles][-1] == date(2025, 7, 1)
    assert [(row.unit, row.parent, row.until) for row in register.placements()] == [
        ("d", "p", date(2025, 7, 1)),
        ("a", "d", date(2025, 7, 1)),
        ("b", "d", date(2025, 7, 1)),
        ("b", "p", None),
        ("c", "p", None),
    ]


@pytest.mark.parametrize(
    ("file", "at", "line", "column"),
    [
        ("units", 0, "id,code", None),
        ("units", 1, "p,99,province,province,Suối,Tỉnh Suối", None),
        ("units", 1, "p,99,state,province,Suối,Tỉnh Suối,,,,", "tier"),
        ("units", 1, "p,99,province,ward,Suối,Tỉnh Suối,,,,", "kind"),
        ("units", 1, "p,9,province,province,Suối,Tỉnh Suối,,,,", "code"),
        ("units", 1, "p,9x,province,province,Suối,Tỉnh Suối,,,,", "code"),
        ("units", 1, "p,99,province,province, Suối,Tỉnh Suối,,,,", "name"),
        ("units", 1, "p,99,province,province,Suô\u0301i,Tỉnh Suối,,,,", "name"),
        ("units", 1, "p,99,province,province,Suối,,,,,", "full_name"),
        ("units", 1, "p,99,province,province,Suối,Tỉnh Suối,,01/07/2025,,", "established_on"),
        (
            "units",
            1,
            "p,99,province,province,Suối,Tỉnh Suối,,2025-07-01,2025-07-01,",
            "abolished_on",
        ),
        ("units", 1, "p,99,province,province,Suối,Tỉnh Suối,,,,many", "area_km2"),
        ("units", 1, "p,99,province,province,Suối,Tỉnh Suối,,,,-1", "area_km2"),
        ("units", None, "p,98,province,province,Suối,Tỉnh Suối,,,,", "id"),
        ("units", None, "e,99003,commune,ward,Em,Phường Em,,,,", "parent"),
        ("units", None, "e,99003,commune,ward,Em,Phường Em,x,,,", "parent"),
        ("units", None, "e,99003,commune,ward,Em,Phường Em,b,,,", "parent"),
        ("units", None, "e,98,province,province,Em,Tỉnh Em,p,,,", "parent"),
        ("units", None, "e,99003,commune,ward,Em,Phường Em,d,2025-08-01,,", "parent"),
        ("units", None, "e,99002,commune,ward,Em,Phường Em,p,2020-01-01,,", "code"),
        ("moves", None, "x,p,2025-07-01", "unit"),
        ("moves", None, "b,d,2025-07-01", "on"),
        ("moves", None, "b,p,2025-07-01", "unit"),
        ("moves", None, "b,p,", "on"),
        ("moves", None, "b,c,2025-07-01", "new_parent"),
        ("successions", 1, "a,x,2025-07-01,1,1", "successor"),
        ("successions", 1, "a,c,2025-07-02,0.25,0", "on"),
        ("successions", 1, "a,d,2025-07-01,0.25,0", "successor"),
        ("successions", 1, "a,c,2025-07-01,0.25,yes", "main"),
        ("successions", 1, "a,c,2025-07-01,0.25,1", "predecessor"),
        ("successions", 1, "a,c,2025-07-01,0.5,0", "predecessor"),
        ("successions", 1, "a,c,2025-07-01,,0", "predecessor"),
        ("successions", 1, "a,b,2025-07-01,0.25,0", "predecessor"),
        ("successions", 1, "a,c,2025-07-01,0.00000025,0", "share"),
        ("layout", 1, "later,,p,0,0", "map"),
        ("layout", 1, "before,,p,,0", "row"),
        ("layout", 1, "before,,p,0.5,0", "row"),
        ("layout", None, "before,p,a,5,5", "unit"),
        ("layout", 2, "before,d,a,0,1", "unit"),
        ("changes-2026-unconfirmed", None, "x,1,Xã,Xã,ward,1/NQ,2026-04-14,one", "unit"),
        (
            "changes-2026-unconfirmed",
            1,
            "c,99002,Phường Ao Mới,Xã Ao,ward,1,2026-04-14,one",
            "code",
        ),
        ("changes-2026-unconfirmed", 1, "c,99001,Ao,Xã Ao,ward,1,2026-04-14,one", "name_before"),
        (
            "changes-2026-unconfirmed",
            1,
            "c,99001,Phường Ao Mới,Tỉnh Ao,province,1,2026-04-14,one",
            "kind_after",
        ),
        (
            "changes-2026-unconfirmed",
            1,
            "c,99001,Phường Ao Mới,Ao,rural_commune,1,2026-04-14,one",
            "name_after",
        ),
        (
            "changes-2026-unconfirmed",
            1,
            "c,99001,Phường Ao Mới,Xã Ao,rural_commune,1,,one",
            "resolution_of",
        ),
        ("corrections", None, "notes.csv,a,name,ao,Ao,spelling", "file"),
        ("corrections", None, "units.csv,x,name,ao,Ao,spelling", "unit"),
        ("corrections", None, "units.csv,a,parent,p,d,a move", "field"),
        ("corrections", None, "units.csv,a,name,Ao,ao,spelling", "is"),
        ("corrections", None, "units.csv,a,name,ao,Ao,", "evidence"),
        ("corrections", None, 'successions.csv,d,successor x,"Em, main 0",none,why', "field"),
        ("corrections", None, 'successions.csv,a,successor c,"Ao Mới, main 0",none,why', "field"),
        ("corrections", None, "successions.csv,d,successor c,Ao Mới,none,why", "was"),
    ],
)
def test_a_bad_row_is_named_with_its_file_and_column(folder, file, at, line, column):
    with pytest.raises(RegisterError) as refusal:
        read_register(folder(**{file: (at, line)}))
    assert (refusal.value.file, refusal.value.column) == (f"{file}.csv", column)
    assert refusal.value.read in str(refusal.value)


def test_the_command_says_which_row_of_which_file_is_bad(folder, monkeypatch, capsys, db):
    bad = folder(units=(1, "p,99,state,province,Suối,Tỉnh Suối,,,,"))
    monkeypatch.setattr(module.read_register, "__defaults__", (bad,))
    with pytest.raises(SystemExit):
        call_command("load_gazetteer", "--all", "--format", "json")
    assert '"sheet": "units.csv", "row": 2, "column": "tier"' in capsys.readouterr().out


def test_the_files_lie_in_the_package_with_their_attribution():
    attribution = (module.FOLDER / "ATTRIBUTION.md").read_text(encoding="utf-8")
    assert "vietnamadminunits" in attribution
    assert "MIT" in attribution
    assert "Tran Ngoc Minh Hieu" in attribution
    assert {path.name for path in module.FOLDER.glob("*.csv")} == set(HEADS)


# --- what the real files say ---------------------------------------------------------------------

_WORDS = {
    "province": "Tỉnh", "municipality": "Thành phố", "city": "Thành phố", "town": "Thị xã",
    "urban_district": "Quận", "rural_district": "Huyện", "ward": "Phường",
    "township": "Thị trấn", "rural_commune": "Xã", "special_zone": "Đặc khu",
}  # fmt: skip


def test_every_full_name_is_the_word_for_its_kind_and_the_name(register):
    wrong = [
        unit
        for unit in register.units.values()
        if unit.full_name not in (f"{_WORDS[unit.kind]} {unit.name.split(' (')[0]}", unit.name)
        or not unit.full_name.startswith(f"{_WORDS[unit.kind]} ")
    ]
    assert wrong == []


def test_every_name_begins_with_a_capital_and_every_word_of_it_but_farms_does(register):
    small = {
        word
        for unit in register.units.values()
        for word in unit.full_name.removeprefix(_WORDS[unit.kind]).split()
        if not (word[0].isupper() or word[0].isdecimal() or word == "-")
    }
    assert small == {"trường"}  # Thị trấn Nông trường Việt Lâm: a state farm


def test_only_twelve_districts_keep_their_kind_in_brackets(register):
    """A town and a rural district of one name stood side by side."""
    bracketed = [unit for unit in register.units.values() if "(" in unit.name]
    assert {unit.tier for unit in bracketed} == {"district"}
    assert len(bracketed) == 12
    assert not [unit for unit in register.units.values() if "(" in unit.full_name]


def test_an_area_is_blank_or_can_be_true(register):
    """The smallest is a ward of Thành phố Hồ Chí Minh, the largest Xã Buôn Đôn."""
    areas = [unit.area_ha for unit in register.units.values() if unit.area_ha is not None]
    assert (min(areas), max(areas)) == (98, 111_835)
    blank = {row.unit for row in register.corrections if row.field == "area_ha"}
    assert {register.units[unit].area_ha for unit in blank} == {None}


def test_tone_marks_stand_on_the_first_vowel_of_oa_oe_and_uy(register):
    """Hòa, Khỏe, Thủy and not Hoà, Khoẻ, Thuỷ, unless a letter follows: Hoàng, Thuyền."""
    modern = re.compile("o[àáảãạèéẻẽẹ]\\b|(?<![qQ])u[ỳýỷỹỵ]\\b", re.IGNORECASE)
    assert [u.full_name for u in register.units.values() if modern.search(u.full_name)] == []


def test_a_hyphen_stands_between_spaces_and_an_apostrophe_between_letters(register):
    names = [unit.full_name for unit in register.units.values()]
    hyphened = [name for name in names if "-" in name]
    assert [name for name in hyphened if name.count("-") != name.count(" - ")] == []
    assert [name for name in names if re.search("[’‘`´]|' | '", name)] == []
