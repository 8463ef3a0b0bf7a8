"""One table of a file: a sheet, or a CSV. Every cell is text, spaces around it gone."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from yingjin.fusion.errors import FileRefused
from yingjin.fusion.files.packed import MOST_COLUMNS
from yingjin.fusion.formats import Kind

ROWS_SEARCHED_FOR_A_HEADER = 12
ROWS_AT_ONCE = 2_000
# What our own marked-up copies add; a copy that was mended is read as if they were not there.
ROW_NUMBER_TITLE, REASON_TITLE = "原行号", "未收原因"
OUR_MARKS = (ROW_NUMBER_TITLE, REASON_TITLE)


class RawRow(NamedTuple):
    """A row as it came: its number in the file, its cells, and which of them were stored as numbers."""

    number: int
    cells: list[str]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows of one kind under one header. `above` holds the lines over the header as they stand."""

    kind: Kind
    where: str
    titles: tuple[str, ...]
    above: tuple[tuple[str, ...], ...]
    read: Callable[[], Iterator[RawRow]]

    @property
    def further(self) -> tuple[str, ...]:
        """List the titles that nobody declared; they are landed and left alone."""
        declared = {*self.kind.titles, *OUR_MARKS}
        return tuple(title for title in self.titles if title not in declared)

    def rows(self) -> Iterator[RawRow]:
        """Yield the rows under the header that are not wholly blank."""
        header, marks = _places(self.titles, self.kind.header_row)
        width = len(self.titles)
        for row in self.read():
            if not any(row.cells) or row.number <= header:
                continue
            yield _fitted(row, width, marks) if marks or len(row.cells) > width else row

    def batches(self) -> Iterator[list[RawRow]]:
        """Yield the same rows, many at a time."""
        rows = self.rows()
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            yield batch


def titles_of(header: Sequence[str], kind: Kind, where: str) -> tuple[str, ...]:
    """Return the titles of a header row, a blank one between others named by its place.

    Errors: FileRefused when a column is missing or named twice, or there are too many.
    """
    titles = list(header)
    while titles and not titles[-1]:
        titles.pop()
    if len(titles) > MOST_COLUMNS:
        raise FileRefused("too_many_columns", most=MOST_COLUMNS)
    named = [title for title in titles if title]
    repeated = [title for title, count in Counter(named).items() if count > 1]
    if repeated:
        raise FileRefused("repeated_column", where=where, columns="、".join(repeated))
    missing = [title for title in kind.required_titles if title not in named]
    if missing:
        raise FileRefused("missing_column", where=where, columns="、".join(missing))
    return tuple(title or f"第{place}列" for place, title in enumerate(titles, start=1))


def table_of(kind: Kind, where: str, read: Callable[[], Iterator[RawRow]]) -> Table:
    """Find the header where the kind has it and return the table below.

    Errors: FileRefused when the header is missing or stands elsewhere.
    """
    first = [row for row, _ in zip(read(), range(ROWS_SEARCHED_FOR_A_HEADER), strict=False)]
    standing = {row.number: row.cells for row in first}
    header = standing.get(kind.header_row, [])
    if not looks_like_header(header, kind):
        found = next((row.number for row in first if looks_like_header(row.cells, kind)), None)
        if found is not None:
            raise FileRefused("wrong_header_row", where=where, wanted=kind.header_row, found=found)
        if not any(header):
            raise FileRefused("missing_header", where=where, wanted=kind.header_row)
    titles = titles_of(header, kind, where)
    above = tuple(tuple(standing.get(number, ())) for number in range(1, kind.header_row))
    return Table(kind, where, titles, above, read)


def looks_like_header(cells: Sequence[str], kind: Kind) -> bool:
    """Say whether a row holds at least half of the titles a kind needs."""
    needed = kind.required_titles
    return len(set(cells).intersection(needed)) * 2 >= len(needed)


def _places(titles: Sequence[str], header_row: int) -> tuple[int, tuple[int, ...]]:
    return header_row, tuple(place for place, title in enumerate(titles) if title in OUR_MARKS)


def _fitted(row: RawRow, width: int, marks: tuple[int, ...]) -> RawRow:
    """Cut blank cells beyond the header and empty the cells of our own marks."""
    cells = row.cells
    if len(cells) > width and not any(cells[width:]):
        cells = cells[:width]
    for place in marks:
        if place < len(cells):
            cells[place] = ""
    return row if cells is row.cells else RawRow(row.number, cells, row.numeric)
