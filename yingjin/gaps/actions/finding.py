"""Keep what a day found, and open, change, close or reopen gaps by it. Nothing of a gap is ever deleted."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.bulk import insert, numbered, update
from yingjin.gaps.domain.dues import UNKNOWN, DueState
from yingjin.gaps.domain.gaps import CLOSED, OPENED, REOPENED, Known, Turn, turn
from yingjin.gaps.domain.rules import COVERED
from yingjin.gaps.files import due_rules
from yingjin.gaps.models import Due, Finding, Gap, GapEvent

BATCH = 2_000
DUE_FIELDS = (
    "finding", "person", "region_code", "due", "subject", "sensitive", "status", "lacking", "reason", "owner_role",
    "since_on", "due_by", "shortfall_fen", "facts",
)  # fmt: skip


class PersonFound(NamedTuple):
    """One person of the base with every due of the day."""

    person: UUID
    region_code: str
    states: Sequence[DueState]


@dataclass(frozen=True)
class Stored:
    """A finding as kept: whether it says something new, whether its day is the latest, and what became of gaps."""

    finding: Finding
    changed: bool
    latest: bool
    gaps: Counter[str]


@transaction.atomic
def store_finding(
    *,
    on: date,
    region_code: str,
    rulebook_version: str,
    found: Iterable[PersonFound],
    by: Any,
    at: datetime,
) -> Stored:
    """Keep what was due and done on a day in the place of what that day said before, and turn the gaps by it.

    The same finding twice writes nothing. A day before the latest is kept and turns no gap.
    """
    allow(by, "find_dues")
    people = list(found)
    before = Finding.objects.filter(on=on).first()
    latest = not Finding.objects.filter(on__gt=on).exists()
    digest = _digest(region_code, rulebook_version, people)
    if before is not None and before.digest == digest:
        finding, changed = before, False
    else:
        if before is not None:
            before.delete()
        finding, changed = _keep(on, region_code, rulebook_version, digest, people, at), True
    turned = _turn_gaps(people, on=on, at=at) if latest else Counter()
    if changed or turned:
        record("dues_found", target=f"finding:{on}", by=by, at=at, persons=len(people), **turned)
    return Stored(finding, changed, latest, turned)


def _digest(region_code: str, rulebook_version: str, people: Sequence[PersonFound]) -> str:
    whole = sha256(f"{region_code} {rulebook_version}\n".encode())
    for person in people:
        lines = [f"{person.person} {person.region_code}", *(repr(tuple(state)) for state in person.states)]
        whole.update("\n".join(lines).encode())
    return whole.hexdigest()


def _keep(
    on: date,
    region_code: str,
    rulebook_version: str,
    digest: str,
    people: Sequence[PersonFound],
    at: datetime,
) -> Finding:
    finding = Finding.objects.create(
        on=on,
        region_code=region_code,
        found_at=at,
        digest=digest,
        rulebook_version=rulebook_version,
        base_persons=len(people),
    )
    insert(Due, DUE_FIELDS, (_due(finding, person, state) for person in people for state in person.states))
    return finding


def _due(finding: Finding, person: PersonFound, state: DueState) -> tuple[Any, ...]:
    return (
        finding.pk,
        person.person,
        person.region_code,
        state.due,
        state.subject,
        state.sensitive,
        state.status,
        state.lacking,
        state.reason,
        state.owner,
        state.since_on,
        state.due_by,
        state.shortfall_fen,
        _facts(state),
    )


def _facts(state: DueState) -> dict[str, Any]:
    facts = dict(state.facts)
    if state.exception is not None:
        why = state.exception
        facts["exception"] = {
            "change": why.change,
            "on": why.on.isoformat(),
            "evidence": why.evidence,
            "until": why.until.isoformat() if why.until else None,
        }
    return facts


def _turn_gaps(people: Sequence[PersonFound], *, on: date, at: datetime) -> Counter[str]:
    """Open, change, close and reopen gaps by the finding of the latest day."""
    gaps = {(gap.person_id, gap.due, gap.subject): gap for gap in Gap.objects.iterator(chunk_size=BATCH)}
    base = {person.person for person in people}
    turns: list[tuple[Gap, Turn | None]] = []
    for person in people:
        for state in person.states:
            gap = gaps.pop((person.person, state.due, state.subject), None)
            if gap is not None or state.lacking:
                _turn_one(turns, gap, state, person, on)
    for gap in gaps.values():
        made = turn(_known(gap), None, due=gap.due, in_base=gap.person_id in base, on=on, rules=due_rules())
        if made is not None:
            _close(gap, made, on)
            turns.append((gap, made))
    _write(turns, on, at)
    return Counter(made.what for _, made in turns if made)


def _turn_one(
    turns: list[tuple[Gap, Turn | None]], gap: Gap | None, state: DueState, person: PersonFound, on: date
) -> None:
    known = _known(gap) if gap else None
    made = turn(known, state, due=state.due, in_base=True, on=on, rules=due_rules())
    if made is None:
        if (
            gap is not None
            and gap.open
            and (gap.region_code, gap.sensitive) != (person.region_code, state.sensitive)
        ):
            _describe(gap, state, person)  # its person moved: the gap is the same, whose list it is in is not
            turns.append((gap, None))
        return
    if gap is None:
        gap = Gap(person_id=person.person, due=state.due, subject=state.subject)
    if made.what == CLOSED:
        _close(gap, made, on)
    else:
        _describe(gap, state, person)
    if made.what in (OPENED, REOPENED):
        gap.open, gap.opened_on, gap.closed_on, gap.closed_by_evidence = True, on, None, ""
    turns.append((gap, made))


def _known(gap: Gap) -> Known:
    year = int(gap.facts["discharged_on"][:4]) if gap.due == COVERED else None
    return Known(gap.open, gap.unknown, gap.reason, gap.owner_role, gap.shortfall_fen, gap.deadline, year)


def _describe(gap: Gap, state: DueState, person: PersonFound) -> None:
    assert state.due_by is not None, "what is lacking has a deadline"
    gap.region_code = person.region_code
    gap.sensitive, gap.unknown = state.sensitive, state.status == UNKNOWN
    gap.reason, gap.owner_role, gap.deadline = state.reason, state.owner, state.due_by
    gap.shortfall_fen, gap.facts = state.shortfall_fen, _facts(state)


def _close(gap: Gap, made: Turn, on: date) -> None:
    gap.open, gap.closed_on, gap.closed_by_evidence = False, on, made.evidence


def _write(turns: Sequence[tuple[Gap, Turn | None]], on: date, at: datetime) -> None:
    opened = [gap for gap, made in turns if made and made.what == OPENED]
    Gap.objects.bulk_create(numbered(opened), batch_size=BATCH)
    fields = [field.attname for field in Gap._meta.concrete_fields if not field.primary_key]
    changed = [gap for gap, made in turns if made is None or made.what != OPENED]
    update(Gap, fields, ((*(getattr(gap, name) for name in fields), gap.pk) for gap in changed))
    events = ((gap.pk, on, at, made.what, made.evidence) for gap, made in turns if made)
    insert(GapEvent, ("gap", "on", "at", "what", "evidence"), events)
