"""Collect what is wrong with the input: where, which value, why, what to do; identity numbers masked."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from typing import IO, NamedTuple

from yingjin.basics.identity import masked

COLUMNS = ("file", "row", "column", "value", "code", "reason_zh", "reason_en")
VALUE_MAX = 80
NUMBER_MIN = 15  # the shorter of the two forms of an identity number
NUMBER_LIKE = re.compile(r"\d(?:[ \-]?\d){13,}(?:[ \-]?[\dXx])?", re.ASCII)

REASONS = {
    "missing_column": ("表头没有这一列。加上它，列名要一字不差。", "The header lacks this column. Add it, spelt exactly so."),
    "blank_value": ("这一格不能空着。", "This cell may not be blank."),
    "bad_yes_no": ("只能写 yes 或 no。", "Write yes or no."),
    "bad_setting": ("只能写 inpatient 或 outpatient。", "Write inpatient or outpatient."),
    "bad_money": (
        "不是金额。写成 1234.50：不带符号、逗号，整数最多十位，小数最多两位。",
        "Not an amount. Write 1234.50: no sign, no comma, at most ten digits and two decimals.",
    ),
    "bad_date": (
        "不是日期。写成 2026-11-22，月日都是两位。",
        "Not a day. Write 2026-11-22, month and day with two digits.",
    ),
    "unknown_category": (
        "没有这个身份代码。可以写：{allowed}。",
        "No such category. Choose from: {allowed}.",
    ),
    "unknown_level": ("没有这个级别。可以写：{allowed}。", "No such level. Choose from: {allowed}."),
    "derived_category": (
        "这个身份由规则书从年龄和别的身份推出，不登记。删去这一行。",
        "This category follows from age and other categories and is not registered. Remove the row.",
    ),
    "bad_interval": (
        "结束日要晚于开始日（结束那天不算）。",
        "The end must be after the start (the end day is not included).",
    ),
    "level_place_conflict": (
        "{level} 在市外，in_county 不能是 yes。改正级别或地点。",
        "{level} lies outside the city, so in_county may not be yes. Correct level or place.",
    ),
    "out_of_scope_exceeds_total": (
        "目录外费用大于总费用 {total}。改正其中一个。",
        "Out of scope is more than the total {total}. Correct one of them.",
    ),
    "discharge_before_admission": (
        "出院日早于入院日 {admitted_on}。改正其中一个。",
        "The discharge day is before the admission day {admitted_on}. Correct one of them.",
    ),
    "admission_before_birth": (
        "早于这个人的出生日。改正日期或人员编号。",
        "This is before the person's birth. Correct the day or the person's id.",
    ),
    "unknown_person": (
        "人员文件里没有这个编号。补上这个人，或者改正编号。",
        "The persons file has no such id. Add the person or correct the id.",
    ),
    "duplicate_id": (
        "这个编号前面已经有了（第 {first} 行）。编号不能重复。",
        "This id stands already in row {first}. An id may stand once.",
    ),
}  # fmt: skip


class Problem(NamedTuple):
    """One thing to correct; the header is row 1, a whole file or an option has none."""

    file: str
    row: int | None
    column: str
    value: str
    code: str
    reason_zh: str
    reason_en: str


class Problems:
    """Everything found wrong so far, in the order it was found."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, file: str, row: int | None, column: str, value: str, code: str, **facts: object) -> None:
        """Add a problem with the reason its code stands for."""
        zh, en = REASONS[code]
        self.say(file, row, column, value, code, zh.format(**facts), en.format(**facts))

    def say(
        self, file: str, row: int | None, column: str, value: str, code: str, reason_zh: str, reason_en: str
    ) -> None:
        """Add a problem with a reason of its own; whatever looks like an identity number is masked."""
        self.found.append(
            Problem(file, row, column, shown(value), code, hidden(reason_zh), hidden(reason_en))
        )

    def lines(self) -> Iterator[str]:
        """Yield one line for each problem, for people."""
        for each in self.found:
            place = f"{each.file} 第 {each.row} 行" if each.row else each.file
            value = f"“{each.value}”" if each.value else ""
            yield f"{' '.join(filter(None, (place, each.column, value)))} [{each.code}] {each.reason_zh} {each.reason_en}"

    def write(self, file: IO[str]) -> None:
        """Write the problems as CSV with a header."""
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for each in self.found:
            writer.writerow(["" if cell is None else cell for cell in each])


def shown(value: str) -> str:
    """Return a value as it may be shown: on one line, not endless, without an identity number."""
    text = "".join(" " if unicodedata.category(char).startswith("C") else char for char in value)
    text = hidden(text)
    return text if len(text) <= VALUE_MAX else text[:VALUE_MAX] + "…"


def hidden(text: str) -> str:
    """Mask every run of digits long enough to be an identity number; other text stays as it is."""
    plain = unicodedata.normalize("NFKC", text)
    hit = NUMBER_LIKE.search(plain)
    return NUMBER_LIKE.sub(_masked, plain) if hit else text


def _masked(found: re.Match[str]) -> str:
    number = re.sub(r"[ \-]", "", found[0])
    return masked(number) if len(number) >= NUMBER_MIN else found[0]
