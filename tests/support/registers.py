"""Small register files for tests: rows named by the code's words, written as a county would send them."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.support.rows import AT
from yingjin.basics.access import Robot
from yingjin.basics.identity import check_digit
from yingjin.basics.money import plain_yuan
from yingjin.fusion.actions import LandTally, land, refresh_register_persons
from yingjin.fusion.actions.land import untracked
from yingjin.fusion.formats import Kind, kinds
from yingjin.fusion.models import Row

COUNTY = "520527"
VILLAGE, OTHER_VILLAGE = "520527102001", "520527102002"  # 铅丰社区, 锌河社区 of 妈姑镇
Cells = dict[str, Any]  # by column title

# What a row holds when a test does not say otherwise: good rows of one county.
USUAL: Mapping[str, Mapping[str, Any]] = {
    "lifted": {
        "county_name": "赫章县",
        "township_name": "妈姑镇",
        "village_name": "铅丰社区",
        "household_no": "H1",
        "name": "王小明",
    },
    "category": {"category": "C02", "valid_from": "2014-12-01", "basis": "赫扶〔2014〕1号"},
    "change": {"change": "外出", "changed_on": "2025-02-20", "evidence": "登记表"},
    "enrolment": {"name": "王小明", "born_on": "1960-05-01", "year": "2025"},
    "settlement": {
        "name": "王小明",
        "facility": "F1",
        "setting": "21",
        "admitted_on": "2025-02-21",
        "discharged_on": "2025-03-01",
        "total_fen": "1000.00",
        "in_scope_fen": "900.00",
        "reported_basic_fen": "600.00",
        "reported_critical_illness_fen": "0.00",
        "reported_assistance_fen": "0.00",
        "reported_own_payment_fen": "400.00",
        "is_refund": "0",
    },
    "facility": {
        "name": "妈姑镇卫生院",
        "county": COUNTY,
        "level": "L1",
        "designated": "yes",
        "public": "yes",
    },
    "record": {"name": "王小明", "village": VILLAGE},
    "condition": {"diagnosis": "I63.900", "confirmed_on": "2023-04-12"},
    "treatment": {"diagnosis": "I63.900", "treated_on": "2025-06-30", "treatment_kind": "门诊"},
    "contract": {"doctor": "李医生", "valid_from": "2025-01-01"},
}


def row(kind: str, **fields: Any) -> Cells:
    """Return a row by column title; `fields` are the code's words."""
    usual = USUAL.get(kind, USUAL["lifted"] if kind == "marginal" else {})
    titles = {column.field: column.name for column in kinds()[kind].columns}
    return {titles[field]: value for field, value in {**usual, **fields}.items()}


def identity_no(sequence: int, born: str = "19600501", prefix: str = "522428") -> str:
    """Return a well-formed identity number nobody was given."""
    first17 = f"{prefix}{born}{sequence:03}"
    return first17 + check_digit(first17)


def write_csv(
    path: Path,
    kind: str,
    rows: Sequence[Cells],
    *,
    encoding: str = "utf-8",
    titles: Sequence[str] = (),
    control: bool = True,
) -> Path:
    """Write rows as the CSV of their kind, a settlement file with its closing row."""
    rule = kinds()[kind]
    header = list(titles) or _titles(rule, rows)
    lines = [[str(cells.get(title, "")) for title in header] for cells in rows]
    if rule.control_row is not None and control:
        lines.append(_closing(rule, header, rows))
    with open(path, "w", encoding=encoding, newline="") as text:
        csv.writer(text, lineterminator="\n").writerows([header, *lines])
    return path


def write_workbook(
    path: Path, sheets: Mapping[str, Sequence[Cells]], *, header_row: int | None = None
) -> Path:
    """Write rows of several kinds as the sheets of one workbook. A number or a day is stored as one."""
    with xlsxwriter.Workbook(path) as workbook:
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for kind, rows in sheets.items():
            rule = kinds()[kind]
            page = workbook.add_worksheet(rule.sheet)
            header = _titles(rule, rows)
            line = (header_row or rule.header_row) - 1
            if line:
                page.write_string(0, 0, rule.title_zh)
            for place, title in enumerate(header):
                page.write_string(line, place, title)
            for number, cells in enumerate(rows, start=line + 1):
                for place, title in enumerate(header):
                    _write_cell(page, number, place, cells.get(title, ""), day)
    return path


def write_facilities(folder: Path, *codes: str) -> Path:
    """Write a facility list of some codes."""
    return write_csv(folder / "机构.csv", "facility", [row("facility", code=code) for code in codes])


def _titles(rule: Kind, rows: Iterable[Cells]) -> list[str]:
    """Return the columns a kind needs, those used besides, and last what it does not know."""
    used = {title for cells in rows for title in cells}
    known = [column.name for column in rule.columns if column.required or column.name in used]
    return known + sorted(used - set(rule.titles))


def _closing(rule: Kind, header: Sequence[str], rows: Sequence[Cells]) -> list[str]:
    assert rule.control_row is not None
    closing = {rule.key[0]: rule.control_row.id, rule.control_row.count_in: str(len(rows))}
    for title in rule.money_titles:
        cells = [str(each.get(title, "")) for each in rows]
        if any(cells):
            closing[title] = plain_yuan(sum(_fen(cell) for cell in cells))
    return [closing.get(title, "") for title in header]


def _fen(text: str) -> int:
    try:
        return round(float(text or 0) * 100)
    except ValueError:
        return 0


def _write_cell(page: Any, line: int, place: int, value: Any, day: Any) -> None:
    if isinstance(value, datetime | date):
        page.write_datetime(line, place, value, day)
    elif isinstance(value, int | float):
        page.write_number(line, place, value)
    elif value:
        page.write_string(line, place, str(value))


def landed(folder: Path, **facts: Any) -> LandTally:
    """Land a folder and read whom its rows mean, as the main job does, without progress."""
    at = facts.get("at", AT)
    tally = land(folder=folder, county_code=COUNTY, by=Robot(), at=at)
    refresh_register_persons(county_code=COUNTY, by=Robot(), at=at, track=untracked)
    return tally


def in_force() -> dict[tuple[str, str], str]:
    """Return what is in force: kind and key of every good row with the hash of what it holds."""
    rows = Row.objects.filter(current=True, accepted=True)
    return {(kind, key): digest for kind, key, digest in rows.values_list("kind", "key", "digest")}


def complaints() -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the refused rows in force: kind, key and the codes of what refuses them."""
    rows = Row.objects.filter(current=True, accepted=False).values_list("kind", "key", "reasons")
    return sorted(
        (kind, key, tuple(each["code"] for each in reasons if each["refuses"])) for kind, key, reasons in rows
    )
