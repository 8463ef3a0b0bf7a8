"""Whose rows an answer wrote: read from the tables before and behind, inside what is rolled back.

What a request names in its path, its filters or its body says what it aimed at; the rows say what it met.

* Changed   one row as it was and as it became
* Writing   reads which rows became others, and says of each whether it lies beyond who asked
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection

from tests.support.intrusion.asking import Asked
from yingjin.basics import access
from yingjin.gaps.models import Gap, GapLetter
from yingjin.registry.models import Client, Facility, Household, Person, SignIn, User
from yingjin.settlement.models import Bill

AIM = re.compile(r'\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|COPY)\s+"?(\w+)"?', re.IGNORECASE)
# Written because somebody asked at all: who did what, how often it was tried, the answer kept for a retry. Each row of
# these is of the asker or of nobody; the audit is judged by its own tests.
OF_ASKING = (
    "basics_audit",
    "basics_chain",
    "axes_",
    "sqlite_sequence",
    "api_keptanswer",
    "insight_noticeread",
)
# Sessions and tokens of the asker begin, go on and end by asking.
OF_SESSIONS = ("registry_session", "registry_signin", "registry_clienttoken")
# Numbers and errands of the installation, which say nothing of anybody.
OF_NOBODY = ("gaps_gapactcount", "django_tasks_database_dbtaskresult", "api_delivery", "basics_timetable")
# What changes of the asker's own row because somebody asked.
SEEN = {
    "registry_user": {"last_login", "last_seen_at"},
    "registry_client": {"used_at"},
}
# What its owner may change of the own row: everything else of it says what somebody may see and do.
OWN = {"registry_user": {"password", "password_given"}, "registry_client": set()}

Row = dict[str, Any]


@dataclass(frozen=True)
class Changed:
    """One row; `before` is empty for a new one, `after` for one that went."""

    table: str
    before: Row
    after: Row

    @property
    def columns(self) -> set[str]:
        """Return what became different."""
        names = {*self.before, *self.after}
        return {name for name in names if self.before.get(name) != self.after.get(name)}

    @property
    def sides(self) -> Iterator[Row]:
        """Yield the row as it was and as it became, as far as there is one."""
        yield from (side for side in (self.before, self.after) if side)


def tables_in(statements: list[str]) -> set[str]:
    """Return which tables some statements write."""
    found = (AIM.match(each) for each in statements)
    return {each[1].lower() for each in found if each}


def quiet(table: str) -> bool:
    """Say whether a table's rows say nothing of anybody, so that they need not be read."""
    return table.startswith((*OF_ASKING, *OF_NOBODY))


class Writing:
    """The rows before every request, which all stay as they were: each request is rolled back."""

    def __init__(self) -> None:
        self._before: dict[str, dict[Any, Row]] = {}
        self.pk = {
            each._meta.db_table: each._meta.pk.column for each in apps.get_models(include_auto_created=True)
        }

    def rows(self, table: str) -> dict[Any, Row]:
        """Return a table's rows by key."""
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [each[0] for each in cursor.description]
            rows = [dict(zip(names, map(_plain, row), strict=True)) for row in cursor.fetchall()]
        return {row[self.pk[table]]: row for row in rows}

    def changed(self, after: dict[str, dict[Any, Row]]) -> list[Changed]:
        """Return which rows became others; called when everything is as before again."""
        found = []
        for table, rows in after.items():
            if table not in self._before:
                self._before[table] = self.rows(table)
            before = self._before[table]
            for key in {*before, *rows}:
                was, is_now = before.get(key, {}), rows.get(key, {})
                if was != is_now:
                    found.append(Changed(table, was, is_now))
        return found

    def of_asking(self, each: Changed, asked: Asked) -> bool:
        """Say whether a row is written because somebody asked, whatever they asked for."""
        if each.table in OF_SESSIONS:
            return not any(RULES[each.table](side, asked) for side in each.sides)
        both = bool(each.before and each.after)
        return both and each.columns <= SEEN.get(each.table, set()) and self._own(each, asked)

    def wrong(self, each: Changed, asked: Asked, known: set[UUID]) -> str:
        """Say what is wrong with a row that was written; blank when nothing is."""
        if any(self._beyond(each.table, side, asked, known) for side in each.sides):
            return f"wrote of others in {each.table} ({', '.join(sorted(each.columns))[:120]})"
        if each.table in OWN and self._own(each, asked) and each.before:
            more = each.columns - OWN[each.table] - SEEN[each.table]
            if more:
                return f"changed what the asker is: {', '.join(sorted(more))}"
        return ""

    def _own(self, each: Changed, asked: Asked) -> bool:
        mine = getattr(asked.reader.user, "pk", None)
        kind = "registry_client" if asked.reader.token else "registry_user"
        return each.table == kind and all(side["id"] == mine for side in each.sides)

    def _beyond(self, table: str, row: Row, asked: Asked, known: set[UUID]) -> bool:
        """Say whether a row lies out of the asker's reach; a table that nobody placed does."""
        if table in RULES:
            return RULES[table](row, asked)
        if "person_id" in row:
            return _person(row["person_id"], asked, known)
        for column, person in BEHIND.items():
            if column in row:
                return _person(person(row[column]), asked, known)
        if "region_code" in row:
            return not _in_region(row["region_code"], asked)
        mine = asked.reader.user.username if asked.reader.user else ""
        return not any(row.get(name) == mine != "" for name in ("owner", "by", "made_by"))


def _plain(value: Any) -> Any:
    return (
        bytes(value)
        if isinstance(value, memoryview)
        else str(value)
        if isinstance(value, (dict, list))
        else value
    )


def _person(key: Any, asked: Asked, known: set[UUID]) -> bool:
    person = UUID(str(key))
    number = str(asked.body.get("number", ""))
    shown = (
        asked.door.name == "present" and len(number) == 18
    )  # a window that was shown a person's whole number
    return person not in known and not (shown and Person.objects.get(pk=person).identity_number == number)


BEHIND: dict[str, Callable[[Any], Any]] = {
    "gap_id": lambda key: Gap.objects.get(pk=key).person_id,
    "bill_id": lambda key: Bill.objects.get(pk=key).person_id,
}


def _in_region(region: str, asked: Asked) -> bool:
    reader = asked.reader
    if reader.facility:
        return bool(region) and Facility.objects.get(pk=reader.facility).county_code.startswith(region[:6])
    return bool(reader.region) and region.startswith(reader.region)


def _user(key: Any, asked: Asked) -> bool:
    """Say whether a user is neither the asker nor looked after by one who asks."""
    reader = asked.reader
    if reader.user is None:
        return True
    if not reader.token and key == reader.user.pk:
        return False
    if reader.role != access.ADMINISTRATOR:
        return True
    user = User.objects.filter(pk=key).first()
    return user is not None and not _looked_after(user.region_code, user.facility_code, asked)


def _looked_after(region: str, facility: str, asked: Asked) -> bool:
    where = region or getattr(Facility.objects.filter(pk=facility).first(), "county_code", "")
    return asked.reader.role == access.ADMINISTRATOR and where.startswith(asked.reader.region)


def _user_row(row: Row, asked: Asked) -> bool:
    own = not asked.reader.token and row["id"] == getattr(asked.reader.user, "pk", None)
    return not own and not _looked_after(row["region_code"], row["facility_code"], asked)


def _client_row(row: Row, asked: Asked) -> bool:
    own = bool(asked.reader.token) and row["id"] == asked.reader.user.pk
    return not own and not _looked_after(row["region_code"], row["facility_code"], asked)


def _of_client(key: Any, asked: Asked) -> bool:
    if asked.reader.token and key == asked.reader.user.pk:
        return False
    client = Client.objects.filter(pk=key).first()
    return client is None or not _looked_after(client.region_code, client.facility_code, asked)


def _session(row: Row, asked: Asked) -> bool:
    owner = SignIn.objects.filter(session=row["hashed"]).values_list("user", flat=True).first()
    return owner is not None and _user(owner, asked)


# Tables whose rows are placed by more than a person, a region or a name.
RULES: dict[str, Callable[[Row, Asked], bool]] = {
    "registry_user": _user_row,
    "registry_client": _client_row,
    "registry_clienttoken": lambda row, asked: _of_client(row["client_id"], asked),
    "registry_signin": lambda row, asked: _user(row["user_id"], asked),
    "registry_secondfactor": lambda row, asked: _user(row["user_id"], asked),
    "registry_recoverycode": lambda row, asked: _user(row["factor_id"], asked),
    "registry_session": _session,
    "api_subscription": lambda row, asked: _of_client(row["client_id"], asked),
    "insight_boundary": lambda _, asked: asked.reader.role != access.ADMINISTRATOR,
    "insight_boundaryfile": lambda _, asked: asked.reader.role != access.ADMINISTRATOR,
    "insight_householdcode": lambda row, asked: (
        not _in_region(Household.objects.get(pk=row["household_id"]).region_code, asked)
    ),
    "gaps_gapletterline": lambda row, asked: (
        not _in_region(GapLetter.objects.get(pk=row["letter_id"]).region_code, asked)
    ),
}
