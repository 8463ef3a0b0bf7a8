"""What is really so in the made-up county: written beside the registers, read back to measure the main job.

Files of the folder `truth`, one record a line:

* persons.jsonl      who is who: each person's numbers in each register
* dues.jsonl         each due of the base on the last day, done, open or excepted, with the shortfall
* categories.jsonl   each category a person holds, and from when to when
* bills.jsonl        each bill: its state, what the rulebook gives and what was reported. Units: fen
* slips.jsonl        each entry of a register with a slip in it, and what kind
* refused.jsonl      each row made wrong on purpose
* county.json        how many people, which seed, which counties, and the last day
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from yingjin.basics.days import parse_day
from yingjin.basics.errors import NotFound
from yingjin.jobs.county.assumptions import Home, assumed
from yingjin.jobs.county.county import County
from yingjin.jobs.county.dues import TrueDue, true_dues
from yingjin.jobs.county.faults import FAULTS
from yingjin.jobs.county.payments import shortfall
from yingjin.jobs.county.people import Payments

Record = dict[str, Any]


@dataclass(frozen=True)
class Truth:
    """The truth of a county, to be asked by a register's number or a person's true key."""

    people: int
    seed: int
    last_day: date
    person_of: Mapping[tuple[str, str], str]  # (register, number) -> person
    dues: Mapping[tuple[str, str, str], TrueDue]  # (person, due, subject)
    categories: frozenset[tuple[str, str, str, str]]  # (person, category, from, to or blank)

    @cached_property
    def numbers_of(self) -> Mapping[str, list[tuple[str, str]]]:
        """Return each person's registers and numbers."""
        found: dict[str, list[tuple[str, str]]] = {}
        for number, person in self.person_of.items():
            found.setdefault(person, []).append(number)
        return found


def write_truth(folder: Path, county: County) -> None:
    """Add what is true of a county to the files of the truth, in a folder that is there."""
    _write(folder / "persons.jsonl", _persons(county))
    _write(folder / "dues.jsonl", (_due(one) for one in true_dues(county)))
    _write(folder / "categories.jsonl", _categories(county))
    _write(folder / "bills.jsonl", _bills(county))
    _write(folder / "slips.jsonl", _slips(county))
    _write(folder / "refused.jsonl", _refused() if county.home.first else ())


def write_about(folder: Path, people: int, seed: int, counties: Sequence[Home]) -> None:
    """Say what the truth is of; the last file to be written."""
    about = {
        "people": people,
        "seed": seed,
        "counties": [home.code for home in counties],
        "last_day": assumed()["last_day"].isoformat(),
    }
    (folder / "county.json").write_text(json.dumps(about, ensure_ascii=False) + "\n", encoding="utf-8")


def read_truth(folder: Path) -> Truth:
    """Read the truth back. Errors: NotFound where the folder holds none."""
    if not (folder / "county.json").is_file():
        raise NotFound(
            f"“{folder.name}”里没有真值（county.json）。写 make-county 写出的 truth 文件夹。",
            f"There is no truth (county.json) in “{folder.name}”. Name the folder truth that make-county wrote.",
        )
    about = json.loads((folder / "county.json").read_text(encoding="utf-8"))
    return Truth(
        people=about["people"],
        seed=about["seed"],
        last_day=parse_day(about["last_day"]),
        person_of={
            (register, number): record["person"]
            for record in read_records(folder / "persons.jsonl")
            for register, numbers in record["numbers"].items()
            for number in numbers
        },
        dues={
            (record["person"], record["due"], record["subject"]): TrueDue(**record)
            for record in read_records(folder / "dues.jsonl")
        },
        categories=frozenset(
            (record["person"], record["category"], record["valid_from"], record["valid_to"])
            for record in read_records(folder / "categories.jsonl")
        ),
    )


def read_records(path: Path) -> Iterator[Record]:
    """Read the records of one file of the truth."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _write(path: Path, records: Iterable[Record]) -> None:
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.writelines(encode(record) + "\n" for record in records)


def _persons(county: County) -> Iterator[Record]:
    by_register = {register: county.entries_of(register) for register in county.entries}
    for person in county.persons:
        numbers = {
            register: [entry.number for entry in entries[person.number]]
            for register, entries in by_register.items()
            if person.number in entries
        }
        yield {
            "person": county.key_of(person.number),
            "numbers": numbers,
            "name": person.name,
            "identity_no": person.identity_no,
            "sex": person.sex,
            "born_on": person.born_on.isoformat(),
            "died_on": person.died_on.isoformat() if person.died_on else "",
            "village": county.villages[person.village].code,
        }


def _due(one: TrueDue) -> Record:
    return one._asdict()


def _categories(county: County) -> Iterator[Record]:
    for number, held in sorted(county.poverty.held.items()):
        for one in held:
            yield {
                "person": county.key_of(number),
                "category": one.category,
                "valid_from": one.valid_from.isoformat(),
                "valid_to": one.valid_to.isoformat() if one.valid_to else "",
            }


def _bills(county: County) -> Iterator[Record]:
    for bill in county.bills:
        yield {
            "bill": bill.number,
            "person": county.key_of(bill.person),
            "state": bill.state,
            "discharged_on": bill.discharged_on.isoformat(),
            "computed": _paid(bill.computed) if bill.computed else None,
            "reported": _paid(bill.reported),
            "shortfall": shortfall(bill) if bill.computed else {},
        }


def _paid(payments: Payments) -> dict[str, int]:
    return {
        "basic": payments.basic,
        "critical_illness": payments.critical_illness,
        "assistance": payments.assistance,
    }


def _slips(county: County) -> Iterator[Record]:
    for register, entries in county.entries.items():
        for entry in entries:
            kinds = [*entry.slips, *(["duplicate"] if entry.duplicate else [])]
            if kinds:
                yield {
                    "register": register,
                    "number": entry.number,
                    "person": county.key_of(entry.person),
                    "slips": kinds,
                }


def _refused() -> Iterator[Record]:
    for fault in FAULTS:
        yield {"kind": fault.kind, "column": fault.column, "why": fault.why}
