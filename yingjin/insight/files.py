"""
The files of the figure audit: published figures, identities, and the documents they stand in.

* read_published    both tables, with every reason why something in them cannot be read
* documents         the titles of the documents, by file and article
* problem           an error about a file, ready to be shown: what, where, value, why, what to do
"""

import csv
import io
import re
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple, TypeVar

from yingjin.basics.errors import BadInput
from yingjin.basics.identity import masked
from yingjin.insight.domain.figures import Figure, Identity

DATA = Path(str(files("yingjin.insight") / "data"))
FIGURES = DATA / "figures.csv"
IDENTITIES = DATA / "identities.csv"
DOCUMENTS = DATA / "documents.csv"
FILE, HEADER = 0, 1  # rows that speak of a file as a whole and of its heading line
ENCODINGS = ("utf-8-sig", "gb18030")
ID = re.compile(r"[A-Za-z]\w*", re.ASCII)
LONG_NUMBER = re.compile(r"\d{14,}[\dXx]", re.ASCII)  # may be somebody's identity number

Kept = TypeVar("Kept", Figure, Identity)


class UnreadableFile(BadInput):
    """The file is not there, is no text, or is no CSV."""

    code = "unreadable_file"

    def __init__(self, why_zh: str, why_en: str) -> None:
        super().__init__(
            f"读不了这个文件：{why_zh}。请给出逗号分隔的 UTF-8 或 GB18030 文本，首行是列名。",
            f"This file cannot be read: {why_en}. Give comma-separated UTF-8 or GB18030 text with a heading line.",
        )


class MissingColumn(BadInput):
    """The heading line lacks a column that is needed, or has it twice."""

    code = "missing_column"

    def __init__(self, column: str, times: int) -> None:
        super().__init__(
            f"首行有 {times} 个 {column} 列，应正好有一个。请改首行。",
            f"The heading line has {times} columns named {column}; exactly one is needed. Correct the heading line.",
        )


class BadRow(BadInput):
    """A row has more or fewer cells than the heading line."""

    code = "bad_row"

    def __init__(self, cells: int, columns: int) -> None:
        super().__init__(
            f"这一行有 {cells} 格，首行有 {columns} 列。请核对逗号和引号。",
            f"This row has {cells} cells, the heading line {columns}. Look for a stray comma or quotation mark.",
        )


class BlankValue(BadInput):
    """A cell that is needed is blank."""

    code = "blank_value"

    def __init__(self) -> None:
        super().__init__("这一格是空的。请填上。", "This cell is blank. Fill it in.")


class BadId(BadInput):
    """An id could not be written in an expression."""

    code = "bad_id"

    def __init__(self) -> None:
        super().__init__(
            "编号以字母开头，只含英文字母、数字和下划线。请改编号。",
            "An id begins with a letter and holds letters, digits and underscores. Correct it.",
        )


class DuplicateId(BadInput):
    """An id was used before."""

    code = "duplicate_id"

    def __init__(self, row: int) -> None:
        super().__init__(
            f"这个编号第 {row} 行已用过。请改成不同的编号。",
            f"Row {row} already has this id. Give one of them another.",
        )


class Problem(NamedTuple):
    """One reason why something cannot be read, and where. The header is row 1."""

    file: str
    row: int
    column: str
    value: str
    code: str
    reason_zh: str
    reason_en: str


class Document(NamedTuple):
    """One published document, or one article of a collection. The titles are its own, `about` is ours."""

    seed_file: str
    article: str
    title_zh: str
    title_en: str
    publisher_zh: str
    published_on: str
    about_zh: str
    about_en: str


@dataclass(frozen=True, slots=True)
class Published:
    """Both tables as read, in the files' order, and every problem met in them."""

    figures: tuple[Figure, ...]
    identities: tuple[Identity, ...]
    problems: tuple[Problem, ...]


def read_published(figures: Path, identities: Path) -> Published:
    """Read both tables; columns in any order, further ones ignored. Errors: none; they are in `problems`."""
    problems: list[Problem] = []
    kept_figures = table(figures, Figure, ("id", "value"), problems)
    kept_identities = table(identities, Identity, ("id", "expression"), problems)
    return Published(tuple(kept_figures), tuple(kept_identities), tuple(problems))


@cache
def documents() -> dict[tuple[str, str], Document]:
    """Read the documents' titles, by file and article."""
    rows = csv.DictReader(io.StringIO(DOCUMENTS.read_text("utf-8")))
    return {(row["seed_file"], row["article"]): Document(**row) for row in rows}


def problem(error: BadInput, path: Path, row: int = FILE, column: str = "", value: str = "") -> Problem:
    """Say where an error lies; a long number in it may be somebody's identity number and is masked."""
    shown = [
        LONG_NUMBER.sub(lambda found: masked(found.group()), text)
        for text in (value, error.reason_zh, error.reason_en)
    ]
    return Problem(str(path), row, column, shown[0], error.code, shown[1], shown[2])


def table(path: Path, kind: type[Kept], needed: tuple[str, str], problems: list[Problem]) -> list[Kept]:
    """Read one table into rows of one kind; what cannot be read becomes a problem and is left out."""
    try:
        header, rows = records(path)
    except UnreadableFile as error:
        problems.append(problem(error, path))
        return []
    amiss = {name: times for name in needed if (times := header.count(name)) != 1}
    problems += [problem(MissingColumn(name, times), path, HEADER, name) for name, times in amiss.items()]
    if amiss:
        return []
    kept: list[Kept] = []
    seen: dict[str, int] = {}
    wanted = {field.name for field in fields(kind)} - {"row"}
    for number, cells in enumerate(rows, HEADER + 1):
        if len(cells) != len(header):
            # A line left wholly blank is no row.
            problems += [problem(BadRow(len(cells), len(header)), path, number)] if cells else []
            continue
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=True) if name in wanted}
        found = faults(row, needed, seen)
        problems += [problem(error, path, number, column, row[column]) for column, error in found]
        seen.setdefault(row["id"], number)
        if not found:
            kept.append(kind(**row, row=number))
    return kept


def faults(row: dict[str, str], needed: tuple[str, str], seen: dict[str, int]) -> list[tuple[str, BadInput]]:
    """List what is wrong with one row, by column. `seen` holds the rows of the ids before it."""
    found: list[tuple[str, BadInput]] = [(name, BlankValue()) for name in needed if not row[name]]
    if row["id"] and not ID.fullmatch(row["id"]):
        found.append(("id", BadId()))
    elif row["id"] in seen and row["id"]:
        found.append(("id", DuplicateId(seen[row["id"]])))
    return found


def records(path: Path) -> tuple[list[str], list[list[str]]]:
    """Read a CSV file into its heading line and its rows. Errors: UnreadableFile."""
    reader = csv.reader(io.StringIO(text_of(path), newline=""), strict=True)
    try:
        header = next(reader, None)
        rows = list(reader)
    except csv.Error as error:
        raise UnreadableFile(
            f"第 {reader.line_num} 行附近的引号或分隔不成对", f"near line {reader.line_num}, {error}"
        ) from None
    if not header:
        raise UnreadableFile("文件是空的", "it is empty")
    return [name.strip() for name in header], rows


def text_of(path: Path) -> str:
    """Read a file as UTF-8, with or without its mark, else as GB18030. Errors: UnreadableFile."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile("没有这个文件，或没有读它的权限", str(error.strerror).lower()) from None
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("既不是 UTF-8 也不是 GB18030 文本", "it is neither UTF-8 nor GB18030 text")
