"""The imports of a reader's region: which there were, what each did, and what stands in the way of undoing one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from yingjin.basics.access import Scope, within
from yingjin.basics.errors import NotFound
from yingjin.fusion.models import Import, SourceFile

MANY = 100


@dataclass(frozen=True)
class ImportSeen:
    """An import as a page shows it."""

    key: UUID
    by: str
    asked_at: datetime
    state: str
    files: list[dict[str, Any]]
    preview: dict[str, Any]
    landed_by: str
    landed_at: datetime | None
    counts: dict[str, Any]
    undone_by: str
    undone_at: datetime | None
    undone_why: str
    uploads_deleted: bool
    summary: dict[str, Any]

    def total(self, name: str) -> int:
        """Add up one count over the kinds of rows."""
        return sum(each[name] for each in self.counts.get("kinds", ()))


@dataclass(frozen=True)
class MarkedCopy:
    """The marked-up copy of a file of an import: its refused rows with their reasons."""

    sha256: str
    name: str
    refused: int
    marked_name: str


def imports_of(
    scope: Scope, *, limit: int = MANY, before: tuple[datetime, UUID] | None = None
) -> list[ImportSeen]:
    """List the imports of a region, the newest first; `before` names the one to read on from."""
    found = within(Import.objects.select_related("landing"), scope).order_by("-asked_at", "-key")
    if before is not None:
        found = found.filter(Q(asked_at__lt=before[0]) | Q(asked_at=before[0], key__lt=before[1]))
    return [_seen(each) for each in found[:limit]]


def import_of(scope: Scope, key: UUID) -> ImportSeen:
    """Return one import of a region. Errors: NotFound."""
    found = within(Import.objects.select_related("landing"), scope).filter(pk=key).first()
    if found is None:
        raise NotFound("没有这次导入。回到列表再选。", "There is no such import. Choose again from the list.")
    return _seen(found)


def marked_copies(key: UUID) -> list[MarkedCopy]:
    """List the marked-up copies of an import that was landed."""
    files = SourceFile.objects.filter(landing__imported=key).exclude(marked_name="")
    copies = [MarkedCopy(*row) for row in files.values_list("sha256", "name", "refused", "marked_name")]
    return sorted(copies, key=lambda each: each.name)


def landed_rows(key: UUID) -> dict[str, tuple[int, int, int]]:
    """Return of each content of an import how many rows it had, and how many of them are good and refused."""
    files = SourceFile.objects.filter(landing__imported=key)
    return {
        digest: tuple(rest) for digest, *rest in files.values_list("sha256", "rows", "accepted", "refused")
    }


def landed_before(key: UUID) -> ImportSeen | None:
    """Return the latest landed import of the same contents as one, None when there is none."""
    files = Import.objects.get(pk=key).files
    wanted = {file.get("sha256") for file in files}
    for other in Import.objects.filter(state="landed").exclude(pk=key).order_by("-landed_at")[:MANY]:
        if {file.get("sha256") for file in other.files} == wanted:
            return _seen(other)
    return None


def _seen(made: Import) -> ImportSeen:
    own = [name for name in ImportSeen.__dataclass_fields__ if name != "summary"]
    summary = made.landing.summary if made.landing else {}
    return ImportSeen(**{name: getattr(made, name) for name in own}, summary=summary)
