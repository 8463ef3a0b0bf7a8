"""Chance, one stream for each concern, so that a change in one leaves the others as they were."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


def stream(seed: int, concern: str) -> Random:
    """Start the stream of one concern; the same seed and concern always give the same chances."""
    return Random(f"yingjin {seed} {concern}")


class Draw(Generic[Thing]):
    """Draw things by weight."""

    __slots__ = ("_things", "_sums", "_total")

    def __init__(self, weights: Mapping[Thing, float] | Iterable[tuple[Thing, float]]) -> None:
        pairs = list(weights.items() if isinstance(weights, Mapping) else weights)
        self._things = [thing for thing, _ in pairs]
        self._sums = list(accumulate(weight for _, weight in pairs))
        self._total = self._sums[-1] if self._sums else 0.0

    def __bool__(self) -> bool:
        return self._total > 0

    def one(self, chance: Random) -> Thing:
        """Draw one thing. Errors: IndexError when no thing has weight."""
        drawn: Thing = self._things[bisect_right(self._sums, chance.random() * self._total)]
        return drawn


def whole_numbers(weights: list[float], total: int) -> list[int]:
    """Share a total out by weight in whole numbers, the largest remainders first; the parts add up to the total."""
    wanted = [weight * total / sum(weights) for weight in weights]
    parts = [int(want) for want in wanted]
    by_remainder = sorted(range(len(parts)), key=lambda place: (parts[place] - wanted[place], place))
    for place in by_remainder[: total - sum(parts)]:
        parts[place] += 1
    return parts
