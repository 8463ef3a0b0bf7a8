"""What the overview shows. Money in fen; `None` is unknown unless said otherwise."""

from dataclasses import dataclass
from datetime import date, datetime

from yingjin.insight.queries.shapes.common import Place


@dataclass(frozen=True)
class DueCount:
    """How one of the four dues stands, in dues; `persons_due` stand behind all of them, `persons_lacking` behind open and unknown."""

    due: str
    done: int
    open: int
    unknown: int
    excepted: int
    persons_due: int
    persons_lacking: int


@dataclass(frozen=True)
class PlaceRow:
    """One place below: `lacking` counts open and unknown of each due, `late` those past their day."""

    place: Place
    persons_in_base: int
    lacking: dict[str, int]
    late: int


@dataclass(frozen=True)
class MoneyLine:
    """One part of the money: total, a payer, own_in_scope or own_out_of_scope."""

    kind: str
    label_zh: str
    amount_fen: int


@dataclass(frozen=True)
class MoneyFlow:
    """The year's bills discharged so far, from total to own payment; held and cancelled ones are left out."""

    year: int
    from_on: date
    until_on: date
    bills: int
    lines: list[MoneyLine]
    in_scope_fen: int
    held_bills: int
    incomplete_years: int


@dataclass(frozen=True)
class Cell:
    """A count that may be hidden: None with `few` is below ten, None without is held back so that nothing can be worked out."""

    value: int | None
    few: bool = False


@dataclass(frozen=True)
class DiseaseRow:
    """One disease: people, stays, cost. Sensitive ones only for readers who may see them."""

    code: str
    name_zh: str
    special: bool
    sensitive: bool
    persons: Cell
    stays: Cell
    cost_fen: Cell


@dataclass(frozen=True)
class DiseaseTable:
    """Conditions by disease; the total is None where it would give a hidden cell away."""

    rows: list[DiseaseRow]
    total: DiseaseRow | None
    note_zh: str


@dataclass(frozen=True)
class RegisterState:
    """What one register brought in."""

    register: str
    label_zh: str
    files: int
    rows: int
    refused: int
    withdrawn: int
    landed_at: datetime | None


@dataclass(frozen=True)
class DataQuality:
    """What is to be mended in the data, counted."""

    registers: list[RegisterState]
    rows: int
    refused: int
    unlinked: int
    disagreements: int
    held_bills: int
    incomplete_years: int
    cancelled: int


@dataclass(frozen=True)
class FiguresLine:
    """The audit of the published figures in four numbers."""

    figures: int
    identities: int
    hold: int
    broken: int


@dataclass(frozen=True)
class PreviousFinding:
    """The found day before: what was lacking then, by due."""

    on: date
    lacking: dict[str, int]


@dataclass(frozen=True)
class Overview:
    """The overview of one place on a found day; `dues` are in the order insured, treated, contracted, covered."""

    place: Place
    on: date
    persons_in_base: int
    households_in_base: int
    dues: list[DueCount]
    places: list[PlaceRow]
    late: int
    persons_lacking: int
    money: MoneyFlow
    diseases: DiseaseTable
    quality: DataQuality
    figures: FiguresLine
    previous: PreviousFinding | None
