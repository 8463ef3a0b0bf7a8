"""A demonstration county with its truth, and the main job over it inside a transaction that ends in nothing."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from yingjin.fusion.models import RegisterPerson
from yingjin.insight.queries.lacking import lacking_on
from yingjin.jobs.county.truth import Truth, read_records, read_truth
from yingjin.jobs.make_county import make_county

PEOPLE, SEED = 1_000, 23  # a seed with a bill of every state and a gap of every due
REGISTERS = ("poverty", "insurance", "health")
Number = tuple[str, str]  # register and number


def made(folder: Path, *, people: int = PEOPLE, seed: int = SEED, counties: int = 0) -> Path:
    """Write a county, or several of so many people together, and return the folder."""
    make_county(folder, people=people, seed=seed, counties=counties)
    return folder


@contextmanager
def undone() -> Iterator[None]:
    """Roll back whatever is done inside, so that the next test finds an empty database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Compared:
    """The truth of a county beside what the main job holds of it."""

    folder: Path

    @cached_property
    def truth(self) -> Truth:
        """What is really so."""
        return read_truth(self.folder / "truth")

    def records(self, name: str) -> list[dict[str, Any]]:
        """Read a file of the truth."""
        return list(read_records(self.folder / "truth" / f"{name}.jsonl"))

    @cached_property
    def person_of(self) -> dict[Number, UUID]:
        """Whom the main job takes each register's number for."""
        rows = RegisterPerson.objects.values_list("register", "number", "person_id")
        return {(register, number): person for register, number, person in rows}

    @cached_property
    def members(self) -> dict[UUID, set[Number]]:
        """Return the numbers behind each person the main job holds."""
        found: dict[UUID, set[Number]] = defaultdict(set)
        for number, person in self.person_of.items():
            found[person].add(number)
        return found

    @cached_property
    def slips(self) -> dict[Number, list[str]]:
        """Return the slips planted in each entry."""
        return {(each["register"], each["number"]): each["slips"] for each in self.records("slips")}

    @cached_property
    def payer_of(self) -> dict[str, Number]:
        """Return under which number of the insurance register each bill was settled, as its file says."""
        found = {}
        for path in sorted((self.folder / "registers").glob("*结算_*.csv")):
            with open(path, encoding="utf-8-sig", newline="") as text:
                found |= {row["setl_id"]: ("insurance", row["psn_no"]) for row in csv.DictReader(text)}
        return found

    def numbers(self, person: str) -> list[Number]:
        """Return the numbers of a true person that any file holds."""
        return [number for number in self.truth.numbers_of[person] if number in self.person_of]

    def parted(self, person: str) -> bool:
        """Say whether the main job holds a true person as several."""
        return len({self.person_of[number] for number in self.numbers(person)}) > 1

    def true_person(self, person: UUID) -> str:
        """Return whom a person of ours truly is."""
        (true,) = {self.truth.person_of[number] for number in self.members[person]}
        return true

    def lacking(self) -> dict[tuple[str, str, str], list[tuple[UUID, bool]]]:
        """Return what was found lacking by true person, due and subject: of which of our persons, and whether 待核."""
        found = defaultdict(list)
        for (person, due, subject), unknown in lacking_on(self.truth.last_day).items():
            found[self.true_person(person), due, subject].append((person, unknown))
        return found
