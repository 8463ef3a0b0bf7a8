"""What the page of a region shows: what is due, done and lacking in each place below it."""

from dataclasses import dataclass
from datetime import date

from yingjin.insight.queries.shapes.common import Place
from yingjin.insight.queries.shapes.overview import DueCount
from yingjin.insight.queries.shapes.people import FindPage


@dataclass(frozen=True)
class RegionRow:
    """One place: its base, its four dues, what is late, and what is to be mended in its data.

    `known` is False for a place from which no register came: then nothing is counted, and nothing is zero.
    """

    place: Place
    known: bool
    persons: int
    households: int
    dues: dict[str, DueCount]
    late: int
    quality: dict[str, int]

    @property
    def lacking(self) -> int:
        """Return how many dues are open or unknown."""
        return sum(each.open + each.unknown for each in self.dues.values())

    @property
    def doubtful(self) -> int:
        """Return how many things in the data are to be mended."""
        return sum(self.quality.values())


@dataclass(frozen=True)
class RegionPage:
    """A region on a found day: itself, the places below it, and for a village who lives there."""

    level: str
    on: date
    whole: RegionRow
    parts: list[RegionRow]
    people: FindPage | None
