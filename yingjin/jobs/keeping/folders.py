"""A backup is a folder: the database, the data folder's files and a list of all with their hashes; never the keys."""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from yingjin.basics.errors import BadInput, Conflict
from yingjin.jobs.keeping.invariants import Invariants

FORMAT = 1
MANIFEST, FILES = "manifest.json", "files"
CHUNK = 1024 * 1024
DATABASE = "yingjin.sqlite3"
KEYS = "keys.json"
# Made anew where they are missing, or of one machine's running alone.
NOT_KEPT_FOLDERS = frozenset({"demonstration"})
NOT_KEPT_ENDS = (".lock", ".pid", ".new", ".part")
Track = Callable[..., Iterable[Any]]


class BrokenBackup(BadInput):
    """A backup that is not as its own list says."""

    code = "broken_backup"


class NotEmpty(Conflict):
    """A restore goes into an empty place alone."""

    code = "not_empty"


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. `files` is path -> [bytes, SHA-256]; `migrations` app -> the last one applied."""

    format: int
    version: str
    made_at: str
    vendor: str  # sqlite or postgresql
    database: str
    files: dict[str, list[Any]]
    migrations: dict[str, str]
    invariants: Invariants
    key_marks: dict[str, str] = field(default_factory=dict)  # of the keys it was made with (`keeping.marks`)


class OtherKeys(BadInput):
    """Keys that a backup was not made with."""

    code = "other_keys"

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"“{folder}”里的密钥不是做这份备份时用的，打不开它。什么都没有恢复。换成和这份备份一起抄出的密钥。",
            f"The keys in “{folder}” are not those this backup was made with and open nothing of it. Nothing was restored. "
            "Take the keys that were copied together with this backup.",
        )


def is_key(path: Path) -> bool:
    """Say whether a file of the data folder is a secret, which a backup keeps apart (D9)."""
    return path.name == KEYS or path.suffix == ".secret"


def kept_files(store: Path) -> list[Path]:
    """List the data folder's files that belong into a backup, relative to it: all but the database and the keys."""
    return sorted(
        path.relative_to(store)
        for path in store.rglob("*")
        if path.is_file() and not path.is_symlink() and _kept(path.relative_to(store))
    )


def keys(store: Path, key_file: Path) -> dict[str, Path]:
    """Return the secrets of a data folder by the name they are kept under; the key file may lie elsewhere."""
    found = {path.name: path for path in sorted(store.glob("*.secret"))}
    return {**found, KEYS: key_file} if key_file.is_file() else found


def _kept(path: Path) -> bool:
    return not (
        path.name.startswith(DATABASE)
        or is_key(path)
        or path.name.endswith(NOT_KEPT_ENDS)
        or path.parts[0] in NOT_KEPT_FOLDERS
    )


def copy_files(store: Path, into: Path, track: Track) -> None:
    """Copy the data folder's files; one that ends its days meanwhile is left out."""
    for path in track(kept_files(store), "备份文件 copying files"):
        (into / path).parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(store / path, into / path)
        except FileNotFoundError:
            continue


def put_keys(found: dict[str, Path], into: Path) -> None:
    """Copy secrets to a folder of their own, for its owner alone. Errors: NotEmpty where others lie."""
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    into.chmod(0o700)
    for name, source in found.items():
        target, new = into / name, source.read_bytes()
        if target.exists() and target.read_bytes() != new:
            raise NotEmpty(
                f"文件夹“{into.name}”里已有另一套密钥（{name}），不盖掉它。换一个文件夹。",
                f"The folder “{into.name}” holds other keys ({name}), which are not overwritten. Choose another.",
            )
        with open(target, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(new)


def listed(folder: Path, track: Track) -> dict[str, list[Any]]:
    """Return every file of a backup but its list, with its size and hash."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != MANIFEST]
    return {
        path.relative_to(folder).as_posix(): [path.stat().st_size, _hash(path)]
        for path in track(found, "核对 hashing")
    }


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a backup's list of itself."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_backup(folder: Path, track: Track) -> Manifest:
    """Read a backup's list and see that every file is as it says. Errors: BrokenBackup."""
    path = folder / MANIFEST
    if not path.is_file():
        raise BrokenBackup(
            f"“{folder.name}”不是备份：里面没有 {MANIFEST}。写 yingjin backup 写出的那个文件夹。",
            f"“{folder.name}” is no backup: it has no {MANIFEST}. Name the folder that `yingjin backup` wrote.",
        )
    try:
        manifest = Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise BrokenBackup(
            f"备份的清单 {MANIFEST} 读不懂。换另一份备份。",
            f"{MANIFEST} cannot be read. Take another backup.",
        ) from None
    if manifest.format > FORMAT:
        raise BrokenBackup(
            f"这份备份是更新的程序（{manifest.version}）写的。先升级程序，再恢复。",
            f"A newer program ({manifest.version}) wrote this backup. Upgrade the program first.",
        )
    wrong = list(_wrong(manifest.files, listed(folder, track)))
    if wrong:
        raise BrokenBackup(
            f"备份不完整，或被改过：{'、'.join(wrong[:5])} 等 {len(wrong)} 个文件与清单不符。换另一份备份。",
            f"The backup is not whole or was changed: {', '.join(wrong[:5])}, {len(wrong)} files in all. Take another.",
        )
    return manifest


def _wrong(wanted: dict[str, list[Any]], found: dict[str, list[Any]]) -> Iterator[str]:
    for name in sorted(wanted.keys() | found.keys()):
        if wanted.get(name) != found.get(name):
            yield name


def _hash(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
