"""Where the browser goes: every kind of page, and who stands in front of it."""

from dataclasses import dataclass

MONTH = "2026-01"
"""The month after the last one of the demonstration: nothing is typed, last month is there."""


@dataclass(frozen=True)
class Place:
    """An address as an account sees it."""

    address: str
    account: str | None = "can-bo-tinh"
    status: int = 200


PLACES = {
    "overview": Place("/?month=2023-12"),
    "overview of today's map": Place("/?month=2025-08"),
    "overview without data": Place("/?month=2026-03"),
    "overview half approved": Place("/?month=2025-11"),
    "overview of a chair": Place("/?month=2023-12", "chu-tich"),
    "overview of an officer": Place("/?month=2023-12", "can-bo-xa"),
    "province": Place("/units/14/?month=2023-12"),
    "district": Place("/units/127/?month=2023-12"),
    "district of its chair": Place("/units/118/?month=2023-12", "chu-tich"),
    "commune of its officer": Place("/units/03703/?month=2023-12", "can-bo-xa"),
    "commune of today": Place("/units/03646/?month=2025-08"),
    "district after its end": Place("/units/118/?month=2025-08"),
    "refused district": Place("/units/119/?month=2023-12", "chu-tich", 403),
    "indicators": Place("/indicators/?month=2023-12"),
    "indicator": Place("/indicators/HI/?month=2023-12"),
    "indicator of a chair": Place("/indicators/HI/?month=2023-12", "chu-tich"),
    "rate": Place("/indicators/HI_RATE/?month=2024-06"),
    "flow": Place("/indicators/HI_HH_NEW/?month=2024-06"),
    "indicator across the reform": Place("/indicators/HI/?month=2025-08"),
    "judgement": Place("/indicators/HI/judgement/?month=2023-12"),
    "ranking": Place("/ranking/?month=2023-12"),
    "ranking of a chair": Place("/ranking/?month=2023-12", "chu-tich"),
    "provenance": Place("/provenance/14/HI/2023-12/"),
    "provenance of a rate": Place("/provenance/14/HI_RATE/2023-12/"),
    "history": Place("/history/14/HI/2023-12/"),
    "entry of many units": Place("/entry/?month=2026-01"),
    "entry": Place("/entry/2026-01/03703/"),
    "entry of an officer": Place("/entry/2026-01/03703/", "can-bo-xa"),
    "entry of a report sent": Place("/entry/2025-12/03703/"),
    "completeness": Place("/completeness/?month=2023-12"),
    "completeness of today": Place("/completeness/?month=2025-12"),
    "reminder": Place("/completeness/remind/?month=2025-12&group=14"),
    "upload": Place("/upload/"),
    "upload for a report": Place("/upload/?month=2026-01&unit=03703", "can-bo-xa"),
    "history of everything": Place("/history/"),
    "review": Place("/review/?month=2025-12"),
    "review of one report": Place("/review/2025-12/03646/"),
    "review of an officer": Place("/review/?month=2025-12", "can-bo-xa", 403),
    "closing": Place("/periods/"),
    "working days": Place("/periods/days/?year=2026"),
    "working days of a year to come": Place("/periods/days/?year=2027"),
    "working days of an officer": Place("/periods/days/?year=2024", "can-bo-xa"),
    "disputes": Place("/disputes/"),
    "changes of the map": Place("/successions/"),
    "targets after the reform": Place("/successions/14/2025-07-01/"),
    "rates after the reform": Place("/successions/14/2025-07-01/?indicator=HI_RATE"),
    "commitments": Place("/commitments/"),
    "commitments of an earlier year": Place("/commitments/?year=2024"),
    "commitments of a chair": Place("/commitments/", "chu-tich"),
    "verification": Place("/verify/", None),
    "verification of no code": Place("/verify/0000000000000000/", None, 404),
    "people": Place("/people/"),
    "background work": Place("/jobs/"),
    "help": Place("/help/"),
    "help of an officer": Place("/help/", "can-bo-xa"),
    "password": Place("/accounts/password/"),
    "second factor": Place("/accounts/second-factor/"),
    "sign in": Place("/accounts/login/", None),
    "nowhere": Place("/units/99999/", status=404),
}

READ_PAGES = ("overview", "district", "indicator", "ranking", "provenance", "help")
"""One of each page that figures are read on; what takes long is tried on these."""
