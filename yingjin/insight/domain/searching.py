"""How what somebody typed to find people is read: a name, pinyin, the end of a number, or nothing but a place."""

import re
import unicodedata
from typing import NamedTuple

from yingjin.basics.names import same_name_key
from yingjin.registry.domain.pinyin import typed

NAME, PINYIN, LAST_FOUR, NUMBER, NOTHING = "name", "pinyin", "last_four", "number", "nothing"
FOUR = re.compile(r"\d{3}[\dX]", re.ASCII)
DIGITS = re.compile(r"[\dX]*\d[\dX]*", re.ASCII)
AFTER_ALL = "\U0010ffff"  # sorts after every letter by byte


class Search(NamedTuple):
    """How a text was read, and the form in which what is stored is compared."""

    kind: str
    key: str


def read_search(text: str) -> Search:
    """Read what was typed. Other digits than four are read as nothing: whole numbers are not asked for.

    Errors: none.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if not plain:
        return Search(NOTHING, "")
    if FOUR.fullmatch(plain):
        return Search(LAST_FOUR, plain)
    if DIGITS.fullmatch(plain):
        return Search(NUMBER, "")
    letters = typed(text)
    if letters and letters.isascii():
        return Search(PINYIN, letters)
    return Search(NAME, same_name_key(text))


def from_prefix(prefix: str) -> tuple[str, str]:
    """Return the range of texts that begin with a prefix: low <= text < high, compared by byte."""
    return prefix, prefix + AFTER_ALL
