"""`yingjin restore BACKUP --keys FOLDER`: a backup into an empty place, which then proves that it holds the same."""

import argparse
import os
import shutil
from pathlib import Path
from typing import Any

from yingjin.basics.errors import BadInput
from yingjin.basics.keys import FileKeys
from yingjin.basics.progress import track
from yingjin.jobs import setup
from yingjin.jobs.keeping import databases, folders
from yingjin.jobs.keeping.invariants import Invariants, differences
from yingjin.jobs.keeping.marks import marks_of
from yingjin.jobs.store import store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("backup", type=Path, help="yingjin backup 写出的文件夹  a folder that backup wrote")
    parser.add_argument("--keys", type=Path, required=True, help="密钥所在的文件夹  the folder of the keys")


def run(args: argparse.Namespace) -> int:
    """Restore into the data folder and database of this place, both empty; return 0, or 2 when something differs."""
    manifest = folders.read_backup(args.backup, track)
    keys = _keys_in(args.keys)
    refuse_other_keys(keys[folders.KEYS], manifest)
    _refuse_used_folder(store())
    folders.put_keys(keys, store())
    setup.django()
    put_database(args.backup, manifest)
    put_files(args.backup)
    wrong = differences(manifest.invariants, held_now(manifest))
    _show(manifest, wrong)
    if wrong:
        return 2
    setup.migrate()
    refuse_wrong_keys()
    print("恢复完成，和备份时一样。  Restored; it holds what the backup held.")
    return 0


def put_database(backup: Path, manifest: folders.Manifest) -> None:
    """Fill the empty database of this place. Errors: NotEmpty; BadInput for a backup of the other kind."""
    from django.db import connection

    settings: dict[str, Any] = connection.settings_dict
    if connection.vendor != manifest.vendor:
        raise BadInput(
            f"备份是 {manifest.vendor} 的，这里用的是 {connection.vendor}。按备份的种类设好 YINGJIN_DATABASE_URL。",
            f"The backup is of {manifest.vendor}, this place uses {connection.vendor}. Set YINGJIN_DATABASE_URL to fit.",
        )
    source = backup / manifest.database
    if connection.vendor == "sqlite":
        _put(source, Path(settings["NAME"]))
        return
    if not databases.postgres_is_empty(settings):
        raise folders.NotEmpty(
            "数据库里已有表，不往里恢复。新建一个空数据库，把 YINGJIN_DATABASE_URL 指过去。",
            "The database has tables already. Make an empty one and point YINGJIN_DATABASE_URL to it.",
        )
    databases.fill_postgres(settings, source)


def put_files(backup: Path) -> None:
    """Put the data folder's files back."""
    root = backup / folders.FILES
    for path in track(
        sorted(each for each in root.rglob("*") if each.is_file()), "放回文件 putting files back"
    ):
        _put(path, store() / path.relative_to(root))


def held_now(manifest: folders.Manifest) -> Invariants:
    """Return what the restored database holds."""
    from django.db import connection

    if connection.vendor == "postgresql":
        return databases.postgres_invariants(connection.settings_dict, manifest.invariants)
    return databases.sqlite_invariants(Path(connection.settings_dict["NAME"]), manifest.invariants)


def refuse_wrong_keys() -> None:
    """See that the keys open what is sealed here. Errors: whatever opening says in words."""
    from yingjin.registry.queries.persons import open_any

    open_any()


def _refuse_used_folder(folder: Path) -> None:
    there = sorted(path.name for path in folder.iterdir())
    if there:
        raise folders.NotEmpty(
            f"数据文件夹“{folder.name}”不是空的（有 {there[0]}），不往里恢复。把 YINGJIN_STORE 指向一个新文件夹。",
            f"The data folder “{folder.name}” is not empty ({there[0]}). Point YINGJIN_STORE to a new one.",
        )


def refuse_other_keys(file: Path, manifest: folders.Manifest) -> None:
    """See that a key file is the one a backup was made with, before anything is written. Errors: OtherKeys.

    A backup of an earlier release does not say; its keys are tried when it is back.
    """
    held = marks_of(FileKeys(file))
    if any(held.get(name) != mark for name, mark in manifest.key_marks.items()):
        raise folders.OtherKeys(file.parent.name)


def _keys_in(source: Path) -> dict[str, Path]:
    found = folders.keys(source, source / folders.KEYS)
    if folders.KEYS not in found:
        raise BadInput(
            f"“{source.name}”里没有密钥。写 yingjin backup --keys 抄出的那个文件夹。",
            f"“{source.name}” holds no keys. Name the folder that `yingjin backup --keys` wrote.",
        )
    return found


def _put(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        with source.open("rb") as reading:
            shutil.copyfileobj(reading, file, folders.CHUNK)


def _show(manifest: folders.Manifest, wrong: list[tuple[str, str, Any, Any]]) -> None:
    counted = sum(len(table) for table in manifest.invariants.values())
    print(f"备份于 {manifest.made_at}，程序 {manifest.version}；核对 {counted:,} 个数：", end="")
    print(f"不同 {len(wrong)} 个  {counted:,} figures compared, {len(wrong)} differ")
    for table, name, wanted, found in wrong:
        print(f"    {table}.{name}: 备份 backup {wanted}，这里 here {found}")
