"""What landing refused and left open, and which files came."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef

from yingjin.basics.access import Scope, within
from yingjin.fusion.models import Landing, RegisterPerson, Row, SourceFile, UnlinkedPair

COUNTY_DIGITS = 6


@dataclass(frozen=True, slots=True)
class LandedFile:
    """A file as it came last, with what became of its rows."""

    register: str
    name: str
    sha256: str
    size_bytes: int
    landed_at: datetime
    rows: int
    accepted: int
    refused: int
    status: str
    reason_zh: str
    reason_en: str
    marked_name: str


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A refused row: where it stands and why, the values masked."""

    register: str
    kind: str
    file_name: str
    sheet: str
    row_number: int
    number: str
    year: int | None
    reasons: list[dict[str, Any]]


def landed_files() -> list[LandedFile]:
    """List every content that ever came, as it came last; the newest first."""
    latest = SourceFile.objects.order_by().values("sha256", "register").annotate(latest=Max("id"))
    names = tuple(LandedFile.__dataclass_fields__)
    files = [
        LandedFile(*row)
        for row in SourceFile.objects.filter(id__in=latest.values("latest")).values_list(*names)
    ]
    files.sort(key=lambda each: (each.register, each.name))
    return sorted(files, key=lambda each: each.landed_at, reverse=True)


def finished_landing(inputs_digest: str, **made_by: str) -> bool:
    """Say whether the latest landing of a folder was of these contents, and its main job ended well and by the same.

    What was imported by a page since does not count: a start must not take it away again.
    """
    latest = Landing.objects.filter(imported=None).order_by("-id").first()
    if latest is None or latest.inputs_digest != inputs_digest or latest.finished_at is None:
        return False
    return all(latest.summary.get(name) == value for name, value in made_by.items())


def finished_with(name: str) -> bool:
    """Say whether a main job that ended well noted this of itself."""
    return Landing.objects.filter(finished_at__isnull=False, **{f"summary__{name}": True}).exists()


def refused_rows(scope: Scope) -> Iterator[RefusedRow]:
    """Yield the refused rows a reader may see; those of no known person only to who sees the whole county."""
    names = ("register", "kind", "file__name", "sheet", "row_number", "number", "year", "reasons")
    rows = _refused(scope).order_by("register", "kind", "file", "row_number")
    return (RefusedRow(*row) for row in rows.values_list(*names).iterator(chunk_size=2_000))


def quality(scope: Scope) -> dict[str, int]:
    """Count files, rows, refused rows, pairs left to people, and people on whom a register disagrees with itself."""
    files = (
        SourceFile.objects.order_by()
        .values("register", "status")
        .annotate(count=Count("sha256", distinct=True))
    )
    by_status = {"landed": 0, "refused": 0, "undone": 0}
    for each in files:
        by_status[each["status"]] += each["count"]
    refused = _refused(scope).count()
    good = Row.objects.filter(current=True, accepted=True)
    people = within(RegisterPerson.objects.filter(withdrawn=False), scope)
    return {
        "files": by_status["landed"],
        "files_refused": by_status["refused"],
        "rows": (good if _whole_county(scope) else _of_people(good, scope)).count() + refused,
        "refused": refused,
        "unlinked": within(UnlinkedPair.objects.all(), scope).count(),
        "disagreements": people.filter(disagrees=True).count(),
    }


def _refused(scope: Scope) -> Any:
    refused = Row.objects.filter(current=True, accepted=False)
    return refused if _whole_county(scope) else _of_people(refused, scope)


def _of_people(rows: Any, scope: Scope) -> Any:
    people = RegisterPerson.objects.filter(register=OuterRef("register"), number=OuterRef("number"))
    return rows.exclude(number="").filter(Exists(within(people, scope)))


def _whole_county(scope: Scope) -> bool:
    return not scope.facility_code and 0 < len(scope.region_prefix) <= COUNTY_DIGITS
