"""`yingjin templates DIR`: write empty registers to fill in, each column explained."""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

from yingjin.basics.errors import Conflict
from yingjin.fusion.formats import SHEET, Kind, kinds, registers
from yingjin.jobs.county.writing import BOM_UTF8, Sheet, write_csv, write_workbook
from yingjin.jobs.formats_page import column_notes, formats_page

PAGE = "数据格式.md"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("folder", type=Path, help="空白表写到哪个文件夹  where to write the empty files")


def run(args: argparse.Namespace) -> int:
    """Write the empty files and say which; return 0."""
    for name in write_templates(args.folder):
        print(args.folder / name)
    return 0


def write_templates(folder: Path) -> list[str]:
    """Write every empty file and the page that explains all columns; each appears by rename.

    Errors: Conflict where one of them is there with other contents: a file somebody filled in is never overwritten.
    """
    if folder.exists() and not folder.is_dir():
        raise Conflict(
            f"“{folder.name}”是一个文件，不是文件夹。写一个文件夹的路径。",
            f"“{folder.name}” is a file. Name a folder.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    writers = _writers()
    parts = {name: folder / f".{name}.part" for name in writers}
    try:
        for name, write in writers.items():
            write(parts[name])
        filled = [
            name
            for name, part in parts.items()
            if (folder / name).exists() and (folder / name).read_bytes() != part.read_bytes()
        ]
        if filled:
            raise Conflict(
                f"“{filled[0]}”已在文件夹里，内容不是空白表，不覆盖。换一个文件夹，或先移走它。",
                f"“{filled[0]}” is there already and is no empty template. Choose another folder or move it away.",
            )
        for name, part in parts.items():
            part.replace(folder / name)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    return list(writers)


def _writers() -> dict[str, Callable[[Path], object]]:
    writers: dict[str, Callable[[Path], object]] = {}
    for register in registers().values():
        sheets = [
            kind for kind in kinds().values() if kind.register == register.name and kind.medium == SHEET
        ]
        if sheets:
            writers[f"{register.zh}.xlsx"] = partial(_workbook, sheets=sheets)
    for kind in kinds().values():
        if kind.medium != SHEET:
            writers[f"{kind.file_stem}.csv"] = partial(write_csv, kind=kind, rows=(), encoding=BOM_UTF8)
    writers[PAGE] = lambda path: path.write_text(formats_page(), encoding="utf-8", newline="\n")
    return writers


def _workbook(path: Path, sheets: list[Kind]) -> None:
    notes = [
        (kind.sheet or "" if place else "表 sheet", *note)
        for kind in sheets
        for place, note in enumerate(column_notes(kind))
        if place or kind is sheets[0]
    ]
    above = {kind.name: (kind.title_zh,) if kind.header_row > 1 else () for kind in sheets}
    write_workbook(path, [Sheet(kind, (), above[kind.name]) for kind in sheets], notes)
