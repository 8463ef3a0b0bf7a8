"""An import from its upload to its landing: files sealed in the data folder, a dry run, a landing of its own."""

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet

from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.errors import BadInput, Conflict, NotFound
from yingjin.basics.sealing import sealed_pieces, write_sealed
from yingjin.basics.work import COUNTY, RUNNING, WAITING, Job, ask, cancel, jobs_about, stop_job
from yingjin.fusion.actions.preview import Preview, preview
from yingjin.fusion.actions.sources import survey
from yingjin.fusion.actions.states import Track
from yingjin.fusion.actions.writing import WITHDRAWN
from yingjin.fusion.domain import imports as states
from yingjin.fusion.files import UPLOADED
from yingjin.fusion.files.packed import MEGABYTE
from yingjin.fusion.formats import kinds
from yingjin.fusion.models import Import, Landing, RegisterState, Row, SourceFile

FOLDER, OPENED = "uploads", "reading"
CHECK, LAND, UNDO = "check_import", "land_import", "undo_import"
MOST_FILES = 200
DERIVED = ("persons", "linked")  # states worked out again from the others, and not brought by any file
NAME_CHARACTERS = 120
STRANGE = re.compile(r"[\x00-\x1f\x7f/\\]")


class Upload(NamedTuple):
    """A file as a browser sends it."""

    name: str
    size: int
    pieces: Iterable[bytes]


def receive(uploads: Sequence[Upload], *, by: Any, at: datetime) -> Import:
    """Seal what was sent in the data folder and ask for its dry run. Errors: BadInput for none or too many."""
    allow(by, "import")
    if not uploads or len(uploads) > MOST_FILES:
        raise BadInput(
            f"没有选文件，或超过 {MOST_FILES} 个。选好登记册文件再传。",
            f"No file was chosen, or more than {MOST_FILES}. Choose the register files, then send them.",
            files=len(uploads),
        )
    for upload in uploads:
        if upload.size > UPLOADED.packed_megabytes * MEGABYTE:
            raise BadInput(
                f"“{upload.name}”有 {upload.size // MEGABYTE} MB，最多 {UPLOADED.packed_megabytes} MB。分成几个文件再传。",
                f"“{upload.name}” has {upload.size // MEGABYTE} MB, {UPLOADED.packed_megabytes} MB at most. Split it.",
                bytes=upload.size,
            )
    key = uuid4()
    folder = _folder(key)
    folder.mkdir(mode=0o700, parents=True)
    names = _names(upload.name for upload in uploads)
    for number, upload in enumerate(uploads):
        write_sealed(_path(key, number), upload.pieces, aad=_aad(key, number))
    with transaction.atomic():
        made = Import.objects.create(
            key=key,
            region_code=by.region_code,
            by=by.username,
            asked_at=at,
            state=states.CHECKING,
            files=[
                {"name": name, "size_bytes": each.size} for name, each in zip(names, uploads, strict=True)
            ],
        )
        ask_job(CHECK, made, by=by, at=at)
        record("import_received", target=about(key), by=by, at=at, files=len(uploads))
    return made


def check(key: UUID, *, county_code: str, at: datetime, track: Track) -> Preview:
    """Do the dry run of an import and keep what it counted."""
    made = Import.objects.get(pk=key)
    with opened(made) as folder:
        found = preview(survey(folder, UPLOADED), county_code=county_code, at=at, track=track)
    state = states.SAME if found.same else states.CHECKED if found.lands else states.REFUSED
    by_name = {each.name: each for each in found.files}
    files = [
        {**file, "sha256": by_name[file["name"]].sha256} if file["name"] in by_name else file
        for file in made.files
    ]
    with transaction.atomic():
        made = Import.objects.select_for_update().get(pk=key)
        if made.state == states.CHECKING:  # else it was left meanwhile
            made.state, made.preview, made.files = state, found.as_dict(), files
            made.save(update_fields=["state", "preview", "files"])
    return found


@transaction.atomic
def ask_landing(key: UUID, *, by: Any, at: datetime) -> Job:
    """Ask for an import that was looked at to be landed. Errors: NotAllowed; NotFound; Conflict."""
    allow(by, "import")
    made = locked(key, by)
    if made.state == states.LANDING and not under_way(key):
        return ask_job(LAND, made, by=by, at=at)  # it stopped half way: it is taken up again
    _demand(made, states.CHECKED)
    move(made, states.LANDING, landed_by=by.username)
    job = ask_job(LAND, made, by=by, at=at)
    record("import_landing_asked", target=about(key), by=by, at=at)
    return job


@transaction.atomic
def begin_landing(key: UUID, *, at: datetime) -> Import:
    """Begin the landing of an import, or take it up where it was: one landing, one moment, however often."""
    made = Import.objects.select_for_update().get(pk=key)
    if made.landing is None:
        made.landing = Landing.objects.create(started_at=at, inputs_digest=f"import {key.hex}")
        made.landed_at = at
        present = RegisterState.objects.exclude(part__in=DERIVED)
        made.states_before = [
            [register, part, digest, applied_at.isoformat()]
            for register, part, digest, applied_at in present.values_list(
                "register", "part", "files_digest", "applied_at"
            )
        ]
        made.save(update_fields=["landing", "landed_at", "states_before"])
    return made


@transaction.atomic
def keep_landed(key: UUID, *, by: Any, at: datetime) -> dict[str, Any]:
    """Keep what an import did, counted from its rows, and that it is landed."""
    made = Import.objects.select_for_update().get(pk=key)
    assert made.landed_at is not None, "what is landed was begun"
    made.counts = _counts(made.landed_at)
    made.state = states.LANDED
    made.save(update_fields=["counts", "state"])
    totals = {name: sum(each[name] for each in made.counts["kinds"]) for name in _COUNTED}
    record("import_landed", target=about(key), by=made.landed_by, at=at, **totals)
    return dict(made.counts)


_COUNTED = ("new", "changed", "refused", "withdrawn")


def _counts(landed_at: datetime) -> dict[str, Any]:
    """Count the rows a landing brought and ended, by kind: however often it was taken up, they are counted once."""
    brought = Row.objects.filter(landed_at=landed_at).order_by().values("kind")
    new = Q(accepted=True, version=1)
    rows = {
        each["kind"]: each
        for each in brought.annotate(
            new=Count("id", filter=new),
            changed=Count("id", filter=Q(accepted=True) & ~new),
            refused=Count("id", filter=Q(accepted=False)),
        )
    }
    ended = Row.objects.filter(ended_at=landed_at, ended_why=WITHDRAWN, accepted=True).order_by()
    withdrawn = dict(ended.values_list("kind").annotate(count=Count("id")))
    found = []
    for kind in kinds():
        counted = rows.get(kind, {})
        if counted or kind in withdrawn:
            numbers = {name: counted.get(name, 0) for name in ("new", "changed", "refused")}
            found.append({"kind": kind, **numbers, "withdrawn": withdrawn.get(kind, 0)})
    return {"kinds": found}


@transaction.atomic
def drop(key: UUID, *, by: Any, at: datetime) -> None:
    """Leave an import before anything of it was written; its files are deleted. Errors: Conflict once it lands."""
    allow(by, "import")
    made = locked(key, by)
    if made.state not in states.MAY_BE_DROPPED:
        raise changed_meanwhile(made)
    _cancel_waiting(key, by=by, at=at)
    move(made, states.DROPPED, uploads_deleted=True)
    record("import_dropped", target=about(key), by=by, at=at)
    transaction.on_commit(lambda: shutil.rmtree(_folder(key), ignore_errors=True))


@transaction.atomic
def take_back(key: UUID, *, by: Any, at: datetime) -> None:
    """Take back a landing or an undoing that still waits in the queue. Errors: Conflict when it has begun."""
    allow(by, "import")
    made = locked(key, by)
    before = {states.LANDING: states.CHECKED, states.UNDOING: states.LANDED}.get(made.state)
    begun = made.landing_id is not None and made.state == states.LANDING
    if before is None or begun or not _cancel_waiting(key, by=by, at=at):
        raise Conflict("已经开始，不能再取消。", "It has begun and cannot be cancelled.")
    move(made, before)


@transaction.atomic
def landing_begun(key: UUID) -> bool:
    """Say whether anything of an import's landing is written: from then on it is undone, not cancelled."""
    made = Import.objects.get(pk=key)
    return made.landing is not None and (
        RegisterState.objects.filter(applied_at=made.landed_at).exists()
        or Row.objects.filter(landed_at=made.landed_at).exists()
    )


@transaction.atomic
def take_back_begun(key: UUID) -> None:
    """Bring an import whose landing was stopped before it wrote a row back to where it was looked at."""
    made = Import.objects.select_for_update().get(pk=key)
    assert not landing_begun(key), "what is written is undone, not taken back"
    landing = made.landing
    move(made, states.CHECKED, landing=None, landed_at=None, landed_by="", states_before=[])
    if landing is not None:
        SourceFile.objects.filter(landing=landing).delete()
        landing.delete()


def stop(key: UUID, *, by: Any, at: datetime) -> None:
    """Take back what waits of an import, or ask what runs to stop. Errors: NotAllowed; NotFound; Conflict.

    What runs is told by a file: a landing holds SQLite's one write lock, and no transaction could begin beside it.
    """
    allow(by, "import")
    made = of_region(key, by).first()
    if made is None:
        raise _none()
    job = next((each for each in jobs_about(about(key)) if not each.ended), None)
    if job is None:
        raise changed_meanwhile(made)
    if job.state == RUNNING:
        stop_job(job.key, by=by, at=at)
    if made.state == states.CHECKING:
        drop(key, by=by, at=at)
    elif job.state == WAITING:
        take_back(key, by=by, at=at)


def delete_uploads(*, before: datetime, by: Any, at: datetime) -> int:
    """Delete the sealed files of imports asked for before a moment; return of how many."""
    gone = 0
    for made in Import.objects.filter(asked_at__lt=before, uploads_deleted=False):
        shutil.rmtree(_folder(made.key), ignore_errors=True)
        Import.objects.filter(pk=made.pk).update(uploads_deleted=True)
        gone += 1
    if gone:
        record("uploads_deleted", target="imports", by=by, at=at, imports=gone)
    return gone


@contextmanager
def opened(made: Import) -> Iterator[Path]:
    """Give an import's files in the clear for as long as they are read, in a folder of this machine's owner alone."""
    if made.uploads_deleted or not _folder(made.key).exists():
        raise NotFound(
            "这次导入的文件已经删除：只保留 90 天。请重新上传。",
            "The files of this import are deleted: they are kept for 90 days. Send them again.",
        )
    root = Path(settings.STORE) / OPENED
    root.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root) as place:
        for number, file in enumerate(made.files):
            with open(Path(place) / file["name"], "xb") as clear:
                clear.writelines(sealed_pieces(_path(made.key, number), aad=_aad(made.key, number)))
        yield Path(place)


def close_left_open() -> None:
    """Delete what a killed worker left open."""
    shutil.rmtree(Path(settings.STORE) / OPENED, ignore_errors=True)


def about(key: UUID) -> str:
    """Return how jobs and the audit name an import."""
    return f"import:{key}"


def locked(key: UUID, by: Any) -> Import:
    """Return an import of the reader's region, locked. Errors: NotFound."""
    made = of_region(key, by).select_for_update().first()
    if made is None:
        raise _none()
    return made


def of_region(key: UUID, by: Any) -> QuerySet[Import]:
    """Return an import where it is of the reader's region."""
    mine = Import.objects.filter(pk=key, region_code__startswith=by.region_code)
    return mine if by.region_code else mine.none()


def _none() -> NotFound:
    return NotFound("没有这次导入。回到列表再选。", "There is no such import. Choose again from the list.")


def ask_job(kind: str, made: Import, *, by: Any, at: datetime) -> Job:
    """Ask for a stage of an import, behind whatever changes the county before it."""
    return ask(kind, by=by, at=at, lane=COUNTY, about=about(made.key), key=str(made.key))


def under_way(key: UUID) -> bool:
    """Say whether a job about an import runs or waits."""
    return any(not job.ended for job in jobs_about(about(key)))


def _cancel_waiting(key: UUID, *, by: Any, at: datetime) -> int:
    waiting = [job for job in jobs_about(about(key)) if job.state == WAITING]
    for job in waiting:
        cancel(job.key, by=by, at=at, asker=job.by)
    return len(waiting)


def _demand(made: Import, state: str) -> None:
    if made.state != state:
        raise changed_meanwhile(made)


def changed_meanwhile(made: Import) -> Conflict:
    """Return what to say when an import is not in the state that somebody acts on."""
    return Conflict(
        "这次导入的状态已经变了，可能别人刚处理过。重新打开这一页再看。",
        "This import has changed meanwhile; somebody else may have dealt with it. Open the page again.",
        state=made.state,
    )


def move(made: Import, state: str, **fields: Any) -> None:
    """Bring an import into another state, from the one it was read in."""
    if not Import.objects.filter(pk=made.pk, state=made.state).update(state=state, **fields):
        raise changed_meanwhile(made)


def _names(names: Iterable[str]) -> list[str]:
    """Return the files' own names, fit for a folder and each once."""
    found: dict[str, None] = {}
    for name in names:
        plain = STRANGE.sub("_", name.strip()).lstrip(".~")[-NAME_CHARACTERS:] or "file"
        number, unique = 1, plain
        while unique in found:
            number += 1
            unique = f"{number}-{plain}"
        found[unique] = None
    return list(found)


def _folder(key: UUID) -> Path:
    return Path(settings.STORE) / FOLDER / str(key)


def _path(key: UUID, number: int) -> Path:
    return _folder(key) / f"{number}.sealed"


def _aad(key: UUID, number: int) -> str:
    return f"upload:{key}:{number}"
