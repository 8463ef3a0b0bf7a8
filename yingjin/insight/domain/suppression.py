"""Publish counts of a tree of places so that no small count can be worked out.

The counts of one disease: persons, stays and cost of every village, its township, the county. A place with 1 to 9
persons shows "<10" and nothing else. Where that could be undone by subtracting, other places are held back too.

* suppress     what may be shown of each place
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

SHOWN, FEW, HELD = "", "few", "held"
FEW_MAX = 9


class Counts(NamedTuple):
    """Persons with a disease in a place, their stays for it and what those cost in fen."""

    persons: int
    stays: int
    cost_fen: int


MEASURES = range(len(Counts._fields))
UP, DOWN = 1, -1


def suppress(counts: Mapping[str, Counts], parents: Mapping[str, str]) -> dict[str, str]:
    """Decide for each place whether it is SHOWN, FEW or HELD back.

    `counts` holds every place; a place's counts are the sums of those below it and of people known to live in no
    smaller place, whom a reader may know of. `parents` gives the place above; a place without one is a root.
    Places without anybody are always shown. Nothing hidden can be worked out: for every hidden figure another value
    fits everything that is shown and everything that the marks say. Errors: none. Source: R96.
    """
    tree = _Tree(dict(counts), dict(parents))
    while unsafe := [code for code in tree.hidden() if not tree.safe(code)]:
        # A place whose parts all show hides nothing yet: that comes first, or more would be hidden than needed.
        hollow = [code for code in unsafe if tree.hollow(code)]
        for code in hollow or _one_a_group(unsafe, tree.parents):
            hidden = tree.hide_more(code)
            assert hidden is not None, "with everything above held back, every figure can move up"
            if hidden == tree.parents.get(code):
                break  # what is hidden above may have made the others safe
        tree.forget()
    return tree.marks


def _one_a_group(unsafe: list[str], parents: Mapping[str, str]) -> list[str]:
    """Return one place of each group of neighbours, of the smallest places alone."""
    smallest = [code for code in unsafe if len(code) == len(unsafe[0])]
    return list({parents.get(code, ""): code for code in reversed(smallest)}.values())


@dataclass
class _Tree:
    """The marks as they stand, and which figures can move without anything shown changing.

    A figure is safe when it can move up or down by one while the marks still hold: some other hidden figure takes
    the difference, or it runs up through places held back to the root.
    """

    counts: dict[str, Counts]
    parents: dict[str, str]
    marks: dict[str, str] = field(init=False)
    below: dict[str, list[str]] = field(init=False, default_factory=dict)
    known: dict[tuple[str, str, int, int], bool] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.marks = {
            code: FEW if 1 <= each.persons <= FEW_MAX else SHOWN for code, each in self.counts.items()
        }
        for code in sorted(self.counts):
            if code in self.parents and self.counts[code].persons:
                self.below.setdefault(self.parents[code], []).append(code)

    def forget(self) -> None:
        """Drop what was worked out under earlier marks."""
        self.known.clear()

    def hidden(self) -> list[str]:
        """Return every place that is not shown, the smallest places first."""
        return sorted(
            (code for code, mark in self.marks.items() if mark != SHOWN), key=lambda code: (-len(code), code)
        )

    def safe(self, code: str) -> bool:
        """Say whether no figure of a place can be worked out."""
        return all(
            any(self._moves(code, measure, way) and self._absorbed(code, measure, way) for way in (UP, DOWN))
            for measure in MEASURES
        )

    def hollow(self, code: str) -> bool:
        """Say whether a place has parts and all of them show."""
        inside = self.below.get(code)
        return inside is not None and all(self.marks[each] == SHOWN for each in inside)

    def hide_more(self, code: str) -> str | None:
        """Hide one place more for the sake of one that is not safe; return it, or None when nothing is left to hide.

        First a part of its own, then its neighbours, then those above, and at last that it has few.
        """
        if self.hollow(code):
            return self._hold(max(self.below[code], key=self._persons))
        beside = [each for each in self._beside(code) if self.marks[each] == SHOWN]
        if beside:
            return self._hold(min(beside, key=self._persons))
        above = self.parents.get(code)
        if above is not None:
            higher = self._hold(above) if self.marks[above] != HELD else self.hide_more(above)
            if higher is not None:
                return above
        return self._hold(code) if self.marks[code] == FEW else None

    def _hold(self, code: str) -> str:
        self.marks[code] = HELD
        return code

    def _persons(self, code: str) -> tuple[int, str]:
        return self.counts[code].persons, code

    def _beside(self, code: str) -> Iterator[str]:
        return (each for each in self.below.get(self.parents.get(code, ""), ()) if each != code)

    def _allowed(self, code: str, measure: int, way: int) -> bool:
        """Say whether a hidden figure moved by one still fits its mark, for a reader who knows how marks are set."""
        moved = self.counts[code][measure] + way
        if measure > 0:
            return moved >= 0
        if self.marks[code] == FEW:
            return 1 <= moved <= FEW_MAX
        natural = self.counts[code].persons > FEW_MAX
        return moved > FEW_MAX if natural else moved >= 1

    def _moves(self, code: str, measure: int, way: int) -> bool:
        """Say whether a hidden figure can move within its own mark and those below it."""
        asked = ("moves", code, measure, way)
        if asked not in self.known:
            inside = self.below.get(code)
            self.known[asked] = (
                self.marks[code] != SHOWN
                and self._allowed(code, measure, way)
                and (not inside or any(self._moves(each, measure, way) for each in inside))
            )
        return self.known[asked]

    def _absorbed(self, code: str, measure: int, way: int) -> bool:
        """Say whether everything outside a place can take its movement."""
        asked = ("absorbed", code, measure, way)
        if asked not in self.known:
            above = self.parents.get(code)
            self.known[asked] = (
                above is None
                or any(self._moves(each, measure, -way) for each in self._beside(code))
                or (
                    self.marks[above] != SHOWN
                    and self._allowed(above, measure, way)
                    and self._absorbed(above, measure, way)
                )
            )
        return self.known[asked]
