"""The rows of some kinds that are in force before their files are read again."""

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Max, Q

from yingjin.fusion.domain.checking import Checked
from yingjin.fusion.models import Row

Name = tuple[str, str]  # kind and key
Complaint = tuple[str, str, tuple[tuple[str, str], ...]]  # kind, digest, codes and columns


class Held(NamedTuple):
    """A row in force."""

    id: int
    digest: str
    version: int


class InForce:
    """What is in force, by kind and key; each row met in the files is taken out, so that the rest is left over."""

    def __init__(self, kinds: Collection[str], years: Collection[int] | None = None) -> None:
        """Load the rows of some kinds; `years` holds a state to those years and to rows of no readable year."""
        rows = Row.objects.filter(kind__in=kinds)
        if years is not None:
            rows = rows.filter(Q(year__in=years) | Q(year=None, accepted=False))
        current = rows.filter(current=True)
        self.accepted: dict[Name, Held] = {}
        self.refused: dict[Complaint, list[tuple[int, Name]]] = defaultdict(list)
        good = current.filter(accepted=True).values_list("kind", "key", "id", "digest", "version")
        for kind, key, row_id, digest, version in good.iterator(chunk_size=10_000):
            self.accepted[kind, key] = Held(row_id, digest, version)
        bad = current.filter(accepted=False).values_list("kind", "key", "id", "digest", "reasons")
        for kind, key, row_id, digest, reasons in bad.iterator(chunk_size=10_000):
            codes = tuple((each["code"], each["column"]) for each in reasons)
            self.refused[kind, digest, codes].append((row_id, (kind, key)))
        self._versions = self._last_versions(rows)

    def next_version(self, name: Name) -> int:
        """Return the number of the next version of a row, counting those that ended."""
        held = self.accepted.get(name)
        return max(held.version if held else 0, self._versions.get(name, 0)) + 1

    @property
    def nothing(self) -> bool:
        """Say whether no good row of these kinds was ever there."""
        return not self.accepted and not self._versions

    def meets_refused(self, kind: str, row: Checked) -> bool:
        """Take out a row refused before for the same reasons; return whether there was one."""
        codes = tuple((each.code, each.column) for each in row.reasons)
        waiting = self.refused.get((kind, row.digest, codes))
        if not waiting:
            return False
        waiting.pop()
        return True

    def refused_left(self) -> list[tuple[int, Name]]:
        """List the refused rows that no file met."""
        return [each for waiting in self.refused.values() for each in waiting]

    @staticmethod
    def _last_versions(rows: "object") -> dict[Name, int]:
        ended = rows.filter(current=False, accepted=True).order_by()  # type: ignore[attr-defined]
        last = ended.values_list("kind", "key").annotate(last=Max("version"))
        return {(kind, key): version for kind, key, version in last.iterator(chunk_size=10_000)}
