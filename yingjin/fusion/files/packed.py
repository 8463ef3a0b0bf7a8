"""What a workbook may be before any of it is parsed: its size, packed and unpacked, its width, and nothing that runs.

A workbook is a packed folder. Its directory may lie about sizes, so everything is unpacked once and counted.
"""

import mmap
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from yingjin.fusion.errors import FileRefused

OLD_OR_LOCKED = bytes.fromhex("D0CF11E0A1B11AE1")  # the container of .xls and of encrypted .xlsx
ZIPPED = b"PK"
GIGABYTE, MEGABYTE = 1 << 30, 1 << 20
CHUNK_BYTES = 1 << 20
NO_END = 1 << 50
LOCKED_STREAM = "EncryptedPackage".encode("utf-16-le")
MACROS = re.compile(r"(^|/)vbaproject\.bin$|^xl/macrosheets/", re.IGNORECASE)
LINKS = re.compile(r"^xl/(externallinks/|connections\.xml$)", re.IGNORECASE)
SHEETS = re.compile(r"^xl/worksheets/[^/]+\.xml$", re.IGNORECASE)
MOST_COLUMNS = 200
# Cells by their column: past GR, the two-hundredth; and past AF, the thirty-second.
PAST_MOST = re.compile(rb"""\br\s*=\s*["'](?:[A-Za-z]{3}|[Gg][S-Zs-z]|[H-Zh-z][A-Za-z])[0-9]""")
WIDE = re.compile(rb"""\br\s*=\s*["'](?:[A-Za-z]{3}|[Aa][G-Zg-z]|[B-Zb-z][A-Za-z])[0-9]""")
ROW = re.compile(rb"""<row\b[^>]*?\br\s*=\s*["']([0-9]+)""")
PREFIXED_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br\s*=\s*["']([0-9]+)""")
# Letters, digits and quotes by what they are: only where two letters begin a value and a digit follows can a column
# past Z be named, and to look for that is ten times as fast as to read every name.
LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SORTS = bytes.maketrans(LETTERS + b"0123456789" + b"\"'", b"L" * len(LETTERS) + b"0" * 10 + b"''")
NAMES_PAST_Z = (b"'LL0", b"'LLL0")
MOST_CELLS = 40_000_000
LAST_ROW_OF_WIDE = 150_000  # the reader keeps a sheet as a full rectangle: more would not fit into memory
OVERLAP_BYTES = 256


@dataclass(frozen=True)
class Limits:
    """How large a file may be."""

    packed_megabytes: int
    unpacked_gigabytes: int


UPLOADED = Limits(packed_megabytes=100, unpacked_gigabytes=2)
ON_THIS_MACHINE = Limits(packed_megabytes=4_096, unpacked_gigabytes=4)


def refuse_what_may_not_be_read(path: Path, limits: Limits) -> None:
    """Pass when a workbook may be parsed. Errors: FileRefused with the one thing that stands against it."""
    size = path.stat().st_size
    if size > limits.packed_megabytes * MEGABYTE:
        raise FileRefused("too_large_packed", megabytes=size // MEGABYTE, most=limits.packed_megabytes)
    try:
        with zipfile.ZipFile(path) as packed:
            _look_at_directory(packed, limits)
            left = limits.unpacked_gigabytes * GIGABYTE
            for entry in packed.infolist():
                left -= _unpacked(packed, entry, left, limits)
    # zipfile raises NotImplementedError for a packing it does not know, and RuntimeError for a password.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise FileRefused("broken_workbook") from None


def refusal_of_container(path: Path) -> FileRefused:
    """Return why an old container is refused: it is locked by a password, or is the old .xls format."""
    with open(path, "rb") as data, mmap.mmap(data.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        locked = whole.find(LOCKED_STREAM) >= 0
    return FileRefused("locked_workbook" if locked else "old_workbook")


def _look_at_directory(packed: zipfile.ZipFile, limits: Limits) -> None:
    entries = packed.infolist()
    names = [entry.filename for entry in entries]
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused("locked_workbook")
    if sum(entry.file_size for entry in entries) > limits.unpacked_gigabytes * GIGABYTE:
        raise FileRefused("too_large", most=limits.unpacked_gigabytes)
    if any(MACROS.search(name) for name in names):
        raise FileRefused("has_macros")
    if any(LINKS.search(name) for name in names):
        raise FileRefused("has_links")
    if "xl/workbook.xml" not in names:
        raise FileRefused("no_xlsx")


def _unpacked(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, limits: Limits) -> int:
    """Unpack an entry to its true end, whatever its directory says, and return how many bytes it holds."""
    stated, entry.file_size = entry.file_size, NO_END
    look = _Look() if SHEETS.search(entry.filename) else None
    size = 0
    try:
        with packed.open(entry) as data:
            while chunk := data.read(CHUNK_BYTES):
                size += len(chunk)
                if size > left:
                    raise FileRefused("too_large", most=limits.unpacked_gigabytes)
                if look is not None:
                    look.at(chunk)
    finally:
        entry.file_size = stated
    if size != stated:
        raise FileRefused("broken_workbook")
    return size


class _Look:
    """Looks through a sheet for its width and length while it is unpacked."""

    def __init__(self) -> None:
        self._end = b""
        self._wide = False
        self._last_row = 0
        self._cells = 0

    def at(self, chunk: bytes) -> None:
        """Look at the next piece. Errors: FileRefused for too many columns, or too many of both."""
        text = self._end + chunk
        self._end = text[-OVERLAP_BYTES:]
        sorts = text.translate(SORTS)
        if any(name in sorts for name in NAMES_PAST_Z):
            if PAST_MOST.search(text):
                raise FileRefused("too_many_columns", most=MOST_COLUMNS)
            self._wide = self._wide or WIDE.search(text) is not None
        rows = PREFIXED_ROW if b":row" in text else ROW
        self._last_row = max(self._last_row, max(map(int, rows.findall(text)), default=0))
        self._cells += chunk.count(b"<c")
        if self._cells > MOST_CELLS or (self._wide and self._last_row > LAST_ROW_OF_WIDE):
            raise FileRefused("too_many_cells", rows=LAST_ROW_OF_WIDE)
