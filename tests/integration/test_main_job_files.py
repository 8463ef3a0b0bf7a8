"""What a file is called, how its rows and columns are ordered and into how many files a register is cut changes nothing."""

import csv
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.support.dump import contents, differences
from tests.support.made_county import made, undone
from yingjin.basics.access import Robot
from yingjin.basics.money import plain_yuan
from yingjin.fusion.formats import kind_of_sheet, kinds
from yingjin.jobs.run_county import run_over
from yingjin.registry.actions import load_regions

pytestmark = pytest.mark.django_db
Lines = list[list[str]]


@pytest.fixture(scope="module")
def registers(tmp_path_factory) -> Path:
    """The registers of a made county."""
    return made(tmp_path_factory.mktemp("files") / "county") / "registers"


@pytest.fixture(scope="module")
def undisturbed(registers, django_db_setup, django_db_blocker):
    """What the main job leaves of them, but for where each row stood. The regions stay for the next runs."""
    with django_db_blocker.unblock(), undone():
        load_regions(by=Robot(), at=timezone.now())
        yield held(registers)


def held(folder: Path) -> dict[str, list[str]]:
    with undone():
        assert run_over(folder) == 0
        return contents(of_files=False)


def rewritten(registers: Path, folder: Path, order: Callable[[Lines], Lines], parts: int = 1) -> Path:
    """Write every register again, its rows in another order, cut into so many files."""
    folder.mkdir()
    for path in registers.iterdir():
        if path.suffix == ".csv":
            rewrite_csv(path, folder, order, parts)
        else:
            rewrite_workbook(path, folder, order, parts)
    return folder


def rewrite_csv(path: Path, folder: Path, order: Callable[[Lines], Lines], parts: int) -> None:
    encoding = "gb18030" if path.name == "机构.csv" else "utf-8-sig"
    with open(path, encoding=encoding, newline="") as text:
        header, *rows = csv.reader(text)
    closing = rows.pop() if rows[-1][0] == "合计" else None
    rows = order(rows)
    for part in range(parts):
        some = rows[part::parts]
        last = [control_row(header, some)] if closing else []
        with open(folder / f"{part}-{path.name}", "w", encoding="utf-8", newline="") as text:
            csv.writer(text).writerows([header, *some, *last])


def control_row(header: list[str], rows: Lines) -> list[str]:
    money = set(kinds()["settlement"].money_titles)
    sums = {}
    for place, title in enumerate(header):
        if title in money:
            sums[title] = plain_yuan(sum(fen(row[place]) for row in rows))
    closing = {"setl_id": "合计", "psn_no": str(len(rows)), **sums}
    return [closing.get(title, "") for title in header]


def fen(text: str) -> int:
    try:
        return round(float(text) * 100)
    except ValueError:
        return 0


def rewrite_workbook(path: Path, folder: Path, order: Callable[[Lines], Lines], parts: int) -> None:
    workbook = CalamineWorkbook.from_path(path)
    for part in range(parts):
        with xlsxwriter.Workbook(folder / f"{part}-{path.name}") as written:
            for title in workbook.sheet_names:
                lines = workbook.get_sheet_by_name(title).to_python()
                above = kind_of_sheet(title).header_row
                page = written.add_worksheet(title)
                rows = [*lines[:above], *order(lines[above:])[part::parts]]
                for number, cells in enumerate(rows):
                    for place, cell in enumerate(cells):
                        page.write_string(number, place, cell)


def shuffled(rows: Lines) -> Lines:
    return random.Random(5).sample(rows, len(rows))


def test_files_of_other_names_hold_the_same(registers, undisturbed, tmp_path):
    folder = tmp_path / "renamed"
    folder.mkdir()
    for number, path in enumerate(sorted(registers.iterdir(), reverse=True)):
        shutil.copy(path, folder / f"{number}{path.suffix}")
    assert not differences(undisturbed, held(folder))


def test_rows_in_another_order_hold_the_same(registers, undisturbed, tmp_path):
    folder = rewritten(registers, tmp_path / "shuffled", shuffled)
    assert not differences(undisturbed, held(folder))


def test_a_register_cut_into_two_files_holds_the_same(registers, undisturbed, tmp_path):
    folder = rewritten(registers, tmp_path / "cut", list, parts=2)
    assert len(list(folder.iterdir())) == 2 * len(list(registers.iterdir()))
    assert not differences(undisturbed, held(folder))


def test_the_same_file_under_two_names_counts_once(registers, undisturbed, tmp_path):
    folder = shutil.copytree(registers, tmp_path / "twice")
    for path in list(folder.iterdir()):
        shutil.copy(path, folder / f"副本{path.name}")
    assert not differences(undisturbed, held(folder))


def test_rows_that_stand_in_two_files_count_once(registers, undisturbed, tmp_path):
    """The same rows in files of other bytes: nothing is doubled, whether states or settlements."""
    folder = shutil.copytree(registers, tmp_path / "again")
    rewrite_csv(folder / "结算_2025.csv", folder, list, 1)
    rewrite_csv(folder / "参保_2025.csv", folder, list, 1)
    ours, theirs = held(folder), dict(undisturbed)
    # The refused rows stand in both files: each file says so of its own. All that counts them may differ.
    for label in ("fusion.Row", "insight.Summary"):
        ours.pop(label), theirs.pop(label)
    assert not differences(theirs, ours)


def test_one_amount_that_differs_shows(registers, undisturbed, tmp_path):
    """The comparison sees a fen: else the tests above would prove nothing."""
    folder = shutil.copytree(registers, tmp_path / "changed")
    path = folder / "结算_2024.csv"
    with open(path, encoding="utf-8-sig", newline="") as text:
        header, *rows = csv.reader(text)
    rows.pop()
    place = header.index("hifp_pay")
    first = next(row for row in rows if fen(row[place]) > 100)
    first[place] = plain_yuan(fen(first[place]) - 1)
    with open(path, "w", encoding="utf-8", newline="") as text:
        csv.writer(text).writerows([header, *rows, control_row(header, rows)])
    told = {line.split()[1] for line in differences(undisturbed, held(folder))}
    assert {"fusion.Row", "settlement.Bill"} <= told


def test_one_letter_of_a_name_that_differs_shows(registers, undisturbed, tmp_path):
    folder = shutil.copytree(registers, tmp_path / "spelt")
    path = folder / "参保_2025.csv"
    text = path.read_text(encoding="utf-8-sig")
    name = text.splitlines()[5].split(",")[text.splitlines()[0].split(",").index("psn_name")]
    path.write_text(text.replace(name, f"{name}某", 1), encoding="utf-8")
    told = {line.split()[1] for line in differences(undisturbed, held(folder))}
    assert {"fusion.Row", "fusion.RegisterPerson", "registry.Person"} <= told
