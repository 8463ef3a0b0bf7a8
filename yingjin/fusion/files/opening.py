"""The tables of a recognised file, to be read row by row as often as needed while it is open."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from yingjin.fusion.errors import WHOLE_FILE
from yingjin.fusion.files.delimited import records
from yingjin.fusion.files.recognising import Recognised
from yingjin.fusion.files.tables import Table, table_of
from yingjin.fusion.files.workbooks import Workbook
from yingjin.fusion.formats import CSV, Kind, kind_of_sheet, kinds


@dataclass(frozen=True, slots=True, eq=False)
class OpenFile:
    """An open file: whose it is, its tables, and the sheets that are of no kind and were not read."""

    recognised: Recognised
    tables: tuple[Table, ...]
    unread_sheets: tuple[str, ...] = ()


@contextmanager
def open_file(recognised: Recognised) -> Iterator[OpenFile]:
    """Open a file that was recognised. Errors: FileRefused when a header is not as declared."""
    if recognised.medium == CSV:
        kind = kinds()[recognised.kinds[0]]
        read = partial(records, recognised.path, recognised.encoding)
        yield OpenFile(recognised, (table_of(kind, WHOLE_FILE, read),))
        return
    workbook = Workbook(recognised.path)
    try:
        named = [(title, kind_of_sheet(title)) for title in workbook.sheet_names]
        tables = tuple(_sheet(workbook, title, kind) for title, kind in named if kind is not None)
        yield OpenFile(recognised, tables, tuple(title for title, kind in named if kind is None))
    finally:
        workbook.close()


def _sheet(workbook: Workbook, title: str, kind: Kind) -> Table:
    return table_of(kind, f"“{title}”表", partial(workbook.records, title))
