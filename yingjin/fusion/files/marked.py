"""The marked-up copy of a file: its refused rows under its own headers, with the row number and the reason."""

import io
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import xlsxwriter

from yingjin.fusion.files.tables import OUR_MARKS, REASON_TITLE, ROW_NUMBER_TITLE

ALWAYS_THE_SAME = datetime(2000, 1, 1)  # a workbook says when it was made; the same rows give the same bytes
MOST_CHARACTERS_OF_A_CELL = 32_000
MOST_ROWS = 1_000_000
IN_MEMORY = "/dev/shm"


class MarkedRow(NamedTuple):
    """A refused row as it came, and why."""

    number: int
    cells: Sequence[str]
    reason: str


class MarkedSheet(NamedTuple):
    """A sheet of the copy: its name, the lines above its header, its titles and the refused rows."""

    name: str
    above: Sequence[Sequence[str]]
    titles: Sequence[str]
    rows: Iterable[MarkedRow]


def marked_workbook(sheets: Sequence[MarkedSheet]) -> bytes:
    """Return a marked-up copy as a workbook; nothing of it touches a disk in clear where the system has memory for it.

    Every cell is text, so that no number loses digits and nothing is taken for a formula.
    """
    target = io.BytesIO()
    in_memory = os.access(IN_MEMORY, os.W_OK)
    options = {"constant_memory": True, "tmpdir": IN_MEMORY if in_memory else None}
    workbook = xlsxwriter.Workbook(target, options)
    workbook.set_properties({"created": ALWAYS_THE_SAME})
    for sheet in sheets:
        _write_sheet(workbook, sheet)
    workbook.close()
    return target.getvalue()


def _write_sheet(workbook: xlsxwriter.Workbook, sheet: MarkedSheet) -> None:
    page = workbook.add_worksheet(sheet.name[:31])
    for line, cells in enumerate(sheet.above):
        _write_line(page, line, cells)
    kept = [place for place, title in enumerate(sheet.titles) if title not in OUR_MARKS]
    header = len(sheet.above)
    _write_line(page, header, [*(sheet.titles[place] for place in kept), ROW_NUMBER_TITLE, REASON_TITLE])
    width = len(sheet.titles)
    for line, row in zip(range(header + 1, MOST_ROWS), sheet.rows, strict=False):
        cells = [row.cells[place] if place < len(row.cells) else "" for place in kept]
        _write_line(page, line, [*cells, str(row.number), row.reason, *row.cells[width:]])


def _write_line(page: xlsxwriter.worksheet.Worksheet, line: int, cells: Sequence[str]) -> None:
    for place, text in enumerate(cells):
        if text:
            page.write_string(line, place, text[:MOST_CHARACTERS_OF_A_CELL])
