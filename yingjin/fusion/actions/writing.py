"""Rows on their way into the table: new versions, refused rows, and the end of what they replace."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from yingjin.basics.bulk import insert_columns
from yingjin.basics.sealed_fields import JsonText
from yingjin.fusion.domain.batches import Good
from yingjin.fusion.domain.checking import Checked
from yingjin.fusion.formats import identity_in
from yingjin.fusion.models import Row

WAITING_MOST = 30_000  # before the transaction; afterwards a batch at a time
BATCH = 2_000
IDS_A_STATEMENT = 500
NO_REASONS = JsonText("[]")
SUPERSEDED, WITHDRAWN, UNDONE = "superseded", "withdrawn", "undone"
COLUMNS = (
    "file", "register", "kind", "sheet", "row_number", "number", "key", "year", "version", "digest", "payload",
    "identity_index", "accepted", "reasons", "current", "landed_at", "ended_at", "ended_why",
)  # fmt: skip
INDEX = Row._meta.get_field("identity_index")


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
        self._many: list[list[Sequence[object]]] = []  # column by column
        self._waiting = 0
        self._ended: dict[str, list[int]] = {SUPERSEDED: [], WITHDRAWN: []}
        self.written = 0

    def add(self, place: Place, row: Checked, version: int) -> None:
        """Write a row, good or refused, as the present one of its key."""
        self._new.append(
            (
                place.file, place.register, place.kind, place.sheet, place.row_number, row.number, row.key, row.year,
                version, row.digest, JsonText(row.written) if row.written else row.payload,
                INDEX.index_of(identity_in(row.payload)), row.accepted,
                [each.as_dict() for each in row.reasons] if row.reasons else NO_REASONS, True, self._at, None, "",
            )
        )  # fmt: skip
        self._wait(1)

    def add_all(
        self,
        place: Place,
        row_numbers: Sequence[int],
        good: Good,
        which: Sequence[int],
        versions: Sequence[int],
    ) -> None:
        """Write some of many good rows, those of a batch that are listed, as the present ones of their keys."""
        if len(which) < len(good.keys):
            picked = [[column[at] for at in which] for column in _columns_of(good)]
        else:
            picked = list(_columns_of(good))
        numbers, keys, years, digests, payloads, identities = picked
        count = len(which)
        same = [[value] * count for value in (*place[:4], True, NO_REASONS, True, self._at, None, "")]
        self._many.append(
            [
                *same[:4],
                row_numbers,
                numbers,
                keys,
                years,
                versions,
                digests,
                list(map(JsonText, payloads)),
                INDEX.indexes_of(identities),
                *same[4:],
            ]
        )
        self._wait(count)

    def _wait(self, count: int) -> None:
        self._waiting += count
        if self._waiting >= (WAITING_MOST if self._files is None else BATCH):
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
        for start in range(0, len(self._new), BATCH):
            self._many.append(list(zip(*self._new[start : start + BATCH], strict=True)))
        files = self._files
        for file, *others in self._many:
            keys = [files.get(each, each) for each in file]
            self.written += insert_columns(Row, COLUMNS, [keys, *others])
        self._new.clear()
        self._many.clear()
        self._waiting = 0


def _columns_of(good: Good) -> tuple[Sequence[Any], ...]:
    return good.numbers, good.keys, good.years, good.digests, good.payloads, good.identities


class NoWriter(RowWriter):
    """Takes rows like a writer and writes none: for a dry run."""

    def __init__(self, at: datetime) -> None:
        """Begin, and never open a transaction."""
        super().__init__(at, dict)

    def add(self, place: Place, row: Checked, version: int) -> None:
        """Leave a row."""

    def add_all(
        self,
        place: Place,
        row_numbers: Sequence[int],
        good: Good,
        which: Sequence[int],
        versions: Sequence[int],
    ) -> None:
        """Leave many."""

    def end(self, row_id: int, why: str) -> None:
        """Leave a row as it is."""

    def flush(self) -> None:
        """Write nothing."""


def _in_parts(ids: Iterable[int], size: int) -> Iterator[list[int]]:
    left = iter(ids)
    while part := list(islice(left, size)):
        yield part
