"""What the demonstration county is made of: plain records, true ones. Registers and slips come later."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Village:
    """A real village: `name` as registers write it, without the ending of its committee."""

    code: str
    name: str
    township_code: str
    township_name: str


@dataclass(slots=True)
class Person:
    """One made-up human being. `number` counts the county's people from 0."""

    number: int
    sex: str
    born_on: date
    household: int
    relation: str
    village: int = 0
    ethnic_group: str = ""
    surname: str = ""
    name: str = ""
    identity_no: str = ""
    phone: str = ""
    died_on: date | None = None

    def age_at_end_of(self, year: int) -> int:
        """Return the age reached in a year."""
        return year - self.born_on.year

    def lives_on(self, on: date) -> bool:
        """Say whether the person is born and not dead on a day."""
        return self.born_on <= on and (self.died_on is None or on < self.died_on)


@dataclass(slots=True)
class Household:
    """People under one roof, the head first, in one village."""

    number: int
    members: list[int] = field(default_factory=list)
    village: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """A category held from a day up to, not including, another."""

    category: str
    valid_from: date
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        """Say whether a day lies inside."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to a person of the poverty register; `due` only for a refusal (保 治 签 兜)."""

    what: str
    on: date
    due: str = ""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """An illness of a person, by its place in the list of illnesses, and the day it was confirmed."""

    illness: int
    on: date


@dataclass(frozen=True, slots=True)
class Facility:
    """A place that treats people, as the facility list has it; `hosp_lv` is what its settlements say."""

    code: str
    name: str
    county_code: str
    level: str
    designated: bool
    public: bool
    hosp_lv: str
    township_code: str = ""


@dataclass(slots=True)
class Payments:
    """Who paid how much of one bill. Units: fen."""

    deductible: int = 0
    basic: int = 0
    critical_illness: int = 0
    assistance: int = 0

    @property
    def funds(self) -> int:
        """Add up what the payers paid."""
        return self.basic + self.critical_illness + self.assistance


COUNTED, HELD_DEAD, HELD_NOT_ENROLLED = "counted", "held_dead", "held_not_enrolled"
CANCELLED, CANCELLING = "cancelled", "cancelling"


@dataclass(slots=True)
class Bill:
    """One stay or visit. `number` is the setl_id; `computed` is None for a bill that enters no replay."""

    person: int
    facility: Facility
    med_type: str
    inpatient: bool
    admitted_on: date
    discharged_on: date
    total_fen: int
    out_of_scope_fen: int
    diagnosis: str
    number: str = ""
    state: str = COUNTED
    cancels: str = ""
    hosp_lv: str = ""
    computed: Payments | None = None
    reported: Payments = field(default_factory=Payments)


@dataclass(frozen=True, slots=True)
class Treatment:
    """A treatment the health register knows of."""

    illness: int
    on: date
    kind: str
    facility: Facility


@dataclass(frozen=True, slots=True)
class Contract:
    """A family-doctor contract, in force from a day up to, not including, another."""

    doctor: str
    team: str
    valid_from: date
    valid_to: date | None

    def holds(self, on: date) -> bool:
        """Say whether it is in force on a day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)
