"""CSV as registers export it: comma, UTF-8 (BOM allowed) or GB18030."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from yingjin.fusion.errors import FileRefused
from yingjin.fusion.files.tables import RawRow

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CHUNK_BYTES = 1 << 20


def encoding_of(path: Path) -> str:
    """Return the encoding in which every byte of a file is text.

    Errors: FileRefused for UTF-16, for a NUL byte, and for bytes that are text in neither encoding.
    """
    _refuse_what_is_no_text(path)
    wrong_at = _stops_at(path, "utf-8")
    if wrong_at is None:
        return "utf-8-sig"
    if _stops_at(path, "gb18030") is None:
        return "gb18030"
    raise FileRefused("bad_encoding", byte=wrong_at + 1)


def records(path: Path, encoding: str) -> Iterator[RawRow]:
    """Yield the records of a CSV in order, the header as number 1.

    Errors: FileRefused where quotation marks do not pair.
    """
    with open(path, encoding=encoding, newline="") as text:
        reader = csv.reader(text, strict=True)
        began = 1
        try:
            for number, cells in enumerate(reader, start=1):
                yield RawRow(number, list(map(str.strip, cells)))
                began = reader.line_num + 1
        except csv.Error:
            raise FileRefused("broken_quotes", line=began) from None


def _refuse_what_is_no_text(path: Path) -> None:
    lines = 1
    with open(path, "rb") as data:
        if data.read(2) in UTF16_MARKS:
            raise FileRefused("utf16")
        data.seek(0)
        while chunk := data.read(CHUNK_BYTES):
            at = chunk.find(0)
            if at >= 0:
                raise FileRefused("nul_bytes", line=lines + chunk.count(b"\n", 0, at))
            lines += chunk.count(b"\n")


def _stops_at(path: Path, encoding: str) -> int | None:
    """Return the place of the first byte that is no text in an encoding, or None when all is."""
    decoder = codecs.getincrementaldecoder(encoding)()
    read = 0
    with open(path, "rb") as data:
        while True:
            chunk = data.read(CHUNK_BYTES)
            waiting = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return read - waiting + error.start
            if not chunk:
                return None
            read += len(chunk)
