"""Write the folder of one county or several: registers as files, the truth beside them; each file appears whole."""

import json
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from yingjin.basics.errors import Conflict
from yingjin.basics.progress import track
from yingjin.fusion.formats import kinds
from yingjin.jobs.county.assumptions import Home, homes, settled_years
from yingjin.jobs.county.county import County, make_county_facts
from yingjin.jobs.county.faults import add_faults
from yingjin.jobs.county.poverty import LIFTED, MARGINAL
from yingjin.jobs.county.registers import Entry
from yingjin.jobs.county.rows import Row, Rows
from yingjin.jobs.county.truth import write_about, write_truth
from yingjin.jobs.county.writing import BOM_UTF8, GB18030, Sheet, write_csv, write_workbook

REGISTERS, TRUTH, MAKING = "registers", "truth", ".making"
OURS = frozenset({REGISTERS, TRUTH, MAKING})
POVERTY_FILES = ("脱贫人口登记_一.xlsx", "脱贫人口登记_二.xlsx")
FACILITY_FILE, HEALTH_FILE = "机构.csv", "健康登记.xlsx"


def stands_whole(folder: Path, people: int, seed: int, counties: int = 0) -> bool:
    """Say whether these very counties stand here already, no file missing.

    Errors: Conflict for a path that is no folder, or a folder that holds anything else, another county included.
    """
    if folder.exists() and not folder.is_dir():
        raise Conflict(
            f"“{folder.name}”是一个文件，不是文件夹。写一个新文件夹的路径。",
            f"“{folder.name}” is a file. Name a new folder.",
        )
    foreign = sorted(
        (_names_in(folder) - OURS) | (_names_in(folder / REGISTERS) - set(register_names(people, counties)))
    )
    if foreign:
        raise Conflict(
            f"文件夹“{folder.name}”里已有别的东西（{foreign[0]} 等 {len(foreign)} 个），不往里写。写一个新文件夹的路径。",
            f"The folder “{folder.name}” holds other things ({foreign[0]}, {len(foreign)} in all). Name a new folder.",
        )
    there = _county_there(folder)
    wanted = (people, seed, len(homes(people, counties)))
    if there not in (None, wanted):
        raise Conflict(
            f"文件夹“{folder.name}”里已有另一个演示县（{there[0]:,} 人，种子 {there[1]}）。写一个新文件夹的路径。",
            f"The folder “{folder.name}” holds another county ({there[0]:,} people, seed {there[1]}). Name a new folder.",
        )
    return there is not None and _names_in(folder / REGISTERS) == set(register_names(people, counties))


def write_counties(folder: Path, people: int, seed: int, counties: int = 0) -> list[str]:
    """Write the files that are missing, the truth last, and return the names of those of the registers.

    Where the truth stands, its counties were written whole: a register's file that is still there is left as it is.
    """
    making, registers = folder / MAKING, folder / REGISTERS
    shutil.rmtree(making, ignore_errors=True)
    (making / TRUTH).mkdir(parents=True)
    registers.mkdir(exist_ok=True)
    there = _county_there(folder) is not None
    kept = _names_in(registers) if there else set()
    written: list[str] = []
    used: set[str] = set()
    for home, count in homes(people, counties):
        county = make_county_facts(seed, count, home, used)
        writers = {name: write for name, write in file_writers(county).items() if name not in kept}
        for name, write in track(writers.items(), f"写文件 writing files {home.name}", total=len(writers)):
            write(making / name)
            (making / name).replace(registers / name)
        written += writers
        if not there:
            write_truth(making / TRUTH, county)
    if not there:
        write_about(making / TRUTH, people, seed, [home for home, _ in homes(people, counties)])
        shutil.rmtree(folder / TRUTH, ignore_errors=True)
        (making / TRUTH).replace(folder / TRUTH)
    shutil.rmtree(making)
    return written


def register_names(people: int = 1, counties: int = 0) -> list[str]:
    """List the names of the registers' files of so many people in the order they are written."""
    return [of_county(name, home) for home, _ in homes(people, counties) for name in _names_of_a_county()]


def of_county(name: str, home: Home) -> str:
    """Return a file's name; those of the counties after the first say whose they are."""
    return name if home.first else f"{home.name}_{name}"


def _names_of_a_county() -> list[str]:
    return [
        *POVERTY_FILES,
        *(name for year in settled_years() for name in (f"参保_{year}.csv", f"结算_{year}.csv")),
        FACILITY_FILE,
        HEALTH_FILE,
    ]


def _names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def _county_there(folder: Path) -> tuple[int, int, int] | None:
    """Return how many people, which seed and how many counties there are here, or None where none stands whole."""
    about = folder / TRUTH / "county.json"
    if not about.is_file():
        return None
    there = json.loads(about.read_text(encoding="utf-8"))
    return there["people"], there["seed"], len(there.get("counties", [""]))


def file_writers(county: County) -> dict[str, Callable[[Path], None]]:
    """Return what writes each file of a county's registers, by file name, in the order they are written."""
    rows = Rows(county)
    first = county.home.first
    years = settled_years()
    last = years[-1]
    writers: dict[str, Callable[[Path], None]] = {}
    half = len(county.villages) // 2
    writers[POVERTY_FILES[0]] = lambda path: _write_poverty(path, rows, lambda one: one.village < half, first)
    writers[POVERTY_FILES[1]] = lambda path: _write_poverty(
        path, rows, lambda one: one.village >= half, False
    )
    for year in years:
        faults = first and year == last
        writers[f"参保_{year}.csv"] = partial(_write_enrolments, rows=rows, year=year, faults=faults)
        writers[f"结算_{year}.csv"] = partial(_write_settlements, rows=rows, year=year, faults=faults)
    facilities = list(rows.facilities())
    wrong = add_faults("facility", facilities) if first else []
    writers[FACILITY_FILE] = lambda path: write_csv(path, kinds()["facility"], facilities + wrong, GB18030)
    writers[HEALTH_FILE] = lambda path: _write_health(path, rows, first)
    return {of_county(name, county.home): write for name, write in writers.items()}


def _write_poverty(path: Path, rows: Rows, wanted: Callable[[Entry], bool], faults: bool) -> None:
    day = rows.county.last_day.isoformat()

    def sheet(kind: str, found: Iterator[Row]) -> Sheet:
        declared = kinds()[kind]
        above = (
            (declared.title_zh, f"导出日期：{day}　单位：{rows.county.home.name}")
            if declared.header_row == 3
            else ()
        )
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


def _write_health(path: Path, rows: Rows, faults: bool) -> None:
    found = {
        "record": rows.records(),
        "condition": rows.conditions(),
        "treatment": rows.treatments(),
        "contract": rows.contracts(),
    }
    write_workbook(
        path,
        (Sheet(kinds()[kind], _with_faults(kind, ones) if faults else ones) for kind, ones in found.items()),
    )


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
