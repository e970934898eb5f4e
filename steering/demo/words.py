"""Vietnamese texts that the demonstration stores with its data, as an officer would write them.

They are data and stay Vietnamese in every language of the interface. Each says that it is
illustrative, or which published statement it repeats.
"""

from districts.months import Month

NOTICE = (
    "Số liệu minh họa: số của tỉnh theo các bài báo đã công bố; số theo huyện, xã "
    "và giữa các kỳ công bố là số minh họa."
)
"""To be shown and printed with every figure of the demonstration: what is published, what not."""

SOURCE = "dữ liệu minh họa"
WHY = "Nạp dữ liệu minh họa"

_DERIVED_POPULATION = "Dân số của tỉnh suy từ số công bố; chia theo xã: số minh họa"
_DERIVED_YEARS = (2023, 2025)
"""Years whose population follows from a published number of insured and its coverage."""

_BASE_SOURCES = {
    "POP": "Dân số: số minh họa",
    "LF": "Lực lượng lao động: số minh họa",
    "ADULT": "Tài khoản định danh mức 2: số minh họa",
    "STU": "Học sinh sinh viên đầu năm học: số minh họa",
    "AFF": "Danh sách hộ có mức sống trung bình: số minh họa",
}

TOTAL_BELOW_PART = (
    "Giữ số đã công bố: tổng số chỉ gồm người do BHXH tỉnh quản lý, còn số người tham gia BHYT "
    "gồm cả người cư trú tại tỉnh có thẻ cấp ở nơi khác (lực lượng vũ trang, học sinh, sinh viên, "
    "người lao động ngoài tỉnh). Giải trình minh họa."
)
"""Why the published total lies below its largest part (1,250,450 against 1,278,316)."""

CARDS_EXPIRED = (
    "Thẻ BHYT hộ gia đình và hộ nông, lâm, ngư nghiệp có mức sống trung bình hết hạn ngày 31/12, "
    "người dân gia hạn dần trong năm. Giải trình minh họa."
)
CAMPAIGN = (
    "Đợt cao điểm tích hợp thẻ BHYT trên VNeID theo kế hoạch ngày 23/5/2025 của UBND tỉnh. "
    "Giải trình minh họa."
)

COMMITTEE = "Ban Chỉ đạo phát triển người tham gia BHXH, BHYT"
RECEIVER_POST = "Chủ tịch UBND tỉnh Sơn La"
SIGNED_AT = "Huyện Quỳnh Nhai"
PASSED_ON = (
    "Số và ngày quyết định minh họa; huyện giao cho các xã chỉ tiêu tỉnh đã giao, số minh họa."
)
COMMITMENT_NOTE = (
    "Ngày và nơi ký theo bài báo ngày 12/03/2024; nội dung minh họa, đơn vị theo bản đồ 02/2025."
)

TASK_DONE = "Đã hoàn thành (minh họa)"
NEW_COMMITMENT_NOTE = (
    "Ngày ký và nội dung minh họa: chỉ tiêu của xã, phường sau sắp xếp ngày 01/07/2025."
)


def base_source(base: str, month: Month) -> str:
    """Where a yearly base that begins in ``month`` comes from."""
    if base == "POP" and month.year in _DERIVED_YEARS:
        return _DERIVED_POPULATION
    return _BASE_SOURCES[base]


def explanation(month: Month) -> str:
    """What communes answer when a rule asks about ``month``; empty where none should ask."""
    if month.month == 1:
        return CARDS_EXPIRED
    return CAMPAIGN if month == Month.of(2025, 6) else ""
