"""Small builders of what tests need: a fictional province, its reform, a catalogue, people.

Every function makes what its name says from explicit arguments and returns it; the fixtures of
``conftest.py`` put them together. Nothing here reads the clock or a file.
"""

from collections.abc import Mapping
from datetime import date

from commitments.models import Indicator, Kind
from commitments.sums.carried import rebuild_carried
from districts import vietnamese
from districts.actions import rebuild_ancestry, rebuild_lineage
from districts.models import (
    BEFORE_RECORDS,
    WHOLE,
    EntryTier,
    Placement,
    Reorganisation,
    Succession,
    Tier,
    Unit,
    UnitKind,
)
from steering.accounts.actions import write_journal
from steering.accounts.models import User
from steering.committee.models import Committee, Membership
from steering.committee.roles import Role

REFORM_DAY = date(2025, 7, 1)
TERM_BEGINS = date(2020, 1, 1)

_KINDS = {
    Tier.PROVINCE: (UnitKind.PROVINCE, "Tỉnh"),
    Tier.DISTRICT: (UnitKind.RURAL_DISTRICT, "Huyện"),
    Tier.COMMUNE: (UnitKind.RURAL_COMMUNE, "Xã"),
    Tier.OFFICE: (UnitKind.OFFICE, "Cấp tỉnh"),
}
_REPORTS_AT = {Tier.COMMUNE: EntryTier.COMMUNE, Tier.OFFICE: EntryTier.PROVINCE}


# --- units ---------------------------------------------------------------------------------------


def unit(
    code: str,
    name: str,
    *,
    tier: str = Tier.COMMUNE,
    parent: Unit | None = None,
    since: date = BEFORE_RECORDS,
    until: date | None = None,
    reports_at: str | None = None,
) -> Unit:
    """One unit with its placement. Call ``rebuild_map`` when all are made."""
    kind, title = _KINDS[tier]
    made = Unit.objects.create(
        code=code,
        tier=tier,
        kind=kind,
        name=name,
        full_name=f"{title} {name}",
        sort_key=vietnamese.sort_key(name),
        search_key=vietnamese.search_key(f"{title} {name}"),
        reports_at=_REPORTS_AT.get(tier, "") if reports_at is None else reports_at,
        established_on=since,
        abolished_on=until,
    )
    if parent is not None:
        Placement.objects.create(unit=made, parent=parent, since=since, until=until)
    return made


def rebuild_map() -> None:
    """Derive ancestry and lineage from the placements and successions made so far.

    And what the last map then carries over of the counts made so far.
    """
    rebuild_ancestry()
    rebuild_lineage()
    rebuild_carried(nodes=Unit.objects.values_list("pk", flat=True))


def by_code(code: str, day: date = date(2025, 6, 30)) -> Unit:
    """The unit in force under ``code`` on ``day``, by default on the last day of the old map."""
    return Unit.objects.by_code(code, day)


def province_99() -> Unit:
    """Province 99 with districts 901 (three communes) and 902 (two), and the province's office."""
    province = unit("99", "Suối Trong", tier=Tier.PROVINCE)
    unit("99", "Suối Trong", tier=Tier.OFFICE, parent=province)
    east = unit("901", "Đồi Thông", tier=Tier.DISTRICT, parent=province)
    west = unit("902", "Bến Đá", tier=Tier.DISTRICT, parent=province)
    unit("99001", "Ao Sen", parent=east)
    unit("99002", "Cầu Tre", parent=east)
    unit("99003", "Đèo Gió", parent=east)
    unit("99004", "Ghềnh Xanh", parent=west)
    unit("99005", "Hồ Mây", parent=west)
    rebuild_map()
    return province


def reform_99(province: Unit) -> Reorganisation:
    """On 2025-07-01 the districts of province 99 end and three communes remain below it.

    A new 99001 takes 99001, 99002 and 60 % of 99003; a new 99004 takes 99004 and 40 % of 99003,
    across the old border of the districts; 99005 lives on under the province itself.
    """
    reform = Reorganisation.objects.create(
        name="Sắp xếp đơn vị hành chính",
        legal_basis="Nghị quyết minh họa",
        effective_on=REFORM_DAY,
        state=Reorganisation.State.APPLIED,
    )
    old = {code: by_code(code) for code in ("99001", "99002", "99003", "99004")}
    districts = [by_code("901"), by_code("902")]
    stays = by_code("99005")
    for ended in [*old.values(), *districts]:
        end_unit(ended, REFORM_DAY)
        reform.ended_units.add(ended)
    reform.proposed_placements.add(move_unit(stays, province, REFORM_DAY))
    upper = unit("99001", "Sen Gió", parent=province, since=REFORM_DAY)
    lower = unit("99004", "Ghềnh Gió", parent=province, since=REFORM_DAY)
    reform.proposed_units.add(upper, lower)
    reform.proposed_placements.add(*Placement.objects.filter(unit__in=[upper, lower]))
    succession(reform, old["99001"], {upper: WHOLE})
    succession(reform, old["99002"], {upper: WHOLE})
    succession(
        reform, old["99003"], {upper: 600_000, lower: 400_000}, basis=Succession.Basis.POPULATION
    )
    succession(reform, old["99004"], {lower: WHOLE})
    rebuild_map()
    return reform


def end_unit(ended: Unit, day: date) -> None:
    """Abolish a unit and close its placement on ``day``."""
    ended.abolished_on = day
    ended.save(update_fields=["abolished_on"])
    Placement.objects.filter(unit=ended, until=None).update(until=day)


def move_unit(moved: Unit, parent: Unit, day: date) -> Placement:
    """Put a unit that lives on under another parent from ``day`` on."""
    Placement.objects.filter(unit=moved, until=None).update(until=day)
    return Placement.objects.create(unit=moved, parent=parent, since=day)


def succession(
    reform: Reorganisation,
    predecessor: Unit,
    shares: Mapping[Unit, int],
    *,
    basis: str = Succession.Basis.WHOLE,
) -> None:
    """Who continued ``predecessor``, in parts per million; the main successor is named first."""
    main = next(iter(shares))
    for successor, share in shares.items():
        Succession.objects.create(
            reorganisation=reform,
            predecessor=predecessor,
            successor=successor,
            share=share,
            main=successor == main,
            basis=basis,
        )


# --- catalogue -----------------------------------------------------------------------------------


def indicator(
    code: str,
    *,
    kind: str = Kind.STOCK,
    entered_at: str = EntryTier.COMMUNE,
    frequency: str = Indicator.Frequency.MONTHLY,
    direction: str = Indicator.Direction.UP,
    maximum: int = 10_000_000,
    position: int = 0,
    main: bool = False,
) -> Indicator:
    """One entered indicator."""
    return Indicator.objects.create(
        code=code,
        name_vi=f"Chỉ tiêu {code}",
        name_en=f"Indicator {code}",
        group="test",
        kind=kind,
        unit_of_measure="person",
        direction=direction,
        entered_at=entered_at,
        frequency=frequency,
        maximum=maximum,
        position=position,
        main=main,
    )


def ratio(code: str, numerator: Indicator, denominator: Indicator, *, position: int = 0):
    """A percentage of two indicators, shown with two decimals."""
    return Indicator.objects.create(
        code=code,
        name_vi=f"Tỷ lệ {code}",
        name_en=f"Rate {code}",
        group="test",
        kind=Kind.RATIO,
        unit_of_measure="percent",
        decimals=2,
        direction=Indicator.Direction.UP,
        numerator=numerator,
        denominator=denominator,
        position=position,
        main=True,
    )


def total(code: str, *parts: Indicator, position: int = 0) -> Indicator:
    """An indicator that is the sum of others."""
    made = Indicator.objects.create(
        code=code,
        name_vi=f"Tổng {code}",
        name_en=f"Sum {code}",
        group="test",
        kind=Kind.SUM,
        unit_of_measure="person",
        direction=Indicator.Direction.UP,
        position=position,
    )
    made.parts.set(parts)
    return made


def small_catalogue() -> dict[str, Indicator]:
    """A base, two stocks, a flow, a rate, and one stock that the province itself collects."""
    population = indicator(
        "POP",
        frequency=Indicator.Frequency.YEARLY,
        direction=Indicator.Direction.NONE,
        position=1,
    )
    insured = indicator("HI", position=2, main=True)
    rate = ratio("HI_RATE", insured, population, position=3)
    new = indicator("HI_HH_NEW", kind=Kind.FLOW, position=4)
    voluntary = indicator("SI_V", position=5, main=True)
    total = indicator("TOTAL", entered_at=EntryTier.PROVINCE, position=6)
    return {made.code: made for made in (population, insured, rate, new, voluntary, total)}


# --- people --------------------------------------------------------------------------------------


def user(username: str, *, name: str = "", superuser: bool = False) -> User:
    """Somebody who can sign in, with a password nobody needs and no seat anywhere."""
    return User.objects.create_user(
        username=username,
        password="a long enough password",
        name=name,
        is_staff=True,
        is_superuser=superuser,
    )


def opened(username: str, by: User, *, name: str = "") -> User:
    """An account that somebody opened in the back office and nobody has given a seat yet."""
    made = user(username, name=name)
    write_journal(actor=by, action="user.added", subject=made, after={"username": username})
    return made


def committee(of: Unit) -> Committee:
    """The committee of a unit, made once."""
    made, _ = Committee.objects.get_or_create(
        unit=of, defaults={"name": f"Ban Chỉ đạo {of.full_name}"}
    )
    return made


def seat(
    who: User, role: Role, at: Unit, *, since: date = TERM_BEGINS, until: date | None = None
) -> Membership:
    """Put somebody on the committee of a unit."""
    return Membership.objects.create(
        committee=committee(at), user=who, role=role, since=since, until=until
    )


def seated(username: str, role: Role, at: Unit) -> User:
    """A new user with one seat since the beginning of the term."""
    who = user(username)
    seat(who, role, at)
    return who
