"""Read a CSV file of the contract into rows of text; whatever cannot be read is a problem, not an exception."""

import csv
import io
import sys
from pathlib import Path
from typing import NamedTuple

from yingjin.jobs.settle.problems import Problems, shown

BYTE_ORDER_MARK = "\ufeff"


class Row(NamedTuple):
    """One row's cells in the order of the contract's columns; the header is row 1."""

    number: int
    cells: list[str]


class Table(NamedTuple):
    """The rows of a file that could be read.

    `uneven` are the keys of rows with too few or too many cells; `whole` is False where the reading broke off.
    """

    file: str
    rows: list[Row]
    uneven: list[str]
    whole: bool


def read_table(path: Path, columns: tuple[str, ...], problems: Problems) -> Table | None:
    """Return the rows of a file, or None when it has no usable header. The first column is the rows' key."""
    text = _text(path, problems)
    if text is None:
        return None
    records, whole = _records(path.name, text, problems)
    header = records.pop(0) if records else None
    if header is None:
        if text.strip() == "":
            problems.say(
                path.name, None, "", "", "unreadable_file",
                "文件是空的，连表头也没有。", "The file is empty, without even a header.",
            )  # fmt: skip
        return None
    places = _places(path.name, header.cells, columns, problems)
    if places is None:
        return None
    even = [row for row in records if len(row.cells) == len(header.cells)]
    rows = [Row(number, [cells[place] for place in places]) for number, cells in even]
    uneven = _uneven(path.name, records, len(header.cells), problems) if len(even) < len(records) else []
    keys = [cells[places[0]] for _, cells in uneven if places[0] < len(cells)]
    return Table(path.name, rows, keys, whole)


def _text(path: Path, problems: Problems) -> str | None:
    try:
        content = path.read_bytes()
    except OSError as error:
        problems.say(
            path.name, None, "", "", "unreadable_file",
            f"打不开（{error.strerror}）。查一查路径和权限。",
            f"Cannot be opened ({error.strerror}). Check path and rights.",
        )  # fmt: skip
        return None
    text = decoded(content)
    if text is None or "\0" in text:
        problems.say(
            path.name, None, "", "", "unreadable_file",
            "不是完整的 UTF-8 或 GB18030 文本。用表格软件另存为 CSV（UTF-8）。",
            "Not whole text in UTF-8 or GB18030. Save it again as CSV (UTF-8).",
        )  # fmt: skip
        return None
    return text.removeprefix(BYTE_ORDER_MARK)


def decoded(content: bytes) -> str | None:
    """Return the text of a file in UTF-8 or GB18030, or None.

    UTF-8 that only its end cuts short is not tried as GB18030: it would be read as other characters.
    """
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        cut_short = error.reason == "unexpected end of data" and error.end == len(content)
        if cut_short or content.startswith(b"\xef\xbb\xbf"):
            return None
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError:
        return None


def _records(file: str, text: str, problems: Problems) -> tuple[list[Row], bool]:
    """Return every record that is not blank; a quote that never ends or an endless cell ends the reading."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[Row] = []
    number = 0
    try:
        for cells in reader:
            number += 1
            if cells:
                records.append(Row(number, cells))
    except csv.Error as error:
        problems.say(
            file, number + 1, "", "", "unreadable_file",
            f"从这一行起读不下去（{error}）。看看引号是否成对，文件是否被截断。",
            f"Cannot be read on from this row ({error}). Check that quotes are paired and the file is whole.",
        )  # fmt: skip
        return records, False
    return records, True


def _places(
    file: str, header: list[str], columns: tuple[str, ...], problems: Problems
) -> tuple[int, ...] | None:
    """Return where each column stands; name the missing, the doubled and, once, the ignored ones."""
    sound = True
    for column in columns:
        if column not in header:
            problems.add(file, 1, column, "", "missing_column")
            sound = False
        elif header.count(column) > 1:
            problems.say(
                file, 1, column, "", "unreadable_file",
                "表头里这一列出现了不止一次，不知道用哪一列。删去多余的。",
                "The header has this column more than once. Remove the surplus ones.",
            )  # fmt: skip
            sound = False
    ignored = [shown(name) for name in dict.fromkeys(header) if name not in columns]
    if ignored:
        print(
            f"{file} 没有用到的列：{'、'.join(ignored)}  columns ignored: {', '.join(ignored)}",
            file=sys.stderr,
        )
    return tuple(header.index(column) for column in columns) if sound else None


def _uneven(file: str, records: list[Row], width: int, problems: Problems) -> list[Row]:
    uneven = [row for row in records if len(row.cells) != width]
    for number, cells in uneven:
        problems.say(
            file, number, "", "", "unreadable_file",
            f"这一行有 {len(cells)} 格，表头有 {width} 格。看看是否少了逗号，或者文件被截断。",
            f"This row has {len(cells)} cells, the header {width}. Check commas and that the file is whole.",
        )  # fmt: skip
    return uneven
