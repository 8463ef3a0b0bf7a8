"""Load the one declaration of every row kind the source registers may bring.

The reader, the empty templates, the published description and the demonstration county all use it, so a
column is added or renamed in `data/formats.yaml` alone. No Django in here: commands may load it early.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

STATE, ADDS = "state", "adds"
SHEET, CSV = "sheet", "csv"


@dataclass(frozen=True, slots=True)
class ColumnType:
    """Say what a type of column is called and how its cells are checked."""

    name: str
    zh: str
    en: str
    check_zh: str
    check_en: str


@dataclass(frozen=True, slots=True)
class Column:
    """Describe one column: its title in the file, the code's word for it, and how a cell is checked.

    `values` names the value list of a code column; `signed` allows a leading minus in money.
    `check_zh` and `check_en` hold only what goes beyond the type's own check and may be blank.
    """

    name: str
    field: str
    type: str
    required: bool
    meaning_zh: str
    meaning_en: str
    example: str
    values: str | None = None
    signed: bool = False
    check_zh: str = ""
    check_en: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """Name a source register; `person_number` is the column by which it knows a person."""

    name: str
    zh: str
    en: str
    person_number: str | None


@dataclass(frozen=True, slots=True)
class ControlRow:
    """Describe the closing row of a file: its mark, and the column that holds the count of rows."""

    id: str
    count_in: str


@dataclass(frozen=True, slots=True)
class Kind:
    """Describe one kind of row: where it is found, what names it, and its columns in order.

    `header_row` counts from 1. `state_per` names the column whose every value is a state of its own.
    """

    name: str
    register: str
    title_zh: str
    title_en: str
    medium: str
    keeps: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    sheet: str | None = None
    file_stem: str | None = None
    header_row: int = 1
    state_per: str | None = None
    control_row: ControlRow | None = None

    @property
    def titles(self) -> tuple[str, ...]:
        """List the column titles in order."""
        return tuple(column.name for column in self.columns)

    @property
    def required_titles(self) -> tuple[str, ...]:
        """List the titles a file must have to be of this kind."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def money_titles(self) -> tuple[str, ...]:
        """List the titles of the money columns, the ones a control row sums."""
        return tuple(column.name for column in self.columns if column.type == "money")

    def column(self, title: str) -> Column:
        """Find a column by its title. Errors: KeyError where the kind has none of that title."""
        return _columns_by_title(self)[title]


@dataclass(frozen=True, slots=True)
class ValueList:
    """Hold the values of one code column; `assumed` where no published list could be had."""

    name: str
    zh: str
    en: str
    assumed: bool
    source: str
    values: Mapping[str, Mapping[str, Any]]


@cache
def kinds() -> Mapping[str, Kind]:
    """Load every row kind by name, in the order of the declaration."""
    return MappingProxyType({entry["kind"]: _kind(entry) for entry in _load("formats.yaml")["kinds"]})


@cache
def registers() -> Mapping[str, Register]:
    """Load the source registers by name."""
    found = _load("formats.yaml")["registers"]
    return MappingProxyType({name: Register(name=name, **entry) for name, entry in found.items()})


@cache
def column_types() -> Mapping[str, ColumnType]:
    """Load the column types by name."""
    found = _load("formats.yaml")["types"]
    return MappingProxyType({name: ColumnType(name=name, **entry) for name, entry in found.items()})


@cache
def value_lists() -> Mapping[str, ValueList]:
    """Load every value list by name."""
    found = _load("value_lists.yaml")["lists"]
    return MappingProxyType({name: ValueList(name=name, **entry) for name, entry in found.items()})


@cache
def identity_titles() -> tuple[str, ...]:
    """List the titles under which a row may hold its person's identity number."""
    named = (
        column.name for kind in kinds().values() for column in kind.columns if column.field == "identity_no"
    )
    return tuple(dict.fromkeys(named))


def identity_in(payload: Mapping[str, str]) -> str:
    """Return the identity number that a row's cells by title hold; empty when there is none."""
    return next((payload[title] for title in identity_titles() if title in payload), "")


def kind_of_sheet(title: str) -> Kind | None:
    """Find the kind a workbook's sheet holds by the sheet's title, or None for a sheet of no kind."""
    return next((kind for kind in kinds().values() if kind.sheet == title.strip()), None)


def kind_of_header(header: Iterable[str]) -> Kind | None:
    """Find the kind of a CSV by its header: the one most of whose columns stand there, if all it needs do."""
    present = {title.strip() for title in header}
    fitting = [
        kind for kind in kinds().values() if kind.medium == CSV and present.issuperset(kind.required_titles)
    ]
    return max(fitting, key=lambda kind: len(present.intersection(kind.titles)), default=None)


def _load(name: str) -> Any:
    return yaml.safe_load((files(__package__) / "data" / name).read_text(encoding="utf-8"))


@cache
def _columns_by_title(kind: Kind) -> Mapping[str, Column]:
    return {column.name: column for column in kind.columns}


def _kind(entry: Mapping[str, Any]) -> Kind:
    fields = {name: value for name, value in entry.items() if name not in _SHAPED}
    control = entry.get("control_row")
    return Kind(
        name=entry["kind"],
        key=tuple(entry["key"]),
        columns=tuple(Column(**column) for column in entry["columns"]),
        control_row=ControlRow(**control) if control else None,
        **fields,
    )


_SHAPED = {"kind", "key", "columns", "control_row"}
