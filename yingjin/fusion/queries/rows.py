"""Rows in force, and the rows of one person with where they come from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yingjin.fusion.models import RegisterPerson, Row

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class RowOfPerson:
    """A landed row of a person: what it says, since when we know, and until when it was in force."""

    row_id: int
    register: str
    kind: str
    number: str
    key: str
    version: int
    accepted: bool
    payload: dict[str, str]
    reasons: list[dict[str, Any]]
    file_name: str
    sheet: str
    row_number: int
    landed_at: datetime
    ended_at: datetime | None
    ended_why: str


def current_rows(kind: str) -> Iterator[tuple[int, str, str, dict[str, str]]]:
    """Yield the good rows of a kind in force: id, the register's number, key, and cells by column title.

    A blank cell is not in the payload. In order of key, so that what is made of them does not depend on files.
    """
    rows = Row.objects.filter(kind=kind, current=True, accepted=True).order_by("key")
    return rows.values_list("id", "number", "key", "payload").iterator(chunk_size=CHUNK)


def heirs_of_undone(kind: str) -> dict[int, int | None]:
    """Return each good row of a kind that ended when its import was undone, with the row in force of the same key."""
    undone = Row.objects.filter(kind=kind, ended_why="undone", accepted=True)
    keys = dict(undone.values_list("id", "key"))
    if not keys:
        return {}
    present = Row.objects.filter(kind=kind, current=True, accepted=True, key__in=undone.values("key"))
    heirs = dict(present.values_list("key", "id"))
    return {row: heirs.get(key) for row, key in keys.items()}


def refused_person_years() -> set[tuple[UUID | str, int]]:
    """Return the person-years that lack a bill because its row was refused.

    The person, or the register's number where no row of that number was ever good. A row whose day cannot be
    read counts for every year its number has.
    """
    refused = Row.objects.filter(kind="settlement", current=True, accepted=False).exclude(number="")
    numbers = set(refused.values_list("number", "year"))
    if not numbers:
        return set()
    persons = _persons_of_numbers("insurance", {number for number, _ in numbers})
    years = {number: _years_of(number) for number, year in numbers if year is None}
    return {
        (persons.get(number, number), each)
        for number, year in numbers
        for each in ([year] if year is not None else years[number])
    }


def rows_of_person(person: UUID) -> list[RowOfPerson]:
    """List every row of a person that ever landed, with the file it stands in; the newest knowledge first."""
    found: list[RowOfPerson] = []
    for register, number in RegisterPerson.objects.filter(person=person).values_list("register", "number"):
        rows = Row.objects.filter(register=register, number=number).select_related("file")
        found += [_row_of_person(row) for row in rows]
    return sorted(found, key=lambda row: (row.landed_at, row.row_id), reverse=True)


def _row_of_person(row: Row) -> RowOfPerson:
    return RowOfPerson(
        row_id=row.pk,
        register=row.register,
        kind=row.kind,
        number=row.number,
        key=row.key,
        version=row.version,
        accepted=row.accepted,
        payload=row.payload,
        reasons=row.reasons,
        file_name=row.file.name,
        sheet=row.sheet,
        row_number=row.row_number,
        landed_at=row.landed_at,
        ended_at=row.ended_at,
        ended_why=row.ended_why,
    )


def _persons_of_numbers(register: str, numbers: set[str]) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    wanted = sorted(numbers)
    for start in range(0, len(wanted), 500):
        some = RegisterPerson.objects.filter(
            register=register, number__in=wanted[start : start + 500], person__isnull=False
        )
        found.update(some.values_list("number", "person_id"))
    return found


def _years_of(number: str) -> set[int]:
    """Return the years in which a number has settlements; none when all of them are unreadable."""
    rows = Row.objects.filter(kind="settlement", number=number, current=True, year__isnull=False)
    return set(rows.values_list("year", flat=True))
