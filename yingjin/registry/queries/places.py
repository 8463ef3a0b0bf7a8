"""
Codes and names of places in bulk, from the tables shipped with the package (the database holds the same).

* resolve           the regions a code stands for on a day
* by_names          a village or township by the names a register writes
* county_by_names   a county by the names of province, city and county
* find              places by what somebody typed: Chinese, pinyin or first letters
* towns_named       the townships and villages of a region that a text may mean
* name_of           a region's name; pages show dozens and ask no database
* in_force_below    the regions in force one level below
* parts_of          the places a page of a region lists: those below it that people speak of
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from yingjin.registry import files
from yingjin.registry.domain.pinyin import typed
from yingjin.registry.domain.places import PlaceMatch, PlaceNames, forms, plain, stem
from yingjin.registry.domain.regions import (
    COUNTY,
    LEVELS,
    UNSPOKEN,
    Heir,
    Life,
    Resolution,
    above_all,
    canonical,
    level_below,
    level_of,
    spoken,
)
from yingjin.registry.domain.regions import resolve as follow

COUNTY_DIGITS = 6
DISTINCT_PLACES = 65_536  # distinct triples remembered: a county writes its villages in a few ways each


@dataclass(frozen=True, slots=True)
class Place:
    """A region found by name. `also` is the earlier name it was found by, empty when found by today's."""

    code: str
    name: str
    level: str
    full_name: str
    retired: bool
    also: str = ""


def resolve(code: str, on: date | None = None) -> Resolution:
    """Return the regions that a code, padded or not, stands for on a day, or today when no day is given."""
    return _resolve(canonical(code) or code.strip(), on)


def by_names(county_code: str, township: str, village: str) -> PlaceMatch:
    """Find a village of a county by name, or the township when no village is named."""
    return _match(county_code, township, village)


@lru_cache(maxsize=DISTINCT_PLACES)
def county_by_names(province: str, city: str, county: str) -> Resolution:
    """Find today's county by name; a blank province or city is any. Retired counties lead to their heirs.

    The whole name counts before a shortened one, a county in force before a retired one and before an earlier name.
    """
    wanted = plain(county)
    codes = next(
        (
            codes
            for form in (wanted, stem(county, "county"))
            for names in _county_names()
            if (
                codes := _heirs_in_force(
                    code for code in names.get(form, ()) if _lies_in(code, (province, city))
                )
            )
        ),
        [],
    )
    if len(codes) == 1:
        return Resolution(
            wanted, "current", tuple(codes), f"“{wanted}”是 {codes[0]}。", f"{wanted} is {codes[0]}."
        )
    if codes:
        listed = "、".join(codes)
        return Resolution(
            wanted,
            "divided",
            tuple(codes),
            f"“{wanted}”有 {len(codes)} 处：{listed}，请写明省市。",
            f"{wanted} is {len(codes)} places: {listed}. Write province and city.",
        )
    return Resolution(
        wanted,
        "unknown",
        (),
        f"区划表里没有“{wanted}”，请核对地名。",
        f"{wanted} is not in the table of regions: check it.",
    )


def find(text: str, within: str = "", limit: int = 20) -> list[Place]:
    """Find places by part of the Chinese name, or by the beginning of the pinyin or of the first letters.

    `within` holds the search to a region, whose townships and villages are looked through as well; without it
    provinces, cities and counties are. In force comes before retired, the whole name before a part of it, the
    higher level before the lower.
    """
    wanted, prefix = typed(text), canonical(within) or within
    if not wanted:
        return []
    found: dict[str, Place] = {}
    for hit in sorted(hit for hit in _hits(wanted, prefix[:2]) if hit.code.startswith(prefix)):
        if len(found) == limit:
            break
        found.setdefault(hit.code, _place(hit))
    return list(found.values())


def towns_named(within: str, text: str, *, latin: bool, limit: int) -> list[tuple[str, str]]:
    """Return code and name of the townships and villages of a region that a text may mean, in order of code.

    A text in Chinese is part of the name; in Latin letters the beginning of the pinyin or of the first letters.
    """
    rows = _lower_inside(within)
    fitting = (
        row
        for row in rows
        if (row.pinyin.startswith(text) or row.initials.startswith(text) if latin else text in row.name)
    )
    return sorted((row.code, row.name) for row in fitting)[:limit]


@lru_cache(maxsize=256)
def _lower_inside(within: str) -> tuple[files.RegionRow, ...]:
    """Return the townships and villages of a region: the table is as it was shipped, and a county's part is small."""
    return tuple(row for row in _lower(within[:2]).values() if row.code.startswith(within))


class _Hit(NamedTuple):
    """A region that fits, in the order of the fields: `rank` 0 is the whole name, 1 its beginning, 2 elsewhere."""

    retired: bool
    rank: int
    digits: int
    code: str
    also: str


def _hits(wanted: str, province: str) -> Iterator[_Hit]:
    latin = wanted.isascii()
    lower = _lower(province).values() if province else ()
    for row in chain(_upper().values(), lower):
        names = (row.pinyin, row.initials) if latin else (row.name,)
        rank = min(_rank(name, wanted) for name in names)
        if rank < (2 if latin else 3):
            yield _Hit(bool(row.valid_to), rank, len(row.code), row.code, "")
    for earlier in () if latin else files.earlier_names():
        if (rank := _rank(earlier.name, wanted)) < 3:
            yield _Hit(
                bool(_upper()[earlier.code].valid_to), rank, len(earlier.code), earlier.code, earlier.name
            )


def _rank(name: str, wanted: str) -> int:
    if name == wanted:
        return 0
    return 1 if name.startswith(wanted) else 2 if wanted in name else 3


def _place(hit: _Hit) -> Place:
    whole = spoken(filter(None, map(name_of, (*above_all(hit.code), hit.code))))
    return Place(hit.code, name_of(hit.code) or "", level_of(hit.code), whole, hit.retired, hit.also)


@lru_cache(maxsize=DISTINCT_PLACES)
def _resolve(code: str, on: date | None) -> Resolution:
    return follow(code, on=on, lives=LIVES, heirs=_heirs())


@lru_cache(maxsize=DISTINCT_PLACES)
def _match(county_code: str, township: str, village: str) -> PlaceMatch:
    return _places_of(county_code).match(township, village)


def name_of(code: str) -> str | None:
    """Return the name of a canonical code, in force or retired; None for an unknown one."""
    row = _row(code)
    return row.name if row else None


@cache
def in_force_below(code: str) -> tuple[tuple[str, str], ...]:
    """Return code and name of the regions in force one level below, in order of code.

    Below a city without counties lie its townships. Units that only the statistics have are left out.
    """
    level = level_below(code)
    below = _in_force(code, level) if level else ()
    return below or (_in_force(code, level_below(code + "00")) if level == COUNTY else ())


def _in_force(code: str, level: str) -> tuple[tuple[str, str], ...]:
    rows = files.regions_in(code[:2], level) if code else files.regions(level)
    return tuple(
        sorted(
            (row.code, row.name)
            for row in rows
            if row.code.startswith(code) and not row.valid_to and row.code not in files.statistical_units()
        )
    )


@cache
def parts_of(code: str) -> tuple[tuple[str, str], ...]:
    """Return code and name of the places a region is made of, in order of code.

    Nodes that only the code tree has give way to what lies in them: 北京市 is made of districts, not of 市辖区.
    """
    parts: list[tuple[str, str]] = []
    for below, name in in_force_below(code):
        parts += parts_of(below) if name in UNSPOKEN else [(below, name)]
    return tuple(parts)


@cache
def _places_of(county_code: str) -> PlaceNames:
    return PlaceNames(
        *(
            [
                (row.code, row.name)
                for row in files.regions_in(county_code[:2], level)
                if row.code.startswith(county_code)
            ]
            for level in ("township", "village")
        )
    )


@cache
def _county_names() -> tuple[dict[str, set[str]], ...]:
    """Index counties by whole name and stem: those in force, the retired ones, and earlier names of a code."""
    rows = [row for row in files.regions("county") if row.code not in files.statistical_units()]
    groups = (
        [(row.code, row.name) for row in rows if not row.valid_to],
        [(row.code, row.name) for row in rows if row.valid_to],
        [(row.code, row.name) for row in files.earlier_names() if len(row.code) == 6],
    )
    indexes: tuple[dict[str, set[str]], ...] = tuple(defaultdict(set) for _ in groups)
    for index, named in zip(indexes, groups, strict=True):
        for code, name in named:
            for form in forms(name, "county"):
                index[form].add(code)
    return indexes


def _heirs_in_force(codes: Iterable[str]) -> list[str]:
    return sorted({heir for code in codes for heir in resolve(code).codes})


def _lies_in(code: str, above: tuple[str, str]) -> bool:
    """Say whether a county lies in a province and a city of these names; a blank name is any."""
    parts = ((code[:2], "province"), (code[:4], "city"))
    return all(
        not name.strip() or forms(name, level) & forms(_upper()[part].name, level)
        for name, (part, level) in zip(above, parts, strict=True)
    )


def _row(code: str) -> files.RegionRow | None:
    """Return a region as shipped; townships and villages are read province by province, when first asked for."""
    if len(code) <= COUNTY_DIGITS:
        return _upper().get(code)
    return _lower(code[:2]).get(code)


@cache
def _upper() -> dict[str, files.RegionRow]:
    return {row.code: row for level in ("province", "city", "county") for row in files.regions(level)}


@cache
def _lower(province: str) -> dict[str, files.RegionRow]:
    return {row.code: row for level in ("township", "village") for row in files.regions_in(province, level)}


class _Lives(Mapping[str, Life]):
    """The days on which each code is in force, of every code shipped."""

    def __getitem__(self, code: str) -> Life:
        row = _row(code)
        if row is None:
            raise KeyError(code)
        return Life(_day(row.valid_from), _day(row.valid_to))

    def __iter__(self) -> Iterator[str]:
        return (row.code for level in LEVELS.values() for row in files.regions(level))

    def __len__(self) -> int:
        return sum(len(files.regions(level)) for level in LEVELS.values())


@cache
def _heirs() -> dict[str, list[Heir]]:
    heirs: dict[str, list[Heir]] = defaultdict(list)
    for row in files.successions():
        heirs[row.old_code].append(Heir(row.new_code, date.fromisoformat(row.on)))
    return dict(heirs)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


LIVES = _Lives()
