"""What the rules are applied to, and what comes out."""

from datetime import date
from typing import Any, NamedTuple

Step = dict[str, Any]


class BillFacts(NamedTuple):
    """One stay or visit as the rules see it. Units: fen.

    `moves` is False for a held bill: it is worked out on the accumulators before it and moves none.
    """

    bill_id: str
    setting: str
    level: str
    in_county: bool
    designated: bool
    public: bool
    admitted_on: date | None
    discharged_on: date
    total_fen: int
    out_of_scope_fen: int
    moves: bool = True


class CategoryHeld(NamedTuple):
    """A category of a person, from a day up to, not including, another; open when that is None."""

    category: str
    valid_from: date
    valid_to: date | None = None


class PersonFacts(NamedTuple):
    """The person of a year's bills; overlapping times of one category are their union.

    A birthday that no register knows is None and reaches no age.
    """

    person_id: str
    born_on: date | None
    categories: tuple[CategoryHeld, ...] = ()


class Outcome(NamedTuple):
    """What one bill is due: each layer's payment, the clause behind it, and what the patient pays.

    Units: fen. A layer that no clause pays has payment 0 and clause None.
    """

    bill_id: str
    in_scope_fen: int
    deductible_fen: int
    payments: dict[str, int]
    own_payment_fen: int
    clauses: dict[str, str | None]
    rulebook_version: str
    steps: tuple[Step, ...] = ()
