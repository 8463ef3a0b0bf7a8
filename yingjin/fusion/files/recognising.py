"""Whose register a file is, by its content: sheets by their titles, a CSV by its header. The name never matters."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b, sha256
from pathlib import Path

from yingjin.fusion.errors import FileRefused
from yingjin.fusion.files.delimited import encoding_of, records
from yingjin.fusion.files.packed import (
    OLD_OR_LOCKED,
    ON_THIS_MACHINE,
    ZIPPED,
    Limits,
    refusal_of_container,
    refuse_what_may_not_be_read,
)
from yingjin.fusion.files.tables import ROWS_SEARCHED_FOR_A_HEADER
from yingjin.fusion.files.workbooks import Workbook
from yingjin.fusion.formats import CSV, SHEET, Kind, kind_of_sheet, kinds

CHUNK_BYTES = 1 << 20
LOCK_OF_EXCEL = "~$"  # Excel's own file beside a workbook that is open


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file and whose it is: the kinds it holds, or why it is refused.

    `register` is empty when nobody can tell; `medium` says then which registers it might have been of.
    """

    path: Path
    sha256: str
    size_bytes: int
    medium: str
    register: str = ""
    kinds: tuple[str, ...] = ()
    encoding: str = ""
    refusal: FileRefused | None = None

    @property
    def name(self) -> str:
        """Return the file's name, for people."""
        return self.path.name


def register_files(folder: Path) -> list[Path]:
    """List the files of a folder in order of name; folders, hidden files and Excel's lock files are none."""
    return sorted(
        path for path in folder.iterdir() if path.is_file() and not path.name.startswith((".", LOCK_OF_EXCEL))
    )


def recognise(path: Path, limits: Limits = ON_THIS_MACHINE) -> Recognised:
    """Say whose register a file is. What is wrong with it is told, not raised."""
    try:
        digest, size, start = _fingerprint(path)
    except OSError as error:
        refusal = FileRefused("unreadable_file", why=error.strerror or type(error).__name__)
        return Recognised(path, "", 0, "", refusal=refusal)
    workbook = start.startswith((OLD_OR_LOCKED, ZIPPED))
    medium = SHEET if workbook else CSV
    try:
        if not start:
            raise FileRefused("empty_file")
        if start.startswith(OLD_OR_LOCKED):
            raise refusal_of_container(path)
        if workbook:
            refuse_what_may_not_be_read(path, limits)
            register, found, encoding = *_of_workbook(path), ""
        else:
            encoding = encoding_of(path)
            register, found = _of_header(path, encoding)
    except FileRefused as refusal:
        return Recognised(path, digest, size, medium, refusal=refusal)
    return Recognised(path, digest, size, medium, register, found, encoding)


def folder_digest(folder: Path) -> str:
    """Return a hash of what lies in a folder: contents, whatever their names and order."""
    return digest_of(_fingerprint_or_none(path) for path in register_files(folder))


def digest_of(fingerprints: Iterable[str]) -> str:
    """Return one hash of several contents; the same content twice is one."""
    return blake2b("\n".join(sorted(set(fingerprints))).encode(), digest_size=32).hexdigest()


def _fingerprint_or_none(path: Path) -> str:
    try:
        return _fingerprint(path)[0]
    except OSError:
        return ""


def _fingerprint(path: Path) -> tuple[str, int, bytes]:
    """Return a file's SHA-256, its size and its first bytes."""
    found, size, start = sha256(), 0, b""
    with open(path, "rb") as data:
        while chunk := data.read(CHUNK_BYTES):
            start = start or chunk[: len(OLD_OR_LOCKED)]
            found.update(chunk)
            size += len(chunk)
    return found.hexdigest(), size, start


def _of_workbook(path: Path) -> tuple[str, tuple[str, ...]]:
    workbook = Workbook(path)
    try:
        titles = workbook.sheet_names
    finally:
        workbook.close()
    found = [kind for kind in map(kind_of_sheet, titles) if kind is not None]
    if not found:
        raise _unknown()
    names = [kind.name for kind in found]
    if len({kind.register for kind in found}) > 1:
        raise FileRefused("mixed_registers", sheets="、".join(kind.sheet or "" for kind in found))
    repeated = next((kind for kind in found if names.count(kind.name) > 1), None)
    if repeated is not None:
        raise FileRefused("repeated_sheet", sheet=repeated.sheet)
    return found[0].register, tuple(names)


def _of_header(path: Path, encoding: str) -> tuple[str, tuple[str, ...]]:
    """Find the kind whose columns a CSV has most of, in its first lines.

    The most columns, not merely all that are needed: a settlement file that lost a column is no enrolment file.
    """
    best: tuple[int, int] = (0, 0)
    found: Kind | None = None
    for row, _ in zip(records(path, encoding), range(ROWS_SEARCHED_FOR_A_HEADER), strict=False):
        present = set(row.cells)
        for kind in kinds().values():
            if kind.medium != CSV:
                continue
            missing = len(set(kind.required_titles) - present)
            fits = (len(present.intersection(kind.titles)), -missing)
            if missing * 2 <= len(kind.required_titles) and fits > best:
                best, found = fits, kind
    if found is None:
        raise _unknown()
    return found.register, (found.name,)


def _unknown() -> FileRefused:
    sheets = "、".join(f"“{kind.sheet}”" for kind in kinds().values() if kind.sheet)
    titles = "；".join("、".join(kind.required_titles[:3]) for kind in kinds().values() if kind.medium == CSV)
    return FileRefused("unknown_register", sheets=sheets, titles=titles)
