"""Read persons, categories and bills into facts; check every cell, then what cells say of each other."""

import argparse
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from yingjin.basics.days import parse_day
from yingjin.basics.errors import YingjinError
from yingjin.basics.money import parse_yuan, plain_yuan
from yingjin.jobs.settle.problems import Problems
from yingjin.jobs.settle.tables import Row, Table, read_table
from yingjin.policy import rulebooks
from yingjin.policy.domain.compiling import Rulebook
from yingjin.policy.domain.facts import BillFacts, CategoryHeld, PersonFacts
from yingjin.policy.errors import UnknownReading

PERSONS = ("person_id", "born_on")
CATEGORIES = ("person_id", "category", "valid_from", "valid_to")
BILLS = (
    "bill_id",
    "person_id",
    "setting",
    "level",
    "in_county",
    "designated",
    "public",
    "admitted_on",
    "discharged_on",
    "total",
    "out_of_scope",
)
READING = re.compile(r"(P\d{2})=(.+)", re.ASCII)
YES_NO = {"yes": True, "no": False}
SETTINGS = ("inpatient", "outpatient")


class LandedBill(NamedTuple):
    """A bill and whose it is."""

    person_id: str
    facts: BillFacts


@dataclass
class Inputs:
    """Everything needed to settle: the rulebook, the people by id, the bills in their file's order."""

    book: Rulebook
    people: dict[str, PersonFacts]
    bills: list[LandedBill]


@dataclass
class Births:
    """Who is in the persons file: the day of birth where it could be read.

    Without a whole file nobody can be said to be missing from it.
    """

    born_on: dict[str, date | None] = field(default_factory=dict)
    whole: bool = True

    def lacks(self, person_id: str) -> bool:
        """Say whether a person is certainly not in the file."""
        return self.whole and person_id not in self.born_on


def read_inputs(args: argparse.Namespace, problems: Problems) -> Inputs | None:
    """Return what the command was given, or None when the rulebook or a file has no beginning.

    Every error goes to `problems`; the result is only to be used when there is none.
    """
    book = read_rulebook(args.rulebook, args.reading, problems)
    persons = read_table(args.persons, PERSONS, problems)
    births = read_births(persons, problems)
    held: dict[str, list[CategoryHeld]] = {}
    if args.categories is not None:
        categories = read_table(args.categories, CATEGORIES, problems)
        held = read_categories(categories, births, book, problems) if categories else {}
    table = read_table(args.bills, BILLS, problems)
    bills = BillReader(table.file, births, book, problems).bills(table.rows) if table else []
    if book is None or problems.found:
        return None
    people = {
        person_id: PersonFacts(person_id, born_on, tuple(held.get(person_id, ())))
        for person_id, born_on in births.born_on.items()
        if born_on is not None
    }
    return Inputs(book, people, bills)


def read_rulebook(name: str, switches: list[str], problems: Problems) -> Rulebook | None:
    """Return the rulebook with its readings switched; with its own where a switch is refused."""
    try:
        book = rulebooks.load(name)
    except YingjinError as error:
        problems.say(Path(name).name, None, "", "", "unreadable_file", error.reason_zh, error.reason_en)
        return None
    chosen: dict[str, str] = {}
    for switch in switches:
        _choose(switch, book, chosen, problems)
    return rulebooks.load(name, chosen) if chosen else book


def _choose(switch: str, book: Rulebook, chosen: dict[str, str], problems: Problems) -> None:
    matched = READING.fullmatch(switch)
    if matched is None:
        problems.say(
            "--reading", None, "", switch, "unknown_reading",
            "写成 P09=relative 的样子。", "Write it like P09=relative.",
        )  # fmt: skip
        return
    parameter, reading = matched.groups()
    known = book.contents.parameters.get(parameter)
    allowed = known.supported() if known else ()
    if reading not in allowed:
        refused = UnknownReading(parameter, reading, allowed)
        problems.say(
            "--reading", None, parameter, reading, refused.code, refused.reason_zh, refused.reason_en
        )
    elif chosen.setdefault(parameter, reading) != reading:
        problems.say(
            "--reading", None, parameter, reading, "unknown_reading",
            f"同一个参数前面写了“{chosen[parameter]}”。只写一个。",
            f"The same parameter was given as “{chosen[parameter]}” before. Give one.",
        )  # fmt: skip


def read_births(table: Table | None, problems: Problems) -> Births:
    """Return who is in the persons file."""
    if table is None:
        return Births(whole=False)
    births = Births(dict.fromkeys(table.uneven), table.whole)
    first: dict[str, int] = {}
    for number, (person_id, born_on) in table.rows:
        day = None
        if not born_on:
            problems.add(table.file, number, "born_on", "", "blank_value")
        else:
            day = _day(born_on)
            if day is None:
                problems.add(table.file, number, "born_on", born_on, "bad_date")
        if not person_id.strip():
            problems.add(table.file, number, "person_id", person_id, "blank_value")
        elif first.setdefault(person_id, number) != number:
            problems.add(table.file, number, "person_id", person_id, "duplicate_id", first=first[person_id])
        else:
            births.born_on[person_id] = day
    return births


def read_categories(
    table: Table, births: Births, book: Rulebook | None, problems: Problems
) -> dict[str, list[CategoryHeld]]:
    """Return the categories of each person; times of one category that overlap are their union."""
    held: dict[str, list[CategoryHeld]] = {}
    for row in table.rows:
        one = _category_held(row, table.file, births, book, problems)
        if one is not None:
            held.setdefault(row.cells[0], []).append(one)
    return held


def _category_held(
    row: Row, file: str, births: Births, book: Rulebook | None, problems: Problems
) -> CategoryHeld | None:
    number, (person_id, category, valid_from, valid_to) = row
    before = len(problems.found)
    if not person_id.strip():
        problems.add(file, number, "person_id", person_id, "blank_value")
    elif births.lacks(person_id):
        problems.add(file, number, "person_id", person_id, "unknown_person")
    _check_category(category, number, file, book, problems)
    start, end = _day(valid_from), _day(valid_to)
    if not valid_from:
        problems.add(file, number, "valid_from", "", "blank_value")
    elif start is None:
        problems.add(file, number, "valid_from", valid_from, "bad_date")
    if valid_to and end is None:
        problems.add(file, number, "valid_to", valid_to, "bad_date")
    if start is not None and end is not None and end <= start:
        problems.add(file, number, "valid_to", valid_to, "bad_interval")
    if start is None or len(problems.found) > before:
        return None
    return CategoryHeld(category, start, end)


def _check_category(category: str, number: int, file: str, book: Rulebook | None, problems: Problems) -> None:
    if not category:
        problems.add(file, number, "category", "", "blank_value")
    elif book is not None:
        known = book.contents.categories
        if category not in known:
            allowed = "、".join(code for code, each in known.items() if each.derived is None)
            problems.add(file, number, "category", category, "unknown_category", allowed=allowed)
        elif known[category].derived is not None:
            problems.add(file, number, "category", category, "derived_category")


DAYS: dict[str, date | None] = {}


def _day(text: str) -> date | None:
    """Return a written day, or None when it is none; days repeat, so each is read once."""
    if text not in DAYS:
        try:
            DAYS[text] = parse_day(text)
        except YingjinError:
            DAYS[text] = None
    return DAYS[text]


class BillReader:
    """Reads the rows of the bills file."""

    def __init__(self, file: str, births: Births, book: Rulebook | None, problems: Problems) -> None:
        self.file = file
        self.births = births
        self.book = book
        self.levels = book.contents.levels if book else None
        self.problems = problems
        self.first: dict[str, int] = {}
        self.days_in_force: dict[date, YingjinError | None] = {}

    def bills(self, rows: list[Row]) -> list[LandedBill]:
        """Return the bills whose rows are sound, in the file's order."""
        landed = (self._bill(row) for row in rows)
        return [bill for bill in landed if bill is not None]

    def _bill(self, row: Row) -> LandedBill | None:
        before = len(self.problems.found)
        number = row.number
        bill_id, person_id, setting, level = row.cells[:4]
        self._check_ids(number, bill_id, person_id)
        if setting not in SETTINGS:
            self._bad(number, "setting", setting, "bad_setting")
        if not level or (self.levels is not None and level not in self.levels):
            self._bad(number, "level", level, "unknown_level", allowed="、".join(self.levels or ()))
        in_county, designated, public = (
            self._flag(number, name, cell) for name, cell in zip(BILLS[4:7], row.cells[4:7], strict=True)
        )
        if in_county and self.levels and level in self.levels and self.levels[level].never_in_county:
            self._bad(number, "in_county", row.cells[4], "level_place_conflict", level=level)
        optional = setting == "outpatient"
        admitted_on = self._day(number, "admitted_on", row.cells[7], optional=optional)
        discharged_on = self._day(number, "discharged_on", row.cells[8])
        total = self._money(number, "total", row.cells[9])
        out = self._money(number, "out_of_scope", row.cells[10])
        if total is not None and out is not None and out > total:
            self._bad(
                number, "out_of_scope", row.cells[10], "out_of_scope_exceeds_total", total=plain_yuan(total)
            )
        self._check_days(number, person_id, admitted_on, discharged_on, may_lack=optional)
        if len(self.problems.found) > before or discharged_on is None or total is None or out is None:
            return None
        place = (bool(in_county), bool(designated), bool(public))
        facts = BillFacts(bill_id, setting, level, *place, admitted_on, discharged_on, total, out)
        return LandedBill(person_id, facts)

    def _bad(self, number: int, column: str, value: str, code: str, **facts: object) -> None:
        """Add a problem of a cell; a blank cell is blank, whatever else it should be."""
        code = code if value.strip() else "blank_value"
        self.problems.add(self.file, number, column, value, code, **facts)

    def _check_ids(self, number: int, bill_id: str, person_id: str) -> None:
        if not bill_id.strip():
            self._bad(number, "bill_id", bill_id, "blank_value")
        elif self.first.setdefault(bill_id, number) != number:
            self._bad(number, "bill_id", bill_id, "duplicate_id", first=self.first[bill_id])
        if not person_id.strip():
            self._bad(number, "person_id", person_id, "blank_value")
        elif self.births.lacks(person_id):
            self._bad(number, "person_id", person_id, "unknown_person")

    def _flag(self, number: int, column: str, value: str) -> bool | None:
        flag = YES_NO.get(value)
        if flag is None:
            self._bad(number, column, value, "bad_yes_no")
        return flag

    def _day(self, number: int, column: str, value: str, optional: bool = False) -> date | None:
        if optional and not value:
            return None
        day = _day(value)
        if day is None:
            self._bad(number, column, value, "bad_date")
        return day

    def _money(self, number: int, column: str, value: str) -> int | None:
        try:
            return parse_yuan(value)
        except YingjinError:
            self._bad(number, column, value, "bad_money")
            return None

    def _check_days(
        self,
        number: int,
        person_id: str,
        admitted_on: date | None,
        discharged_on: date | None,
        may_lack: bool,
    ) -> None:
        """Check the order of birth, admission and discharge, and that the rulebook was in force."""
        if admitted_on is not None and discharged_on is not None and discharged_on < admitted_on:
            self._bad(
                number,
                "discharged_on",
                discharged_on.isoformat(),
                "discharge_before_admission",
                admitted_on=admitted_on,
            )
        column, first_day = "admitted_on", admitted_on
        if admitted_on is None and may_lack:
            column, first_day = "discharged_on", discharged_on
        born_on = self.births.born_on.get(person_id)
        if born_on is not None and first_day is not None and first_day < born_on:
            self._bad(number, column, first_day.isoformat(), "admission_before_birth")
        if self.book is not None and discharged_on is not None:
            self._check_in_force(number, self.book, admitted_on, discharged_on)

    def _check_in_force(
        self, number: int, book: Rulebook, admitted_on: date | None, discharged_on: date
    ) -> None:
        on = book.reference_day(admitted_on, discharged_on)
        if on not in self.days_in_force:
            try:
                book.version_on(on)
                self.days_in_force[on] = None
            except YingjinError as error:
                self.days_in_force[on] = error
        refused = self.days_in_force[on]
        if refused is not None:
            column = "discharged_on" if on == discharged_on else "admitted_on"
            self.problems.say(
                self.file, number, column, on.isoformat(), refused.code, refused.reason_zh, refused.reason_en
            )
