"""The files of one folder: recognised, put to their registers, and kept in the table of source files."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from yingjin.fusion.errors import FileRefused, where_in_english
from yingjin.fusion.files import (
    ON_THIS_MACHINE,
    Limits,
    OpenFile,
    Recognised,
    digest_of,
    open_file,
    recognise,
    register_files,
)
from yingjin.fusion.formats import kinds
from yingjin.fusion.models import Landing, SourceFile

LANDED, REFUSED, UNDONE = "landed", "refused", "undone"


@dataclass(frozen=True)
class Part:
    """What is landed in one transaction: a register, or a part of it that has a state of its own."""

    register: str
    name: str
    kinds: tuple[str, ...]

    @property
    def media(self) -> frozenset[str]:
        """Return whether its rows come in sheets or CSV."""
        return frozenset(kinds()[kind].medium for kind in self.kinds)


# Facilities first: settlements are checked against them.
PARTS = (
    Part("facility", "facility", ("facility",)),
    Part("poverty", "poverty", ("lifted", "marginal", "category", "change")),
    Part("insurance", "enrolment", ("enrolment",)),
    Part("insurance", "settlement", ("settlement",)),
    Part("health", "health", ("record", "condition", "treatment", "contract")),
)


@dataclass
class Batch:
    """The files of one part in the folder. `in_doubt` says that a file nobody can read may be one of them."""

    part: Part
    files: list[Recognised]
    in_doubt: bool

    def digest(self, *more: str) -> str:
        """Return a hash of what the part's state is read from: contents, whatever the names and the order."""
        facts = sorted(each.sha256 for each in self.files)
        facts += ["in doubt"] if self.in_doubt else []
        return blake2b("\n".join([*facts, *more]).encode(), digest_size=32).hexdigest()


@dataclass
class Survey:
    """Everything in a folder: a batch for each part, and the files of no known register."""

    batches: list[Batch]
    unknown: list[Recognised]
    digest: str


def survey(folder: Path, limits: Limits = ON_THIS_MACHINE) -> Survey:
    """Recognise every file of a folder. The same content twice is one file."""
    recognised = [recognise(path, limits) for path in register_files(folder)]
    found = list({each.sha256 or each.name: each for each in recognised}.values())
    unknown = [each for each in found if not each.register]
    batches = [
        Batch(
            part=part,
            files=[each for each in found if set(each.kinds) & set(part.kinds)],
            in_doubt=any(_may_be_of(each, part) for each in unknown),
        )
        for part in PARTS
    ]
    return Survey(batches, unknown, digest_of(each.sha256 for each in found))


def _may_be_of(file: Recognised, part: Part) -> bool:
    """Say whether a file that nobody knows might have held rows of a part."""
    return not file.medium or file.medium in part.media


@dataclass
class Opened:
    """The files of a batch, open; those refused whole with their reason."""

    files: list[OpenFile] = field(default_factory=list)
    refused: list[tuple[Recognised, FileRefused]] = field(default_factory=list)

    def refuse(self, file: OpenFile, refusal: FileRefused) -> None:
        """Take an open file out."""
        self.files.remove(file)
        self.refused.append((file.recognised, refusal))


def open_all(files: Iterable[Recognised], stack: ExitStack) -> Opened:
    """Open files until the stack is closed."""
    opened = Opened()
    for each in files:
        try:
            opened.files.append(stack.enter_context(open_file(each)))
        except FileRefused as refusal:
            opened.refused.append((each, refusal))
    return opened


def keep_refused(
    refused: Sequence[tuple[Recognised, FileRefused]], register: str, landing: Landing, at: datetime
) -> None:
    """Keep a line for each file that was refused whole."""
    for file, refusal in refused:
        _keep(file, register, landing, at, REFUSED, refusal.reason_zh, refusal.reason_en)


def keep_landed(file: OpenFile, register: str, landing: Landing, at: datetime) -> SourceFile:
    """Keep a line for a file whose rows are landed; what nobody reads in it is said there."""
    notes = list(notes_of(file))
    zh, en = "".join(note[0] for note in notes), " ".join(note[1] for note in notes)
    return _keep(file.recognised, register, landing, at, LANDED, zh, en)


def _keep(
    file: Recognised, register: str, landing: Landing, at: datetime, status: str, zh: str, en: str
) -> SourceFile:
    """Keep one line for a content in a landing, however often the landing is taken up again."""
    facts = {"name": file.name[:255], "size_bytes": file.size_bytes, "landed_at": at}
    kept, _ = SourceFile.objects.update_or_create(
        landing=landing,
        sha256=file.sha256,
        register=register,
        defaults={**facts, "status": status, "reason_zh": zh, "reason_en": en},
    )
    return kept


def notes_of(file: OpenFile) -> Iterator[tuple[str, str]]:
    """Say which columns and sheets of a file nobody declared, in Chinese and English."""
    for table in file.tables:
        if table.further:
            yield (
                f"{table.where}多出的列（{'、'.join(table.further)}）照原样留存，不作依据。",
                f"Further columns of {where_in_english(table.where)} ({', '.join(table.further)}) are kept as they are"
                " and left alone.",
            )
    if file.unread_sheets:
        zh, en = "、".join(file.unread_sheets), ", ".join(file.unread_sheets)
        yield f"不认识的表（{zh}）没有读。", f"Sheets of no known name ({en}) were not read."
