"""
Say what was done, inside the transaction that does it, as the next link of one chain (D10).

* record           add an event; call it last in the transaction
* recorded_last    a transaction of several actions, whose events are all written at its end
* head, every      the last event, which an anchor names; all of them
* words_of, every_with_words   what was written about some events, about all

Only one transaction at a time may add to the chain. Whoever records early keeps everybody else waiting until the
end of the transaction, the opening of a page included.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from yingjin.basics import anchors
from yingjin.basics.chain import FIRST, assert_whole, canonical, digest
from yingjin.basics.models import AuditEvent, AuditWords
from yingjin.basics.prepared import prepared

WORDS = "words"  # the fact that holds the digest of what was written
SALT_BYTES = 16
CHAIN_LOCK = 7_202_610  # PostgreSQL's name of the lock; any number nobody else takes


@dataclass(frozen=True)
class Said:
    """An event before it has its number."""

    what: str
    target: str
    by: str
    role: str
    at: datetime
    facts: dict[str, Any]
    words: dict[str, Any]  # with their salt; empty when nothing was written


_waiting: ContextVar[list[Said] | None] = ContextVar("waiting", default=None)


def record(
    what: str, *, target: str, by: Any, at: datetime, words: Mapping[str, Any] | None = None, **facts: Any
) -> None:
    """Add one event to the chain; call it last in the transaction. Outside one it opens its own.

    `by` is a user or the name of a robot; `facts` hold keys and counts, never names or identity numbers: what somebody
    wrote or looked for is given as `words`, which lie sealed beside the event.
    """
    assert at.tzinfo is not None, f"{what}: a moment without its zone"
    assert_whole(facts)
    written = {"salt": secrets.token_hex(SALT_BYTES), "words": dict(words)} if words else {}
    if written:
        facts = {**facts, WORDS: _digest_of(written)}
    said = Said(what, target, getattr(by, "username", str(by)), getattr(by, "role", ""), at, facts, written)
    waiting = _waiting.get()
    if waiting is None:
        _write([said])
    else:
        waiting.append(said)


@contextmanager
def recorded_last() -> Iterator[None]:
    """Open a transaction for several actions that each record: their events are written together when it ends.

    A refusal must leave the whole block: one that is caught inside would leave its events standing.
    """
    with transaction.atomic():
        if _waiting.get() is not None:
            yield
            return
        waiting: list[Said] = []
        token = _waiting.set(waiting)
        try:
            yield
        finally:
            _waiting.reset(token)
        if waiting:
            _write(waiting)


def head() -> AuditEvent | None:
    """Return the last event of the chain."""
    return next(iter(_last()), None)


@prepared
def _last() -> QuerySet[AuditEvent]:
    return AuditEvent.objects.order_by("-number")[:1]


def every() -> Iterator[AuditEvent]:
    """Yield the whole chain in its order, to write it elsewhere."""
    return AuditEvent.objects.order_by("number").iterator(chunk_size=2_000)


def words_of(events: Sequence[AuditEvent]) -> dict[int, dict[str, Any]]:
    """Return by number what was written about some events; of words that are not those of the event nothing."""
    marked = {event.number: event.facts[WORDS] for event in events if WORDS in event.facts}
    rows = AuditWords.objects.filter(event__in=list(marked)).values_list("event", "words")
    return {number: kept["words"] for number, kept in rows if _digest_of(kept) == marked[number]}


def every_with_words() -> Iterator[tuple[AuditEvent, dict[str, Any] | None]]:
    """Yield each event about which something was written, and the words; None where they are not the event's."""
    for event in AuditEvent.objects.filter(facts__has_key=WORDS).order_by("number").iterator():
        yield event, words_of([event]).get(event.number)


def _digest_of(written: Mapping[str, Any]) -> str:
    return sha256(canonical(written)).hexdigest()


def _write(events: Sequence[Said]) -> None:
    """Lock the chain until the transaction ends, and link the events to its head."""
    with transaction.atomic(savepoint=False):
        _lock()
        last = head()
        for said in events:
            if last is not None and anchors.day_of(said.at) > anchors.day_of(last.at):
                # What an anchor names must stand, whatever becomes of this transaction.
                transaction.on_commit(partial(anchors.keep, last), robust=True)
            last = _linked(said, last)
            last.save(force_insert=True)
            if said.words:
                AuditWords(event=last, words=said.words).save(force_insert=True)


def _lock() -> None:
    """Let no other transaction add to the chain; on SQLite no two write at once (`transaction_mode`)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


def _linked(said: Said, last: AuditEvent | None) -> AuditEvent:
    number, before = (last.number + 1, last.hash) if last else (1, FIRST)
    facts = {name: value for name, value in vars(said).items() if name != "words"}
    return AuditEvent(
        **facts, number=number, before=before, hash=digest(**facts, number=number, before=before)
    )
