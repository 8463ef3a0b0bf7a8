"""When a clause applies: a small closed vocabulary over one bill's situation, no expressions."""

from dataclasses import dataclass
from typing import NamedTuple


class Situation(NamedTuple):
    """What conditions may ask about a bill and its person on the reference day.

    `reached` holds, of the ages that the rulebook names, those the person has reached.
    """

    held: frozenset[str]
    reached: frozenset[int]
    setting: str
    level: str
    in_county: bool
    designated: bool
    public: bool


@dataclass(frozen=True)
class Condition:
    """All that is stated must be so; what is not stated does not matter.

    `holds` asks for one of the categories; `any_of` for one of the conditions, `all_of` for each.
    """

    holds: tuple[str, ...] = ()
    aged_min: int | None = None
    setting: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    in_county: bool | None = None
    designated: bool | None = None
    public: bool | None = None
    any_of: tuple["Condition", ...] = ()
    all_of: tuple["Condition", ...] = ()

    def met(self, it: Situation) -> bool:
        """Say whether the condition is met."""
        return (
            (not self.holds or not it.held.isdisjoint(self.holds))
            and (self.aged_min is None or self.aged_min in it.reached)
            and (not self.setting or it.setting in self.setting)
            and (not self.level or it.level in self.level)
            and self.in_county in (None, it.in_county)
            and self.designated in (None, it.designated)
            and self.public in (None, it.public)
            and (not self.any_of or any(one.met(it) for one in self.any_of))
            and all(one.met(it) for one in self.all_of)
        )

    def ages(self) -> frozenset[int]:
        """Return every age the condition asks for."""
        own = frozenset() if self.aged_min is None else frozenset({self.aged_min})
        return own.union(*(one.ages() for one in self.any_of + self.all_of))

    def categories(self) -> frozenset[str]:
        """Return every category the condition asks for."""
        return frozenset(self.holds).union(*(one.categories() for one in self.any_of + self.all_of))


ALWAYS = Condition()
