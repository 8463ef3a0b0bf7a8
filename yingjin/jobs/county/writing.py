"""Write rows as the files a county would send: workbooks with every cell text, and CSVs with a control row.

The same rows always give the same bytes: workbooks carry a fixed day, and nothing of the machine.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from yingjin.basics.money import BadMoney, parse_yuan, plain_yuan
from yingjin.fusion.formats import Kind

WRITTEN_AT = datetime(2026, 1, 1)
BOM_UTF8, UTF8, GB18030 = "utf-8-sig", "utf-8", "gb18030"
COLUMN_WIDTH = 14


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet to write: its kind, its rows, and the lines above the header."""

    kind: Kind
    rows: Iterable[Sequence[str]]
    above: tuple[str, ...] = ()


def write_workbook(path: Path, sheets: Iterable[Sheet], notes: Sequence[Sequence[str]] = ()) -> None:
    """Write a workbook; every cell is text. `notes` become a last sheet, 列说明."""
    with Workbook(str(path), {"constant_memory": True}) as book:
        book.set_properties({"created": WRITTEN_AT, "author": "", "company": ""})
        as_text = book.add_format({"num_format": "@"})
        bold = book.add_format({"num_format": "@", "bold": True})
        for sheet in sheets:
            title = sheet.kind.sheet
            assert title is not None, "a workbook holds kinds that are sheets"
            lines = (*sheet.above, *[""] * (sheet.kind.header_row - 1 - len(sheet.above)))
            _fill(book.add_worksheet(title), [[line] for line in lines], sheet, as_text, bold)
        if notes:
            page = book.add_worksheet("列说明")
            for place, note in enumerate(notes):
                page.write_row(place, 0, list(note), bold if place == 0 else as_text)


def _fill(page: Any, lines: Sequence[Sequence[str]], sheet: Sheet, as_text: Any, bold: Any) -> None:
    page.set_column(0, len(sheet.kind.columns) - 1, COLUMN_WIDTH, as_text)
    for place, line in enumerate(lines):
        page.write_string(place, 0, line[0])
    for column, title in enumerate(sheet.kind.titles):
        page.write_string(len(lines), column, title, bold)
    page.freeze_panes(len(lines) + 1, 0)
    write = page.write_string
    for place, row in enumerate(sheet.rows, len(lines) + 1):
        for column, cell in enumerate(row):
            if cell:
                write(place, column, cell)


def write_csv(path: Path, kind: Kind, rows: Iterable[Sequence[str]], encoding: str = UTF8) -> None:
    """Write a CSV with its header, and its control row where the kind has one."""
    line_end = "\r\n" if encoding == BOM_UTF8 else "\n"
    with path.open("w", encoding=encoding, newline="") as file:
        out = csv.writer(file, lineterminator=line_end)
        out.writerow(kind.titles)
        out.writerows(rows if kind.control_row is None else with_control_row(kind, rows))


def with_control_row(kind: Kind, rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Yield the rows and then the control row: how many there were, and the sum of each money column."""
    control = kind.control_row
    assert control is not None, "only some kinds have a control row"
    money = [(place, column.name) for place, column in enumerate(kind.columns) if column.type == "money"]
    sums, count = [0] * len(money), 0
    for row in rows:
        count += 1
        for which, (place, _) in enumerate(money):
            sums[which] += _fen(row[place])
        yield row
    closing = dict.fromkeys(kind.titles, "")
    closing[kind.key[0]] = control.id
    closing[control.count_in] = str(count)
    closing |= {title: plain_yuan(fen) for (_, title), fen in zip(money, sums, strict=True)}
    yield list(closing.values())


def _fen(cell: str) -> int:
    """Read an amount for a sum; one that cannot be read counts as nothing."""
    if not cell or cell == "0.00":
        return 0
    try:
        return -parse_yuan(cell[1:]) if cell.startswith("-") else parse_yuan(cell)
    except BadMoney:
        return 0
