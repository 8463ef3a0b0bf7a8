"""
Bring a register's state to what its files hold (D5).

A changed row becomes the next version; a row in no file is withdrawn, not deleted; a refused row leaves its
earlier good version in force. Nothing is withdrawn while a file of the register is refused or in doubt.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from yingjin.basics.audit import record
from yingjin.fusion.actions.in_force import InForce, Name
from yingjin.fusion.actions.marking import Marks
from yingjin.fusion.actions.reading import CheckedBatch, CheckedRow, Reader, Scan
from yingjin.fusion.actions.sources import Batch, Opened, keep_landed, keep_refused, open_all
from yingjin.fusion.actions.tally import PartTally
from yingjin.fusion.actions.writing import SUPERSEDED, WITHDRAWN, Place, RowWriter
from yingjin.fusion.domain.batches import Good
from yingjin.fusion.domain.reasons import reason
from yingjin.fusion.files import OpenFile, Table
from yingjin.fusion.formats import kinds
from yingjin.fusion.models import Landing, RegisterState, SourceFile

NO_YEAR = "none"  # the part of an enrolment state whose rows name no year
Track = Callable[..., Iterator[Any]]

# These kinds speak of people whom the lists of the same register name; without their person they mean nobody.
LISTS = {"poverty": ("lifted", "marginal"), "health": ("record",)}


def land_state(
    batch: Batch, *, landing: Landing, county_code: str, by: Any, at: datetime, track: Track
) -> PartTally:
    """Land the files of one state in one transaction; write nothing when that fails at any point."""
    with ExitStack() as stack:
        opened = open_all(batch.files, stack)
        reader = Reader(opened, county_code)
        scan = reader.scan()
        tally = PartTally(batch.part.register, batch.part.name, files=len(batch.files))
        tally.files_refused = len(opened.refused)
        marks, sources = Marks(), Sources(opened, batch.part.register, landing, at)
        with ExitStack() as writing:
            writer = RowWriter(at, lambda: sources.begin(writing))
            whole = not (opened.refused or batch.in_doubt)
            state = StateLanding(batch, scan, writer, tally, marks, whole=whole)
            state.land(batches_of(reader, batch), track(range(scan.rows), f"收 {batch.part.name}"))
            end_sources(sources.kept, marks)
            tally.notes += missing_sheets(opened, tally)
            keep_state(batch, landing, _parts_of(batch, scan), at)
            counts = {name: tally.total(name) for name in ("rows", "new", "changed", "refused", "withdrawn")}
            record("register_landed", target=f"register:{batch.part.name}", by=by, at=at, **counts)
        marks.write(opened.files)
    return tally


def batches_of(reader: Reader, batch: Batch) -> Iterator[CheckedBatch]:
    """Yield the rows kind by kind, the lists of people before what speaks of them."""
    for kind in batch.part.kinds:
        yield from reader.batches(kind)


def missing_sheets(opened: Opened, tally: PartTally) -> Iterator[tuple[str, str]]:
    """Say it when rows are withdrawn because their whole sheet is missing: it may have been forgotten."""
    there = {table.kind.name for file in opened.files for table in file.tables}
    for name, counts in tally.kinds.items():
        if counts.withdrawn and name not in there:
            kind = kinds()[name]
            yield (
                f"这次没有“{kind.sheet}”表，原有的 {counts.withdrawn} 行按撤回记。若是漏了，补上再收一次。",
                f"There is no sheet {kind.sheet} this time: its {counts.withdrawn} rows are withdrawn. "
                "If it was forgotten, add it and land again.",
            )


def _parts_of(batch: Batch, scan: Scan) -> Iterable[str]:
    """Return the names of the states landed: the years of enrolment, else the register itself."""
    yearly = any(kinds()[kind].state_per for kind in batch.part.kinds)
    return [str(year) for year in sorted(scan.years)] or [NO_YEAR] if yearly else [""]


class StateLanding:
    """One state on its way to what its files hold."""

    def __init__(
        self,
        batch: Batch,
        scan: Scan,
        writer: RowWriter,
        tally: PartTally,
        marks: Marks,
        *,
        whole: bool,
    ) -> None:
        """Load what is in force. `whole` says that every file of the register was read."""
        yearly = any(kinds()[kind].state_per for kind in batch.part.kinds)
        self._register = batch.part.register
        self._scan = scan
        self._tally = tally
        self._marks = marks
        self._whole = whole
        self._writer = writer
        self._before = InForce(batch.part.kinds, scan.years if yearly else None)
        self._taken: dict[str, set[str]] = defaultdict(set)  # keys by kind
        self._kept: set[Name] = set()
        self._aside: dict[Name, list[CheckedRow]] = defaultdict(list)
        self._lists = LISTS.get(self._register, ())
        self._listed = set() if whole else {key for kind, key in self._before.accepted if kind in self._lists}

    def land(self, batches: Iterable[CheckedBatch], told: Iterable[object]) -> None:
        """Take in every row, then end what no file holds any more; `told` is gone through as rows are."""
        kind, progress = "", iter(told)
        for batch in batches:
            if batch.table.kind.name != kind:
                self._settle_repeated(kind)
                kind = batch.table.kind.name
            self._tally.of(kind).rows += len(batch.raw)
            self._marks.count(batch.file, len(batch.raw))
            self._take_all(batch)
            for each in batch.others:
                self._meet(each)
            deque(islice(progress, len(batch.raw)), maxlen=0)
        deque(progress, maxlen=0)
        self._settle_repeated(kind)
        self._end_what_is_left()
        self._writer.flush()

    def _take_all(self, batch: CheckedBatch) -> None:
        """Take in the good rows of a batch at once, unless one of them must be looked at by itself."""
        kind, good = batch.table.kind.name, batch.good
        keys = set(good.keys)
        alone = len(keys) < len(good.keys) or "" in keys or not self._taken[kind].isdisjoint(keys)
        alone = alone or not keys.isdisjoint(self._scan.repeated.get(kind, ()))
        if self._lists and kind not in self._lists:
            alone = alone or not self._listed.issuperset(good.numbers)
        if alone:
            for each in batch.each_good():
                self._meet(each)
            return
        self._taken[kind] |= keys
        if kind in self._lists:
            self._listed.update(good.numbers)
        which, versions = self._differing(kind, good)
        if which:
            numbers = [batch.raw[good.places[at]].number for at in which]
            self._writer.add_all(self._place(batch.file, batch.table, 0), numbers, good, which, versions)

    def _differing(self, kind: str, good: Good) -> tuple[Sequence[int], list[int]]:
        """Count good rows that are each alone of its key; return which are not there as they are, and their versions."""
        counts = self._tally.of(kind)
        if self._before.nothing:
            counts.new += len(good.keys)
            return range(len(good.keys)), [1] * len(good.keys)
        which, versions = [], []
        for at, (key, digest) in enumerate(zip(good.keys, good.digests, strict=True)):
            name = (kind, key)
            held = self._before.accepted.get(name)
            if held is not None and held.digest == digest:
                counts.known += 1
                continue
            if held is not None:
                self._writer.end(held.id, SUPERSEDED)
                counts.changed += 1
            else:
                counts.new += 1
            which.append(at)
            versions.append(self._before.next_version(name))
        return which, versions

    def _meet(self, each: CheckedRow) -> None:
        kind, row = each.table.kind.name, each.row
        if not row.accepted:
            self._refuse(each)
        elif self._lists and kind not in self._lists and row.number not in self._listed:
            # Its person is on no list now, so an earlier version must not stay in force either.
            lists = "、".join(f"“{kinds()[listed].title_zh}”" for listed in self._lists)
            row.reasons.append(reason("not_in_list", each.table.kind.key[0], row.number, list=lists))
            self._refuse(each, keeps_earlier=False)
        elif row.key in self._scan.repeated.get(kind, ()):
            self._aside[kind, row.key].append(each)
        else:
            self._take(each, (kind, row.key))

    def _take(self, each: CheckedRow, name: Name) -> None:
        """Take in a good row."""
        counts = self._tally.of(name[0])
        if name[1] in self._taken[name[0]]:
            counts.repeated += 1
            return
        self._taken[name[0]].add(name[1])
        if name[0] in self._lists:
            self._listed.add(each.row.number)
        counts.marked += bool(each.row.reasons)
        held = self._before.accepted.get(name)
        if held is not None and held.digest == each.row.digest:
            counts.known += 1
            return
        if held is not None:
            self._writer.end(held.id, SUPERSEDED)
            counts.changed += 1
        else:
            counts.new += 1
        self._write(each, self._before.next_version(name))

    def _refuse(self, each: CheckedRow, *, keeps_earlier: bool = True) -> None:
        """Keep a refused row with its reasons; its earlier good version stays in force when its key is readable."""
        kind, row = each.table.kind.name, each.row
        self._tally.of(kind).refused += 1
        self._marks.add(each)
        name = (kind, row.key)
        if keeps_earlier and row.key:
            self._kept.add(name)
            if kind in self._lists and name in self._before.accepted:
                self._listed.add(row.number)
        if not self._before.meets_refused(kind, row):
            self._write(each, 1)

    def _settle_repeated(self, kind: str) -> None:
        """Decide rows of one key that differ: when only one of them is good, it counts; else none does."""
        for name, rows in self._aside.items():
            if len({each.row.digest for each in rows}) == 1:
                for each in rows:
                    self._take(each, name)
                continue
            for each in rows:
                key = each.table.kind.key[0]
                each.row.reasons.append(reason("repeated_key", key, each.row.key, count=len(rows)))
                self._refuse(each)
        self._aside.clear()

    def _write(self, each: CheckedRow, version: int) -> None:
        self._writer.add(self._place(each.file, each.table, each.raw.number), each.row, version)

    def _place(self, file: OpenFile, table: Table, row_number: int) -> Place:
        kind = table.kind
        return Place(file.recognised.sha256, self._register, kind.name, kind.sheet or "", row_number)

    def _is_taken(self, name: Name) -> bool:
        return name[1] in self._taken[name[0]]

    def _end_what_is_left(self) -> None:
        if not self._whole:
            self._end_refused(self._is_taken)
            return
        for name, held in self._before.accepted.items():
            if not self._is_taken(name) and name not in self._kept:
                self._writer.end(held.id, WITHDRAWN)
                self._tally.of(name[0]).withdrawn += 1
        self._end_refused(lambda name: True)

    def _end_refused(self, ends: Callable[[Name], bool]) -> None:
        for row_id, name in self._before.refused_left():
            if ends(name):
                self._writer.end(row_id, SUPERSEDED if self._is_taken(name) else WITHDRAWN)


class Sources:
    """The lines of a batch's files, written at the beginning of the transaction that lands it."""

    def __init__(self, opened: Opened, register: str, landing: Landing, at: datetime) -> None:
        """Remember the files; nothing is written yet."""
        self._opened, self._register, self._landing, self._at = opened, register, landing, at
        self.kept: dict[str, SourceFile] = {}

    def begin(self, writing: ExitStack) -> dict[str, int]:
        """Open the transaction until a stack is closed, and keep a line for every file; return their keys."""
        writing.enter_context(transaction.atomic())
        self.kept = begin_sources(self._opened, self._register, self._landing, self._at)
        return {digest: source.pk for digest, source in self.kept.items()}


def begin_sources(opened: Opened, register: str, landing: Landing, at: datetime) -> dict[str, SourceFile]:
    """Keep a line for every file of a batch; return those that are read, by their hash."""
    keep_refused(opened.refused, register, landing, at)
    return {file.recognised.sha256: keep_landed(file, register, landing, at) for file in opened.files}


def end_sources(sources: dict[str, SourceFile], marks: Marks) -> None:
    """Write down what was counted of each file."""
    for digest, source in sources.items():
        source.rows, source.refused = marks.rows[digest], marks.refused_of(digest)
        source.accepted = source.rows - source.refused
        source.marked_name = marks.name_of(digest)
        source.save(update_fields=["rows", "accepted", "refused", "marked_name"])


def keep_state(batch: Batch, landing: Landing, parts: Iterable[str], at: datetime, *more: str) -> None:
    """Remember what the state was read from, so that the same files need not be read again, and which landing set it."""
    for part in parts:
        RegisterState.objects.update_or_create(
            register=batch.part.register,
            part=part,
            defaults={"files_digest": batch.digest(*more), "applied_at": at},
        )
        note_state(landing, batch.part.register, part)


def note_state(landing: Landing, register: str, part: str) -> None:
    """Remember that a landing set a state: what it would take away if an earlier one were undone."""
    if [register, part] not in landing.states:
        landing.states.append([register, part])
        landing.save(update_fields=["states"])
