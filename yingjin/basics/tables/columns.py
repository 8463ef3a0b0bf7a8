"""What a table to be written as a file is made of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

# What the cells of a column are: words and numbers of things, whole numbers, fen shown as yuan, days, and figures
# that are written out already (1,234.50), of which some may be words.
TEXT, WHOLE, YUAN, DAY, FIGURE = "text", "whole", "yuan", "day", "figure"
KINDS = (TEXT, WHOLE, YUAN, DAY, FIGURE)
WRITTEN_FIGURE = re.compile(r"[-−]?\d{1,3}(,?\d{3})*(\.\d+)?", re.ASCII)


def number_in(text: str) -> str:
    """Return a written figure as a machine reads it, nothing when it is none."""
    return text.replace(",", "").replace("−", "-") if WRITTEN_FIGURE.fullmatch(text) else ""


@dataclass(frozen=True)
class Column:
    """One column: its head, what its cells are, and how wide it is in characters of a figure.

    `few` says that the same texts come again and again: places, states, sexes. Each is then written out once.
    """

    head: str
    kind: str = TEXT
    width: int = 12
    few: bool = False


@dataclass(frozen=True)
class Table:
    """A table as it is written: `mark` says in its first line who took it, when, and which rows these are.

    A cell is None where nothing is known. `rows` are taken once, as they are written.
    """

    title: str
    mark: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
