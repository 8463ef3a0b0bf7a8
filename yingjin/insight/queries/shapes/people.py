"""What Find, Person and Household show. Money in fen; `None` is unknown unless said otherwise.

A status is done, open, unknown, excepted or not_due; a due insured, treated, contracted or covered.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from yingjin.insight.queries.shapes.common import Event, Exception_, Place
from yingjin.insight.queries.shapes.overview import DueCount


@dataclass(frozen=True)
class FoundRow:
    """One person found. `categories` are names held on the day, `gaps` the dues open or unknown."""

    person_key: UUID
    household_key: str | None
    name: str
    sex: str
    age_years: int | None
    masked_number: str
    village: Place
    township: Place
    categories: list[str]
    insured: str
    contracted: str
    contract_until: date | None
    gaps: list[str]
    died_on: date | None


@dataclass(frozen=True)
class FindPage:
    """Who was found, and how the text was read."""

    text: str
    on: date
    total: int
    page: int
    pages: int
    rows: list[FoundRow]
    villages: list[Place]
    read_as_zh: str


@dataclass(frozen=True)
class DueItem:
    """One due of a person: one disease, one bill, or the due itself."""

    gap_id: str
    status: str
    title_zh: str
    since_on: date | None
    due_by: date | None
    shortfall_fen: int | None
    bill_key: str | None


@dataclass(frozen=True)
class DueState:
    """One of the four dues of a person: the worst of its items, and one line that says it."""

    due: str
    status: str
    title_zh: str
    text_zh: str
    items: list[DueItem]
    exception: Exception_ | None


@dataclass(frozen=True)
class CategorySpan:
    """A category a person holds or held, from a day up to another, by which register and paper."""

    code: str
    name_zh: str
    valid_from: date
    valid_to: date | None
    register_zh: str
    basis_zh: str
    learnt_on: date | None


@dataclass(frozen=True)
class BillRow:
    """One bill in a list. `payments` are computed, `shortfall` what is still not paid as reported, by layer.

    `state` is counted, held, cancelled or refused; only counted ones are in totals, and `state_zh` says why not.
    A bill that was never worked out (cancelled, refused) shows what was reported instead.
    """

    bill_key: str
    bill_id: str
    admitted_on: date | None
    discharged_on: date
    facility_zh: str
    setting: str
    total_fen: int
    payments: dict[str, int]
    own_payment_fen: int
    shortfall: dict[str, int]
    state: str
    state_zh: str


@dataclass(frozen=True)
class YearTotal:
    """The counted bills of one year; `incomplete` when one of its bills was refused."""

    year: int
    incomplete: bool
    total_fen: int
    payments: dict[str, int]
    own_payment_fen: int


@dataclass(frozen=True)
class LayerName:
    """What a payer's layer is called, long and short."""

    layer: str
    label_zh: str
    short_zh: str


@dataclass(frozen=True)
class ConditionRow:
    """A condition, whether it is on the special-treatment list, and how its treatment stands."""

    name_zh: str
    icd: str
    confirmed_on: date | None
    special: bool
    register_zh: str
    treated_zh: str
    status: str


@dataclass(frozen=True)
class ContractRow:
    """A family-doctor contract."""

    valid_from: date
    valid_to: date | None
    doctor: str
    facility_zh: str
    register_zh: str
    in_force: bool


@dataclass(frozen=True)
class EnrolmentRow:
    """Whether a person is insured in one year, by the enrolment files."""

    year: int
    enrolled: bool
    kind_zh: str
    register_zh: str


@dataclass(frozen=True)
class MemberRow:
    """A member of a household; `states` holds the status of each due, `in_time` those open before their day."""

    person_key: UUID
    name: str
    relation_zh: str
    sex: str
    age_years: int | None
    valid_from: date | None
    valid_to: date | None
    categories: list[str]
    states: dict[str, str]
    in_time: dict[str, bool]
    died_on: date | None


@dataclass(frozen=True)
class FieldSource:
    """One field of a person: its value, the register it came from, when learnt, and what other registers say.

    `source_zh` names register, file and row.
    """

    field_zh: str
    value: str
    register_zh: str
    learnt_on: date | None
    others: list[tuple[str, str]]
    source_zh: str = ""


@dataclass(frozen=True)
class PersonPage:
    """A person on a day, as the registers together have it."""

    person_key: UUID
    name: str
    sex: str
    age_years: int | None
    born_on: date | None
    died_on: date | None
    moved_zh: str
    masked_number: str
    path: list[Place]
    on: date
    in_base: bool
    categories: list[CategorySpan]
    states: list[DueState]
    lacking: int
    layers: list[LayerName]
    bills: list[BillRow]
    years: list[YearTotal]
    conditions: list[ConditionRow]
    contracts: list[ContractRow]
    enrolments: list[EnrolmentRow]
    household_key: str | None
    household_number: str
    members: list[MemberRow]
    fields: list[FieldSource]
    events: list[Event]


@dataclass(frozen=True)
class HouseholdPage:
    """A household on a day: its members then, former ones, their dues summed, this year's bills."""

    household_key: str
    masked_number: str
    path: list[Place]
    on: date
    head: str
    members: list[MemberRow]
    former: list[MemberRow]
    states: list[DueCount]
    layers: list[LayerName]
    bills: list[tuple[MemberRow, BillRow]]
    years: list[YearTotal]
    register_zh: str
    events: list[Event]
