"""A list of data quality: its words, its columns, and the parts that are shown one after another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from django.utils.functional import Promise

from yingjin.insight.queries.shapes import QualityRow

TEXT, NUMBER = False, True


class Things(Protocol):
    """What can be counted and cut: a queryset or a list."""

    def count(self) -> int:
        """Return how many there are."""

    def __getitem__(self, part: slice) -> Any:
        """Return some of them in order."""


@dataclass(frozen=True)
class Part:
    """Some things in order, and how a few of them become rows."""

    things: Things
    shaped: Callable[[Sequence[Any]], list[QualityRow]]


@dataclass(frozen=True)
class Sheet:
    """One list. `answer_zh` says how many there are and what to do, `empty_zh` that there are none."""

    title_zh: str
    answer_zh: str
    empty_zh: str
    head: Sequence[tuple[str | Promise, bool]]
    parts: Sequence[Part]

    @cached_property
    def counts(self) -> list[int]:
        """Return how many things there are in each part, counted once."""
        return [part.things.count() for part in self.parts]

    def rows(self, start: int, size: int) -> list[QualityRow]:
        """Return the rows of one page, running on from one part into the next."""
        shown: list[QualityRow] = []
        for part, there in zip(self.parts, self.counts, strict=True):
            wanted = size - len(shown)
            if start < there and wanted > 0:
                shown += part.shaped(list(part.things[start : start + wanted]))
            start = max(0, start - there)
        return shown


@dataclass(frozen=True)
class Listed:
    """Things that are in memory already, counted and cut as a queryset is."""

    things: Sequence[Any]

    def count(self) -> int:
        """Return how many there are."""
        return len(self.things)

    def __getitem__(self, part: slice) -> Any:
        """Return some of them in order."""
        return self.things[part]
