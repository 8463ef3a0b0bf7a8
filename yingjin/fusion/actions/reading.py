"""Read the open files of a batch: once for what must be known of all rows, then row by row, checked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from yingjin.basics.sealed_fields import AS_JSON
from yingjin.basics.sealing import digest_key
from yingjin.fusion.actions.places import code_known, why_not_found
from yingjin.fusion.actions.sources import Opened
from yingjin.fusion.domain.batches import BatchChecker, Good
from yingjin.fusion.domain.cells import Lookups
from yingjin.fusion.domain.checking import Checked
from yingjin.fusion.domain.control import ControlTotals
from yingjin.fusion.errors import FileRefused
from yingjin.fusion.files import OpenFile, RawRow, Table
from yingjin.fusion.formats import identity_titles, registers, value_lists


class CheckedRow(NamedTuple):
    """A row with the file and table it stands in."""

    file: OpenFile
    table: Table
    raw: RawRow
    row: Checked


class CheckedBatch(NamedTuple):
    """Many rows of one table: those that nothing stands against column by column, each other by itself."""

    file: OpenFile
    table: Table
    raw: Sequence[RawRow]
    good: Good
    others: Sequence[CheckedRow]
    checker: BatchChecker

    def each_good(self) -> Iterator[CheckedRow]:
        """Yield the good rows one by one."""
        made = self.checker.each_of(self.good, self.raw)
        for place, row in zip(self.good.places, made, strict=True):
            yield CheckedRow(self.file, self.table, self.raw[place], row)


@dataclass
class Scan:
    """What one reading of all rows tells: how many there are, and which keys stand there more than once.

    `repeated` holds, by kind, the keys whose rows may differ (their columns may only stand in another order);
    `years` the years of a state that has one a year.
    """

    rows: int = 0
    first: dict[str, dict[str, int]] = field(default_factory=dict)
    repeated: dict[str, set[str]] = field(default_factory=dict)
    years: set[int] = field(default_factory=set)

    def add(self, other: "Scan") -> None:
        """Take in what another file tells."""
        self.rows += other.rows
        self.years |= other.years
        for kind, keys in other.first.items():
            for key, content in keys.items():
                self.meet(kind, key, content)
        for kind, keys_repeated in other.repeated.items():
            self.repeated.setdefault(kind, set()).update(keys_repeated)

    def meet_all(self, kind: str, keys: Sequence[str], contents: Sequence[int]) -> None:
        """Note the keys of many rows, those that are readable."""
        there = self.first.setdefault(kind, {})
        fresh = dict(zip(keys, contents, strict=True))
        if len(fresh) == len(keys) and "" not in fresh and there.keys().isdisjoint(fresh):
            there.update(fresh)
            return
        for key, content in zip(keys, contents, strict=True):
            if key:
                self.meet(kind, key, content)

    def meet(self, kind: str, key: str, content: int) -> None:
        """Note the key of a row, and a number that differs where the row's cells do."""
        if self.first.setdefault(kind, {}).setdefault(key, content) != content:
            self.repeated.setdefault(kind, set()).add(key)


class Reader:
    """Reads and checks the rows of a batch's open files."""

    def __init__(self, opened: Opened, county_code: str) -> None:
        """Prepare a checker for each table."""
        self._opened = opened
        lookups = lookups_of(county_code)
        self._checkers = {table: _checker(table, lookups) for file in opened.files for table in file.tables}

    def scan(self) -> Scan:
        """Read every file once; one that does not hold together is refused and its rows do not count."""
        whole = Scan()
        for file in list(self._opened.files):
            try:
                whole.add(self._scan_file(file))
            except FileRefused as refusal:
                self._opened.refuse(file, refusal)
        return whole

    def rows(self, kind: str) -> Iterator[CheckedRow]:
        """Yield the rows of a kind in all files, checked."""
        for file, table, rows in self._read(kind):
            for raw, row in zip(rows, self._checkers[table].check(rows), strict=True):
                yield CheckedRow(file, table, raw, row)

    def batches(self, kind: str) -> Iterator[CheckedBatch]:
        """Yield the rows of a kind in all files, checked, many at a time."""
        for file, table, rows in self._read(kind):
            checker = self._checkers[table]
            good, rest = checker.sort_out(rows)
            others = [CheckedRow(file, table, rows[place], row) for place, row in rest]
            yield CheckedBatch(file, table, rows, good, others, checker)

    def _read(self, kind: str) -> Iterator[tuple[OpenFile, Table, list[RawRow]]]:
        for file in self._opened.files:
            for table in file.tables:
                if table.kind.name != kind:
                    continue
                mark = _mark_of(table)
                for batch in table.batches():
                    rows = batch if mark is None else [raw for raw in batch if not mark.matches(raw.cells)]
                    yield file, table, rows

    def _scan_file(self, file: OpenFile) -> Scan:
        found = Scan()
        for table in file.tables:
            checker, totals = self._checkers[table], _totals_of(table)
            year_at = table.titles.index(table.kind.state_per) if table.kind.state_per else None
            for batch in table.batches():
                rows = batch
                if totals is not None:
                    rows = [raw for raw in batch if totals.add(raw.number, raw.cells)]
                found.rows += len(rows)
                contents = [hash(tuple(raw.cells)) for raw in rows]
                found.meet_all(table.kind.name, checker.keys_of(rows), contents)
                if year_at is not None:
                    texts = {raw.cells[year_at] for raw in rows if year_at < len(raw.cells)}
                    found.years.update(int(text) for text in texts if checker.is_year(text))
            wrong = totals.disagreement() if totals is not None else None
            if wrong is not None:
                raise FileRefused(wrong.code, **wrong.facts)
        return found


class _Mark(NamedTuple):
    """How the closing row of a table is known."""

    at: int
    text: str

    def matches(self, cells: list[str]) -> bool:
        return self.at < len(cells) and cells[self.at] == self.text


def _mark_of(table: Table) -> _Mark | None:
    control = table.kind.control_row
    return _Mark(table.titles.index(table.kind.key[0]), control.id) if control else None


def _totals_of(table: Table) -> ControlTotals | None:
    control = table.kind.control_row
    if control is None:
        return None
    return ControlTotals(
        mark=control.id,
        id_at=table.titles.index(table.kind.key[0]),
        count_at=table.titles.index(control.count_in),
        money_at={
            title: table.titles.index(title) for title in table.kind.money_titles if title in table.titles
        },
    )


def _checker(table: Table, lookups: Lookups) -> BatchChecker:
    number = registers()[table.kind.register].person_number
    return BatchChecker(table.kind, table.titles, lookups, number, digest_key(), AS_JSON, identity_titles())


def lookups_of(county_code: str) -> Lookups:
    """Return what cells are looked up in, for registers of a county."""
    values: Mapping[str, Mapping[str, Mapping[str, object]]] = {
        name: listed.values for name, listed in value_lists().items()
    }
    return Lookups(
        values=values,
        region_known=cache(code_known),
        place_known=lambda county, township, village: why_not_found(county, township, village, county_code),
    )
