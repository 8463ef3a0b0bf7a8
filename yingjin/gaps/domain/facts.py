"""What is known of one person when the dues of a day are judged. Facts from every register, already put together."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID


class Held(NamedTuple):
    """A category of a person, from a day up to, not including, another; open when that is None."""

    category: str
    valid_from: date
    valid_to: date | None


class Confirmed(NamedTuple):
    """A confirmed condition on the special-treatment list, and since when the list has it."""

    disease: str
    confirmed_on: date
    listed_from: date
    sensitive: bool = False


class Treated(NamedTuple):
    """A treatment of a disease, or a stay with it as the main diagnosis; a stay counts on its discharge day."""

    disease: str
    on: date
    by_stay: bool = False


class Contracted(NamedTuple):
    """A family-doctor contract, half open."""

    valid_from: date
    valid_to: date | None


class Changed(NamedTuple):
    """Something that happened to a person by the poverty register; `due` is what a refusal names."""

    what: str
    on: date
    due: str = ""
    evidence: str = ""


class Granted(NamedTuple):
    """An exception somebody granted for one due, half open; `reason` is one of the rules' granted reasons."""

    due: str
    subject: str
    reason: str
    on: date
    until: date
    evidence: str = ""


class Paid(NamedTuple):
    """What one payer owed by the rulebook and what was reported paid. Units: fen."""

    payer: str
    computed_fen: int
    reported_fen: int


class Stay(NamedTuple):
    """A counted inpatient bill with every payer's part; a held bill is none and opens no due."""

    bill_id: str
    discharged_on: date
    paid: tuple[Paid, ...]
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What may close a due: enrolments, treatments, contracts. A person's own, or of somebody who may be the same."""

    enrolled_years: frozenset[int] = frozenset()
    treated: tuple[Treated, ...] = ()
    contracts: tuple[Contracted, ...] = ()


NOTHING = Evidence()


@dataclass(frozen=True, slots=True)
class PersonDay:
    """Everything the dues of one person are judged by.

    `unlinked` is the evidence of people listed as perhaps the same: the same number but not the name, or name and
    village but not the number. `unlinked_conditions` are theirs where they are in no base of their own: else the
    same condition would be looked for twice.
    """

    person: UUID
    region_code: str = ""
    died_on: date | None = None
    categories: tuple[Held, ...] = ()
    conditions: tuple[Confirmed, ...] = ()
    own: Evidence = NOTHING
    unlinked: Evidence = NOTHING
    unlinked_conditions: tuple[Confirmed, ...] = ()
    stays: tuple[Stay, ...] = ()
    changes: tuple[Changed, ...] = ()
    granted: tuple[Granted, ...] = ()
