"""Outlines of a customer's own: a file is checked whole and used instead of what is shipped, until it is taken back."""

from datetime import datetime
from hashlib import sha256
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.db import transaction

from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.bulk import insert
from yingjin.basics.errors import BadInput, Conflict, NotFound
from yingjin.insight.models import Boundary, BoundaryFile
from yingjin.registry.domain.boundary_file import Problem
from yingjin.registry.geojson import read_geojson
from yingjin.registry.queries import name_of

MEGABYTES_MOST = 50


class BadBoundaries(BadInput):
    """A file of outlines that cannot be used; `problems` holds the first of what is wrong."""

    code = "bad_boundaries"

    def __init__(self, reason_zh: str, reason_en: str, problems: list[Problem]) -> None:
        super().__init__(reason_zh, reason_en, problems=len(problems))
        self.problems = problems


class BoundariesInUse(Conflict):
    code = "boundaries_in_use"


class BoundariesNotFound(NotFound):
    code = "boundaries_not_found"


def use_boundaries(*, name: str, content: bytes, by: Any, at: datetime) -> BoundaryFile:
    """Use a file of outlines: all of it, or none when anything in it is wrong.

    Errors: NotAllowed, BadBoundaries with the first problems, BoundariesInUse for the file last taken.
    """
    allow(by, "change_regions")
    if len(content) > MEGABYTES_MOST * 1024 * 1024:
        raise BadBoundaries(
            f"文件超过 {MEGABYTES_MOST} MB。先把界线简化再导入。",
            f"The file is larger than {MEGABYTES_MOST} MB. Simplify its lines first.",
            [],
        )
    digest = sha256(content).hexdigest()
    read = read_geojson(content, lambda code: name_of(code) is not None)
    if read.problems:
        raise BadBoundaries(
            f"文件里有 {read.wrong:,} 处不对，一处也没有用。先改下面这些。",
            f"{read.wrong:,} things in the file are wrong and none of it is used. Mend these first.",
            read.problems,
        )
    with transaction.atomic():
        last = BoundaryFile.objects.filter(undone_at__isnull=True).order_by("-at").first()
        if last and last.sha256 == digest:
            raise BoundariesInUse(
                "这份文件正在用，不用再导入。", "This file is in use already: there is nothing to do."
            )
        file = BoundaryFile(
            name=PurePath(name).name[:200], sha256=digest, places=len(read.places), by=by.username, at=at
        )
        file.save(force_insert=True)
        insert(
            Boundary, ("file", "code", "rings"), ((file.pk, *place) for place in sorted(read.places.items()))
        )
        record(
            "boundaries_used", target=f"boundaries:{file.pk}", by=by, at=at, places=file.places, sha256=digest
        )
    return file


@transaction.atomic
def take_back_boundaries(*, key: UUID, by: Any, at: datetime) -> BoundaryFile:
    """Use a file of outlines no longer: what was used before it is used again. Errors: NotAllowed, BoundariesNotFound."""
    allow(by, "change_regions")
    file = BoundaryFile.objects.filter(pk=key, undone_at__isnull=True).first()
    if file is None:
        raise BoundariesNotFound("没有这份文件，或已经收回。", "There is no such file, or it was taken back.")
    file.undone_at, file.undone_by = at, by.username
    file.save(update_fields=["undone_at", "undone_by"])
    record("boundaries_taken_back", target=f"boundaries:{file.pk}", by=by, at=at, places=file.places)
    return file
