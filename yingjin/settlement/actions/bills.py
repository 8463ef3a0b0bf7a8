"""Hold enrolments and bills as the insurer has them, and replay every person's insurance year (D4)."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import groupby, islice
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet

from yingjin.basics import bulk
from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.derived import SyncTally, sync
from yingjin.policy.domain.compiling import Rulebook
from yingjin.policy.domain.facts import BillFacts, Outcome, PersonFacts
from yingjin.policy.domain.year import settle_year
from yingjin.settlement.domain.states import CONFIRMED, COUNTED, REPLAYED, decided_state
from yingjin.settlement.models import (
    Bill,
    Enrolment,
    Explanation,
    HeldDecision,
    Replay,
    SettledBill,
)

YEARS_A_TRANSACTION = 500
BILL_FIELDS = tuple(
    field.attname for field in Bill._meta.concrete_fields if field.attname not in {"key", "bill_id", "row_id"}
)


@dataclass
class ReplayTally:
    """How many person-years were worked out, how many gave a new version, and how many bills they hold."""

    person_years: int = 0
    changed: int = 0
    bills: int = 0
    held: int = 0
    incomplete: int = 0


def bill_key(bill_id: str) -> UUID:
    """Return the opaque key under which a bill is opened."""
    return uuid5(NAMESPACE_URL, f"yingjin:bill:{bill_id}")


def hold_enrolments(drafts: Iterable[Mapping[str, Any]], *, by: Any, at: datetime) -> SyncTally:
    """Make the enrolments equal the enrolment files."""
    allow(by, "hold")
    return sync(
        Enrolment,
        drafts,
        match=("person_id", "year", "row_id"),
        compare=("region_code",),
        told=lambda tally: _recorded("enrolments_held", tally, by, at),
    )


def hold_bills(drafts: Iterable[Mapping[str, Any]], *, by: Any, at: datetime) -> SyncTally:
    """Make the bills equal the settlement files; a bill is never removed, only cancelled.

    What two people decided about a held bill outlasts every import.
    """
    allow(by, "hold")
    decided = _verdicts()

    def told(tally: SyncTally) -> None:
        for bill, verdict in _verdicts().items() - decided.items():
            _decide(bill, verdict)  # by two people, while the bills were being read
        _recorded("bills_held", tally, by, at)

    as_decided = _as_decided(drafts, decided)
    return sync(Bill, as_decided, match=("key",), compare=BILL_FIELDS, remove=False, told=told)


def _verdicts() -> dict[UUID, str]:
    return dict(HeldDecision.objects.filter(state=CONFIRMED).values_list("bill_id", "verdict"))


def _as_decided(
    drafts: Iterable[Mapping[str, Any]], verdicts: Mapping[UUID, str]
) -> Iterator[Mapping[str, Any]]:
    for draft in drafts:
        verdict = verdicts.get(draft["key"], "")
        yield {**draft, "state": decided_state(draft["state"], verdict)} if verdict else draft


def _decide(key: UUID, verdict: str) -> None:
    bill = Bill.objects.only("state").get(pk=key)
    Bill.objects.filter(pk=key).update(state=decided_state(bill.state, verdict))


def _recorded(what: str, tally: SyncTally, by: Any, at: datetime) -> SyncTally:
    if tally.written:
        counts = {"added": tally.added, "changed": tally.changed, "removed": tally.removed}
        record(what, target="settlement", by=by, at=at, **counts)
    return tally


class Kept(NamedTuple):
    """The latest version of a person-year as it was kept; one that lost its last bill has no digest."""

    replay: int
    version: int
    digest: str
    region_code: str
    rulebook_version: str


@dataclass(frozen=True)
class Worked:
    """One person-year as just worked out, and the version it may replace."""

    person: UUID
    year: int
    region_code: str
    rulebook_version: str
    bills: Sequence[Bill]
    outcomes: Sequence[Outcome]
    digest: str
    incomplete: bool
    before: Kept | None

    @property
    def differs(self) -> bool:
        """Say whether this is not what was kept."""
        return self.before is None or self.before.digest != self.digest

    @property
    def moved(self) -> bool:
        """Say whether this is what was kept, of a person who now lives elsewhere."""
        return not self.differs and self.before is not None and self.before.region_code != self.region_code


def replay_years(
    *,
    persons: Callable[[Sequence[UUID]], Mapping[UUID, PersonFacts]],
    book: Rulebook,
    incomplete: Collection[tuple[UUID, int]],
    only: Collection[UUID] | None = None,
    by: Any,
    at: datetime,
) -> Iterator[ReplayTally]:
    """Work out every person-year again; keep one as its next version where it differs.

    `persons` gives the facts of the people of a batch; `only` names whose years, everybody's when not given. Yields the running tally after each batch, which is one
    transaction: a kill loses at most one batch, and the next run works it out again.
    """
    allow(by, "replay_year")
    tally = ReplayTally()
    kept, bills_of_all = Replay.objects.filter(latest=True), Bill.objects.filter(state__in=REPLAYED)
    if only is not None:
        kept, bills_of_all = kept.filter(person__in=only), bills_of_all.filter(person__in=only)
    rows = kept.values_list("person_id", "year", *_KEPT)
    latest = {row[:2]: Kept(*row[2:]) for row in rows.iterator(chunk_size=10_000)}
    years = _person_years(bills_of_all)
    while batch := list(islice(years, YEARS_A_TRANSACTION)):
        facts = persons([person for person, _, _ in batch])
        worked = [
            _work_out(facts[person], person, year, bills, book, (person, year) in incomplete, latest)
            for person, year, bills in batch
        ]
        _count(tally, worked)
        _keep(worked, by=by, at=at)
        yield tally
    emptied = [
        Worked(person, year, before.region_code, before.rulebook_version, (), (), "", False, before)
        for (person, year), before in latest.items()
        if before.digest
    ]
    tally.changed += len(emptied)
    _keep(emptied, by=by, at=at)
    yield tally


_KEPT = ("pk", "version", "digest", "region_code", "rulebook_version")


def _person_years(bills: QuerySet[Bill]) -> Iterator[tuple[UUID, int, list[Bill]]]:
    bills = bills.order_by("person_id", "discharged_on", "bill_id")
    by_year = groupby(
        bills.iterator(chunk_size=5_000), key=lambda bill: (bill.person_id, bill.discharged_on.year)
    )
    for (person, year), group in by_year:
        yield person, year, list(group)


def facts_of(bill: Bill) -> BillFacts:
    """Return what the rulebook needs to know of a bill."""
    return BillFacts(
        bill_id=bill.bill_id,
        setting=bill.setting,
        level=bill.level,
        in_county=bill.in_county,
        designated=bill.designated,
        public=bill.public,
        admitted_on=bill.admitted_on,
        discharged_on=bill.discharged_on,
        total_fen=bill.total_fen,
        out_of_scope_fen=bill.out_of_scope_fen,
        moves=bill.state == COUNTED,
    )


def _work_out(
    facts: PersonFacts,
    person: UUID,
    year: int,
    bills: Sequence[Bill],
    book: Rulebook,
    incomplete: bool,
    latest: dict[tuple[UUID, int], Kept],
) -> Worked:
    outcomes = settle_year(facts, [facts_of(bill) for bill in bills], book, explain=True)
    return Worked(
        person=person,
        year=year,
        region_code=bills[0].region_code,
        rulebook_version=outcomes[-1].rulebook_version,
        bills=bills,
        outcomes=outcomes,
        digest=_digest(outcomes, bills, book, incomplete),
        incomplete=incomplete,
        before=latest.pop((person, year), None),
    )


def _digest(outcomes: Sequence[Outcome], bills: Sequence[Bill], book: Rulebook, incomplete: bool) -> str:
    """Return a word for all that a replay says, its steps included: an explanation must be of today's facts."""
    states = {bill.bill_id: bill.state for bill in bills}
    lines = [
        f"{each.bill_id} {states[each.bill_id]} {each.in_scope_fen} {each.deductible_fen} "
        f"{sorted(each.payments.items())} {each.own_payment_fen} {each.rulebook_version} {each.steps!r}"
        for each in outcomes
    ]
    return sha256("\n".join([book.digest, str(incomplete), *lines]).encode()).hexdigest()


def _count(tally: ReplayTally, worked: Sequence[Worked]) -> None:
    tally.person_years += len(worked)
    tally.incomplete += sum(each.incomplete for each in worked)
    tally.changed += sum(each.differs for each in worked)
    tally.bills += sum(len(each.bills) for each in worked)
    tally.held += sum(bill.state != COUNTED for each in worked for bill in each.bills)


@transaction.atomic
def _keep(worked: Sequence[Worked], *, by: Any, at: datetime) -> None:
    """Write the next version of each person-year that differs; the one before stays, no longer the latest.

    A year is of the region its person lives in today: that changes with the person, and is no new version.
    """
    moved = [(each.region_code, each.before.replay) for each in worked if each.before and each.moved]
    bulk.update(Replay, ("region_code",), moved)
    differing = [each for each in worked if each.differs]
    if not differing:
        return
    replaced = [each.before.replay for each in differing if each.before]
    Replay.objects.filter(pk__in=replaced).update(latest=False)
    replays = Replay.objects.bulk_create([_next_version(each, by=by, at=at) for each in differing])
    settled = bulk.insert(
        SettledBill,
        _SETTLED,
        (row for replay, each in zip(replays, differing, strict=True) for row in _settled(replay, each)),
    )
    _keep_explanations(replays, differing)
    record("years_replayed", target="settlement", by=by, at=at, person_years=len(differing), bills=settled)


def _next_version(worked: Worked, *, by: Any, at: datetime) -> Replay:
    return Replay(
        person_id=worked.person,
        region_code=worked.region_code,
        year=worked.year,
        version=worked.before.version + 1 if worked.before else 1,
        latest=True,
        digest=worked.digest,
        rulebook_version=worked.rulebook_version,
        incomplete=worked.incomplete,
        replayed_at=at,
        replayed_by=by.username,
    )


_SETTLED = (
    "replay", "bill", "position", "held", "in_scope_fen", "deductible_fen", "basic_fen", "critical_illness_fen",
    "assistance_fen", "own_fen", "rulebook_version",
)  # fmt: skip


def _settled(replay: Replay, worked: Worked) -> Iterator[tuple[Any, ...]]:
    bills = {bill.bill_id: bill for bill in worked.bills}
    for position, outcome in enumerate(worked.outcomes, 1):
        bill = bills[outcome.bill_id]
        yield (
            replay.pk,
            bill.pk,
            position,
            bill.state != COUNTED,
            outcome.in_scope_fen,
            outcome.deductible_fen,
            outcome.payments["basic"],
            outcome.payments["critical_illness"],
            outcome.payments["assistance"],
            outcome.own_payment_fen,
            outcome.rulebook_version,
        )


def _keep_explanations(replays: Sequence[Replay], worked: Sequence[Worked]) -> None:
    rows = SettledBill.objects.filter(replay__in=[replay.pk for replay in replays])
    keys = {row[:2]: row[2] for row in rows.values_list("replay_id", "position", "pk")}
    bulk.insert(
        Explanation,
        ("settled", "steps"),
        (
            (keys[replay.pk, position], outcome.steps)
            for replay, each in zip(replays, worked, strict=True)
            for position, outcome in enumerate(each.outcomes, 1)
        ),
    )
