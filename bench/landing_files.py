"""Make the large register files that landing is measured on: enrolment as CSV, health records as a workbook.

The same rows each time: a county's names and villages, valid identity numbers, nobody real.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from yingjin.basics.identity import check_digit
from yingjin.fusion.formats import kinds
from yingjin.jobs.county.writing import Sheet, write_csv, write_workbook

SEED = 520527
COUNTY = "520527"
VILLAGES = ("520527107207", "520527108215")
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
GIVEN = "明华秀英建国春梅小龙玉兰志强文"
FIRST_BIRTHDAY = date(1935, 1, 1)
DAYS_OF_BIRTH = 32_000


def enrolment_csv(path: Path, rows: int) -> None:
    """Write an enrolment register of one year."""
    write_csv(path, kinds()["enrolment"], _enrolled(rows))


def health_workbook(path: Path, rows: int) -> None:
    """Write a workbook with one sheet of health records; every cell is text."""
    write_workbook(path, [Sheet(kinds()["record"], _records(rows))])


def _enrolled(rows: int) -> Iterator[tuple[str, ...]]:
    for number, (name, sex, born, identity, village) in enumerate(_people(rows)):
        yield f"5252052705{number:010}", identity, name, sex, born, "2025", village


def _records(rows: int) -> Iterator[tuple[str, ...]]:
    for number, (name, sex, born, identity, village) in enumerate(_people(rows)):
        sex_zh, opened = ("男" if sex == "1" else "女"), f"20{10 + number % 14:02}-05-18"
        phone = f"139{number % 100_000_000:08}"
        yield f"{village}-{number:08}", name, identity, sex_zh, born, village, opened, phone


def _people(rows: int) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield name, sex, birthday, identity number and village of each."""
    chance = random.Random(SEED)
    for number in range(rows):
        born = FIRST_BIRTHDAY + timedelta(days=chance.randrange(DAYS_OF_BIRTH))
        name = chance.choice(FAMILY) + chance.choice(GIVEN) + chance.choice(GIVEN)
        first = f"{COUNTY}{born:%Y%m%d}{chance.randrange(1000):03}"
        sex = "1" if int(first[-1]) % 2 else "2"
        yield name, sex, born.isoformat(), first + check_digit(first), VILLAGES[number % len(VILLAGES)]
