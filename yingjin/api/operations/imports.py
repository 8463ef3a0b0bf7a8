"""Imports: register files sent, looked at without a row written, landed, followed, undone."""

from datetime import datetime
from pathlib import PurePath
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Path, Router
from ninja.files import UploadedFile
from pydantic import BaseModel, Field

from yingjin.api.calling import IMPORT, operation
from yingjin.api.inputs import Cursor, In, Limit, Words
from yingjin.api.operations.jobs import JobOut, job_out
from yingjin.api.paging import cursor_after, list_name, place_of
from yingjin.basics.access import allow, scope_of
from yingjin.basics.language import chosen
from yingjin.basics.work import jobs_about
from yingjin.fusion.actions import imports, undoing
from yingjin.fusion.queries import imports as queries

router = Router()
TAG = "imports"
ImportKey = Annotated[UUID, Path(..., description="`key` of an import.")]


class Counted(BaseModel):
    """How many rows of a kind landing brings (before it: would bring) and ends."""

    kind: str
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    refused: int = 0


class FileSent(BaseModel):
    """One file of an import."""

    name: str
    size_bytes: int
    register_name: str = ""
    reason: str = ""


class ProblemFound(BaseModel):
    """One row that would be refused: where it stands, and why."""

    file: str
    where: str
    row: int
    why: str


class ImportOut(BaseModel):
    """An import: checking, checked, same, refused, landing, landed, undoing, undone or dropped."""

    key: UUID
    state: str
    by: str
    asked_at: datetime
    landed_at: datetime | None
    undone_at: datetime | None
    undone_why: str
    files: list[FileSent]
    counts: list[Counted]
    problems: list[ProblemFound]
    job: JobOut | None


class ImportsListed(BaseModel):
    """Some imports, the newest first; `next` is the cursor of those before them."""

    items: list[ImportOut]
    next: str | None


class Undoing(In):
    """Why an import is undone."""

    why: Annotated[Words, Field(min_length=1)]


@operation(router, "get", "/imports", answers=ImportsListed, needs=IMPORT, tag=TAG)
def list_imports(request: HttpRequest, cursor: Cursor, limit: Limit) -> Any:
    """List the imports of the client's region, the newest first."""
    reader = _reader(request)
    name = list_name(request)
    after = place_of(cursor, of=name) if cursor else None
    before = (datetime.fromisoformat(after[0]), UUID(after[1])) if after else None
    found = queries.imports_of(scope_of(reader), limit=limit + 1, before=before)
    shown = found[:limit]
    last = [shown[-1].asked_at.isoformat(), str(shown[-1].key)] if len(found) > limit else None
    return {"items": [_out(each) for each in shown], "next": cursor_after(last, of=name) if last else None}


@operation(router, "post", "/imports", answers=ImportOut, status=202, needs=IMPORT, changes=True, tag=TAG)
def send_files(
    request: HttpRequest, files: Annotated[list[UploadedFile], File(..., min_length=1, max_length=200)]
) -> Any:
    """Send register files (CSV, XLSX, or a ZIP of them). Nothing is landed: what landing would do is counted first."""
    reader = _reader(request)
    sent = [imports.Upload(PurePath(each.name or "").name, each.size or 0, each.chunks()) for each in files]
    made = imports.receive(sent, by=reader, at=timezone.now())
    return _out(queries.import_of(scope_of(reader), made.key))


@operation(router, "get", "/imports/{uuid:key}", answers=ImportOut, refuses=(404,), needs=IMPORT, tag=TAG)
def show_import(request: HttpRequest, key: ImportKey) -> Any:
    """Open an import: how far it is, what landing would do or did, file by file."""
    return _out(queries.import_of(scope_of(_reader(request)), key))


@operation(
    router, "post", "/imports/{uuid:key}/land", answers=ImportOut, status=202, refuses=(404,), needs=IMPORT,
    changes=True, tag=TAG,
)  # fmt: skip
def land_import(request: HttpRequest, key: ImportKey) -> Any:
    """Ask for an import that was looked at to be landed."""
    reader = _reader(request)
    imports.ask_landing(key, by=reader, at=timezone.now())
    return _out(queries.import_of(scope_of(reader), key))


@operation(
    router, "post", "/imports/{uuid:key}/undo", answers=ImportOut, status=202, refuses=(404,), needs=IMPORT,
    changes=True, tag=TAG,
)  # fmt: skip
def undo_import(request: HttpRequest, key: ImportKey, asked: Undoing) -> Any:
    """Ask for a landed import to be undone: its rows end, and what they ended is in force again."""
    reader = _reader(request)
    undoing.ask_undo(key, why=asked.why, by=reader, at=timezone.now())
    return _out(queries.import_of(scope_of(reader), key))


@operation(
    router,
    "post",
    "/imports/{uuid:key}/drop",
    answers=ImportOut,
    refuses=(404,),
    needs=IMPORT,
    changes=True,
    tag=TAG,
)
def drop_import(request: HttpRequest, key: ImportKey) -> Any:
    """Leave an import that was not landed; its files are deleted."""
    reader = _reader(request)
    imports.drop(key, by=reader, at=timezone.now())
    return _out(queries.import_of(scope_of(reader), key))


def _reader(request: HttpRequest) -> Any:
    reader = request.auth  # type: ignore[attr-defined]
    allow(reader, "import")
    return reader


def _out(seen: queries.ImportSeen) -> dict[str, Any]:
    looked_at = {each["name"]: each for each in seen.preview.get("files", ())}
    jobs = jobs_about(imports.about(seen.key))
    kinds = seen.counts.get("kinds") or seen.preview.get("kinds") or ()
    return {
        "key": seen.key,
        "state": seen.state,
        "by": seen.by,
        "asked_at": seen.asked_at,
        "landed_at": seen.landed_at,
        "undone_at": seen.undone_at,
        "undone_why": seen.undone_why,
        "files": [_file(each, looked_at.get(each["name"], {})) for each in seen.files],
        "counts": [{name: each[name] for name in Counted.model_fields if name in each} for each in kinds],
        "problems": [
            {**{name: each[name] for name in ("file", "where", "row")}, "why": chosen(each["zh"], each["en"])}
            for each in seen.preview.get("problems", ())
        ],
        "job": job_out(jobs[0]) if jobs else None,
    }


def _file(sent: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": sent["name"],
        "size_bytes": sent["size_bytes"],
        "register_name": chosen(found.get("register_zh", ""), found.get("register_en", "")),
        "reason": chosen(found.get("reason_zh", ""), found.get("reason_en", "")),
    }
