"""Rows on their way into the table: new versions, refused rows, and the end of what they replace."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from yingjin.basics.bulk import insert
from yingjin.fusion.domain.checking import Checked
from yingjin.fusion.models import Row

WAITING_MOST = 30_000  # before the transaction; afterwards a batch at a time
BATCH = 2_000
IDS_A_STATEMENT = 500
SUPERSEDED, WITHDRAWN, UNDONE = "superseded", "withdrawn", "undone"
COLUMNS = (
    "file", "register", "kind", "sheet", "row_number", "number", "key", "year", "version", "digest", "payload",
    "accepted", "reasons", "current", "landed_at", "ended_at", "ended_why",
)  # fmt: skip


class Place(NamedTuple):
    """Where a row stands."""

    file: int | str  # the key of its line, or the hash of its content until there is a line
    register: str
    kind: str
    sheet: str
    row_number: int


class RowWriter:
    """Collects rows and writes them in batches; what a row replaces is ended before it is written.

    The first writing begins the transaction: until then the database is free for others. Only what does not fit
    into memory is written while rows are still being read.
    """

    def __init__(self, at: datetime, begin: Callable[[], Mapping[str, int]]) -> None:
        """Begin with nothing waiting. `begin` opens the transaction and gives the key of each file's line."""
        self._at = at
        self._begin = begin
        self._files: Mapping[str, int] | None = None
        self._new: list[tuple[object, ...]] = []
        self._ended: dict[str, list[int]] = {SUPERSEDED: [], WITHDRAWN: []}
        self.written = 0

    def add(self, place: Place, row: Checked, version: int) -> None:
        """Write a row, good or refused, as the present one of its key."""
        reasons = [each.as_dict() for each in row.reasons]
        self._new.append(
            (
                place.file,
                place.register,
                place.kind,
                place.sheet,
                place.row_number,
                row.number,
                row.key,
                row.year,
                version,
                row.digest,
                row.payload,
                row.accepted,
                reasons,
                True,
                self._at,
                None,
                "",
            )
        )
        if len(self._new) >= (WAITING_MOST if self._files is None else BATCH):
            self.flush()

    def end(self, row_id: int, why: str) -> None:
        """End a row that is no longer in force; it stays as history."""
        self._ended[why].append(row_id)

    def flush(self) -> None:
        """Write what waits."""
        if self._files is None:
            self._files = self._begin()
        for why, ids in self._ended.items():
            for some in _in_parts(ids, IDS_A_STATEMENT):
                changes = {"current": False, "ended_at": self._at, "ended_why": why}
                self.written += Row.objects.filter(id__in=some).update(**changes)
            ids.clear()
        files = self._files
        self.written += insert(Row, COLUMNS, ((files.get(row[0], row[0]), *row[1:]) for row in self._new))
        self._new.clear()


class NoWriter(RowWriter):
    """Takes rows like a writer and writes none: for a dry run."""

    def __init__(self, at: datetime) -> None:
        """Begin, and never open a transaction."""
        super().__init__(at, dict)

    def add(self, place: Place, row: Checked, version: int) -> None:
        """Leave a row."""

    def end(self, row_id: int, why: str) -> None:
        """Leave a row as it is."""

    def flush(self) -> None:
        """Write nothing."""


def _in_parts(ids: Iterable[int], size: int) -> Iterator[list[int]]:
    left = iter(ids)
    while part := list(islice(left, size)):
        yield part
