"""Excel workbooks (.xlsx), read as text. Numbers and days in cells become the text a person would type."""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from yingjin.fusion.errors import FileRefused
from yingjin.fusion.files.tables import RawRow

ALL_TEXT = {str}


class Workbook:
    """An open workbook; a sheet is parsed when first asked for and kept until the workbook is closed."""

    def __init__(self, path: Path) -> None:
        """Open it, looked at before (`packed`). Errors: FileRefused when it is not whole."""
        self._sheets: dict[str, CalamineSheet] = {}
        try:
            self._workbook = CalamineWorkbook.from_path(path)
        except (CalamineError, ValueError, NotImplementedError):  # the last for a packing it does not know
            raise FileRefused("broken_workbook") from None

    @property
    def sheet_names(self) -> list[str]:
        """List the titles of the sheets in order."""
        return list(self._workbook.sheet_names)

    def records(self, sheet: str) -> Iterator[RawRow]:
        """Yield the rows of a sheet in order, the first as number 1. Errors: FileRefused."""
        try:
            if sheet not in self._sheets:
                self._sheets[sheet] = self._workbook.get_sheet_by_name(sheet)
            for number, cells in enumerate(self._sheets[sheet].iter_rows(), start=1):
                yield _as_text(number, cells)
        except (CalamineError, ValueError):
            raise FileRefused("broken_workbook") from None

    def close(self) -> None:
        """Let go of the file and of the parsed sheets."""
        self._sheets.clear()
        self._workbook.close()


def _as_text(number: int, cells: list[Any]) -> RawRow:
    if set(map(type, cells)) == ALL_TEXT:
        return RawRow(number, list(map(str.strip, cells)))
    texts = [cell.strip() if type(cell) is str else _text(cell) for cell in cells]
    numeric = tuple(place for place, cell in enumerate(cells) if type(cell) is float or type(cell) is int)
    return RawRow(number, texts, numeric)


def _text(cell: Any) -> str:
    """Write a cell that is no text as somebody would type it: 12, 12.5, 2025-03-01, TRUE."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)
