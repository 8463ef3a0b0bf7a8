"""What a list to be taken away is made of."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from yingjin.basics.days import parse_day
from yingjin.basics.errors import NotFound
from yingjin.basics.identity import masked
from yingjin.basics.tables import Column
from yingjin.insight.queries.places import as_of
from yingjin.registry.models import Person
from yingjin.registry.queries import name_of, place_written

ROWS_AT_ONCE = 500
Query = Mapping[str, str]
Number = Callable[[str], str]
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Taken:
    """A list as it is taken away: what it is called, which rows these are in words, how many, and the rows."""

    title: str
    filter: Sequence[str]
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    total: int


def in_batches(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    """Yield things some hundred at a time."""
    rest = iter(things)
    while batch := list(islice(rest, ROWS_AT_ONCE)):
        yield batch


def whole(number: str) -> str:
    """Return an identity number as it is."""
    return number


def hidden(number: str) -> str:
    """Return an identity number with its middle hidden."""
    return masked(number) if number else ""


def numbers_of(persons: Iterable[UUID]) -> dict[UUID, str]:
    """Return the identity numbers of people whom the caller has taken from a reader's sight."""
    people = Person.objects.filter(key__in=set(persons)).only("key", "identity_number")
    return {person.key: person.identity_number for person in people}


def place_in_words(code: str) -> str:
    """Return a place as its reader's language writes it; the code where nothing is called so."""
    name = name_of(code)
    return place_written(name) if name else code


def day_in(query: Query, reader: Any, *, found: bool) -> date:
    """Return the day a list speaks of: the one asked for, else the newest. Errors: BadDate, NotFound."""
    if query.get("on"):
        return parse_day(query["on"])
    known = as_of(reader)
    day = known.found_days[0] if found and known.found_days else known.data_until
    if day is None:
        raise NotFound(
            "还没有数据，所以没有名单可以导出。先导入登记册。",
            "There is no data yet, so there is no list to take. Import the registers first.",
        )
    return day
