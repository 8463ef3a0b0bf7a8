"""
Add settlements (D5): a number once landed never changes and is never withdrawn, only cancelled by another row.

A row that waits for its facility, or for the settlement it cancels, is read again from what was kept of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from yingjin.basics.audit import record
from yingjin.fusion.actions.in_force import InForce
from yingjin.fusion.actions.marking import Marks
from yingjin.fusion.actions.reading import CheckedRow, Reader, Scan
from yingjin.fusion.actions.sources import Batch, open_all
from yingjin.fusion.actions.states import Sources, Track, end_sources, keep_state, note_state
from yingjin.fusion.actions.tally import PartTally
from yingjin.fusion.actions.writing import SUPERSEDED, Place, RowWriter
from yingjin.fusion.domain.cancelling import why_not_cancelled
from yingjin.fusion.domain.checking import Checked
from yingjin.fusion.domain.reasons import Reason, reason
from yingjin.fusion.domain.rows import REFUND, Facts
from yingjin.fusion.formats import kinds
from yingjin.fusion.models import Landing, RegisterState, Row

KIND = "settlement"
WAITING_CODES = frozenset({"unknown_facility", "unknown_settlement"})


@dataclass(frozen=True)
class Incoming:
    """A settlement to be added: from a file, or kept from an earlier folder (then `read` is None)."""

    place: Place
    row: Checked
    read: CheckedRow | None

    @property
    def facts(self) -> Facts:
        """Return its cells by the code's words."""
        return facts_of(self.row.payload)


def land_settlements(
    batch: Batch, *, landing: Landing, county_code: str, by: Any, at: datetime, track: Track
) -> PartTally:
    """Add the settlements of a folder in one transaction, with those that waited for what has come now."""
    facilities = known_facilities()
    with ExitStack() as stack:
        opened = open_all(batch.files, stack)
        reader = Reader(opened, county_code)
        scan = reader.scan()
        tally = PartTally(batch.part.register, batch.part.name, files=len(batch.files))
        tally.files_refused = len(opened.refused)
        marks, sources = Marks(), Sources(opened, batch.part.register, landing, at)
        with ExitStack() as writing:
            writer = RowWriter(at, lambda: sources.begin(writing))
            adding = SettlementLanding(scan, writer, facilities, tally, marks)
            adding.land(track(reader.rows(KIND), f"收 {batch.part.name}", total=scan.rows))
            end_sources(sources.kept, marks)
            if batch.files:
                keep_state(batch, landing, [""], at, facility_state())
            elif adding.written:
                note_state(landing, batch.part.register, "")
                RegisterState.objects.filter(register=batch.part.register, part="").update(applied_at=at)
            if batch.files or adding.written:
                counts = {name: tally.total(name) for name in ("rows", "new", "known", "refused")}
                record("settlements_landed", target="register:settlement", by=by, at=at, **counts)
        marks.write(opened.files)
    return tally


def known_facilities() -> frozenset[str]:
    """Return the codes of the facility list in force."""
    rows = Row.objects.filter(kind="facility", current=True, accepted=True)
    return frozenset(rows.values_list("key", flat=True))


def facility_state() -> str:
    """Return a word for the facility list in force; settlements are read again when it changes."""
    return ",".join(sorted(known_facilities()))


def waiting_rows() -> Iterator[Row]:
    """Yield the refused settlements that lack nothing but something that may still come."""
    for row in Row.objects.filter(kind=KIND, current=True, accepted=False).order_by("id"):
        refusing = {each["code"] for each in row.reasons if each["refuses"]}
        if refusing <= WAITING_CODES:
            yield row


@cache
def _titles() -> dict[str, str]:
    return {column.field: column.name for column in kinds()[KIND].columns}


def facts_of(payload: dict[str, str]) -> Facts:
    """Return the cells of a checked settlement by the code's words."""
    return Facts(payload, _titles())


class SettlementLanding:
    """Settlements on their way into the register."""

    def __init__(
        self,
        scan: Scan,
        writer: RowWriter,
        facilities: frozenset[str],
        tally: PartTally,
        marks: Marks,
    ) -> None:
        """Load what is here already."""
        self._repeated = scan.repeated.get(KIND, set())
        self._facilities = facilities
        self._counts = tally.of(KIND)
        self._marks = marks
        self._writer = writer
        self._before = InForce([KIND])
        self._good: set[str] = set()  # numbers good in this folder
        self._aside: dict[str, list[Incoming]] = defaultdict(list)
        self._refunds: dict[str, Incoming] = {}
        self._nameless = _nameless_refused()
        self._mended: set[int] = set()

    @property
    def written(self) -> int:
        """Return how many rows were written or ended."""
        return self._writer.written

    def land(self, rows: Iterable[CheckedRow]) -> None:
        """Add every row; refunds last, when all that they may cancel is here."""
        for each in rows:
            self._counts.rows += 1
            self._marks.count(each.file)
            self._meet(Incoming(self._place(each), each.row, each))
        for incoming in self._aside.values():
            self._settle_repeated(incoming)
        for waiting in self._left_waiting():
            self._add(waiting)
        self._writer.flush()
        self._settle_refunds()
        for row_id, (_, key) in self._before.refused_left():
            if key in self._good or row_id in self._mended:
                self._writer.end(row_id, SUPERSEDED)
        self._writer.flush()

    def _meet(self, incoming: Incoming) -> None:
        row = incoming.row
        if not row.accepted:
            self._refuse(incoming)
        elif row.key in self._repeated:
            self._aside[row.key].append(incoming)
        else:
            self._add(incoming)

    def _add(self, incoming: Incoming) -> None:
        """Add a row that is good by itself, or refuse it for what is here already or is not."""
        row = incoming.row
        held = self._before.accepted.get((KIND, row.key))
        if held is not None:
            if held.digest != row.digest:
                self._refuse(incoming, reason("changed_settlement", kinds()[KIND].key[0], row.key))
                return
            self._note_good(row)
            self._counts.known += incoming.read is not None
        elif row.key in self._good or row.key in self._refunds:
            self._counts.repeated += 1
        elif incoming.facts["facility"] not in self._facilities:
            self._refuse(incoming, incoming.facts.reason("unknown_facility", "facility"))
        elif incoming.facts["is_refund"] == REFUND:
            self._refunds[row.key] = incoming
        else:
            self._take(incoming)

    def _take(self, incoming: Incoming) -> None:
        self._note_good(incoming.row)
        self._counts.new += 1
        self._counts.marked += bool(incoming.row.reasons)
        self._writer.add(incoming.place, incoming.row, 1)

    def _note_good(self, row: Checked) -> None:
        """Remember a number that is good here; a row refused for want of its number may be this one, mended."""
        self._good.add(row.key)
        for row_id, cells in self._nameless.get(row.number, ()):
            if cells == _without_number(row.payload):
                self._mended.add(row_id)

    def _refuse(self, incoming: Incoming, why: Reason | None = None) -> None:
        """Keep a refused row; one that was kept before and is still refused stays as it is."""
        if incoming.read is None:
            return
        if why is not None:
            incoming.row.reasons.append(why)
        self._counts.refused += 1
        self._marks.add(incoming.read)
        if not self._before.meets_refused(KIND, incoming.row):
            self._writer.add(incoming.place, incoming.row, 1)

    def _settle_repeated(self, rows: list[Incoming]) -> None:
        """Decide rows of one number that differ: none counts, unless one is here already or they are one."""
        key = rows[0].row.key
        here = (KIND, key) in self._before.accepted
        for incoming in rows:
            if here or len({each.row.digest for each in rows}) == 1:
                self._add(incoming)
            else:
                title = kinds()[KIND].key[0]
                self._refuse(incoming, reason("repeated_key", title, key, count=len(rows)))

    def _left_waiting(self) -> list[Incoming]:
        """Return what waited from earlier folders and stands in no file of this one."""
        left = {row_id for row_id, _ in self._before.refused_left()}
        return [_kept(row) for row in waiting_rows() if row.pk in left]

    def _settle_refunds(self) -> None:
        """Let refunds cancel what they name; of two that name the same settlement neither counts."""
        if not self._refunds:
            return
        naming: dict[str, list[Incoming]] = defaultdict(list)
        for key in sorted(self._refunds):
            incoming = self._refunds[key]
            naming[incoming.facts["cancels"]].append(incoming)
        cancelled = _settlements(naming)
        cancelled_by = self._cancelled_before()
        for target, incoming in naming.items():
            facts = facts_of(cancelled[target]) if target in cancelled else None
            for each in incoming:
                others = [other.row.key for other in incoming if other is not each]
                by = cancelled_by.get(target, others[0] if others else "")
                why = why_not_cancelled(each.facts, facts, by)
                if why is None:
                    self._take(each)
                else:
                    self._refuse(each, why)

    def _cancelled_before(self) -> dict[str, str]:
        """Return which settlements were cancelled before, and by which row."""
        if not self._before.accepted:
            return {}
        rows = Row.objects.filter(kind=KIND, current=True, accepted=True)
        found: dict[str, str] = {}
        for key, payload in rows.values_list("key", "payload").iterator(chunk_size=5_000):
            facts = facts_of(payload)
            if facts["is_refund"] == REFUND:
                found[facts["cancels"]] = key
        return found

    def _place(self, each: CheckedRow) -> Place:
        return Place(each.file.recognised.sha256, each.table.kind.register, KIND, "", each.raw.number)


def _nameless_refused() -> dict[str, list[tuple[int, dict[str, str]]]]:
    """Return the refused settlements whose own number cannot be read, by the person's number."""
    found: dict[str, list[tuple[int, dict[str, str]]]] = defaultdict(list)
    rows = Row.objects.filter(kind=KIND, current=True, accepted=False, key="")
    for pk, number, payload in rows.values_list("id", "number", "payload"):
        found[number].append((pk, _without_number(payload)))
    return found


def _without_number(payload: dict[str, str]) -> dict[str, str]:
    """Return a settlement's cells without its own number."""
    key = kinds()[KIND].key[0]
    return {title: text for title, text in payload.items() if title != key}


def _kept(row: Row) -> Incoming:
    """Return a waiting row as if it came again, without the reasons it waited for."""
    remarks = [Reason(**each) for each in row.reasons if not each["refuses"]]
    checked = Checked(row.payload, row.number, row.key, row.year, row.digest, remarks)
    return Incoming(Place(row.file_id, row.register, KIND, row.sheet, row.row_number), checked, None)


def _settlements(keys: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the cells of the settlements in force of some numbers."""
    wanted = list(keys)
    found: dict[str, dict[str, str]] = {}
    for start in range(0, len(wanted), 500):
        rows = Row.objects.filter(kind=KIND, current=True, accepted=True, key__in=wanted[start : start + 500])
        found.update(rows.values_list("key", "payload"))
    return found
