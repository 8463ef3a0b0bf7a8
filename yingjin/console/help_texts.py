"""
What the help of each page says, read from console/help: one file a page, in both languages.

* help_of     the help of a page, by the name of its address
* ALIASES     pages that are the same page under two addresses
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

HELP = files("yingjin.console") / "help"
ALIASES = {"regions": "region"}


@dataclass(frozen=True)
class Help:
    """The help of one page in one language."""

    answers: str
    words: tuple[tuple[str, str], ...]
    todo: tuple[str, ...]


@cache
def help_of(page: str, language: str) -> Help | None:
    """Return the help of a page in zh or en; None for a page that has none."""
    path = HELP / f"{ALIASES.get(page, page)}.yaml"
    if not page.isidentifier() or not path.is_file():
        return None
    text = yaml.safe_load(path.read_text(encoding="utf-8"))[language]
    words = tuple(pair for word in text["words"] for pair in word.items())
    return Help(text["answers"], words, tuple(text["todo"]))
