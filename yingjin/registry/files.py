"""
The regions shipped inside this package, read without a database.

* villages_of         the villages of one county, with their townships
* regions             every region of one level
* successions         what became of each retired code
* earlier_names       the names a code bore before
* surname_readings    surnames that are read otherwise than the character elsewhere
* place_readings      the same for parts of place names
* desks               which lists are whose
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


@cache
def regions(level: str) -> tuple[RegionRow, ...]:
    """Read every region of one level, in order of code: province, city, county, township or village."""
    return tuple(RegionRow(**row) for row in rows_of(f"{PLURALS[level]}.csv.gz"))


@cache
def villages_of(county_code: str) -> tuple[Village, ...]:
    """List the villages of one county in order of code; empty for a county whose villages are not shipped."""
    townships = {row.code: row.name for row in regions("township")}
    return tuple(
        Village(row.code, row.name, row.code[:9], townships[row.code[:9]])
        for row in regions("village")
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
