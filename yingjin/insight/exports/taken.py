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
REMEMBERED = 20_000
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


class People:
    """Names and numbers of the people of a list, opened once while they are met again and again.

    The caller has taken them from a reader's sight.
    """

    def __init__(self, number: Number) -> None:
        self.number = number
        self.shown: dict[UUID, tuple[str, str]] = {}

    def meet(self, persons: Iterable[UUID]) -> None:
        """Make sure that `shown` has some people; those met longest ago make room."""
        wanted = set(persons)
        if len(self.shown) > REMEMBERED:
            self.shown = {key: shown for key, shown in self.shown.items() if key in wanted}
        new = Person.objects.filter(key__in=wanted - self.shown.keys())
        for key, name, number in new.values_list("key", "name", "identity_number"):
            self.shown[key] = name, self.number(number)


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
