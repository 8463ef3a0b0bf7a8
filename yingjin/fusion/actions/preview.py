"""What landing some files would do, counted by the very steps of landing, with nothing written."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from yingjin.fusion.actions.land import unchanged
from yingjin.fusion.actions.marking import Marks
from yingjin.fusion.actions.reading import Reader
from yingjin.fusion.actions.settlements import KIND, SettlementLanding, facility_state, known_facilities
from yingjin.fusion.actions.sources import Batch, Opened, Survey, open_all
from yingjin.fusion.actions.states import StateLanding, Track, batches_of, missing_sheets
from yingjin.fusion.actions.tally import KindTally, PartTally
from yingjin.fusion.actions.writing import NoWriter
from yingjin.fusion.errors import FileRefused
from yingjin.fusion.files import Recognised
from yingjin.fusion.formats import kinds, registers

PROBLEMS_A_PART = 20
SETTLEMENT, FACILITY = "settlement", "facility"


@dataclass(frozen=True)
class FileSeen:
    """A file as it was recognised: whose it is, or why nothing of it is taken."""

    name: str
    sha256: str
    size_bytes: int
    register_zh: str
    register_en: str
    reason_zh: str = ""
    reason_en: str = ""


@dataclass(frozen=True)
class KindSeen:
    """What would become of the rows of one kind."""

    kind: str
    title_zh: str
    title_en: str
    rows: int
    new: int
    changed: int
    same: int
    refused: int
    withdrawn: int


@dataclass(frozen=True)
class Problem:
    """A row that would be refused: where it stands and the first reason, its values masked."""

    file: str
    where: str
    row: int
    zh: str
    en: str


@dataclass
class Preview:
    """The dry run of an import. `lands` says whether anything would be landed, `same` that all of it is here already."""

    files: list[FileSeen] = field(default_factory=list)
    kinds: list[KindSeen] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    same: bool = False
    lands: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


def preview(found: Survey, *, county_code: str, at: datetime, track: Track) -> Preview:
    """Count what landing the files of a survey would do. Writes nothing and holds no lock."""
    whole = Preview(files=[_unknown(each) for each in found.unknown])
    batches = [batch for batch in found.batches if batch.files]
    fresh = [batch for batch in batches if not _is_here(batch, found)]
    whole.same = bool(batches) and not fresh and not found.unknown
    whole.lands = bool(fresh)
    for batch in batches:
        opened_files = _dry(batch, found, whole, county_code, at, track)
        whole.files += opened_files
    if whole.lands and not any(each.rows for each in whole.kinds):
        whole.lands = False
    return whole


def _is_here(batch: Batch, found: Survey) -> bool:
    more = (facility_state(),) if batch.part.name == SETTLEMENT else ()
    return unchanged(batch, more)


def _dry(
    batch: Batch, found: Survey, whole: Preview, county_code: str, at: datetime, track: Track
) -> list[FileSeen]:
    """Land one part into nothing, and add what was counted to the whole."""
    with ExitStack() as stack:
        opened = open_all(batch.files, stack)
        reader = Reader(opened, county_code)
        scan = reader.scan()
        tally = PartTally(batch.part.register, batch.part.name, files=len(batch.files))
        marks, writer = Marks(), NoWriter(at)
        label = f"看 {batch.part.name}"
        if batch.part.name == SETTLEMENT:
            facilities = known_facilities() | _facilities_of(found, county_code)
            rows = track(reader.rows(KIND), label, total=scan.rows)
            SettlementLanding(scan, writer, facilities, tally, marks).land(rows)
        else:
            untouched = not (opened.refused or batch.in_doubt)
            state = StateLanding(batch, scan, writer, tally, marks, whole=untouched)
            state.land(batches_of(reader, batch), track(range(scan.rows), label))
            whole.notes += missing_sheets(opened, tally)
        whole.kinds += [_kind(name, counted) for name, counted in tally.kinds.items()]
        whole.problems += _problems(opened, marks)
        return [
            *(_seen(file.recognised) for file in opened.files),
            *(_refused(file, refusal) for file, refusal in opened.refused),
        ]


def _facilities_of(found: Survey, county_code: str) -> frozenset[str]:
    """Return the facilities that the same import brings: its settlements are checked against them."""
    codes: set[str] = set()
    for batch in found.batches:
        if batch.part.name == FACILITY and batch.files:
            with ExitStack() as stack:
                reader = Reader(open_all(batch.files, stack), county_code)
                codes |= {each.row.key for each in reader.rows(FACILITY) if each.row.accepted}
    return frozenset(codes)


def _kind(name: str, counted: KindTally) -> KindSeen:
    kind = kinds()[name]
    return KindSeen(
        kind=name,
        title_zh=kind.title_zh,
        title_en=kind.title_en,
        rows=counted.rows,
        new=counted.new,
        changed=counted.changed,
        same=counted.known + counted.repeated,
        refused=counted.refused,
        withdrawn=counted.withdrawn,
    )


def _problems(opened: Opened, marks: Marks) -> Iterator[Problem]:
    left = PROBLEMS_A_PART
    for file in opened.files:
        for each in marks.first_refused(file.recognised.sha256, left):
            why = next(reason for reason in each.row.reasons if reason.refuses)
            yield Problem(file.recognised.name, each.table.where, each.raw.number, why.zh, why.en)
            left -= 1


def _seen(file: Recognised) -> FileSeen:
    register = registers()[file.register]
    return FileSeen(file.name, file.sha256, file.size_bytes, register.zh, register.en)


def _refused(file: Recognised, refusal: FileRefused) -> FileSeen:
    register = registers().get(file.register)
    zh, en = (register.zh, register.en) if register else ("", "")
    return FileSeen(file.name, file.sha256, file.size_bytes, zh, en, refusal.reason_zh, refusal.reason_en)


def _unknown(file: Recognised) -> FileSeen:
    assert file.refusal is not None, "a file of no register has been refused"
    return _refused(file, file.refusal)
