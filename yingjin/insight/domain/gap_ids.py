"""The key under which one due of one person is opened: the same on every day, and telling nobody a disease."""

from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID

SUBJECT_BYTES = 8


class GapId(NamedTuple):
    """A key taken apart: whose due it is, which of the four, and the digest of its subject."""

    person: UUID
    due: str
    subject_digest: str


def gap_id(person: UUID, due: str, subject: str) -> str:
    """Return the key of a due; the disease or the bill that is its subject goes in as a digest."""
    return f"{person.hex}-{due}-{subject_digest(subject)}"


def subject_digest(subject: str) -> str:
    """Return what stands for a subject in a key."""
    return blake2b(subject.encode(), digest_size=SUBJECT_BYTES).hexdigest()


def read_gap_id(text: str) -> GapId | None:
    """Take a key apart; None when it is not one."""
    parts = text.split("-")
    if len(parts) != 3 or len(parts[0]) != 32:
        return None
    try:
        return GapId(UUID(parts[0]), parts[1], parts[2])
    except ValueError:
        return None
