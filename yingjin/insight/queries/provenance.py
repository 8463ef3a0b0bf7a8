"""Where a fact came from: the register, the file and its row, and when it was learnt."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yingjin.basics.identity import clean, masked, to18
from yingjin.basics.language import chosen
from yingjin.basics.names import same_name_key
from yingjin.basics.prepared import prepared
from yingjin.fusion.formats import registers
from yingjin.fusion.models import RegisterPerson, Row
from yingjin.insight.queries.places import path_inside_county
from yingjin.insight.queries.shapes import FieldSource
from yingjin.registry.models import Person

WHO_SOMEBODY_IS = ("lifted", "marginal", "record", "enrolment", "settlement")
SEX_ZH = {"male": gettext_lazy("男"), "female": gettext_lazy("女")}
FIELDS_ZH = {
    "name": gettext_lazy("姓名"),
    "sex": gettext_lazy("性别"),
    "born_on": gettext_lazy("出生日期"),
    "identity_number": gettext_lazy("证件号"),
    "phone": gettext_lazy("电话"),
    "region_code": gettext_lazy("住址"),
}


def first_upper(text: str) -> str:
    """Begin a text with a capital, as English does; Chinese has none."""
    return text[:1].upper() + text[1:]


def register_zh(register: str) -> str:
    """Return what a register is called."""
    known = registers().get(register)
    return chosen(known.zh, first_upper(known.en)) if known else register


def learnt_on(at: datetime | None) -> date | None:
    """Return the day, here, on which a row was landed."""
    return timezone.localtime(at).date() if at else None


def source_of(row: Row) -> str:
    """Return the place a row stands in: register, file, row. The caller has selected the file with the row."""
    said = _("{register} {file} “{sheet}”表第 {row} 行") if row.sheet else _("{register} {file} 第 {row} 行")
    return said.format(
        register=register_zh(row.register), file=row.file.name, sheet=row.sheet, row=row.row_number
    )


@dataclass(frozen=True)
class Said:
    """What one register says of one person, and the row that says it last."""

    entry: RegisterPerson
    row: Row | None

    @property
    def learnt_on(self) -> date | None:
        """Return the day on which the register's newest row of the person was landed."""
        return learnt_on(self.row.landed_at) if self.row else None


def said_of(person: UUID) -> list[Said]:
    """Return what every register says of one person, in the order of the registers."""
    entries = _entries(person)
    order = list(registers())
    entries.sort(key=lambda entry: (order.index(entry.register), entry.number))
    rows = _newest_rows(entries)
    return [Said(entry, rows.get((entry.register, entry.number))) for entry in entries]


@prepared
def _entries(person: UUID) -> QuerySet[Any]:
    return RegisterPerson.objects.filter(person=person, withdrawn=False)


def _newest_rows(entries: Collection[RegisterPerson]) -> dict[tuple[str, str], Row]:
    """Return the newest row by which each register knows a person: a list or a record before a settlement."""
    listed = _rows({entry.register for entry in entries}, {entry.number for entry in entries})
    listed.sort(key=lambda row: (-WHO_SOMEBODY_IS.index(row.kind), row.landed_at, row.year or 0, row.pk))
    return {(row.register, row.number): row for row in listed}


@prepared
def _rows(registers: Collection[str], numbers: Collection[str]) -> QuerySet[Any]:
    rows = Row.objects.filter(
        register__in=registers, number__in=numbers, kind__in=WHO_SOMEBODY_IS, accepted=True, current=True
    )
    return rows.select_related("file").defer("payload", "reasons")


def fields_of(person: Person, said: list[Said]) -> list[FieldSource]:
    """Return each field of a person with the register behind it, and what other registers say instead."""
    return [_field(person, name, said) for name in FIELDS_ZH]


def _field(person: Person, name: str, said: list[Said]) -> FieldSource:
    register = person.sources.get(name, "")
    value = getattr(person, name)
    behind = next((each for each in said if each.entry.register == register), None)
    return FieldSource(
        field_zh=str(FIELDS_ZH[name]),
        value=shown(name, value),
        register_zh=register_zh(register),
        learnt_on=behind.learnt_on if behind else None,
        others=_others(name, value, said),
        source_zh=source_of(behind.row) if behind and behind.row else "",
    )


def _others(name: str, value: Any, said: list[Said]) -> list[tuple[str, str]]:
    """Return the values that differ from the one taken, each once a register; a register that is silent says nothing."""
    differing: dict[tuple[str, str], None] = {}
    for each in said:
        values = [getattr(each.entry, name), *each.entry.disagreements.get(name, ())]
        for other in values:
            if other and _compared(name, other) != _compared(name, value):
                differing.setdefault((register_zh(each.entry.register), told_apart([value, other], name)[1]))
    return list(differing)


def told_apart(values: Sequence[Any], name: str) -> list[str]:
    """Return some values of a field as people may see them; masked numbers that look alike are marked as different."""
    written = [shown(name, value) or _("空") for value in values]
    alike = len(set(written)) < len(written)
    differing = _("{number}（遮住的几位不同）")
    return [differing.format(number=text) if alike and place else text for place, text in enumerate(written)]


def _compared(name: str, value: Any) -> str:
    """Return a value as registers are compared: names without interpuncts, numbers with eighteen characters."""
    if name == "name":
        return same_name_key(str(value))
    if name == "identity_number":
        return to18(str(value)) or clean(str(value))
    return str(value or "")


def shown(name: str, value: Any) -> str:
    """Return the value of a field as people may see it: numbers masked, places by name."""
    if not value:
        return ""
    if name in ("identity_number", "phone"):
        return masked_phone(value) if name == "phone" else masked(value)
    if name == "sex":
        return str(SEX_ZH.get(value, ""))
    if name == "region_code":
        path = path_inside_county(value)
        return "".join(each.name for each in path[1:] or path)
    return str(value)


def masked_phone(number: str) -> str:
    """Show a phone number by its first three and last four digits."""
    digits = "".join(number.split())
    return f"{digits[:3]} ···· {digits[-4:]}" if len(digits) > 7 else "····"
