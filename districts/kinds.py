"""The kinds of units: at which tier each stands, and the word that full names begin with."""

from districts.models import Tier, UnitKind

KINDS = {
    Tier.PROVINCE: (UnitKind.PROVINCE, UnitKind.MUNICIPALITY),
    Tier.DISTRICT: (
        UnitKind.CITY,
        UnitKind.TOWN,
        UnitKind.URBAN_DISTRICT,
        UnitKind.RURAL_DISTRICT,
    ),
    Tier.COMMUNE: (
        UnitKind.WARD,
        UnitKind.TOWNSHIP,
        UnitKind.RURAL_COMMUNE,
        UnitKind.SPECIAL_ZONE,
    ),
    Tier.OFFICE: (UnitKind.OFFICE,),
}
"""Of which kinds a unit of a tier may be."""

WORDS = {
    UnitKind.PROVINCE: "Tỉnh",
    UnitKind.MUNICIPALITY: "Thành phố",
    UnitKind.CITY: "Thành phố",
    UnitKind.TOWN: "Thị xã",
    UnitKind.URBAN_DISTRICT: "Quận",
    UnitKind.RURAL_DISTRICT: "Huyện",
    UnitKind.WARD: "Phường",
    UnitKind.TOWNSHIP: "Thị trấn",
    UnitKind.RURAL_COMMUNE: "Xã",
    UnitKind.SPECIAL_ZONE: "Đặc khu",
}
"""What the official name of a unit of this kind begins with."""

OFFICE_NAMES = {UnitKind.PROVINCE: "Cấp tỉnh", UnitKind.MUNICIPALITY: "Cấp thành phố"}
"""How the office of a province of this kind is called."""


def full_name(kind: str, name: str) -> str:
    """The official name: the word for the kind and the name. A numbered ward has only the one."""
    word = WORDS[UnitKind(kind)]
    return name if name.startswith(f"{word} ") else f"{word} {name}"
