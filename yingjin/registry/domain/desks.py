"""Which lists are whose: what each department's officers see, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Desk:
    """The own lists of one department: who is on them, and what is seen of who is."""

    role: str
    zh: str
    en: str
    categories: frozenset[str]
    dues: tuple[str, ...]
    owners: frozenset[str]
    held_bills: bool
    bills: bool


@dataclass(frozen=True)
class Desks:
    """Every desk by its role, and how many days a window may work for somebody shown there."""

    desks: Mapping[str, Desk]
    window_days: int


def build(stored: Mapping[str, Any]) -> Desks:
    """Return the desks of a file's contents. Errors: KeyError for one that lacks a line."""
    return Desks(
        {role: _desk(role, facts) for role, facts in stored["desks"].items()}, int(stored["window"]["days"])
    )


def _desk(role: str, facts: Mapping[str, Any]) -> Desk:
    return Desk(
        role=role,
        zh=facts["zh"],
        en=facts["en"],
        categories=frozenset(facts["categories"]),
        dues=tuple(facts["dues"]),
        owners=frozenset(facts["owners"]),
        held_bills=bool(facts["held_bills"]),
        bills=bool(facts["bills"]),
    )
