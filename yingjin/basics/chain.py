"""The chain of the audit: what an event's hash is taken over, so that nobody changes an event unseen (D10).

* digest      the hash of one event and of all before it
* canonical   the bytes it is taken over, the same on every database
* FIRST       what stands as the hash before the first event

The form is described in docs/algorithms/audit-chain.md; the verifier has it from there and shares no code with this.
It can never change: the hashes of events already written rest on it.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

FIRST = "0" * 64
MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"
WHOLE = (str, int, bool, type(None))


def digest(
    *,
    number: int,
    at: datetime,
    by: str,
    role: str,
    what: str,
    target: str,
    facts: Mapping[str, Any],
    before: str,
) -> str:
    """Return the SHA-256 of an event that carries the hash before, as 64 lower-case digits."""
    event = {
        "number": number, "at": at.astimezone(UTC).strftime(MOMENT), "by": by, "role": role, "what": what,
        "target": target, "facts": facts, "before": before,
    }  # fmt: skip
    return sha256(canonical(event)).hexdigest()


def canonical(event: Mapping[str, Any]) -> bytes:
    """Return an event as JSON in UTF-8: keys in order, no space, every character as it is."""
    return json.dumps(
        event, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def assert_whole(facts: Any) -> None:
    """Refuse facts that two databases would write differently: only text, whole numbers, yes and no, nothing."""
    if isinstance(facts, Mapping):
        assert all(isinstance(key, str) for key in facts), f"a key of an audit fact is no text: {list(facts)}"
        for value in facts.values():
            assert_whole(value)
    elif isinstance(facts, list | tuple):
        for value in facts:
            assert_whole(value)
    else:
        assert isinstance(facts, WHOLE), f"an audit fact is neither text nor a whole number: {type(facts)}"
