"""
How names are read, so that people and places are found by typing.

* read_person    a person's name: the surname by its own table, then the given name
* readings_of_beginning    every way the beginning of a person's name may be read
* read_place     a place's name, with the readings that only places have
* typed          what somebody typed, made like what is stored

Readings hold lower-case ASCII letters and digits alone: no tone, no space, v for ü.
"""

import unicodedata
from collections.abc import Mapping
from itertools import islice, product
from typing import NamedTuple

from pypinyin import Style, lazy_pinyin, pinyin

from yingjin.basics.names import INTERPUNCTS, same_name_key

MOST_READINGS = 24


class Reading(NamedTuple):
    """A name's full pinyin and the first letters of its syllables."""

    full: str
    initials: str


def read_person(name: str, surnames: Mapping[str, str]) -> Reading:
    """Read a person's name: 单国强 is shanguoqiang, sgq.

    A name with an interpunct is not of the Han pattern, so no part of it is read as a surname.
    Source: `surnames` holds the surnames that are read otherwise than the character elsewhere.
    """
    key = same_name_key(name)
    surname = "" if any(char in INTERPUNCTS for char in name.strip()) else surname_of(key, surnames)
    syllables = surnames[surname].split() if surname else lazy_pinyin(key[:1], v_to_u=False)
    return _reading(syllables + lazy_pinyin(key[len(surname) or 1 :], v_to_u=False))


def surname_of(name: str, surnames: Mapping[str, str]) -> str:
    """Return the listed surname a name begins with, a double one first; empty when none is listed."""
    return next((name[:size] for size in (2, 1) if len(name) > size and name[:size] in surnames), "")


def readings_of_beginning(begun: str, surnames: Mapping[str, str]) -> list[str]:
    """Return the pinyin that a name beginning with some characters may begin with: what follows may change a reading.

    Errors: none. Of very many ways the likeliest are returned, the reading of the characters alone always.
    """
    ways = [
        list(dict.fromkeys(_plain(syllable) for syllable in syllables))
        for syllables in pinyin(begun, style=Style.NORMAL, heteronym=True, v_to_u=False)
    ]
    found = ["".join(way) for way in islice(product(*ways), MOST_READINGS)]
    listed = surname_of(begun + " ", surnames)
    if listed:
        first = "".join(map(_plain, surnames[listed].split()))
        rest = ways[len(listed) :]
        found += [first + "".join(way) for way in islice(product(*rest), MOST_READINGS)]
    return list(dict.fromkeys([read_person(begun, surnames).full, *found]))


def read_place(name: str, places: Mapping[str, str]) -> Reading:
    """Read a place's name: 六枝特区 is luzhitequ, lztq.

    Source: `places` holds the parts of place names that are read otherwise than the same characters elsewhere.
    """
    syllables: list[str] = []
    begun = at = 0
    while at < len(name):
        part = next((part for part in places if name.startswith(part, at)), "")
        if part:
            syllables += lazy_pinyin(name[begun:at], v_to_u=False) + places[part].split()
            begun = at = at + len(part)
        else:
            at += 1
    return _reading(syllables + lazy_pinyin(name[begun:], v_to_u=False))


def typed(text: str) -> str:
    """Return what was typed in the form that is stored: `Lǚ Liáng`, `lü'liang` and `LYULIANG` are all lvliang.

    Chinese characters stay; spaces, tone marks and apostrophes go.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    parts = unicodedata.normalize("NFD", plain)
    letters = "".join(
        char
        for char in parts.replace("u\u0308", "v")
        if char.isalnum() and unicodedata.category(char) != "Mn"
    )
    return letters.replace("lyu", "lv")


def _plain(syllable: str) -> str:
    return "".join(char for char in syllable.lower() if char.isascii() and char.isalnum())


def _reading(syllables: list[str]) -> Reading:
    plain = [_plain(syllable) for syllable in syllables]
    return Reading("".join(plain), "".join(syllable[:1] for syllable in plain))
