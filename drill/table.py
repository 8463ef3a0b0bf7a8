"""What a drill hands back: how much was done, and what went wrong, which must be nothing.

A drill is a module of this folder, named in drill/__main__.py, with

    def run(seed: int, share: float) -> Outcome: ...

`share` is the part of the full count to do (YINGJIN_DRILL_SHARE, 1 for all).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from yingjin.basics.progress import track

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Outcome:
    """One drill: what was done, how often, what went wrong, and what shows that wrong things would be seen."""

    what: str
    done: int
    wrong: tuple[str, ...]
    control: str
    database: str = ""


def count(full: int, share: float) -> int:
    """Return the part of a full count to do, one at the least."""
    return max(1, round(full * share))


def ticks(label: str, total: int) -> Callable[[Iterable[Thing]], Iterable[Thing]]:
    """Return what shows how far a drill is."""

    def shown(things: Iterable[Thing]) -> Iterable[Thing]:
        return track(things, label, total=total)

    return shown
