"""What landing did, in counts that a summary can print."""

from dataclasses import dataclass, field

from yingjin.fusion.models import Landing

LANDED, UNCHANGED, ABSENT = "landed", "unchanged", "absent"


@dataclass
class KindTally:
    """The rows of one kind: how many came, and what became of them.

    `repeated` stood in the files more than once, `known` were there before; neither is written again.
    """

    rows: int = 0
    new: int = 0
    changed: int = 0
    known: int = 0
    repeated: int = 0
    refused: int = 0
    withdrawn: int = 0
    marked: int = 0  # kept, with a remark

    @property
    def accepted(self) -> int:
        """Return how many rows are good."""
        return self.rows - self.refused


@dataclass
class PartTally:
    """One register, or the part of it that is landed by itself. `notes` are sentences in Chinese and English."""

    register: str
    part: str
    outcome: str = LANDED
    files: int = 0
    files_refused: int = 0
    kinds: dict[str, KindTally] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def of(self, kind: str) -> KindTally:
        """Return the counts of a kind, begun at nothing."""
        counts = self.kinds.get(kind)
        if counts is None:
            counts = self.kinds[kind] = KindTally()
        return counts

    def total(self, name: str) -> int:
        """Add up one count over the kinds."""
        return sum(getattr(kind, name) for kind in self.kinds.values())


@dataclass
class LandTally:
    """One landing of a folder."""

    landing: Landing
    parts: list[PartTally] = field(default_factory=list)
    files_unknown: int = 0

    @property
    def files_refused(self) -> int:
        """Return how many files were refused whole, those of no known register with them."""
        return self.files_unknown + sum(part.files_refused for part in self.parts)

    @property
    def counts(self) -> dict[str, int]:
        """Return the counts of the whole landing by name."""
        names = ("rows", "accepted", "refused", "new", "changed", "known", "repeated", "withdrawn")
        files = sum(part.files for part in self.parts)
        counts = {"files": files + self.files_unknown, "files_refused": self.files_refused}
        return counts | {name: sum(part.total(name) for part in self.parts) for name in names}
