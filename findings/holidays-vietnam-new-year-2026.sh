#!/bin/sh
# The package "holidays" takes Friday 2 January 2026 for a working day in Viet Nam, and Saturday
# 10 January 2026 for none. By 12729/VPCP-KGVX of 25 December 2025 the government took the Friday
# off and had the Saturday worked; Viet Nam Social Security published it the same day
# (baohiemxahoi.gov.vn, "Công chức, viên chức được nghỉ 4 ngày dịp Tết Dương lịch năm 2026").
# The swap of 31 August with 22 August 2026 it knows, as it knows those of 2024 and 2025.
#
# Seen with holidays 0.109, Python 3.11:
#
#     2026-01-02 working: True, expected False
#     2026-01-10 working: False, expected True
#     2026-08-31 working: False, expected False
#     2026-08-22 working: True, expected True
#     fifth working day of January 2026: 2026-01-08, expected 2026-01-09
#
# Ends with 0 while it does so, and with 1 when it no longer does.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    holidays==0.109 python-dateutil==2.9.0.post0 six==1.17.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from datetime import date, timedelta

import holidays

days = holidays.country_holidays("VN", years=(2025, 2026, 2027))
right = {
    date(2026, 1, 2): False,
    date(2026, 1, 10): True,
    date(2026, 8, 31): False,
    date(2026, 8, 22): True,
}
for day, expected in right.items():
    print(f"{day} working: {days.is_working_day(day)}, expected {expected}")
january = [date(2026, 1, 1) + timedelta(days=n) for n in range(31)]
fifth = [day for day in january if days.is_working_day(day)][4]
print(f"fifth working day of January 2026: {fifth}, expected 2026-01-09")
wrong = [day for day, expected in right.items() if days.is_working_day(day) != expected]
seen = wrong == [date(2026, 1, 2), date(2026, 1, 10)] and fifth == date(2026, 1, 8)
sys.exit(0 if seen else 1)
PYTHON
