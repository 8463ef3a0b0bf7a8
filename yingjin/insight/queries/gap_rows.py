"""One stored due as a row of the list: who, what is missing, whose task, by when."""

from collections.abc import Iterable, Mapping
from datetime import date

from yingjin.basics.language import speaks_english
from yingjin.gaps.domain.dues import DueState, Excepted
from yingjin.gaps.domain.rules import COVERED
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


def gap_row(due: Due, named: Mapping[str, Place], on: date, worked: Worked | None = None) -> GapRow:
    """Return a stored due as a row; its person must be loaded with it."""
    rules, state = said_rules(), state_of(due)
    reason = rules.dues[due.due].reasons.get(due.reason)
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
        what_zh=item_zh(state, rules, english=speaks_english(), disease_name=disease_name),
        reason=due.reason,
        reason_zh=reason.zh if reason else "",
        owner=due.owner_role,
        owner_zh=rules.owners.get(due.owner_role, ""),
        since_on=due.since_on,
        due_by=due.due_by,
        days_late=(on - due.due_by).days if due.due_by else None,
        closes_with_zh=closes_with_zh(due.due, due.reason, due.facts, rules) if reason else "",
        shortfall_fen=due.shortfall_fen if due.due == COVERED else None,
        bill_key=str(bill_key(due.subject)) if due.due == COVERED else None,
        worked=worked,
    )


def places_of_dues(dues: Iterable[Due]) -> dict[str, Place]:
    """Return the villages and townships some dues are in, with one query."""
    return places_named(codes_of_homes(due.region_code for due in dues))


def state_of(due: Due) -> DueState:
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
