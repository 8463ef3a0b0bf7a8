"""Slips of the pen in a register: identity numbers, names, birthdays, villages, sex."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from yingjin.jobs.county.assumptions import names, same_sounding, traditional
from yingjin.jobs.county.streams import Draw

LEGACY_BEFORE = date(1999, 10, 1)


class Pen:
    """Write what a clerk writes, with the slips of one stream of chance."""

    def __init__(self, chance: Random, rules: Mapping[str, Any]) -> None:
        self.chance, self.rules = chance, rules
        self.identity_kinds = Draw(rules["identity_kinds"])
        self.name_kinds = Draw(rules["name_kinds"])
        self.birth_kinds = Draw(rules["birth_kinds"])
        self.wrong_characters = names()["male"] + names()["female"]

    def identity(self, number: str, born_on: date, relative: str, factor: float = 1) -> tuple[str, str]:
        """Write an identity number; give the writing and the kind of slip, blank for none."""
        chance, rules = self.chance, self.rules
        if relative and chance.random() < rules["identity_of_relative"]:
            return relative, "identity_of_relative"
        if chance.random() < rules["identity_missing"] * factor:
            return "", "identity_missing"
        if chance.random() < rules["identity"] * factor:
            return self.mistyped(number), "identity"
        if born_on < LEGACY_BEFORE and chance.random() < rules["identity_legacy"]:
            return number[:6] + number[8:17], "identity_legacy"
        if chance.random() < rules["identity_spaces"]:
            return chance.choice((number.lower(), f" {number}", f"{number[:6]} {number[6:]}")), ""
        return number, ""

    def mistyped(self, number: str) -> str:
        """Mistype a number in one of the usual ways; the result always differs."""
        while True:
            wrong = MISTYPED[self.identity_kinds.one(self.chance)](number, self.chance)
            if wrong != number:
                return wrong

    def name(self, name: str) -> tuple[str, str]:
        """Write a name; give the writing and the kind of slip."""
        if self.chance.random() >= self.rules["name"]:
            return name, ""
        wrong = self.misspelt(name)
        return wrong, "name" if wrong != name else ""

    def misspelt(self, name: str) -> str:
        """Misspell a name in one of the usual ways; a name that cannot be misspelt that way stays."""
        chance, kind = self.chance, self.name_kinds.one(self.chance)
        place = chance.randrange(len(name))
        variants = names()["surname_variants"]
        if kind == "surname" and name[0] in variants:
            return f"{variants[name[0]]}{name[1:]}"
        if kind == "traditional":
            return "".join(traditional().get(character, character) for character in name)
        if kind == "wrong":
            return f"{name[:-1]}{chance.choice(self.wrong_characters)}"
        if kind == "lost" and len(name) > 2:
            return name[:1] + name[2:]
        if kind == "stray":
            return name[:1] + chance.choice((" ", "·", "　")) + name[1:]
        alike = same_sounding().get(name[place], "")
        return name[:place] + chance.choice(alike) + name[place + 1 :] if alike else name

    def birthday(self, born_on: date) -> tuple[date, str]:
        """Write a birthday; give it and the kind of slip."""
        if self.chance.random() >= self.rules["birth"]:
            return born_on, ""
        return self.misdated(born_on), "birth"

    def misdated(self, born_on: date) -> date:
        """Misdate a birthday: by the lunar calendar, as 1 January, or in year, day or month.

        Never later than it was: nobody is treated or enrolled before the day written.
        """
        chance, kind = self.chance, self.birth_kinds.one(self.chance)
        if kind == "lunar":
            return born_on - timedelta(days=chance.randrange(18, 52))
        if kind == "first_of_year":
            return born_on.replace(month=1, day=1)
        if kind == "year":
            return born_on - timedelta(days=chance.choice((365, 366, 730)))
        if kind == "day":
            return born_on.replace(day=min(born_on.day, chance.randrange(1, 29)))
        return born_on.replace(day=min(born_on.day, 28), month=chance.randrange(1, born_on.month + 1))


def _digit(number: str, chance: Random) -> str:
    place = chance.randrange(17)
    return number[:place] + str((int(number[place]) + chance.randrange(1, 10)) % 10) + number[place + 1 :]


def _swap(number: str, chance: Random) -> str:
    place = chance.randrange(16)
    return number[:place] + number[place + 1] + number[place] + number[place + 2 :]


def _lost(number: str, chance: Random) -> str:
    place = chance.randrange(18)
    return number[:place] + number[place + 1 :]


def _two(number: str, chance: Random) -> str:
    return _digit(_digit(number, chance), chance)


def _doubled(number: str, chance: Random) -> str:
    place = chance.randrange(17)
    return number[:place] + number[place] + number[place:]


MISTYPED: dict[str, Callable[[str, Random], str]] = {
    "digit": _digit,
    "swap": _swap,
    "lost": _lost,
    "two": _two,
    "doubled": _doubled,
}
