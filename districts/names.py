"""Which unit a typed name or code means: step by step from certain to uncertain.

Code first, and the name must agree with it; then the exact name; then the name whatever its
spelling; then a spelling somebody confirmed, or a name the unit had at another time. What is left
is only suggested, never decided. Names are looked up on the map of one month: a name of another map
is recognised and refused.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from .models import Alias, Ancestry, Lineage, Renaming, Succession, Tier, Unit
from .months import Month
from .vietnamese import clean, is_legacy_encoded, match_key, search_key

_KINDS = ("thị trấn", "thị xã", "thành phố", "đặc khu", "xã", "phường", "huyện", "quận", "tỉnh")
_KIND = re.compile("(?:" + "|".join(match_key(kind) for kind in _KINDS) + ") (?=.)")
_CODE_LENGTHS = (2, 3, 5)
_BEFORE_PARENT = re.compile(r"\s*[,(]\s*|\s+-\s+")
_MOST_SUGGESTIONS = 5
_LEAST_LIKENESS = 80

_SUM = r"(?:tong(?: cong| so)?|cong)"
_WHOLE_AREA = r"(?:toan|ca) (?:tinh|huyen|quan|thi xa|thanh pho|tx|tp|xa|phuong|dac khu|quoc)\b.*"
_TOTAL = re.compile(rf"(?:{_SUM} )?{_WHOLE_AREA}|{_SUM}")

Accept = Callable[[Unit], bool]


def is_total_row(text: str) -> bool:
    """Whether a row's name says that it adds up others: Toàn tỉnh, Tổng cộng, Cộng ..."""
    return bool(_TOTAL.fullmatch(search_key(text).strip(" .:()*-")))


@dataclass(frozen=True)
class Match:
    """What was found: the unit if there is no doubt, else who might be meant and what is wrong.

    ``reason`` is one word for scripts: ``no_name``, ``old_font``, ``unknown_code``,
    ``code_and_name``, ``ambiguous``, ``not_in_force``, ``not_below``, ``unknown_name``.
    """

    unit: Unit | None
    candidates: Sequence[Unit] = ()
    reason: str | None = None
    problem: str | None = None

    @property
    def certain(self) -> bool:
        return self.unit is not None


def match_unit(text: str, *, within: Unit | None, month: Month, code: str | None = None) -> Match:
    """The unit that a name or code means below ``within`` in ``month``.

    For many names keep one UnitNames.
    """
    return UnitNames(month, within).match(text, code)


class UnitNames:
    """Names and codes of the units below ``within`` (None: of the country) in one month.

    Loaded in three queries, whatever the number of units, and a fourth when a name of another map
    is met. Units of the same province outside, before and after are known, to say so.
    """

    def __init__(self, month: Month, within: Unit | None = None):
        self.month, self.within = month, within
        around = _around(within)
        self._units = {unit.pk: unit for unit in around.called_in(month)}
        self._parents, below = _places(around, within, month)
        self._here, self._elsewhere = _Index(), _Index()
        for unit in self._units.values():
            here = unit.since <= month < unit.until and (within is None or unit.pk in below)
            (self._here if here else self._elsewhere).add(unit)
        for name, pk in _spellings(around):
            unit = self._units[pk]
            index = self._here if unit in self._here else self._elsewhere
            index.aliases[match_key(name)].append(unit)

    def match(
        self,
        text: str | None,
        code: str | None = None,
        *,
        parent: Unit | None = None,
        tier: str | None = None,
    ) -> Match:
        """The unit meant. ``parent`` and ``tier`` decide between units of one name.

        A code may have lost its leading zeros. Digits alone are a code before they are a name.
        """
        text, code = clean(text or ""), clean(code or "")

        def accept(unit: Unit) -> bool:
            return tier in (None, unit.tier) and (parent is None or parent in self._above(unit))

        if code:
            return self._match_code(code, text, accept)
        if not text:
            return Match(None, (), "no_name", _("No unit is named. Write its name or code."))
        by_code = self._match_code(text, "", accept) if text.isdecimal() else None
        if by_code and by_code.certain:
            return by_code
        found = self._named(self._here, text, accept)
        if len(found) == 1:
            return Match(found[0])
        if found:
            return self._ambiguous(text, found)
        return by_code or self._unmatched(text, accept)

    # --- codes -----------------------------------------------------------------------------------

    def _match_code(self, code: str, text: str, accept: Accept) -> Match:
        found = [unit for unit in self._here.with_code(code) if accept(unit)]
        if text:
            agreeing = [unit for unit in found if unit in self._named(self._here, text, accept)]
        else:
            agreeing = [unit for unit in found if unit.code == code] or found
        if len(agreeing) == 1:
            return Match(agreeing[0])
        if agreeing:
            return self._ambiguous(code, agreeing)
        if found:
            message = _("Code %(code)s is %(unit)s, not “%(read)s”. Correct the code or the name.")
            details = {"code": code, "unit": self._list(found), "read": text}
            return Match(None, found, "code_and_name", message % details)
        if elsewhere := [unit for unit in self._elsewhere.with_code(code) if accept(unit)]:
            return self._not_here(elsewhere)
        named = self._named(self._here, text, accept) if text else []
        message = _("No unit here has the code “%(read)s”.") % {"read": code}
        return Match(None, named, "unknown_code", message)

    # --- names -----------------------------------------------------------------------------------

    def _named(self, index: "_Index", text: str, accept: Accept) -> list[Unit]:
        """The units of that name at the first step of the ladder that knows any."""
        if found := index.find(text, accept):
            return found
        head, *tail = (part.strip(" )") for part in _BEFORE_PARENT.split(text))
        parents = {match_key(part) for part in tail if part}
        if not (head and parents):
            return []
        return [
            unit
            for unit in index.find(head, accept)
            if parents <= {key for above in self._above(unit) for key in _keys(above)}
        ]

    def _ambiguous(self, text: str, found: Sequence[Unit]) -> Match:
        message = _("“%(read)s” may be %(units)s. Write the kind of unit, or its code.")
        details = {"read": text, "units": self._list(found)}
        return Match(None, found, "ambiguous", message % details)

    def _unmatched(self, text: str, accept: Accept) -> Match:
        if is_legacy_encoded(text):
            message = _("“%(read)s” is written in an old font. Convert the file to Unicode.")
            return Match(None, (), "old_font", message % {"read": text})
        if elsewhere := self._named(self._elsewhere, text, accept):
            return self._not_here(elsewhere)
        suggestions = self._here.like(text, accept)
        if suggestions:
            message = _("No unit here is called “%(read)s”. Did you mean %(units)s?")
        else:
            message = _("No unit here is called “%(read)s”. Check the name, or write the code.")
        details = {"read": text, "units": self._list(suggestions)}
        return Match(None, suggestions, "unknown_name", message % details)

    def _not_here(self, found: Sequence[Unit]) -> Match:
        """What to say of a unit that is known, but not in this month or not below ``within``."""
        standing = [unit for unit in found if unit.since <= self.month < unit.until]
        if standing:
            message = _("%(unit)s is not below %(within)s.")
            details = {"unit": self._list(standing), "within": self.within}
            return Match(None, (), "not_below", message % details)
        unit = max(found, key=lambda unit: unit.since)
        if self.month < unit.since:
            message = _("%(unit)s is only in force from %(day)s on.")
            details = {"unit": unit, "day": f"{unit.established_on:%d/%m/%Y}"}
            return Match(None, (), "not_in_force", message % details)
        heirs = [self._units[pk] for pk in self._heirs.get(unit.pk, ()) if pk in self._units]
        message = _("%(unit)s is no longer in force since %(day)s.")
        if heirs:
            message = _("%(unit)s is no longer in force since %(day)s; it went to %(heirs)s.")
        details = {
            "unit": unit,
            "day": f"{unit.abolished_on:%d/%m/%Y}",
            "heirs": self._list(heirs),
        }
        return Match(None, heirs, "not_in_force", message % details)

    @cached_property
    def _heirs(self) -> dict[int, list[int]]:
        """Who carries the counts of units that have ended, on the map of the month."""
        heirs = defaultdict(list)
        rows = Lineage.objects.on_map_of(self.month).filter(origin__in=_around(self.within))
        for origin, heir in rows.exclude(origin=F("heir")).values_list("origin_id", "heir_id"):
            heirs[origin].append(heir)
        return heirs

    # --- words -----------------------------------------------------------------------------------

    def _above(self, unit: Unit) -> Iterator[Unit]:
        """The units above ``unit`` in the month, or where it last stood."""
        pk = self._parents.get(unit.pk)
        while pk in self._units:
            yield self._units[pk]
            pk = self._parents.get(pk)

    def _list(self, units: Iterable[Unit]) -> str:
        """Units with their parents: homonyms are told apart by nothing else."""
        names = []
        for unit in units:
            parent = next(self._above(unit), None)
            below = f", {parent.full_name}" if parent else ""
            names.append(f"{unit.full_name} ({unit.code}{below})")
        return "; ".join(names)


class _Index:
    """Some units by everything they may be called, step by step."""

    def __init__(self):
        self._units: set[Unit] = set()
        self._codes: dict[str, list[Unit]] = defaultdict(list)
        self._exact: dict[str, list[Unit]] = defaultdict(list)
        self._folded: dict[str, list[Unit]] = defaultdict(list)
        self.aliases: dict[str, list[Unit]] = defaultdict(list)

    def __contains__(self, unit: Unit) -> bool:
        return unit in self._units

    def add(self, unit: Unit) -> None:
        self._units.add(unit)
        if unit.tier != Tier.OFFICE:
            self._codes[unit.code].append(unit)
        for name in {unit.full_name, unit.name}:
            self._exact[name].append(unit)
        for key in _keys(unit):
            self._folded[key].append(unit)

    def with_code(self, code: str) -> list[Unit]:
        forms = {code, *(code.zfill(length) for length in _CODE_LENGTHS)}
        return [unit for form in sorted(forms) for unit in self._codes.get(form, ())]

    def find(self, text: str, accept: Accept) -> list[Unit]:
        """Exact name, else any spelling of it, else a confirmed spelling."""
        key = match_key(text)
        steps = (self._exact, text), (self._folded, key), (self.aliases, key)
        for names, name in steps:
            if found := [unit for unit in names.get(name, ()) if accept(unit)]:
                return found
        return []

    def like(self, text: str, accept: Accept) -> list[Unit]:
        """Units whose names are nearly that, accents left aside; the likeliest first."""
        key = match_key(text)
        likeness: dict[str, float] = {}
        # The bare name as well: a district may have become a town, a township a commune.
        for asked in {key, _bare(key)}:
            for _key, score, name in process.extract(
                search_key(asked),
                self._loose,
                scorer=fuzz.ratio,
                score_cutoff=_LEAST_LIKENESS,
                limit=4 * _MOST_SUGGESTIONS,
            ):
                likeness[name] = max(score, likeness.get(name, 0))
        names = sorted(likeness, key=lambda name: (-likeness[name], name))
        units = [unit for name in names for unit in self._folded[name] if accept(unit)]
        return list(dict.fromkeys(units))[:_MOST_SUGGESTIONS]

    @cached_property
    def _loose(self) -> dict[str, str]:
        return {key: search_key(key) for key in self._folded}


def _keys(unit: Unit) -> set[str]:
    """The match keys of a unit: with the word for its kind, and without."""
    full = match_key(unit.full_name)
    return {full, _bare(full), match_key(unit.name)}


def _bare(key: str) -> str:
    """A match key without the word for the kind of unit."""
    kind = _KIND.match(key)
    return key[kind.end() :] if kind else key


def _around(within: Unit | None) -> QuerySet[Unit]:
    """Units whose names may come up: of the whole province, on this and every other map."""
    established = Unit.objects.filter(established_on__isnull=False).order_by("code", "id")
    if within is None:
        return established
    tops = Ancestry.objects.filter(descendant=within).values("ancestor")
    earlier = Succession.objects.filter(successor__in=tops).values("predecessor")
    later = Succession.objects.filter(predecessor__in=tops).values("successor")
    above = Ancestry.objects.filter(descendant=OuterRef("pk")).filter(
        Q(ancestor__in=tops) | Q(ancestor__in=earlier) | Q(ancestor__in=later)
    )
    return established.filter(Exists(above))


def _spellings(around: QuerySet[Unit]) -> QuerySet[tuple[str, int]]:
    """(name, unit): spellings somebody confirmed, and names that the units had or were to have.

    A file of the month in which a commune became a ward may use either name.
    """
    renamed = Renaming.objects.in_force().filter(unit__in=around).order_by()
    confirmed = Alias.objects.filter(unit__in=around).values_list("name", "unit_id")
    names = ("full_name", "name", "was_full_name", "was_name")
    return confirmed.union(*(renamed.values_list(name, "unit_id") for name in names))


def _places(
    around: QuerySet[Unit], within: Unit | None, month: Month
) -> tuple[dict[int, int], set[int]]:
    """Each unit's parent in the month (or its last before), and which are below ``within``."""
    parents, below = {}, set()
    wanted = Q(depth=1) if within is None else Q(depth=1) | Q(ancestor=within)
    rows = Ancestry.objects.filter(wanted, descendant__in=around).order_by("since")
    for unit, ancestor, depth, since, until in rows.values_list(
        "descendant_id", "ancestor_id", "depth", "since", "until"
    ):
        if depth == 1 and (since <= month or unit not in parents):
            parents[unit] = ancestor
        if within is not None and ancestor == within.pk and since <= month < until:
            below.add(unit)
    return parents, below
