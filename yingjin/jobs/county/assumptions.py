"""The data the demonstration county is made with, read once from `yingjin/jobs/data`."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

DATA = files("yingjin.jobs") / "data"
AGE_BANDS = (0, 15, 45, 65)


@dataclass(frozen=True, slots=True)
class Illness:
    """One diagnosis: how many of 10,000 hold it and how often it is a stay's main one, by age band."""

    code: str
    name: str
    disease: str
    sex: str
    held_per_10000: tuple[int, ...]
    stay_weight: tuple[int, ...]

    def fits(self, sex: str) -> bool:
        """Say whether people of a sex can have it."""
        return self.sex in ("any", sex)


@dataclass(frozen=True, slots=True)
class Home:
    """A county that people are made in: its code, name, the former prefix of its identity numbers, and its place
    among the counties made together, counted from 0."""

    code: str
    name: str
    before: str
    position: int

    @property
    def first(self) -> bool:
        """Say whether it is the one whose rules are known, where wrong rows are put too."""
        return self.position == 0


def homes(people: int, counties: int = 0) -> list[tuple[Home, int]]:
    """Return the counties that so many people fill, with how many live in each; at least so many counties."""
    count = max(1, counties, -(-people // assumed()["people_each"]))
    least, more = divmod(people, count)
    return [(home, least + (home.position < more)) for home in _prefecture()[:count]]


@cache
def _prefecture() -> tuple[Home, ...]:
    rows = assumed()["prefecture"]
    return tuple(Home(row["code"], row["name"], row["before"], place) for place, row in enumerate(rows))


@cache
def assumed() -> Mapping[str, Any]:
    """Read the assumptions."""
    return dict(_yaml("assumptions.yaml"))


def settled_years() -> list[int]:
    """List the years of which there are settlements and enrolments."""
    return list(range(assumed()["first_day"].year, assumed()["last_day"].year + 1))


@cache
def names() -> Mapping[str, Any]:
    """Read the made-up parts of names and the wording of papers."""
    return dict(_yaml("names.yaml"))


@cache
def fixed_facilities(home: Home) -> tuple[Mapping[str, Any], ...]:
    """Read the hospitals that are not township health centres; the first county's own stand in each other county too."""
    first = _prefecture()[0]
    rows = _yaml("facilities.yaml")["facilities"]
    if home.first:
        return tuple(rows)
    here = [_moved(row, first, home) for row in rows if row["county_code"] == first.code]
    return (*here, *(row for row in rows if row["county_code"] != first.code))


def _moved(row: Mapping[str, Any], first: Home, home: Home) -> Mapping[str, Any]:
    """Return a hospital as another county has it: its own code and name."""
    code = f"H{home.code}1{row['code'][-4:]}"
    name = row["name"].replace(first.name[:2], home.name[:2])
    return {**row, "code": code, "name": name, "county_code": home.code}


@cache
def township_centre() -> Mapping[str, str]:
    """Read what every township health centre has in common."""
    return dict(_yaml("facilities.yaml")["township_centre"])


@cache
def surnames() -> tuple[tuple[str, float], ...]:
    """Read the surnames with their share in per cent."""
    return tuple((row["surname"], float(row["weight"])) for row in _csv("surnames.csv"))


@cache
def short_given_names(sex: str) -> tuple[str, ...]:
    """Read the short given names of one sex."""
    letter = {"male": "M", "female": "F"}[sex]
    return tuple(row["name"] for row in _csv("given_names.csv") if row["sex"] == letter)


@cache
def same_sounding() -> Mapping[str, str]:
    """Read, for each character used in names, the characters that sound alike."""
    return {row["char"]: row["homophones"] for row in _csv("name_slips.csv")}


@cache
def traditional() -> Mapping[str, str]:
    """Read the traditional form of each character that has one."""
    return {row["char"]: row["traditional"] for row in _csv("name_slips.csv") if row["traditional"]}


@cache
def census() -> tuple[tuple[int, int | None, int, int], ...]:
    """Read the census: age from, age to (None: and older), males, females."""
    return tuple(
        (
            int(row["age_from"]),
            int(row["age_to"]) if row["age_to"] else None,
            int(row["male"]),
            int(row["female"]),
        )
        for row in _csv("census_520527.csv")
    )


@cache
def illnesses() -> tuple[Illness, ...]:
    """Read the diagnoses."""
    return tuple(
        Illness(
            code=row["code"],
            name=row["name"],
            disease=row["disease"],
            sex=row["sex"],
            held_per_10000=tuple(int(row[f"held_{age}"]) for age in AGE_BANDS),
            stay_weight=tuple(int(row[f"stay_{age}"]) for age in AGE_BANDS),
        )
        for row in _csv("illnesses.csv")
    )


@cache
def bulletin(figure: str) -> Mapping[int, float]:
    """Read one figure of the national bulletins by year."""
    return {int(row["year"]): float(row["value"]) for row in _csv("bulletins.csv") if row["figure"] == figure}


def age_band(age_years: int) -> int:
    """Return which of the four age bands (0, 15, 45, 65) an age falls in, counted from 0."""
    return 3 if age_years >= 65 else 2 if age_years >= 45 else 1 if age_years >= 15 else 0


def by_age(steps: Mapping[int, float], age_years: int) -> float:
    """Return the value of the highest step not above an age."""
    return steps[max(step for step in steps if step <= max(age_years, 0))]


def _yaml(name: str) -> Any:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


def _csv(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((DATA / name).read_text(encoding="utf-8"))))
