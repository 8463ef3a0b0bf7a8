"""
The regions shipped inside this package, read without a database.

* villages_of       the villages of one county, with their townships
* regions           every region of one level
"""

import csv
import gzip
import io
from functools import cache
from importlib.resources import files
from typing import NamedTuple

DATA = files("yingjin.registry") / "data"


class RegionRow(NamedTuple):
    """One region as shipped. Dates are ISO text; a blank one is open."""

    code: str
    name: str
    pinyin: str
    initials: str
    valid_from: str
    valid_to: str


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


def rows_of(name: str) -> list[dict[str, str]]:
    """Read one packed table of this package."""
    packed = (DATA / name).read_bytes()
    return list(csv.DictReader(io.StringIO(gzip.decompress(packed).decode("utf-8"))))


PLURALS = {
    "province": "provinces",
    "city": "cities",
    "county": "counties",
    "township": "townships",
    "village": "villages",
}
