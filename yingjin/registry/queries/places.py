"""
Codes and names of places in bulk, from the tables shipped with the package (the database holds the same).

* resolve           the regions a code stands for on a day
* by_names          a village or township by the names a register writes
* county_by_names   a county by the names of province, city and county
* find              places by what somebody typed: Chinese, pinyin or first letters
* name_of           a region's name; pages show dozens and ask no database
* in_force_below    the regions in force one level below
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

from yingjin.registry import files
from yingjin.registry.domain.pinyin import typed
from yingjin.registry.domain.places import PlaceMatch, PlaceNames, forms, plain, stem
from yingjin.registry.domain.regions import (
    LEVELS,
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

    `within` holds the search to a region. In force comes before retired, the whole name before a part of it, the
    higher level before the lower.
    """
    wanted, prefix = typed(text), canonical(within) or within
    if not wanted:
        return []
    found: dict[str, Place] = {}
    for hit in sorted(hit for hit in _hits(wanted) if hit.code.startswith(prefix)):
        if len(found) == limit:
            break
        found.setdefault(hit.code, _place(hit))
    return list(found.values())


class _Hit(NamedTuple):
    """A region that fits, in the order of the fields: `rank` 0 is the whole name, 1 its beginning, 2 elsewhere."""

    retired: bool
    rank: int
    digits: int
    code: str
    also: str


def _hits(wanted: str) -> Iterator[_Hit]:
    latin = wanted.isascii()
    for row in _rows().values():
        names = (row.pinyin, row.initials) if latin else (row.name,)
        rank = min(_rank(name, wanted) for name in names)
        if rank < (2 if latin else 3):
            yield _Hit(bool(row.valid_to), rank, len(row.code), row.code, "")
    for earlier in () if latin else files.earlier_names():
        if (rank := _rank(earlier.name, wanted)) < 3:
            yield _Hit(
                bool(_rows()[earlier.code].valid_to), rank, len(earlier.code), earlier.code, earlier.name
            )


def _rank(name: str, wanted: str) -> int:
    if name == wanted:
        return 0
    return 1 if name.startswith(wanted) else 2 if wanted in name else 3


def _place(hit: _Hit) -> Place:
    rows = _rows()
    whole = spoken(rows[code].name for code in (*above_all(hit.code), hit.code))
    return Place(hit.code, rows[hit.code].name, level_of(hit.code), whole, hit.retired, hit.also)


@lru_cache(maxsize=DISTINCT_PLACES)
def _resolve(code: str, on: date | None) -> Resolution:
    return follow(code, on=on, lives=_lives(), heirs=_heirs())


@lru_cache(maxsize=DISTINCT_PLACES)
def _match(county_code: str, township: str, village: str) -> PlaceMatch:
    return _places_of(county_code).match(township, village)


def name_of(code: str) -> str | None:
    """Return the name of a canonical code, in force or retired; None for an unknown one."""
    row = _rows().get(code)
    return row.name if row else None


@cache
def in_force_below(code: str) -> tuple[tuple[str, str], ...]:
    """Return code and name of the regions in force one level below, in order of code."""
    level = level_below(code)
    rows = (
        (row for row in files.regions(level) if row.code.startswith(code) and not row.valid_to)
        if level
        else ()
    )
    return tuple(sorted((row.code, row.name) for row in rows))


@cache
def _places_of(county_code: str) -> PlaceNames:
    return PlaceNames(
        [(row.code, row.name) for row in files.regions("township") if row.code.startswith(county_code)],
        [(row.code, row.name) for row in files.regions("village") if row.code.startswith(county_code)],
    )


@cache
def _county_names() -> tuple[dict[str, set[str]], ...]:
    """Index counties by whole name and stem: those in force, the retired ones, and earlier names of a code."""
    rows = files.regions("county")
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
        not name.strip() or forms(name, level) & forms(_rows()[part].name, level)
        for name, (part, level) in zip(above, parts, strict=True)
    )


@cache
def _rows() -> dict[str, files.RegionRow]:
    return {row.code: row for level in LEVELS.values() for row in files.regions(level)}


@cache
def _lives() -> dict[str, Life]:
    return {code: Life(_day(row.valid_from), _day(row.valid_to)) for code, row in _rows().items()}


@cache
def _heirs() -> dict[str, list[Heir]]:
    heirs: dict[str, list[Heir]] = defaultdict(list)
    for row in files.successions():
        heirs[row.old_code].append(Heir(row.new_code, date.fromisoformat(row.on)))
    return dict(heirs)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
