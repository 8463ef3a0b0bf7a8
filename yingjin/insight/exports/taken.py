"""What a list to be taken away is made of."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from yingjin.basics.days import parse_day
from yingjin.basics.errors import NotFound
from yingjin.basics.identity import masked
from yingjin.basics.opening import Opening, Stored
from yingjin.basics.tables import Column
from yingjin.insight.queries.places import as_of, codes_of_homes, home, places_named
from yingjin.registry.models import Person
from yingjin.registry.queries import name_of, place_written

ROWS_AT_ONCE = 500
REMEMBERED = 50_000
Query = Mapping[str, str]
Number = Callable[[str], str]
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Taken:
    """A list as it is taken away: what it is called, which rows these are in words, how many, and the rows.

    `found_at` is when what it says of dues was found; None for a list that judges nobody. `live` says that each
    person is judged as the file is written, which takes longer.
    """

    title: str
    filter: Sequence[str]
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    total: int
    found_at: datetime | None = None
    live: bool = False


def in_batches(things: Iterable[Thing], many: int = ROWS_AT_ONCE) -> Iterator[list[Thing]]:
    """Yield things some hundred at a time."""
    rest = iter(things)
    while batch := list(islice(rest, many)):
        yield batch


def whole(number: str) -> str:
    """Return an identity number as it is."""
    return number


def hidden(number: str) -> str:
    """Return an identity number with its middle hidden."""
    return masked(number) if number else ""


class People:
    """Name, number and some facts of the people of a list, opened once while they are met again and again.

    The caller has taken them from a reader's sight.
    """

    def __init__(self, number: Number, *facts: str) -> None:
        self.number, self.facts = number, facts
        self.shown: dict[UUID, tuple[Any, ...]] = {}

    def meet(self, persons: Iterable[UUID]) -> None:
        """Make sure that `shown` has some people; those met longest ago make room."""
        wanted = set(persons)
        if len(self.shown) > REMEMBERED:
            self.shown = {key: shown for key, shown in self.shown.items() if key in wanted}
        new = Person.objects.filter(key__in=wanted - self.shown.keys())
        opening, sealed = Opening(Person), (Stored("name"), Stored("identity_number"))
        for key, name, number, *facts in new.values_list("key", *sealed, *self.facts):
            shown = self.number(opening.text("identity_number", key, number))
            self.shown[key] = opening.text("name", key, name), shown, *facts


class Homes(dict[str, tuple[str, str]]):
    """Township and village of a region code, as the reader's language writes them; each written once."""

    def __missing__(self, code: str) -> tuple[str, str]:
        village, township = home(code, places_named(codes_of_homes([code])))
        self[code] = written = place_written(township.name), place_written(village.name)
        return written


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


def words_of_states() -> dict[str, str]:
    """Name how a due may stand, as a list writes it."""
    return {
        "done": _("已"),
        "open": _("缺"),
        "unknown": _("待核"),
        "excepted": _("除外"),
        "not_due": _("不应享"),
    }


def words_of_sexes() -> dict[str, str]:
    """Name the sexes, as a list writes them."""
    return {"male": _("男"), "female": _("女")}
