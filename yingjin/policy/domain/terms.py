"""The words a rulebook speaks."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from yingjin.basics.days import Interval
from yingjin.policy.domain.conditions import Condition


class Text(NamedTuple):
    """One sentence in Chinese and in English."""

    zh: str
    en: str


class Reading(NamedTuple):
    """One way to understand what the text leaves open; an unsupported one is named, not worked out."""

    id: str
    text: Text
    supported: bool


class Parameter(NamedTuple):
    """A question the text leaves open: the reading in force, the file's own, and all there are."""

    id: str
    asks: Text
    reading: str
    own_reading: str
    assumed: bool
    readings: tuple[Reading, ...]

    def supported(self) -> tuple[str, ...]:
        """Return the readings that may be chosen."""
        return tuple(each.id for each in self.readings if each.supported)


class Layer(NamedTuple):
    """One payer in the order of law."""

    id: str
    text: Text
    payer: Text


class Accumulator(NamedTuple):
    """What is left in scope on entering a layer, summed over the year's counted bills."""

    id: str
    layer: str
    text: Text


class Level(NamedTuple):
    """A facility level; some levels cannot lie in the county."""

    id: str
    text: Text
    never_in_county: bool


class Category(NamedTuple):
    """A person category; a derived one follows from others and is never registered."""

    id: str
    text: Text
    derived: Condition | None


class Gate(NamedTuple):
    """A reason why no layer pays a bill."""

    id: str
    when: Condition
    parameters: tuple[str, ...]
    text: Text


class Lookup(NamedTuple):
    """A rate and a deductible by facility level. Units: bp, fen."""

    rates_bp: dict[str, int]
    deductibles_fen: dict[str, int]
    deductible_parameters: tuple[str, ...]


class Ratio(NamedTuple):
    """One rate on what is left. Units: bp."""

    rate_bp: int


class Supplement(NamedTuple):
    """A looked-up rate raised by points (`adds_bp`) or by a part of itself (`raises_by_bp`). Units: bp."""

    on: str
    adds_bp: int
    raises_by_bp: int


class Band(NamedTuple):
    """A rate above a threshold, on the bill's own cost stacked on an accumulator or alone. Units: fen, bp.

    `whole` takes all of the bill's own cost in once the threshold is passed, not the excess only.
    """

    threshold_fen: int
    rate_bp: int
    whole: bool
    stacked: bool


class Bound(NamedTuple):
    """The highest rate of a layer. Units: bp."""

    rate_max_bp: int


class Choice(NamedTuple):
    """How one of several applicable clauses is taken."""

    take: str


class Order(NamedTuple):
    """The order in which the layers pay."""

    layers: tuple[str, ...]


class Open(NamedTuple):
    """What the text does not state; its parameters say how it is read."""


Terms = Lookup | Ratio | Supplement | Band | Bound | Choice | Order | Open


@dataclass(frozen=True)
class Clause:
    """One dated clause: its wording, where it stands, when it applies and what it says."""

    id: str
    number: int
    kind: str
    layer: str | None
    title: Text
    text_zh: str
    plain: Text
    citation: Text
    valid: Interval
    when: Condition
    parameters: tuple[str, ...]
    assumed: tuple[str, ...]
    terms: Terms


@dataclass(frozen=True)
class Contents:
    """A rulebook as its file says it, every field read and checked, one reading chosen for each parameter."""

    name: str
    region: str
    title: Text
    source: Text
    valid: Interval
    assumed: tuple[str, ...]
    reference_day: str
    reference_parameters: tuple[str, ...]
    layers: tuple[Layer, ...]
    accumulators: tuple[Accumulator, ...]
    levels: dict[str, Level]
    categories: dict[str, Category]
    gates: tuple[Gate, ...]
    clauses: tuple[Clause, ...]
    parameters: dict[str, Parameter]

    def clauses_on(self, on: date) -> tuple[Clause, ...]:
        """Return the clauses in force on a day, the lower number first."""
        return tuple(
            sorted((each for each in self.clauses if each.valid.holds(on)), key=lambda it: it.number)
        )

    def readings_of(self, parameters: tuple[str, ...]) -> dict[str, str]:
        """Return the reading in force for each of the parameters."""
        return {key: self.parameters[key].reading for key in parameters}
