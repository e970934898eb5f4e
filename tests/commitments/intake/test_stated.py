"""What a file states beside its numbers counts: measure, time and kind, wherever it stands."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from commitments.intake.counts import import_counts
from commitments.intake.imported import Imported
from commitments.intake.targets import import_targets
from commitments.intake.workbook.xlsx import KEYS_SHEET
from commitments.models import Count, Indicator, Kind, Target
from commitments.rules import Refused
from districts.models import EntryTier, Tier
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from tests import builders

from . import made

HANDED = Path(__file__).parent / "stated"
DECEMBER = Month.of(2025, 12)
TODAY = date(2026, 1, 5)
COMMUNES = {
    "03688": "Mường Chiên",
    "03703": "Quỳnh Nhai",
    "03724": "Bình Thuận",
    "03862": "Xím Vàng",
    "03868": "Tà Xùa",
}
HI, NEW, COLLECT = (
    "Số người tham gia BHYT",
    "Số người tham gia BHXH bắt buộc tăng mới",
    "Số thu BHXH, BHYT, BHTN",
)

INDICATORS = [
    ("HI", HI, "person"),
    ("SI_V", "Số người tham gia BHXH tự nguyện", "person"),
    ("SI_C_NEW", NEW, "person"),
    ("SI_V_NEW", "Số người tham gia BHXH tự nguyện tăng mới", "person"),
    ("COLLECT", COLLECT, "VND"),
    ("RECEIV", "Số phải thu", "VND"),
]


@pytest.fixture
def province(db):
    """Sơn La with five of its communes and what is counted there."""
    province = builders.unit("14", "Sơn La", tier=Tier.PROVINCE)
    builders.unit("14", "Sơn La", tier=Tier.OFFICE, parent=province)
    for code, name in COMMUNES.items():
        builders.unit(code, name, parent=province)
    builders.rebuild_map()
    for code, name, measure in INDICATORS:
        made = builders.indicator(
            code,
            kind=Kind.FLOW if code in ("SI_C_NEW", "SI_V_NEW", "COLLECT", "RECEIV") else Kind.STOCK,
            entered_at=EntryTier.PROVINCE if measure == "VND" else EntryTier.COMMUNE,
            maximum=10**15,
        )
        made.name_vi, made.unit_of_measure = name, measure
        made.save()
    return province


@pytest.fixture
def load(tmp_path, province):
    """Import rows for December 2025, from a workbook under any name and sheet."""

    def load(
        rows: Sequence[Sequence[Any]], *, name="bang.xlsx", title="Sheet1", **more
    ) -> Imported:
        path = made.workbook(tmp_path / name, rows, title=title, finish=more.pop("finish", None))
        given = {"month": DECEMBER, "actor": COMMAND_LINE, "on": TODAY, **more}
        return import_counts(path=path, **given)

    return load


@pytest.fixture
def faults_of(load):
    """The faults for which rows are refused, as (code, cell, whether it is a question)."""

    def faults_of(rows, **more) -> list[tuple[str, str, bool]]:
        with pytest.raises(Refused) as refused:
            load(rows, **more)
        assert not Count.objects.exists()
        return told(refused.value)

    return faults_of


def told(refused: Refused) -> list[tuple[str, str, bool]]:
    return [
        (one.code, f"{one.column or ''}{one.row or ''}", "answer" in one.as_dict())
        for one in refused.faults
    ]


def counts() -> dict[tuple[str, str], int]:
    rows = Count.objects.filter(month=DECEMBER)
    return {(u, i): v for u, i, v in rows.values_list("unit__code", "indicator__code", "value")}


def of(head: str = HI, number: Any = 20550, unit: str = "Xã Mường Chiên") -> list[list[Any]]:
    return [["Mã", "Đơn vị", head], [None, unit, number]]


def of_province(head: str = COLLECT, number: Any = 312450) -> list[list[Any]]:
    return of(head, number, "Tỉnh Sơn La")


# --- the files handed in -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["measure-million-head", "measure-million-title"])
def test_a_collection_in_millions_is_recorded_in_dong(province, name):
    path = HANDED / f"{name}.xlsx"
    import_counts(path=path, month=DECEMBER, actor=COMMAND_LINE, on=TODAY)
    assert counts() == {("14", "COLLECT"): 312_450_000_000}


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("month-title-T11", ("other_month", "A1", True)),
        ("month-title-comma", ("other_month", "A1", True)),
        ("bao-cao-T11-2025", ("other_month", "", True)),
        ("month-group-lastyear", ("other_kind", "C1", False)),
        ("flow-cumulative-head", ("cumulative", "B1", False)),
    ],
)
def test_a_handed_file_that_says_another_time_or_kind_is_not_taken(province, name, fault):
    path = HANDED / f"{name}.xlsx"
    for dry_run in (False, True):
        with pytest.raises(Refused) as refused:
            import_counts(path=path, month=DECEMBER, actor=COMMAND_LINE, on=TODAY, dry_run=dry_run)
        assert fault in told(refused.value)
        assert not Count.objects.exists()


def handed_targets(name: str, **more) -> Imported:
    return import_targets(
        path=HANDED / name,
        number="1/QĐ-BHXH",
        issued_on=date(2025, 12, 20),
        authority="vss",
        year=2026,
        actor=COMMAND_LINE,
        on=TODAY,
        unit="14",
        **more,
    )


def test_targets_in_thousands_of_millions_are_recorded_in_dong(province):
    handed_targets("targets-million.xlsx")
    assert Target.objects.get().value == 2_850_000_000_000


def test_a_target_of_nothing_for_a_stock_is_asked_about_and_for_a_flow_is_not(province):
    with pytest.raises(Refused) as refused:
        handed_targets("targets-zero-2025.xlsx")
    assert told(refused.value) == [("zero_target", "C2", True)]
    assert refused.value.faults[0].read == "0"
    assert not Target.objects.exists()
    done = handed_targets("targets-zero-2025.xlsx", confirm=["zero_target"])
    assert [one["code"] for one in done.confirmed] == ["zero_target"]
    target = Target.objects.get(indicator__code="HI")
    assert target.value == 0
    assert "zero_target" in target.decision.note


# --- measures ------------------------------------------------------------------------------------

MILLION = [
    "triệu đồng", "Triệu đồng", "TRIỆU ĐỒNG", "trieu dong", "tr.đ", "trđ", "triệu", "million VND",
    "ĐVT: triệu đồng", "Đơn vị tính: Triệu đồng", "1.000.000 đồng",
]  # fmt: skip


def in_head(measure: str) -> list[list[Any]]:
    return of_province(f"{COLLECT} ({measure})")


def below_head(measure: str) -> list[list[Any]]:
    rows = of_province()
    return [rows[0], [None, None, f"({measure})"], rows[1]]


def in_title(measure: str) -> list[list[Any]]:
    said = measure if ":" in measure else f"Đơn vị tính: {measure}"
    return [["BÁO CÁO THU"], [None, None, said], *of_province()]


def beside(measure: str) -> list[list[Any]]:
    said = measure if ":" in measure else f"ĐVT: {measure}"
    rows = of_province()
    return [[*rows[0], None, said], rows[1]]


def under(measure: str) -> list[list[Any]]:
    said = measure if ":" in measure else f"Đơn vị tính: {measure}"
    return [*of_province(), [], ["", said]]


def in_group(measure: str) -> list[list[Any]]:
    return [
        ["Mã", "Đơn vị", f"Số tiền ({measure})", None],
        [None, None, COLLECT, "Số phải thu"],
        [None, "Tỉnh Sơn La", 312450, None],
    ]


def in_its_own_column(measure: str) -> list[list[Any]]:
    return [["Đơn vị", "Đơn vị tính", COLLECT], ["Tỉnh Sơn La", measure, 312450]]


PLACES = [in_head, below_head, in_title, beside, under, in_group, in_its_own_column]


@pytest.mark.parametrize("place", PLACES)
def test_a_scale_is_applied_in_every_wording_wherever_it_stands(load, place):
    for measure in MILLION:
        load(place(measure))
        assert counts() == {("14", "COLLECT"): 312_450_000_000}, measure


@pytest.mark.parametrize(
    ("measure", "scale"),
    [
        ("đồng", 1), ("VNĐ", 1), ("nghìn đồng", 1_000), ("ngàn đồng", 1_000), ("1.000đ", 1_000),
        ("tỷ đồng", 10**9), ("tỉ đồng", 10**9), ("tỷ", 10**9),
    ],
)  # fmt: skip
def test_every_scale_of_money_is_known(load, measure, scale):
    load(in_head(measure))
    assert counts() == {("14", "COLLECT"): 312_450 * scale}


@pytest.mark.parametrize("measure", ["nghìn người", "ngàn người", "1.000 người", "nghin nguoi"])
def test_people_counted_in_thousands_are_as_many(load, measure):
    load(of(f"{HI} ({measure})", 20.55))
    assert counts() == {("03688", "HI"): 20_550}


@pytest.mark.parametrize(
    ("head", "number", "code"),
    [
        (f"{HI} (%)", 93, "other_measure"),
        (f"{HI} (‰)", 93, "other_measure"),
        (f"{HI} (triệu đồng)", 93, "other_measure"),
        (f"{HI} (nghìn người)", 20.5501, "fraction"),
        (f"{HI} (nghìn người)", "20.550", "unclear_number"),
    ],
)
def test_a_measure_that_cannot_be_is_refused(faults_of, head, number, code):
    (fault,) = faults_of(of(head, number))
    assert fault[0] == code


@pytest.mark.parametrize("measure", ["%", "triệu đồng", "nghìn tỷ đồng"])
def test_a_foreign_measure_in_the_title_or_the_row_is_refused(faults_of, measure):
    assert faults_of([[f"ĐVT: {measure}"], *of()]) == [("other_measure", "A1", False)]
    rows = [["Đơn vị", "ĐVT", HI], ["Xã Mường Chiên", measure, 5]]
    assert faults_of(rows) == [("other_measure", "C2", False)]


def test_the_measure_of_a_column_goes_before_that_of_the_title(load):
    rows = [
        ["Đơn vị tính: triệu đồng"],
        ["Đơn vị", f"{COLLECT} (tỷ đồng)", "Số phải thu"],
        ["Tỉnh Sơn La", 2, 3],
    ]
    load(rows)
    assert counts() == {("14", "COLLECT"): 2 * 10**9, ("14", "RECEIV"): 3 * 10**6}


def test_a_title_may_name_a_measure_for_people_and_one_for_money(load):
    rows = [["ĐVT: người, triệu đồng"], ["Đơn vị", HI, COLLECT]]
    load([*rows, ["Xã Mường Chiên", 5, None], ["Tỉnh Sơn La", None, 7]])
    assert counts() == {("03688", "HI"): 5, ("14", "COLLECT"): 7_000_000}


@pytest.mark.parametrize(
    "rows",
    [
        [["month", "unit", "indicator", "value"], ["2025-12", "14", f"{COLLECT} (triệu đồng)", 5]],
        [["month", "unit", "indicator", "Giá trị (triệu đồng)"], ["2025-12", "14", "COLLECT", 5]],
        [["month", "unit", "indicator", "ĐVT", "value"], ["2025-12", "14", "COLLECT", "trđ", 5]],
        [["ĐVT: trđ"], ["month", "unit", "indicator", "value"], ["2025-12", "14", "COLLECT", 5]],
    ],
)
def test_a_tidy_table_states_its_measure_in_title_head_row_or_name(load, rows):
    load(rows, month=None)
    assert counts() == {("14", "COLLECT"): 5_000_000}


@pytest.mark.parametrize(
    "said",
    [
        "Số tiền tính bằng triệu đồng", "Tiền: triệu đồng; người: người", "(in VND million)",
        "Số liệu theo tỷ đồng", "So tien tinh bang trieu dong",
    ],
)  # fmt: skip
def test_a_scale_that_is_only_mentioned_is_asked_about(load, faults_of, said):
    for rows, cell in (([[said], *of_province()], "A1"), ([*of_province(), [said]], "A3")):
        assert faults_of(rows) == [("unclear_measure", cell, True)]
    load([[said], *of_province()], confirm=["unclear_measure"])
    assert counts() == {("14", "COLLECT"): 312_450}


@pytest.mark.parametrize("note", ["(*) Đơn vị tính: triệu đồng", "Ghi chú: ĐVT: triệu đồng"])
def test_a_note_below_the_table_states_its_measure(load, note):
    load([*of_province(), [note]])
    assert counts() == {("14", "COLLECT"): 312_450_000_000}


@pytest.mark.parametrize("said", ["Thu đạt 312 triệu đồng", "UBND xã Triệu Đông", "tính bằng đồng"])
def test_an_amount_a_name_and_the_own_unit_mention_no_scale(load, said):
    load([[said], *of_province()])
    assert counts() == {("14", "COLLECT"): 312_450}


# --- time ----------------------------------------------------------------------------------------

OTHER_MONTHS = [
    "Tháng 11/2025", "THÁNG 11 NĂM 2025", "Tháng 11, năm 2025", "T11/2025", "T11", "Tháng 11",
    "tháng mười một", "Tháng Mười Một năm 2025", "11/2025", "11-2025", "2025-11", "Quý III/2025",
    "Quý 3 năm 2025", "11 tháng đầu năm 2025", "9 tháng năm 2025", "9 tháng", "6T/2025",
    "Số liệu đến ngày 30/11/2025", "tính đến 30/11", "đến hết tháng 11/2025", "Năm 2024",
    "tháng 12/2024", "Nov 2025", "as of 30 November 2025", "sáu tháng đầu năm 2025",
    "từ ngày 01/01/2025 đến ngày 30/11/2025",
]  # fmt: skip


def titled(said: str) -> tuple[list[list[Any]], dict[str, str]]:
    return [[said], *of()], {}


def named_sheet(said: str) -> tuple[list[list[Any]], dict[str, str]]:
    return of(), {"title": said.replace("/", "-").removeprefix("từ ngày 01-01-2025 ")}


def named_file(said: str) -> tuple[list[list[Any]], dict[str, str]]:
    return of(), {"name": f"BC {said.replace('/', '-')}.xlsx"}


def grouped(said: str) -> tuple[list[list[Any]], dict[str, str]]:
    return [["Mã", "Đơn vị", said], [None, None, HI], *of()[1:]], {}


def headed(said: str) -> tuple[list[list[Any]], dict[str, str]]:
    return of(f"{HI} ({said})"), {}


def tidy(said: str) -> tuple[list[list[Any]], dict[str, str]]:
    heads = ["month", "unit", "indicator", "value"]
    return [[said], heads, ["2025-12", "03688", "HI", 5]], {"month": None}


@pytest.mark.parametrize("form", [titled, grouped, headed, tidy, named_sheet, named_file])
def test_another_month_is_asked_about_whatever_the_wording_and_the_place(faults_of, form):
    for said in OTHER_MONTHS:
        rows, more = form(said)
        found = [(code, asked) for code, _cell, asked in faults_of(rows, **more)]
        assert found == [("other_month", True)], said


def test_a_month_is_seen_in_digits_of_a_name_in_a_note_and_cell_by_cell(faults_of):
    asked = [("other_month", True)]
    for rows, more in (
        (of(), {"name": "202511_baocao.xlsx"}),
        ([*of(), ["Số liệu tháng 11/2025"]], {}),
        ([*of(), ["Ghi chú: số liệu của tháng 11/2025"]], {}),
        ([["Tháng", "11", "năm", "2025"], *of()], {}),
    ):
        assert [(code, is_asked) for code, _cell, is_asked in faults_of(rows, **more)] == asked


def test_the_day_in_a_name_and_a_remark_on_another_month_are_not_asked_about(load):
    load(of(), name="20260105_BC_T12.xlsx")
    load([*of(), ["Ghi chú: số tháng 11/2025 đã được điều chỉnh"]])
    assert counts() == {("03688", "HI"): 20_550}


THIS_MONTH = [
    "BÁO CÁO THÁNG 12 NĂM 2025", "T12/2025", "Quý IV/2025", "12 tháng năm 2025", "Năm 2025",
    "Số liệu đến ngày 31/12/2025", "Lũy kế đến 31/12/2025", "tháng mười hai",
    "Sơn La, ngày 05 tháng 01 năm 2026", "(Kèm theo Công văn số 12/BHXH-TST ngày 05/01/2026)",
    "Số: 11/2025/BC-BHXH", "Tháng 12/2025 so với tháng 11/2025", "Giai đoạn 2021-2025",
    "Kết quả thực hiện kế hoạch tháng 12/2025", "UBND XÃ THẮNG HẢI", "Phường Ba Tháng Hai",
]  # fmt: skip


@pytest.mark.parametrize("form", [titled, tidy])
def test_what_agrees_or_dates_the_paper_is_not_asked_about(load, form):
    for said in THIS_MONTH:
        rows, more = form(said)
        done = load(rows, **more)
        assert (done.rows, done.warnings) == (1, []), said


@pytest.mark.parametrize(
    "said",
    [
        "Quý IV/2025",
        "12 tháng đầu năm 2025",
        "Năm 2025",
        "Lũy kế từ đầu năm",
        "6 tháng cuối năm 2025",
    ],
)
def test_a_flow_of_several_months_is_not_the_number_of_the_last(load, faults_of, said):
    assert faults_of([[said], *of(NEW, 5)]) == [("cumulative", "A1", True)]
    (fault,) = faults_of([["Mã", "Đơn vị", said], [None, None, NEW], *of(NEW, 5)[1:]])
    assert fault == ("cumulative", "C1", False)
    load([[said], *of(HI, 5)])


def test_a_year_in_the_title_is_no_sum_where_the_month_is_said_too(load):
    assert load([["PHÁT TRIỂN NGƯỜI THAM GIA NĂM 2025"], ["Tháng 12"], *of(NEW, 5)]).created == 1


def test_a_sum_since_january_is_the_number_of_january(load):
    rows = [["Mã", "Đơn vị", "Lũy kế từ đầu năm"], [None, None, NEW], *of(NEW, 5)[1:]]
    assert load(rows, month=Month.of(2025, 1)).created == 1


@pytest.mark.parametrize(
    "month",
    ["Tháng 12/2025", "T12/2025", "Tháng 12 năm 2025", "tháng mười hai năm 2025", "Dec 2025"],
)
def test_a_tidy_column_of_months_is_read_as_months_are_written(load, month):
    rows = [["Tháng", "Đơn vị", "Chỉ tiêu", "Giá trị"], [month, "Xã Mường Chiên", "HI", 5]]
    load(rows, month=None)
    assert counts() == {("03688", "HI"): 5}
    assert load([rows[0], ["T12", *rows[1][1:]]]).unchanged == 1


# --- kinds ---------------------------------------------------------------------------------------

OTHER_KINDS = [
    "Cùng kỳ năm trước", "Năm trước", "CÙNG KỲ", "cung ky nam truoc", "Kế hoạch", "KH năm",
    "KH 2025", "Chỉ tiêu giao", "Kế hoạch năm 2025", "Tăng/giảm so với cùng kỳ", "Tăng, giảm",
    "Tỷ lệ", "% so KH", "Ước thực hiện", "Ước TH tháng 12", "So sánh", "Tháng trước", "Dự kiến",
    "Còn thiếu", "Xếp thứ", "Last year", "Plan",
]  # fmt: skip


def test_a_head_of_another_kind_of_number_is_never_this_month_s(faults_of):
    for said in OTHER_KINDS:
        alone = [["Mã", "Đơn vị", said], [None, None, HI], [None, "Xã Mường Chiên", 7]]
        assert faults_of(alone) == [("other_kind", "C1", False)], said
        below = [["Mã", "Đơn vị", HI], [None, None, said], [None, "Xã Mường Chiên", 7]]
        assert faults_of(below) == [("other_kind", "C2", False)], said


def test_a_column_of_another_kind_is_left_out_by_name_beside_one_of_the_month(load):
    for said in OTHER_KINDS:
        rows = [
            ["Mã", "Đơn vị", HI, None],
            [None, None, said, "Thực hiện tháng 12"],
            [None, "Xã Mường Chiên", 7, 20550],
        ]
        done = load(rows, finish=lambda sheet: sheet.merge_cells("C1:D1"))
        (left_out,) = done.warnings
        assert (left_out["code"], left_out["column"], left_out["row"], left_out["read"]) == (
            "column_left_out",
            "C",
            2,
            said,
        )
        assert counts() == {("03688", "HI"): 20550}


def test_a_group_written_over_its_first_column_reaches_as_far_as_it_is_seen_to(faults_of):
    rows = [
        ["Đơn vị", "Cùng kỳ năm trước", None],
        [None, HI, "Số người tham gia BHXH tự nguyện"],
        ["Xã Mường Chiên", 7, 8],
    ]
    assert faults_of(rows) == [("other_kind", "B1", False)]


def test_groups_that_stand_above_the_head_of_the_units_are_read_too(load):
    rows = [
        [None, "Kế hoạch", "Thực hiện"],
        ["Đơn vị", HI, HI],
        ["Xã Mường Chiên", 7, 20550],
    ]
    (left_out,) = load(rows).warnings
    assert (left_out["code"], left_out["column"]) == ("column_left_out", "B")
    assert counts() == {("03688", "HI"): 20550}


def test_of_two_months_side_by_side_the_one_asked_for_is_taken(load):
    rows = [
        ["Đơn vị", HI, None],
        [None, "Tháng 11/2025", "Tháng 12/2025"],
        ["Xã Mường Chiên", 7, 20550],
    ]
    (left_out,) = load(rows, finish=lambda sheet: sheet.merge_cells("B1:C1")).warnings
    assert left_out["read"] == "Tháng 11/2025"
    assert counts() == {("03688", "HI"): 20550}


@pytest.mark.parametrize(
    "said", ["KẾ HOẠCH NĂM 2025", "Cùng kỳ năm trước", "Phụ lục 1: CHỈ TIÊU GIAO"]
)
def test_a_title_or_a_sheet_of_another_kind_is_asked_about(load, faults_of, said):
    assert faults_of([[said], *of()]) == [("other_kind", "A1", True)]
    title = said.replace(":", "")
    assert faults_of(of(), title=title) == [("other_kind", "", True)]
    assert load([[said], *of()], confirm=["other_kind"]).created == 1


def test_a_monthly_report_as_it_is_sent_gives_the_numbers_of_the_month_alone(load):
    rows = [
        ["BẢO HIỂM XÃ HỘI TỈNH SƠN LA"],
        ["BÁO CÁO TÌNH HÌNH THỰC HIỆN CHỈ TIÊU KẾ HOẠCH THÁNG 12 NĂM 2025"],
        ["(Kèm theo Báo cáo số 1234/BC-BHXH ngày 05/01/2026 của BHXH tỉnh)"],
        [None, None, None, None, None, None, None, "ĐVT: Người"],
        ["STT", "Đơn vị", HI, None, None, None, None, None],
        [
            None, None, "KH năm 2025", "Thực hiện tháng 11", "Thực hiện tháng 12",
            "Tăng/giảm so tháng trước", "% so KH", "Cùng kỳ năm 2024",
        ],
        ["A", "B", 1, 2, 3, "4=3-2", "5=3/1", 6],
        [1, "Xã Mường Chiên", 100, 90, 95, 5, 95, 80],
        [2, "Xã Xím Vàng", 100, 90, 96, 6, 96, 80],
        [None, "Tổng cộng", 200, 180, 191, 11, 95.5, 160],
        [],
        [None, None, None, None, "Sơn La, ngày 05 tháng 01 năm 2026"],
        [None, None, None, None, "NGƯỜI LẬP BIỂU"],
    ]  # fmt: skip
    done = load(rows, finish=lambda sheet: sheet.merge_cells("C5:H5"))
    assert counts() == {("03688", "HI"): 95, ("03862", "HI"): 96}
    assert [(one["code"], one["column"]) for one in done.warnings] == [
        ("column_left_out", column) for column in "CDFGH"
    ]


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        (["Tháng", 11, "năm", 2025], "A1"),
        (["Kỳ báo cáo:", date(2025, 11, 30)], "A1"),
        (["Tháng:", "11/2025"], "B1"),
        (["Tháng", "11"], "A1"),
        (["BHXH TỈNH", "Tháng", 11], "B1"),
    ],
)
def test_a_month_written_over_several_cells_of_a_title_is_read_together(faults_of, title, cell):
    assert faults_of([title, *of()]) == [("other_month", cell, True)]


def test_a_measure_written_over_two_cells_of_a_title_is_applied(load):
    load([["Đơn vị tính:", "triệu đồng"], *of_province()])
    assert counts() == {("14", "COLLECT"): 312_450_000_000}


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        (f"{HI} đến 30/11/2025", ("other_month", "C1", True)),
        (f"{HI} năm 2024", ("other_month", "C1", True)),
        (f"Kế hoạch {HI}", ("other_kind", "C1", False)),
        (f"Lũy kế {NEW}", ("cumulative", "C1", False)),
        (f"{NEW} (lũy kế)", ("cumulative", "C1", False)),
        (f"{NEW} đến 31/12/2025", ("cumulative", "C1", False)),
    ],
)
def test_what_a_head_says_in_one_text_with_the_indicator_counts(faults_of, head, fault):
    assert faults_of(of(head)) == [fault]


@pytest.mark.parametrize(
    "head",
    [
        f"{COLLECT} - triệu đồng", f"{COLLECT}, triệu đồng", f"{COLLECT}, ĐVT: triệu đồng",
        f"{COLLECT} [triệu đồng]", f"{COLLECT} (ĐVT: triệu đồng)",
        f"{COLLECT} (triệu đồng) tháng 12/2025", f"{COLLECT} tháng 12/2025 (triệu đồng)",
    ],
)  # fmt: skip
def test_a_measure_is_read_off_the_head_however_it_is_set_off(load, head):
    load(of_province(head))
    assert counts() == {("14", "COLLECT"): 312_450_000_000}


@pytest.mark.parametrize(
    ("below", "code"),
    [
        ("Ghi chú: Số liệu tính đến ngày 30/11/2025", "other_month"),
        ("Nguồn: BHXH tỉnh, báo cáo ngày 05/12/2025", None),
        ("Sơn La, ngày 05 tháng 11 năm 2025", None),
    ],
)
def test_below_a_table_only_the_day_its_numbers_reach_to_counts(load, faults_of, below, code):
    rows = [*of(), [], [None, below]]
    if code:
        assert faults_of(rows) == [(code, "B4", True)]
    else:
        assert load(rows).created == 1


# --- targets -------------------------------------------------------------------------------------


@pytest.fixture
def annex(tmp_path, province):
    def annex(rows, *, name="annex.xlsx", **more) -> Imported:
        given = {
            "number": "1/QĐ-UBND",
            "issued_on": date(2025, 12, 20),
            "authority": "ppc",
            "year": 2026,
            "actor": COMMAND_LINE,
            "on": TODAY,
        }
        return import_targets(path=made.workbook(tmp_path / name, rows), **{**given, **more})

    return annex


def refusal_of(annex, rows, **more) -> list[tuple[str, str, bool]]:
    with pytest.raises(Refused) as refused:
        annex(rows, **more)
    assert not Target.objects.exists()
    return told(refused.value)


@pytest.mark.parametrize("said", ["Năm 2025", "GIAO CHỈ TIÊU NĂM 2025", "6 tháng đầu năm 2026"])
def test_an_annex_of_another_year_or_part_of_it_is_asked_about(annex, said):
    assert refusal_of(annex, [[said], *of()]) == [("other_year", "A1", True)]
    assert annex([[said], *of()], confirm=["other_year"]).created == 1


@pytest.mark.parametrize(
    "said",
    [
        "Cùng kỳ năm trước", "Thực hiện năm 2025", "Ước thực hiện năm 2025", "Tăng, giảm",
        "Kết quả thực hiện", "Lũy kế",
    ],
)  # fmt: skip
def test_a_column_that_is_no_target_is_left_out_by_name_or_refused(annex, said):
    alone = [["Mã", "Đơn vị", said], [None, None, HI], [None, "Xã Mường Chiên", 7]]
    (fault,) = refusal_of(annex, alone)
    assert fault[0] in ("other_kind", "other_year")
    rows = [["Đơn vị", HI, None], [None, said, "Chỉ tiêu giao"], ["Xã Mường Chiên", 7, 9]]
    rows[0][2] = HI
    (left_out,) = annex(rows).warnings
    assert left_out["code"] == "column_left_out"
    assert Target.objects.get().value == 9


@pytest.mark.parametrize(
    "said", ["Năm 2026", "Kế hoạch năm 2026", "Đến 31/12/2026", "Tháng 12/2026"]
)
def test_a_head_of_the_year_is_a_target(annex, said):
    assert annex([["Đơn vị", said], [None, HI], ["Xã Mường Chiên", 9]]).created == 1


@pytest.mark.parametrize("measure", ["nghìn người", "1.000 người"])
def test_targets_are_scaled_like_counts(annex, measure):
    annex([[f"ĐVT: {measure}"], *of(HI, "≥ 20,5")])
    assert Target.objects.get().value == 20_500


# --- said where it is easily passed over ----------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "code", "is_question"),
    [
        ("Kế hoạch", "other_kind", False), ("Cùng kỳ", "other_kind", False),
        ("Lũy kế", "cumulative", False), ("Tháng 11/2025", "other_month", True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("head", ["Loại số", "Kind", "Ghi chú"])
def test_a_row_of_a_tidy_table_that_says_another_kind_is_not_taken(
    faults_of, head, said, code, is_question
):
    rows = [
        ["Đơn vị", "Chỉ tiêu", head, "Giá trị"],
        ["Xã Mường Chiên", "SI_C_NEW", said, 31],
        ["Xã Tà Xùa", "SI_C_NEW", "Thực hiện", 24],
    ]
    assert faults_of(rows) == [(code, "C2", is_question)]


def test_a_word_about_a_count_in_a_tidy_table_is_passed_over(load):
    load([["Đơn vị", "Chỉ tiêu", "Giá trị", "Đánh giá"], ["Xã Tà Xùa", "HI", 24, "Đạt"]])
    assert counts() == {("03868", "HI"): 24}


def csv_faults(tmp_path, content: str) -> list[tuple[str, str, bool]]:
    path = made.text(tmp_path / "bang.csv", content)
    try:
        import_counts(path=path, month=DECEMBER, actor=COMMAND_LINE, on=TODAY)
    except Refused as refused:
        return told(refused)
    return []


def test_a_number_parted_at_its_comma_into_two_columns_is_asked_about(tmp_path, province):
    rows = "Đơn vị,HI,SI_V\nXã Xím Vàng,8,450\nXã Tà Xùa,12,034\n"
    assert csv_faults(tmp_path, rows) == [
        ("parted_number", "B2", True), ("parted_number", "B3", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [
        "Đơn vị,HI,SI_V\nXã Xím Vàng,8450,450\nXã Tà Xùa,12,134\n",
        'Đơn vị,HI,SI_V\nXã Xím Vàng,"8,450",450\n',
        "Đơn vị,HI,SI_V,SI_C_NEW\nXã Xím Vàng,8,450,1\n",
        "Đơn vị;HI;SI_V\nXã Xím Vàng;8;450\n",
    ],
)
def test_an_ordinary_text_file_is_not_asked_about_its_commas(tmp_path, province, rows):
    assert csv_faults(tmp_path, rows) == []


def test_another_month_among_the_heads_over_nothing_is_asked_about(faults_of):
    rows = [["Đơn vị", HI, "Tháng 11/2025"], ["Xã Mường Chiên", 20550]]
    assert faults_of(rows) == [("other_month", "C1", True)]


def test_a_column_of_another_month_left_blank_beside_that_of_the_month_is_not_asked_about(load):
    load([["Đơn vị", f"{HI} tháng 12/2025", "Tháng 11/2025"], ["Xã Mường Chiên", 20550]])
    assert counts() == {("03688", "HI"): 20550}


@pytest.mark.parametrize("above", [[date(2025, 11, 1)], ["30/11/2025"], ["Kỳ:", "11/25"],
                                   ["Tính đến", date(2025, 11, 30)], ["Kỳ: 11/25"]])  # fmt: skip
def test_a_day_or_short_month_above_a_table_that_contradicts_is_asked_about(faults_of, above):
    assert faults_of([above, *of()]) == [("other_month", "A1", True)]


@pytest.mark.parametrize("above", [[date(2025, 12, 31)], ["Hà Nội, ngày", date(2026, 1, 5)],
                                   ["Ngày", date(2026, 1, 5)], ["Kỳ: 12/25"]])  # fmt: skip
def test_the_day_of_signing_and_the_month_itself_are_not_asked_about(load, above):
    load([above, *of()])
    assert counts() == {("03688", "HI"): 20550}


@pytest.mark.parametrize("name", ["112025", "T112025", "thang112025", "Tháng112025", "BC_T112025"])
def test_a_month_without_a_mark_names_a_sheet_and_a_file(faults_of, load, name):
    assert faults_of(of(), title=name) == [("other_month", "", True)]
    assert faults_of(of(), name=f"{name}.xlsx") == [("other_month", "", True)]
    load(of(), title=name.replace("11", "12"), name=f"{name.replace('11', '12')}.xlsx")


@pytest.mark.parametrize("head", ["Số giao bổ sung", "Bổ sung", "Điều chỉnh tăng"])
def test_what_is_added_to_a_target_is_asked_about(tmp_path, province, head):
    rows = [["Đơn vị", "HI"], [None, head], ["Xã Mường Chiên", 500]]
    with pytest.raises(Refused) as refused:
        import_targets(
            path=made.workbook(tmp_path / "giao.xlsx", rows), number="1/QĐ-BHXH", authority="vss",
            issued_on=date(2025, 12, 20), year=2026, actor=COMMAND_LINE, on=TODAY, unit="14",
        )  # fmt: skip
    assert ("other_kind", "B2", True) in told(refused.value)


@pytest.mark.parametrize("mark", ["¹", "²", " *", " (1)"])
def test_the_mark_of_a_footnote_behind_a_unit_is_no_old_font_and_no_part_of_its_name(load, mark):
    load(of(unit=f"Xã Bình Thuận{mark}"))
    assert counts() == {("03724", "HI"): 20550}


def test_a_share_of_the_population_beside_the_count_is_left_out_by_name(load, province):
    builders.indicator("POP", maximum=10**9, entered_at=EntryTier.COMMUNE)
    Indicator.objects.filter(code="POP").update(name_vi="Dân số")
    rows = [["Đơn vị", HI, "Tỷ lệ so với dân số (%)"], ["Xã Mường Chiên", 20550, 93]]
    assert "column_left_out" in {one["code"] for one in load(rows).warnings}
    assert counts() == {("03688", "HI"): 20550}


def test_a_template_is_sent_to_its_page(tmp_path, province):
    path = made.workbook(tmp_path / "BC-XA.xlsx", of(), hidden={KEYS_SHEET: [["x"]]})
    with pytest.raises(Refused) as refused:
        import_counts(path=path, month=DECEMBER, actor=COMMAND_LINE, on=TODAY)
    assert [one.code for one in refused.value.faults] == ["is_template"]
