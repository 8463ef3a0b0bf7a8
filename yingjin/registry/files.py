"""
The regions shipped inside this package, read without a database.

* villages_of         the villages of one county, with their townships
* regions             every region of one level
* regions_in          the regions of one level of one province
* statistical_units   codes at the counties' level that are no counties in law
* changes             the yearly changes of codes and names since 2000
* successions         what became of each retired code
* earlier_names       the names a code bore before
* surname_readings    surnames that are read otherwise than the character elsewhere
* place_readings      the same for parts of place names
* desks               which lists are whose
* boundaries          the outlines of cities and counties, for schematic pictures
"""

import csv
import gzip
import io
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import yaml

from yingjin.registry.domain.desks import Desks, build

DATA = files("yingjin.registry") / "data"
BOUNDARY_UNITS = 500
BY_PROVINCE = frozenset({"township", "village"})  # a file a province


class RegionRow(NamedTuple):
    """One region as shipped. Dates are ISO text; a blank one is open."""

    code: str
    name: str
    pinyin: str
    initials: str
    valid_from: str
    valid_to: str


class SuccessionRow(NamedTuple):
    """What became of one retired code: continued, merged, divided, or ended with no heir recorded."""

    old_code: str
    new_code: str
    on: str
    what: str


class EarlierName(NamedTuple):
    """A name that a code bore until a day."""

    code: str
    name: str
    until: str


class Village(NamedTuple):
    """One village or neighbourhood with the township it lies in."""

    code: str
    name: str
    township_code: str
    township_name: str


class Change(NamedTuple):
    """One line of the table of changes. A blank old code is a beginning, a blank new one an end without heir."""

    year: str
    what: str
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    paper: str
    source: str
    address: str
    note: str


@cache
def regions(level: str) -> tuple[RegionRow, ...]:
    """Read every region of one level, in order of code: province, city, county, township or village.

    Townships and villages are 165,000: for those of one place ask `regions_in`.
    """
    if level not in BY_PROVINCE:
        return _read(f"{PLURALS[level]}.csv.gz")
    return tuple(row for province in regions("province") for row in regions_in(province.code, level))


@cache
def regions_in(province: str, level: str) -> tuple[RegionRow, ...]:
    """Read the regions of one level of one province, in order of code; empty where none are shipped."""
    if level not in BY_PROVINCE:
        return tuple(row for row in regions(level) if row.code.startswith(province))
    name = f"{PLURALS[level]}/{province}.csv.gz"
    return _read(name) if (DATA / name).is_file() else ()


def _read(name: str) -> tuple[RegionRow, ...]:
    text = gzip.decompress((DATA / name).read_bytes()).decode("utf-8")
    rows = csv.reader(io.StringIO(text))
    next(rows)
    return tuple(map(RegionRow._make, rows))


@cache
def statistical_units() -> frozenset[str]:
    """Read the codes at the counties' level that only the statistics have: development zones and the like."""
    return frozenset(row["code"] for row in rows_of("statistical_units.csv.gz"))


@cache
def changes() -> tuple[Change, ...]:
    """Read the changes of codes and names since 2000, in order of time."""
    return tuple(Change(**row) for row in rows_of("changes.csv.gz"))


@cache
def villages_of(county_code: str) -> tuple[Village, ...]:
    """List the villages of one county in order of code; empty for a county whose villages are not shipped."""
    townships = {row.code: row.name for row in regions_in(county_code[:2], "township")}
    return tuple(
        Village(row.code, row.name, row.code[:9], townships[row.code[:9]])
        for row in regions_in(county_code[:2], "village")
        if row.code.startswith(county_code)
    )


@cache
def successions() -> tuple[SuccessionRow, ...]:
    """Read what became of each retired code, in order of code; a division gives several rows."""
    return tuple(SuccessionRow(**row) for row in rows_of("successions.csv.gz"))


@cache
def earlier_names() -> tuple[EarlierName, ...]:
    """Read the names that codes bore before, in order of code."""
    return tuple(EarlierName(**row) for row in rows_of("earlier_names.csv.gz"))


@cache
def surname_readings() -> dict[str, str]:
    """Read the surnames with a reading of their own: surname -> syllables parted by a space."""
    return {row["surname"]: row["reading"] for row in rows_of("surname_readings.csv")}


@cache
def place_readings() -> dict[str, str]:
    """Read the parts of place names with a reading of their own, longer parts first."""
    readings = {row["part"]: row["reading"] for row in rows_of("place_readings.csv")}
    return dict(sorted(readings.items(), key=lambda item: -len(item[0])))


@cache
def boundaries() -> dict[str, str]:
    """Read the outlines shipped: code -> rings as `domain.outlines.unpack` reads them, in BOUNDARY_UNITS a degree."""
    return {row["code"]: row["rings"] for row in rows_of("boundaries.csv.gz")}


@cache
def desks() -> Desks:
    """Read which lists are whose."""
    return build(yaml.safe_load((DATA / "desks.yaml").read_text(encoding="utf-8")))


def rows_of(name: str) -> list[dict[str, str]]:
    """Read one table of this package, packed or not."""
    content = (DATA / name).read_bytes()
    text = (gzip.decompress(content) if name.endswith(".gz") else content).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


PLURALS = {
    "province": "provinces",
    "city": "cities",
    "county": "counties",
    "township": "townships",
    "village": "villages",
}
