"""What a bill and the lists of data quality show. Money in fen; `None` is unknown unless said otherwise."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from yingjin.insight.queries.shapes.common import Place
from yingjin.insight.queries.shapes.people import BillRow


@dataclass(frozen=True)
class PaidLine:
    """What one layer pays by the rules, by which clause, and what was reported paid."""

    layer: str
    label_zh: str
    amount_fen: int
    rate_bp: int | None
    clause_id: str
    clause_zh: str
    reported_fen: int | None


@dataclass(frozen=True)
class BasisRow:
    """One fact a bill was worked out on, where it stands and when it was learnt."""

    fact_zh: str
    value_zh: str
    source_zh: str
    learnt_on: date | None


@dataclass(frozen=True)
class BillPage:
    """A bill with every step. `steps` are the engine's own; `same_as_stored` says that working it out now agrees.

    `diagnosis_zh` is None when not given. A bill that would tell of a hidden illness is not found at all.
    """

    bill_key: str
    bill_id: str
    person_key: UUID
    name: str
    path: list[Place]
    facility_zh: str
    level_zh: str
    setting: str
    in_county: bool
    designated: bool
    public: bool
    admitted_on: date | None
    discharged_on: date
    diagnosis_zh: str | None
    total_fen: int
    out_of_scope_fen: int
    in_scope_fen: int
    deductible_fen: int
    lines: list[PaidLine]
    own_payment_fen: int
    own_in_scope_fen: int
    own_reported_fen: int | None
    state: str
    state_zh: str
    incomplete_year: bool
    steps: list[dict[str, Any]]
    rulebook_version: str
    rulebook_title_zh: str
    basis: list[BasisRow]
    replay_version: int
    replayed_at: datetime | None
    same_as_stored: bool
    year_before: int
    bills_of_year: list[BillRow]
    doctor_zh: str
    as_json: dict[str, Any]


@dataclass(frozen=True)
class QualityRow:
    """One line of a list; identity-like cells are masked already."""

    cells: list[str]
    person_key: UUID | None = None
    bill_key: str | None = None


@dataclass(frozen=True)
class QualityPage:
    """One page of a list of data quality."""

    kind: str
    title_zh: str
    answer_zh: str
    head: list[str]
    numeric: list[bool]
    rows: list[QualityRow]
    total: int
    page: int
    pages: int
