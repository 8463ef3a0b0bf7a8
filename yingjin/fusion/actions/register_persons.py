"""Keep, for every number of every register, whom its newest rows mean."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import transaction

from yingjin.basics import bulk
from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.fusion.actions.places import region_of_code, region_of_names
from yingjin.fusion.domain.owners import REGISTERS
from yingjin.fusion.domain.register_persons import RegisterPersonDraft, Said, draft_of
from yingjin.fusion.formats import identity_in, kinds, value_lists
from yingjin.fusion.models import RegisterPerson, RegisterState, Row

READING = "1"  # raised when rows are read into people in another way: then all are read again
PERSONS = "persons"
NAMES_AT_ONCE = 16_384
FIELDS = (
    "name", "name_key", "name_first", "identity_number", "identity_index", "identity_valid", "sex", "born_on", "phone",
    "region_code", "disagreements", "disagrees", "withdrawn",
)  # fmt: skip
NAME_KEY, NAME_FIRST, IDENTITY_INDEX = map(
    RegisterPerson._meta.get_field, ("name_key", "name_first", "identity_index")
)
Cells = Mapping[str, str]  # by the code's words


def refresh_register_persons(*, county_code: str, by: Any, at: datetime, track: Callable[..., Any]) -> int:
    """Bring the people of every register to what its rows in force say; return how many were written.

    `county_code` is where somebody lives of whom a register says nothing that is known.
    """
    allow(by, "land")
    return sum(_refresh(register, county_code, by, at, track) for register in REGISTERS)


def _refresh(register: str, county_code: str, by: Any, at: datetime, track: Callable[..., Any]) -> int:
    states = RegisterState.objects.filter(register=register)
    read_from = _digest(register, county_code)
    if states.filter(part=PERSONS, files_digest=read_from).exists():
        return 0
    held = {row[0]: (row[1], row[2:]) for row in _held(register)}
    indexes = _NameIndexes()
    new: list[tuple[Any, ...]] = []
    changed: list[tuple[Any, ...]] = []
    for draft in track(_drafts(register, county_code), f"归号 {register}"):
        pk, before = held.pop(draft.number, (None, None))
        values = _values(draft, indexes)
        if pk is None:
            new.append((register, draft.number, *values))
        elif before != values:
            changed.append((*values, pk))
    gone = [(True, {}, False, pk) for pk, before in held.values() if not before[-1]]
    with transaction.atomic():  # all is read before: who else writes waits for the writing alone
        bulk.insert(RegisterPerson, ("register", "number", *FIELDS), new)
        bulk.update(RegisterPerson, FIELDS, changed)
        bulk.update(RegisterPerson, ("withdrawn", "disagreements", "disagrees"), gone)
        kept = {"files_digest": read_from, "applied_at": at}
        RegisterState.objects.update_or_create(register=register, part=PERSONS, defaults=kept)
        counts = {"added": len(new), "changed": len(changed), "withdrawn": len(gone)}
        record("register_persons_refreshed", target=f"register:{register}", by=by, at=at, **counts)
    return sum(counts.values())


def _digest(register: str, county_code: str) -> str:
    """Return a word for all that a register's people are read from."""
    states = RegisterState.objects.filter(register=register).exclude(part=PERSONS).order_by("part")
    facts = [READING, county_code]
    for part, digest, applied_at in states.values_list("part", "files_digest", "applied_at"):
        facts += [part, digest, applied_at.isoformat()]
    return blake2b("\n".join(facts).encode(), digest_size=32).hexdigest()


def _held(register: str) -> Iterator[tuple[Any, ...]]:
    return (
        RegisterPerson.objects.filter(register=register)
        .values_list("number", "pk", *FIELDS)
        .iterator(chunk_size=5_000)
    )


class _NameIndexes:
    """What names are found by, each worked out once: a county shares its names and more so their first characters."""

    def __init__(self) -> None:
        self.whole = lru_cache(maxsize=NAMES_AT_ONCE)(NAME_KEY.index_of)
        self.first = lru_cache(maxsize=NAMES_AT_ONCE)(NAME_FIRST.index_of)


def _values(draft: RegisterPersonDraft, indexes: _NameIndexes) -> tuple[Any, ...]:
    """Return a draft as the fields hold it, with what its name and its number are found by."""
    return (
        draft.name,
        indexes.whole(draft.name),
        indexes.first(draft.name_key[:1]),
        draft.identity_number,
        draft.identity_index,
        draft.identity_valid,
        draft.sex,
        draft.born_on,
        draft.phone,
        draft.region_code,
        draft.disagreements,
        bool(draft.disagreements),
        False,
    )


def _drafts(register: str, county_code: str) -> Iterator[RegisterPersonDraft]:
    said = _said(register, county_code)
    for _, rows in groupby(said, key=attrgetter("number")):
        yield draft_of(list(rows), county_code)


def _said(register: str, county_code: str) -> Iterator[Said]:
    """Yield what the rows in force say of people, those of one number together."""
    reading = {kind: (_cells_of(kind), read) for kind, read in READERS[register].items()}
    rows = Row.objects.filter(register=register, kind__in=list(reading), current=True, accepted=True)
    ordered = rows.order_by("number").values_list("kind", "number", "key", "payload", "identity_index")
    for kind, number, key, payload, index in ordered.iterator(chunk_size=5_000):
        cells, read = reading[kind]
        said = read(number, key, cells(payload), county_code)
        if said.identity_number != identity_in(payload):  # another column of the row is indexed
            index = IDENTITY_INDEX.index_of(said.identity_number)
        yield said._replace(identity_index=index)


def _cells_of(kind: str) -> Callable[[Cells], Cells]:
    titles = {column.field: column.name for column in kinds()[kind].columns if column.field in WANTED}
    return lambda payload: {field: payload.get(title, "") for field, title in titles.items()}


def _of_list(number: str, key: str, row: Cells, county_code: str) -> Said:
    region = region_of_names(row["county_name"], row["township_name"], row["village_name"], county_code)
    phone = row["phone"] or row["household_phone"]
    return Said(number, False, row["data_day"], key, row["name"], row["identity_no"], "", "", phone, region)


def _of_enrolment(number: str, key: str, row: Cells, county_code: str) -> Said:
    return _coded(number, key, row, county_code, slip=False, on=row["year"])


def _of_settlement(number: str, key: str, row: Cells, county_code: str) -> Said:
    return _coded(number, key, row, county_code, slip=True, on=row["discharged_on"])


def _of_record(number: str, key: str, row: Cells, county_code: str) -> Said:
    return _coded(number, key, row, county_code, slip=False, on=row["opened_on"])


def _coded(number: str, key: str, row: Cells, county_code: str, *, slip: bool, on: str) -> Said:
    """Return what a row says that codes sex and village."""
    village = row.get("village", "")
    return Said(
        number,
        slip,
        on,
        key,
        row["name"],
        row["identity_no"],
        _sexes()[row["sex"]],
        row["born_on"],
        row.get("phone", ""),
        _region(village, county_code) if village else "",
    )


@cache
def _region(village: str, county_code: str) -> str:
    return region_of_code(village, county_code)


@cache
def _sexes() -> dict[str, str]:
    """Return male and female by every way the registers write them; blank is blank."""
    lists = value_lists()
    found = {code: facts["sex"] for name in ("sex", "sex_zh") for code, facts in lists[name].values.items()}
    return found | {"": ""}


READERS: Mapping[str, Mapping[str, Callable[[str, str, Cells, str], Said]]] = {
    "poverty": {"lifted": _of_list, "marginal": _of_list},
    "insurance": {"enrolment": _of_enrolment, "settlement": _of_settlement},
    "health": {"record": _of_record},
}
WANTED = frozenset(
    {
        "county_name", "township_name", "village_name", "name", "identity_no", "phone", "household_phone", "data_day",
        "sex", "born_on", "year", "village", "discharged_on", "opened_on",
    }
)  # fmt: skip
