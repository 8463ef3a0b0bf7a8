"""
Pack the tables of administrative divisions into yingjin/registry/data.

Run by hand when the sources change; the product never runs it. The same sources give the same bytes.

    python docs/data/pack_regions.py SOURCE

SOURCE is a folder with the tables that yingjin/registry/data/README.md names. What was mended by hand
stands in region_changes_mended.csv beside this file: `drop` a row of the change table, `end` a code with an heir
that is older, `begin` a code with or without the one it continues.
"""

import csv
import gzip
import io
import sys
from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from yingjin.registry.domain.pinyin import read_place
from yingjin.registry.files import place_readings

MENDED = Path(__file__).with_name("region_changes_mended.csv")
TARGET = Path(__file__).parents[2] / "yingjin" / "registry" / "data"
LEVELS = {"provinces": 2, "cities": 4, "counties": 6, "townships": 9, "villages": 12}
COLUMNS = ("code", "name", "pinyin", "initials", "valid_from", "valid_to")
CHANGE_COLUMNS = (
    "year", "what", "old_code", "old_name", "new_code", "new_name", "paper", "source", "address", "note",
)  # fmt: skip
MENDED_BY_HAND = "本项目补正"
BEGIN, END, AGAIN = "新设", "撤销", "改设"
ENDS_ONLY = {END, "撤区设区"}  # rows that end a code; the one they name may be older
# City nodes that older codes stood under and that no source lists.
FORMER_CITIES = {"1102": "县", "1202": "县", "3102": "县", "4600": "省直辖县级行政区划", "5003": "市"}


class Event(NamedTuple):
    """One line of the change table. A blank old code is a beginning, a blank new code an end without heir."""

    year: int
    kind: str
    old: str
    new: str
    old_name: str
    new_name: str

    @property
    def moves(self) -> bool:
        """Say whether the code itself ended or began, rather than its name alone."""
        return self.old != self.new


class Life(NamedTuple):
    """A code's name and the years in which it was first and no longer in force; None is open."""

    name: str
    since: int | None
    until: int | None


def main(source: Path) -> None:
    """Work out names, validity and successors, and write one packed table a level."""
    current = current_names(source)
    events = read_events(source)
    lives = lives_of(current, events)
    zones = statistical_units(source, lives)
    lives |= former_cities(lives) | zones
    lives |= smaller_places(source, lives)
    lives = held_by_parents(lives)
    readings = place_readings()
    for plural, digits in LEVELS.items():
        rows = []
        for code, life in sorted(lives.items()):
            if len(code) == digits:
                reading = read_place(life.name, readings)
                rows.append((code, life.name, *reading, first_day(life.since), first_day(life.until)))
        if digits <= LEVELS["counties"]:
            pack(plural, COLUMNS, rows)
            continue
        for province, own in groupby(rows, key=lambda row: row[0][:2]):
            pack(f"{plural}/{province}", COLUMNS, list(own))
    pack("statistical_units", ("code",), [(code,) for code in sorted(zones)])
    pack("changes", CHANGE_COLUMNS, changes(source))
    heirs = heirs_of(current, events)
    pack("successions", ("old_code", "new_code", "on", "what"), heirs)
    pack("earlier_names", ("code", "name", "until"), earlier_names(current, events))
    check(lives, heirs)


def current_names(source: Path) -> dict[str, str]:
    """Return the codes in force: the counties in law of 2026, the cities and provinces of 2023."""
    names = {}
    for file in ("provinces_2023.csv", "cities_2023.csv", "counties_2026_mca.csv"):
        names |= {short(row["code"]): row["name"] for row in table(source / file)}
    return names


def statistical_units(source: Path, lives: dict[str, Life]) -> dict[str, Life]:
    """Return the development zones and the like that only the statistics count as counties: towns lie under them."""
    return {
        row["code"]: Life(row["name"], None, None)
        for row in table(source / "counties_2023.csv")
        if row["code"] not in lives and not row["code"].endswith("00")
    }


def smaller_places(source: Path, lives: dict[str, Life]) -> dict[str, Life]:
    """Return townships and villages of 2023, and those of 2026 where a county has none of 2023.

    They end with their county: what the town is numbered since is not known.
    """
    files = ("townships_2023_all.csv.gz", "villages_2023_seed_regions.csv.gz")
    rows = [row for file in files for row in table(source / file) if not row["code"].endswith("000")]
    numbered = {row["code"][:6] for row in rows}
    rows += [
        row
        for row in table(source / "townships_2026_mca.csv.gz")
        if row["code"][:6] not in numbered and row["code"][:6] in lives
    ]
    return {row["code"]: Life(row["name"], None, (lives[above_of(row["code"], lives)]).until) for row in rows}


def above_of(code: str, lives: dict[str, Life]) -> str:
    """Return the nearest code above that is held: a city's where it has no counties."""
    return next(above for above in (code[:6], code[:4], code[:2]) if above in lives)


def changes(source: Path) -> list[tuple[str, ...]]:
    """List every change as mended, a row each, with its paper and source, in order of time."""
    mended = table(MENDED)
    dropped = {(row["year"], row["old_code"], row["new_code"]) for row in mended if row["do"] == "drop"}
    rows = [
        row | {"why": ""}
        for row in table(source / "division_changes_2000_2026.csv.gz")
        if row["level"] != "1" and (row["year"], row["old_code"], row["new_code"]) not in dropped
    ]
    rows += [
        row
        | {
            "type": END if row["do"] == "end" else AGAIN if row["old_code"] else BEGIN,
            "doc_no": "",
            "source": MENDED_BY_HAND,
            "source_url": "",
        }
        for row in mended
        if row["do"] != "drop"
    ]
    listed = [
        (
            row["year"], row["type"], short(row["old_code"]), row["old_name"], short(row["new_code"]), row["new_name"],
            row["doc_no"], row["source"], row["source_url"], row["why"],
        )
        for row in rows
    ]  # fmt: skip
    return sorted(set(listed), key=lambda row: (row[0], row[2] or row[4], row[4]))


def read_events(source: Path) -> list[Event]:
    """Return the change table as mended, in order of time, without its rows that hold no code."""
    mended = table(MENDED)
    dropped = {(row["year"], row["old_code"], row["new_code"]) for row in mended if row["do"] == "drop"}
    rows = [
        row
        for row in table(source / "division_changes_2000_2026.csv.gz")
        if row["level"] != "1" and (row["year"], row["old_code"], row["new_code"]) not in dropped
    ]
    rows += [row | {"type": END if row["do"] == "end" else BEGIN} for row in mended if row["do"] != "drop"]
    events = [
        Event(
            int(row["year"]),
            row["type"],
            short(row["old_code"]),
            short(row["new_code"]),
            row["old_name"],
            row["new_name"],
        )
        for row in rows
    ]
    return sorted(event for event in events if event.old or event.new)


def lives_of(current: dict[str, str], events: list[Event]) -> dict[str, Life]:
    """Work out each code's name and years from the events that begin and end it."""
    since: dict[str, int] = {}
    until: dict[str, int] = {}
    names: dict[str, str] = {}
    for event in events:
        if event.new and event.moves and event.kind not in ENDS_ONLY:
            since.setdefault(event.new, event.year)
        if event.old and event.moves and event.old not in current:
            until[event.old] = event.year
            names[event.old] = event.old_name
    return {
        code: Life(current.get(code) or names[code], since.get(code), until.get(code))
        for code in {*current, *names}
    }


def former_cities(lives: dict[str, Life]) -> dict[str, Life]:
    """Return the city nodes that only retired codes stood under; each lasts as long as the last of them."""
    return {
        city: Life(name, None, max(life.until or 0 for code, life in lives.items() if code[:4] == city))
        for city, name in FORMER_CITIES.items()
    }


def held_by_parents(lives: dict[str, Life]) -> dict[str, Life]:
    """Let no code begin before the code it stands under: its first digits did not exist yet."""
    held: dict[str, Life] = {}
    for code, life in sorted(lives.items(), key=lambda item: (len(item[0]), item[0])):
        above = held.get(parent_of(code)) or held.get(code[:4])
        since = max(life.since or 0, above.since or 0 if above else 0) or None
        held[code] = life._replace(since=since)
    return held


def heirs_of(current: dict[str, str], events: list[Event]) -> list[tuple[str, str, str, str]]:
    """List what became of each retired code, a row for each heir; a blank heir is not recorded."""
    heirs: dict[tuple[str, int], set[str]] = defaultdict(set)
    for event in events:
        if not event.old or not event.moves or event.old in current:
            continue
        if len(event.old) == 4:
            heirs[event.old, event.year] |= cities_of_counties(event, events)
        elif len(event.new) == 4:
            heirs[event.old, event.year] |= new_districts(event, events)
        else:
            heirs[event.old, event.year].add(event.new)
    rows = []
    for (old, year), found in sorted(heirs.items()):
        known = sorted(found - {""}) or [""]
        rows += [(old, new, first_day(year), what_happened(old, new, known, heirs)) for new in known]
    return rows


def cities_of_counties(city: Event, events: list[Event]) -> set[str]:
    """Return the cities that a retired city's counties went to in its last year, or else the table's own heir."""
    went = {
        event.new[:4]
        for event in events
        if event.year == city.year and event.moves and len(event.old) == 6 and event.old[:4] == city.old
    }
    return went - {"", city.old} or {city.new}


def new_districts(county: Event, events: list[Event]) -> set[str]:
    """Return the districts set up that year in the city which a county-level city became, or else that city."""
    continued = {event.new for event in events if event.old and event.moves}
    begun = {
        event.new
        for event in events
        if event.kind == BEGIN
        and event.year == county.year
        and len(event.new) == 6
        and event.new[:4] == county.new
    }
    return begun - continued or {county.new}


def what_happened(old: str, new: str, heirs: list[str], all_heirs: dict[tuple[str, int], set[str]]) -> str:
    """Name a succession: ended, divided, merged or renumbered."""
    if not new:
        return "ended"
    if len(heirs) > 1:
        return "divided"
    predecessors = sum(new in found for found in all_heirs.values())
    return "merged" if predecessors > 1 else "continued"


def earlier_names(current: dict[str, str], events: list[Event]) -> list[tuple[str, str, str]]:
    """List the names a code bore before, with the year from which it bore them no longer."""
    renamed = [
        event for event in events if event.old and event.kind in {"更名", "码位改派"} and not event.moves
    ]
    reused = [event for event in events if event.old in current and event.moves]
    rows = {(event.old, event.old_name, first_day(event.year)) for event in renamed + reused}
    return sorted(row for row in rows if row[1] != current.get(row[0]))


def check(lives: dict[str, Life], heirs: list[tuple[str, str, str, str]]) -> None:
    """Stop when a code has no parent at its time or an heir is unknown; print what was packed."""
    for code, life in lives.items():
        above = lives.get(parent_of(code)) or lives.get(code[:4])
        if len(code) > 2:
            assert above, f"{code} has no parent"
            assert (life.until or 9999) <= (above.until or 9999), f"{code} outlives {parent_of(code)}"
        assert life.since is None or life.until is None or life.since < life.until, (
            f"{code} ends as it begins"
        )
    for old, new, on, _ in heirs:
        assert not new or new in lives, f"{old} became {new}, which is unknown"
        assert not new or (lives[new].since or 0) <= int(on[:4]), f"{old} became {new} before it began"
    for digits in LEVELS.values():
        level = [life for code, life in lives.items() if len(code) == digits]
        print(digits, len(level), "of them retired", sum(life.until is not None for life in level))


def parent_of(code: str) -> str:
    """Return the code one level up."""
    return code[: {12: 9, 9: 6, 6: 4, 4: 2}.get(len(code), 0)]


def short(code: str) -> str:
    """Return the significant digits of a code: 520000 is 52, 520500 is 5205."""
    return (
        code.removesuffix("0000")
        if code.endswith("0000")
        else code.removesuffix("00")
        if len(code) == 6
        else code
    )


def first_day(year: int | None) -> str:
    """Return the first day of a year, the day from which a change counts when only its year is known."""
    return f"{year}-01-01" if year else ""


def table(path: Path) -> list[dict[str, str]]:
    """Read a CSV file, packed or not."""
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")
    with opened as file:
        return list(csv.DictReader(file))


def pack(name: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Write one table as gzip without name or time, so that the bytes depend on the rows alone."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    packed = gzip.compress(text.getvalue().encode("utf-8"), compresslevel=9, mtime=0)
    (TARGET / f"{name}.csv.gz").write_bytes(packed)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
