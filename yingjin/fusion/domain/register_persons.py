"""Whom one register means by one of its numbers: what its rows say of the person, the newest first."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from yingjin.basics import identity
from yingjin.basics.names import same_name_key


class Said(NamedTuple):
    """What one row says of a person. `slip` marks a row that is not about the person, such as a settlement.

    `on` is the day it was true, as ISO text; blank is before all others.
    """

    number: str
    slip: bool
    on: str
    key: str
    name: str
    identity_number: str
    sex: str
    born_on: str
    phone: str
    region_code: str
    identity_index: str = ""  # what the identity number is found by


@dataclass(frozen=True, slots=True)
class RegisterPersonDraft:
    """One register's word on one of its people, and where its own rows disagree."""

    number: str
    name: str
    name_key: str
    identity_number: str
    identity_valid: bool
    sex: str
    born_on: date | None
    phone: str
    region_code: str
    disagreements: dict[str, list[str]] = field(default_factory=dict)
    identity_index: str = ""


def draft_of(rows: Sequence[Said], county_code: str) -> RegisterPersonDraft:
    """Return what a register says of one number.

    Each field is that of the newest row that has it; rows about the person come before slips. Names and numbers
    that differ are listed, the newest first. Sex and birthday not written are read from a valid identity number.
    """
    newest, trusted = rows, rows
    if len(rows) > 1:
        newest = sorted(sorted(rows, key=lambda row: row.key), key=lambda row: row.on, reverse=True)
        trusted = sorted(newest, key=lambda row: row.slip)
    numbered = next((row for row in trusted if row.identity_number), rows[0])
    number = numbered.identity_number
    whole = identity.to18(number)
    sex = _first(row.sex for row in trusted) or (identity.sex(whole) if whole else "")
    born = _first(row.born_on for row in trusted)
    name = _first(row.name for row in trusted)
    return RegisterPersonDraft(
        number=rows[0].number,
        name=name,
        name_key=same_name_key(name),
        identity_number=number,
        identity_valid=whole is not None,
        sex=sex,
        born_on=date.fromisoformat(born) if born else (identity.born_on(whole) if whole else None),
        phone=_first(row.phone for row in trusted),
        region_code=_first(row.region_code for row in trusted) or county_code,
        disagreements=_disagreements(newest) if len(rows) > 1 else {},
        identity_index=numbered.identity_index,
    )


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _disagreements(newest: Sequence[Said]) -> dict[str, list[str]]:
    found = {
        "name": _differing((row.name for row in newest), same_name_key),
        "identity_number": _differing((row.identity_number for row in newest), _same_number_key),
    }
    return {name: values for name, values in found.items() if len(values) > 1}


def _differing(values: Iterable[str], key: Callable[[str], str]) -> list[str]:
    """Return the values that differ, as written, each once."""
    written = dict.fromkeys(value for value in values if value)
    if len(written) < 2:
        return list(written)
    found: dict[str, str] = {}
    for value in written:
        found.setdefault(key(value), value)
    return list(found.values())


def _same_number_key(number: str) -> str:
    return identity.to18(number) or identity.clean(number)
