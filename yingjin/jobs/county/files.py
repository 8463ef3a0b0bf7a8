"""Write the county's folder: registers as files, the truth beside them; each file appears whole, by rename."""

import json
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from yingjin.basics.errors import Conflict
from yingjin.basics.progress import track
from yingjin.fusion.formats import kinds
from yingjin.jobs.county.assumptions import settled_years
from yingjin.jobs.county.county import County
from yingjin.jobs.county.faults import add_faults
from yingjin.jobs.county.poverty import LIFTED, MARGINAL
from yingjin.jobs.county.registers import Entry
from yingjin.jobs.county.rows import Row, Rows
from yingjin.jobs.county.truth import write_truth
from yingjin.jobs.county.writing import BOM_UTF8, GB18030, Sheet, write_csv, write_workbook

REGISTERS, TRUTH, MAKING = "registers", "truth", ".making"
OURS = frozenset({REGISTERS, TRUTH, MAKING})
POVERTY_FILES = ("脱贫人口登记_一.xlsx", "脱贫人口登记_二.xlsx")
FACILITY_FILE, HEALTH_FILE = "机构.csv", "健康登记.xlsx"


def stands_whole(folder: Path, people: int, seed: int) -> bool:
    """Say whether this very county stands here already, no file missing.

    Errors: Conflict for a path that is no folder, or a folder that holds anything else, another county included.
    """
    if folder.exists() and not folder.is_dir():
        raise Conflict(
            f"“{folder.name}”是一个文件，不是文件夹。写一个新文件夹的路径。",
            f"“{folder.name}” is a file. Name a new folder.",
        )
    foreign = sorted((_names_in(folder) - OURS) | (_names_in(folder / REGISTERS) - set(register_names())))
    if foreign:
        raise Conflict(
            f"文件夹“{folder.name}”里已有别的东西（{foreign[0]} 等 {len(foreign)} 个），不往里写。写一个新文件夹的路径。",
            f"The folder “{folder.name}” holds other things ({foreign[0]}, {len(foreign)} in all). Name a new folder.",
        )
    there = _county_there(folder)
    if there not in (None, (people, seed)):
        raise Conflict(
            f"文件夹“{folder.name}”里已有另一个演示县（{there[0]:,} 人，种子 {there[1]}）。写一个新文件夹的路径。",
            f"The folder “{folder.name}” holds another county ({there[0]:,} people, seed {there[1]}). Name a new folder.",
        )
    return there is not None and _names_in(folder / REGISTERS) == set(register_names())


def write_county(folder: Path, county: County) -> list[str]:
    """Write the files that are missing, the truth last, and return the names of those of the registers.

    Where the truth stands, its county was written whole: a register's file that is still there is left as it is.
    """
    making, registers = folder / MAKING, folder / REGISTERS
    shutil.rmtree(making, ignore_errors=True)
    (making / TRUTH).mkdir(parents=True)
    registers.mkdir(exist_ok=True)
    kept = _names_in(registers) if _county_there(folder) else set()
    writers = {name: write for name, write in file_writers(county).items() if name not in kept}
    for name, write in track(writers.items(), "写文件 writing files", total=len(writers)):
        write(making / name)
        (making / name).replace(registers / name)
    if not _county_there(folder):
        write_truth(making / TRUTH, county)
        shutil.rmtree(folder / TRUTH, ignore_errors=True)
        (making / TRUTH).replace(folder / TRUTH)
    shutil.rmtree(making)
    return list(writers)


def register_names() -> list[str]:
    """List the names of the registers' files in the order they are written."""
    return [
        *POVERTY_FILES,
        *(name for year in settled_years() for name in (f"参保_{year}.csv", f"结算_{year}.csv")),
        FACILITY_FILE,
        HEALTH_FILE,
    ]


def _names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def _county_there(folder: Path) -> tuple[int, int] | None:
    """Return how many people and which seed the county here has, or None where no whole one stands."""
    about = folder / TRUTH / "county.json"
    if not about.is_file():
        return None
    there = json.loads(about.read_text(encoding="utf-8"))
    return there["people"], there["seed"]


def file_writers(county: County) -> dict[str, Callable[[Path], None]]:
    """Return what writes each file of the registers, by file name, in the order they are written."""
    rows = Rows(county)
    years = settled_years()
    last = years[-1]
    writers: dict[str, Callable[[Path], None]] = {}
    half = len(county.villages) // 2
    writers[POVERTY_FILES[0]] = lambda path: _write_poverty(path, rows, lambda one: one.village < half, True)
    writers[POVERTY_FILES[1]] = lambda path: _write_poverty(
        path, rows, lambda one: one.village >= half, False
    )
    for year in years:
        writers[f"参保_{year}.csv"] = partial(_write_enrolments, rows=rows, year=year, faults=year == last)
        writers[f"结算_{year}.csv"] = partial(_write_settlements, rows=rows, year=year, faults=year == last)
    facilities = list(rows.facilities())
    writers[FACILITY_FILE] = lambda path: write_csv(
        path, kinds()["facility"], facilities + add_faults("facility", facilities), GB18030
    )
    writers[HEALTH_FILE] = lambda path: _write_health(path, rows)
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
