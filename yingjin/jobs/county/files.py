"""Write the county's folder: registers as files, the truth beside them; each file appears whole, by rename."""

import json
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from yingjin.basics.errors import Conflict
from yingjin.basics.progress import track
from yingjin.fusion.formats import kinds
from yingjin.jobs.county.county import County
from yingjin.jobs.county.faults import add_faults
from yingjin.jobs.county.poverty import LIFTED, MARGINAL
from yingjin.jobs.county.registers import Entry
from yingjin.jobs.county.rows import Row, Rows
from yingjin.jobs.county.truth import write_truth
from yingjin.jobs.county.writing import BOM_UTF8, GB18030, Sheet, write_csv, write_workbook

REGISTERS, TRUTH, MAKING = "registers", "truth", ".making"
OURS = frozenset({REGISTERS, TRUTH, MAKING})


def refuse_other_folder(folder: Path, people: int, seed: int) -> bool:
    """Say whether this very county stands here already.

    Errors: Conflict for a path that is no folder, or a folder that holds anything else, another county included.
    """
    if folder.exists() and not folder.is_dir():
        raise Conflict(
            f"“{folder.name}”是一个文件，不是文件夹。写一个新文件夹的路径。",
            f"“{folder.name}” is a file. Name a new folder.",
        )
    found = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    foreign = [name for name in found if name not in OURS]
    if foreign:
        raise Conflict(
            f"文件夹“{folder.name}”里已有别的东西（{foreign[0]} 等 {len(foreign)} 个），不往里写。写一个新文件夹的路径。",
            f"The folder “{folder.name}” holds other things ({foreign[0]}, {len(foreign)} in all). Name a new folder.",
        )
    about = folder / TRUTH / "county.json"
    if not about.is_file():
        return False
    there = json.loads(about.read_text(encoding="utf-8"))
    if (there["people"], there["seed"]) != (people, seed):
        raise Conflict(
            f"文件夹“{folder.name}”里已有另一个演示县（{there['people']:,} 人，种子 {there['seed']}）。写一个新文件夹的路径。",
            f"The folder “{folder.name}” holds another county ({there['people']:,} people, seed {there['seed']}). "
            "Name a new folder.",
        )
    return True


def write_county(folder: Path, county: County) -> list[str]:
    """Write every file, the truth last, and return the names of the registers' files."""
    making = folder / MAKING
    shutil.rmtree(making, ignore_errors=True)
    (making / TRUTH).mkdir(parents=True)
    (folder / REGISTERS).mkdir(exist_ok=True)
    writers = file_writers(county)
    for name, write in track(writers.items(), "写文件 writing files", total=len(writers)):
        write(making / name)
    write_truth(making / TRUTH, county)
    for name in writers:
        (making / name).replace(folder / REGISTERS / name)
    (making / TRUTH).replace(folder / TRUTH)
    making.rmdir()
    return list(writers)


def file_writers(county: County) -> dict[str, Callable[[Path], None]]:
    """Return what writes each file of the registers, by file name, in the order they are written."""
    rows = Rows(county)
    years = sorted(county.enrolled)
    last = years[-1]
    writers: dict[str, Callable[[Path], None]] = {}
    half = len(county.villages) // 2
    writers["脱贫人口登记_一.xlsx"] = lambda path: _write_poverty(
        path, rows, lambda one: one.village < half, True
    )
    writers["脱贫人口登记_二.xlsx"] = lambda path: _write_poverty(
        path, rows, lambda one: one.village >= half, False
    )
    for year in years:
        writers[f"参保_{year}.csv"] = partial(_write_enrolments, rows=rows, year=year, faults=year == last)
        writers[f"结算_{year}.csv"] = partial(_write_settlements, rows=rows, year=year, faults=year == last)
    facilities = list(rows.facilities())
    writers["机构.csv"] = lambda path: write_csv(
        path, kinds()["facility"], facilities + add_faults("facility", facilities), GB18030
    )
    writers["健康登记.xlsx"] = lambda path: _write_health(path, rows)
    return writers


def _write_poverty(path: Path, rows: Rows, wanted: Callable[[Entry], bool], faults: bool) -> None:
    day = rows.county.last_day.isoformat()

    def sheet(kind: str, found: Iterator[Row]) -> Sheet:
        declared = kinds()[kind]
        above = (declared.title_zh, f"导出日期：{day}　单位：赫章县") if declared.header_row == 3 else ()
        return Sheet(declared, _with_faults(kind, found) if faults else found, above)

    write_workbook(
        path,
        (
            sheet(LIFTED, rows.listed(LIFTED, wanted)),
            sheet(MARGINAL, rows.listed(MARGINAL, wanted)),
            sheet("category", rows.categories(wanted)),
            sheet("change", rows.changes(wanted)),
        ),
    )


def _write_health(path: Path, rows: Rows) -> None:
    found = {
        "record": rows.records(),
        "condition": rows.conditions(),
        "treatment": rows.treatments(),
        "contract": rows.contracts(),
    }
    write_workbook(path, (Sheet(kinds()[kind], _with_faults(kind, ones)) for kind, ones in found.items()))


def _write_enrolments(path: Path, rows: Rows, year: int, faults: bool) -> None:
    found = rows.enrolments(year)
    write_csv(path, kinds()["enrolment"], _with_faults("enrolment", found) if faults else found, BOM_UTF8)


def _write_settlements(path: Path, rows: Rows, year: int, faults: bool) -> None:
    found = rows.settlements(year)
    if faults:
        flag = kinds()["settlement"].titles.index("refd_setl_flag")
        found = _with_faults(
            "settlement",
            found,
            good=lambda row: row[flag] == "0",
            number=lambda place: f"{year}0101{9_999_900 + place:07}",
        )
    write_csv(path, kinds()["settlement"], found)


def _with_faults(
    kind: str,
    rows: Iterator[Row],
    good: Callable[[Row], bool] = lambda row: True,
    number: Callable[[int], str] | None = None,
) -> Iterator[Row]:
    """Yield the rows, and after them some made wrong from the first good ones."""
    first: list[Row] = []
    for row in rows:
        if len(first) < 5 and good(row):
            first.append(row)
        yield row
    yield from add_faults(kind, first, number)
