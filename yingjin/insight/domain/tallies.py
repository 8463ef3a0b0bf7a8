"""Count a finding by place, so that pages look numbers up and never scan people.

* DueTallies    counts the dues of everybody, for two audiences
* places_of     the places a region code lies in, itself included
* age_of        how long ago a due arose, as the filter's choices
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from yingjin.gaps.domain.dues import DONE, EXCEPTED, OPEN, UNKNOWN, DueState
from yingjin.registry.domain.regions import LEVELS

ALL, PLAIN = "all", "plain"
AUDIENCES = (ALL, PLAIN)
LACKING, LATE, DUE = "lacking", "late", "due"
BASE, PERSONS, MONEY, DISEASE, QUALITY = "base", "persons", "money", "disease", "quality"  # what is measured
STATUSES = (DONE, OPEN, UNKNOWN, EXCEPTED)
AGES = (("0-29", 0), ("30-89", 30), ("90-364", 90), ("365-", 365))  # code, days from


class DueGroup(NamedTuple):
    """Dues that stand alike."""

    due: str
    status: str
    reason: str
    owner: str
    age: str
    late: bool


def places_of(region_code: str) -> list[str]:
    """List the codes of the places a code lies in, the province first, itself last."""
    return [region_code[:digits] for digits in LEVELS if digits <= len(region_code)]


def age_of(since_on: date | None, on: date) -> str:
    """Return how long ago a due arose; blank for what is not lacking."""
    if since_on is None:
        return ""
    days = (on - since_on).days
    return next((code for code, least in reversed(AGES) if days >= least), AGES[0][0])


def is_late(state: DueState, on: date) -> bool:
    """Say whether something lacking is past its deadline."""
    return state.due_by is not None and state.due_by < on


class DueTallies:
    """Counts dues and the persons behind them, per audience and place; plain readers' counts lack what is sensitive."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.groups: dict[tuple[str, str], dict[DueGroup, list[int]]] = defaultdict(dict)
        self.persons: dict[tuple[str, str], dict[tuple[str, str], int]] = defaultdict(
            lambda: defaultdict(int)
        )
        self.base: dict[str, int] = defaultdict(int)

    def add(self, region_code: str, states: Sequence[DueState]) -> None:
        """Count one person of the base with every due; a person with a due is in the base."""
        self.base[region_code] += 1
        plain = [state for state in states if not state.sensitive]
        for audience, seen in ((ALL, states), (PLAIN, plain)):
            self.add_for(audience, region_code, seen)

    def add_for(self, audience: str, region_code: str, states: Iterable[DueState]) -> None:
        """Count those dues of one person that an audience may see."""
        groups = self.groups[audience, region_code]
        kinds: set[tuple[str, str]] = set()
        for state in states:
            late = is_late(state, self.on)
            age = age_of(state.since_on, self.on)
            group = DueGroup(state.due, state.status, state.reason, state.owner, age, late)
            count = groups.setdefault(group, [0, 0])
            count[0] += 1
            count[1] += state.shortfall_fen
            kinds |= {(due, kind) for due in ("", state.due) for kind in kinds_of(state.status, late)}
        persons = self.persons[audience, region_code]
        for each in kinds:
            persons[each] += 1

    def rolled_groups(self) -> Iterator[tuple[str, str, DueGroup, int, int]]:
        """Yield audience, place, group, how many dues and what they lack in fen, for every place."""
        rolled: dict[tuple[str, str], dict[DueGroup, list[int]]] = defaultdict(dict)
        for (audience, code), groups in self.groups.items():
            for place in places_of(code):
                into = rolled[audience, place]
                for group, (count, short_fen) in groups.items():
                    sums = into.setdefault(group, [0, 0])
                    sums[0] += count
                    sums[1] += short_fen
        for (audience, place), groups in sorted(rolled.items()):
            for group, (count, short_fen) in sorted(groups.items()):
                yield audience, place, group, count, short_fen

    def rolled_persons(self) -> Iterator[tuple[str, str, str, str, int]]:
        """Yield audience, place, due (blank: any of them), kind and how many persons, for every place."""
        rolled: dict[tuple[str, str, str, str], int] = defaultdict(int)
        for (audience, code), kinds in self.persons.items():
            for place in places_of(code):
                for (due, kind), persons in kinds.items():
                    rolled[audience, place, due, kind] += persons
        for key, persons in sorted(rolled.items()):
            yield (*key, persons)


def kinds_of(status: str, late: bool) -> Iterator[str]:
    """Yield the kinds a due is listed under: its status, and due, lacking and late where it is."""
    yield status
    if status != EXCEPTED:
        yield DUE
    if status in (OPEN, UNKNOWN):
        yield LACKING
    if late:
        yield LATE


def rolled(counts: dict[str, int]) -> dict[str, int]:
    """Add up counts by region code into every place they lie in."""
    sums: dict[str, int] = defaultdict(int)
    for code, count in counts.items():
        for place in places_of(code):
            sums[place] += count
    return dict(sums)
