"""The file of an export: sealed in the data folder until it has been there for some days."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from yingjin.basics.errors import NotFound
from yingjin.basics.sealing import sealed_pieces, write_sealed
from yingjin.basics.work import Job

FOLDER = "exports"
KEPT_DAYS = 7


def keep(job: Job, pieces: Iterable[bytes]) -> None:
    """Seal what an export made, whole or not at all; what a killed attempt left is removed first."""
    folder().mkdir(mode=0o700, exist_ok=True)
    for left in folder().glob(f".{job.key}*.new"):
        left.unlink(missing_ok=True)
    write_sealed(path_of(job.key), pieces, aad=place_of(job.key))


def pieces_of(key: UUID) -> Iterator[bytes]:
    """Return what the file of an export holds, piece by piece. Errors: NotFound when it is here no longer."""
    if not path_of(key).exists():
        raise NotFound(
            f"这个文件已经不在了：导出的文件只留 {KEPT_DAYS} 天。再导出一次就有新的。",
            f"This file is no longer here: exports are kept for {KEPT_DAYS} days. Export it again.",
        )
    return sealed_pieces(path_of(key), aad=place_of(key))


def is_kept(key: UUID) -> bool:
    """Say whether the file of an export is still here."""
    return path_of(key).exists()


def delete_old(*, at: datetime) -> int:
    """Delete files that have been here for their days, and what killed attempts left; return how many."""
    before, gone = (at - timedelta(days=KEPT_DAYS)).timestamp(), 0
    for path in [*folder().glob("*.sealed"), *folder().glob(".*.new")]:
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def folder() -> Path:
    """Return where the files lie."""
    return Path(settings.STORE) / FOLDER


def path_of(key: UUID) -> Path:
    """Return the file of an export."""
    return folder() / f"{key}.sealed"


def place_of(key: UUID) -> str:
    """Return what the file is sealed for."""
    return f"export:{key}"
