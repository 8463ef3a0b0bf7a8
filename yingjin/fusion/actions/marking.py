"""The marked-up copies of the files whose rows were refused, sealed in the data folder.

* Marks          counts and keeps what is refused while files are read, then writes the copies
* read_marked    a copy in clear, for the person who mends the file
* take_out       all copies in clear, to a folder of their own
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.sealing import read_sealed, write_sealed
from yingjin.fusion.actions.reading import CheckedRow
from yingjin.fusion.files import MarkedRow, MarkedSheet, OpenFile, marked_workbook
from yingjin.fusion.models import SourceFile

FOLDER = "marked"


class Marks:
    """Counts the rows of each file and keeps the refused ones until they are written."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.rows: Counter[str] = Counter()
        self._refused: dict[str, list[CheckedRow]] = defaultdict(list)

    def count(self, file: OpenFile, rows: int = 1) -> None:
        """Count rows of a file."""
        self.rows[file.recognised.sha256] += rows

    def add(self, each: CheckedRow) -> None:
        """Keep a refused row."""
        self._refused[each.file.recognised.sha256].append(each)

    def refused_of(self, digest: str) -> int:
        """Return how many rows of a file were refused."""
        return len(self._refused.get(digest, ()))

    def first_refused(self, digest: str, most: int) -> list[CheckedRow]:
        """Return the first refused rows of a file."""
        return self._refused.get(digest, [])[:most]

    def name_of(self, digest: str) -> str:
        """Return the name of a file's marked-up copy; empty when no row was refused."""
        return f"{digest}.xlsx" if self.refused_of(digest) else ""

    def write(self, files: Iterable[OpenFile]) -> None:
        """Write the copies, and take away one whose rows are all good now."""
        for file in files:
            digest = file.recognised.sha256
            if self.refused_of(digest):
                _keep(f"{digest}.xlsx", marked_workbook(list(self._sheets(file))))
            else:
                path_of(f"{digest}.xlsx").unlink(missing_ok=True)

    def _sheets(self, file: OpenFile) -> Iterator[MarkedSheet]:
        refused = self._refused[file.recognised.sha256]
        for table in file.tables:
            rows = [_marked(each) for each in refused if each.table is table]
            yield MarkedSheet(table.kind.title_zh, table.above, table.titles, rows)


def path_of(name: str) -> Path:
    """Return where a marked-up copy lies."""
    return Path(settings.STORE) / FOLDER / f"{name}.sealed"


def read_marked(name: str) -> bytes:
    """Return the workbook of a marked-up copy. Errors: FileNotFoundError, KeyMissing, NotOpened."""
    return read_sealed(path_of(name), aad=f"{FOLDER}:{name}")


def take_out(folder: Path, *, by: Any, at: datetime) -> list[Path]:
    """Write the copies of the files as they came last into a folder, for its owner only; record that they left."""
    allow(by, "land")
    latest = SourceFile.objects.order_by("id").values_list("sha256", "marked_name")
    names = sorted({name for name in dict(latest).values() if name and path_of(name).exists()})
    if not names:
        return []
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(read_marked(name))
        (folder / name).chmod(0o600)
    record("marked_copies_taken_out", target="marked", by=by, at=at, count=len(names))
    return [folder / name for name in names]


def _keep(name: str, workbook: bytes) -> None:
    path = path_of(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_sealed(path, workbook, aad=f"{FOLDER}:{name}")


def missing(digests: Iterable[str]) -> bool:
    """Say whether a marked-up copy of one of these files is not where it should be."""
    named = SourceFile.objects.filter(sha256__in=list(digests)).order_by("id")
    latest = dict(named.values_list("sha256", "marked_name"))
    return any(name and not path_of(name).exists() for name in latest.values())


def _marked(each: CheckedRow) -> MarkedRow:
    why = "\n".join(reason.zh for reason in each.row.reasons if reason.refuses)
    return MarkedRow(each.raw.number, each.raw.cells, why)
