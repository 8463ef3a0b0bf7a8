"""Say what of a folder was not taken: files refused whole and why, and where the refused rows lie with their reasons."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.table import Table

from yingjin.basics.money import part_of
from yingjin.fusion import queries as fusion
from yingjin.fusion.actions import PartTally
from yingjin.fusion.files import register_files
from yingjin.fusion.formats import registers
from yingjin.fusion.queries import LandedFile

REFUSED = "refused"
MANY = 10  # one row in ten
PARTS = {"enrolment": "参保登记", "settlement": "结算明细"}


def files_of(folder: Path) -> list[LandedFile]:
    """List the files that lie in a folder now as they came last, in order of name."""
    names = {path.name for path in register_files(folder)}
    newest: dict[str, LandedFile] = {}
    for file in fusion.landed_files():
        if file.name in names:
            newest.setdefault(file.name, file)
    return [newest[name] for name in sorted(newest)]


def refused_files(files: list[LandedFile]) -> Iterator[tuple[str, str]]:
    """Yield a sentence in Chinese and in English for each file that was refused whole."""
    for file in files:
        if file.status == REFUSED:
            yield f"没有收“{file.name}”：{file.reason_zh}", f"“{file.name}” was refused: {file.reason_en}"


def remarks(files: list[LandedFile]) -> Iterator[tuple[str, str]]:
    """Yield what was not read in files that were taken: columns and sheets that nobody declared."""
    for file in files:
        if file.status != REFUSED and file.reason_zh:
            yield f"{file.name}：{file.reason_zh}", f"{file.name}: {file.reason_en}"


def large_withdrawals(parts: Iterable[PartTally]) -> Iterator[tuple[str, str]]:
    """Yield a warning for each register that lost many of its rows: half a file looks like half a register."""
    for part in parts:
        withdrawn = part.total("withdrawn")
        before = withdrawn + part.total("known") + part.total("changed")
        if withdrawn * MANY > before:
            share = part_of(withdrawn, before)
            yield (
                f"{name_of(part)}这次撤回了 {withdrawn:,} 行，占原有的 {share}%。先看文件是不是拷全了，再用这些数。",
                f"{withdrawn:,} rows of {part.part} were withdrawn, {share} % of what was there. See whether the files "
                "are whole before using these numbers.",
            )


def name_of(part: PartTally) -> str:
    """Return what a register, or the part of it that is landed by itself, is called."""
    return PARTS.get(part.part) or registers()[part.register].zh


def marked_table(files: list[LandedFile]) -> Table | None:
    """Return where each file's refused rows lie with their reasons, None when no row was refused."""
    marked = [file for file in files if file.marked_name]
    if not marked:
        return None
    table = Table(
        title="拒收的行连同原因，取出来看  refused rows with reasons, taken out by: yingjin marked <文件夹 folder>",
        title_justify="left",
    )
    table.add_column("文件")
    table.add_column("拒收", justify="right")
    table.add_column("照这份改原来的文件  mend the original by this copy", overflow="fold")
    for file in marked:
        table.add_row(file.name, f"{file.refused:,}", file.marked_name)
    return table
