"""A table as text for any program: UTF-8 with the mark by which spreadsheets know it."""

import csv
from collections.abc import Iterator
from itertools import islice
from typing import Any

from yingjin.basics.money import plain_yuan
from yingjin.basics.tables.columns import FIGURE, TEXT, YUAN, Table, number_in

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
DIGITS_A_SPREADSHEET_KEEPS = 15
LINES_AT_ONCE = 500


class Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        """Return the line."""
        return line


def as_csv(table: Table) -> Iterator[bytes]:
    """Yield the file: the line that says whose it is, the heads, the rows."""
    writer = csv.writer(Echo(), lineterminator="\r\n")
    kinds = [column.kind for column in table.columns]
    heads = [plain(column.head, TEXT) for column in table.columns]
    yield f"\ufeff{writer.writerow([plain(table.mark, TEXT)])}{writer.writerow(heads)}".encode()
    rows = iter(table.rows)
    while batch := list(islice(rows, LINES_AT_ONCE)):
        lines = (
            str(writer.writerow([plain(cell, kind) for cell, kind in zip(row, kinds, strict=True)]))
            for row in batch
        )
        yield "".join(lines).encode()


def plain(cell: Any, kind: str) -> str:
    """Return a cell as text. What a spreadsheet would run, or round, gets an apostrophe before it."""
    if cell is None:
        return ""
    if kind == YUAN:
        return plain_yuan(cell)
    text = str(cell)
    if kind == FIGURE and (figure := number_in(text)):
        return figure
    if kind not in (TEXT, FIGURE):
        return text
    runs = text.startswith(FORMULA_STARTS)
    rounds = len(text) > DIGITS_A_SPREADSHEET_KEEPS and text.isascii() and text[:-1].isdigit()
    return f"'{text}" if runs or rounds else text
