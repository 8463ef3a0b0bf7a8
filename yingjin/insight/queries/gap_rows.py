"""One stored due as a row of the list: who, what is missing, whose task, by when.

* gap_row      a due with its person, as pages show it
* StoredDue    the same due as bare values, for long lists that open nothing else; `SaidOfDue` is what is said of it
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from yingjin.basics.language import speaks_english
from yingjin.gaps.domain.dues import DueState, Excepted
from yingjin.gaps.domain.rules import COVERED, DueRules
from yingjin.gaps.domain.words import closes_with_zh
from yingjin.gaps.models import Due
from yingjin.insight.domain.due_words import item_zh
from yingjin.insight.domain.gap_ids import gap_id
from yingjin.insight.queries.books import said_rules
from yingjin.insight.queries.categories import disease_name
from yingjin.insight.queries.members import age_of
from yingjin.insight.queries.places import codes_of_homes, home, places_named
from yingjin.insight.queries.shapes import GapRow, Place, Worked
from yingjin.settlement.actions import bill_key


class StoredDue(NamedTuple):
    """A due as it is stored, without the rest of its row: `StoredDue(*row)` of `values_list(*StoredDue._fields)`."""

    person_id: UUID
    region_code: str
    due: str
    subject: str
    sensitive: bool
    status: str
    reason: str
    owner_role: str
    since_on: date | None
    due_by: date | None
    shortfall_fen: int
    facts: dict[str, Any]


class SaidOfDue(NamedTuple):
    """What is said of a due in the reader's language: what is missing or there, why, whose task, what closes it."""

    what_zh: str
    reason_zh: str
    owner_zh: str
    closes_with_zh: str


def said_of(due: Due | StoredDue, rules: DueRules) -> SaidOfDue:
    """Say in words how a stored due stands; the rules are in the reader's language."""
    reason = rules.dues[due.due].reasons.get(due.reason)
    return SaidOfDue(
        what_zh=item_zh(state_of(due), rules, english=speaks_english(), disease_name=disease_name),
        reason_zh=reason.zh if reason else "",
        owner_zh=rules.owners.get(due.owner_role, ""),
        closes_with_zh=closes_with_zh(due.due, due.reason, due.facts, rules) if reason else "",
    )


def days_late(due: Due | StoredDue, on: date) -> int | None:
    """Return how many days ago the deadline was, less than 0 before it; None where there is none."""
    return (on - due.due_by).days if due.due_by else None


def shortfall_of(due: Due | StoredDue) -> int | None:
    """Return what is still owed of a stay; None for the other three. Units: fen."""
    return due.shortfall_fen if due.due == COVERED else None


def gap_row(due: Due, named: Mapping[str, Place], on: date, worked: Worked | None = None) -> GapRow:
    """Return a stored due as a row; its person must be loaded with it."""
    said = said_of(due, said_rules())
    village, township = home(due.region_code, named)
    return GapRow(
        gap_id=gap_id(due.person_id, due.due, due.subject),
        due=due.due,
        status=due.status,
        person_key=due.person_id,
        name=due.person.name,
        sex=due.person.sex,
        age_years=age_of(due.person, on),
        village=village,
        township=township,
        what_zh=said.what_zh,
        reason=due.reason,
        reason_zh=said.reason_zh,
        owner=due.owner_role,
        owner_zh=said.owner_zh,
        since_on=due.since_on,
        due_by=due.due_by,
        days_late=days_late(due, on),
        closes_with_zh=said.closes_with_zh,
        shortfall_fen=shortfall_of(due),
        bill_key=str(bill_key(due.subject)) if due.due == COVERED else None,
        worked=worked,
    )


def places_of_dues(dues: Iterable[Due]) -> dict[str, Place]:
    """Return the villages and townships some dues are in, with one query."""
    return places_named(codes_of_homes(due.region_code for due in dues))


def state_of(due: Due | StoredDue) -> DueState:
    """Return a stored due as it was judged."""
    facts = dict(due.facts)
    excepted = facts.pop("exception", None)
    return DueState(
        due=due.due,
        subject=due.subject,
        status=due.status,
        facts=facts,
        reason=due.reason,
        owner=due.owner_role,
        since_on=due.since_on,
        due_by=due.due_by,
        shortfall=tuple(
            (payer, computed - reported)
            for payer, computed, reported in facts.get("paid", ())
            if computed > reported
        ),
        sensitive=due.sensitive,
        exception=_excepted(excepted) if excepted else None,
    )


def _excepted(stored: Mapping[str, str]) -> Excepted:
    until = stored["until"]
    return Excepted(
        change=stored["change"],
        on=date.fromisoformat(stored["on"]),
        evidence=stored["evidence"],
        until=date.fromisoformat(until) if until else None,
    )
