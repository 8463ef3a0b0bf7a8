"""`yingjin backup FOLDER`: a consistent copy of everything but the keys, made while the county works."""

import argparse
from datetime import datetime
from itertools import count
from pathlib import Path
from shutil import rmtree
from typing import Any

from yingjin import __version__
from yingjin.basics.errors import BadInput, Conflict
from yingjin.basics.keys import provider
from yingjin.basics.progress import track
from yingjin.jobs import setup
from yingjin.jobs.keeping import databases, folders
from yingjin.jobs.keeping.invariants import Invariants
from yingjin.jobs.keeping.marks import marks_of
from yingjin.jobs.store import store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "folder",
        type=Path,
        help="备份放在这个文件夹里，每次一个新的子文件夹  backups go here, each a folder of its own",
    )
    parser.add_argument(
        "--keys",
        type=Path,
        help="把密钥抄到另一个文件夹（另一处保管）  copy the keys to a folder of their own",
    )


def run(args: argparse.Namespace) -> int:
    """Back everything up, say where it is and what it holds; return 0."""
    setup.django()
    from django.conf import settings
    from django.utils import timezone

    if waiting := setup.waiting():
        raise Conflict(
            f"表结构还差 {len(waiting)} 步没有升级，先运行 yingjin migrate，再备份。",
            f"The tables lack {len(waiting)} steps: run `yingjin migrate` first, then back up.",
        )
    if args.keys:
        _refuse_together(args.folder, args.keys)
    made = back_up(args.folder, timezone.localtime())
    held = folders.read_backup(made, lambda things, label: things)
    rows = sum(table["rows"] for table in held.invariants.values())
    print(f"备份写好：{made}（{len(held.files)} 个文件，{rows:,} 行）  backup written: {rows:,} rows")
    if args.keys:
        found = folders.keys(store(), settings.KEY_FILE)
        folders.put_keys(found, args.keys)
        print(
            f"密钥 {len(found)} 个文件抄到 {args.keys}，不要和备份放在一处。  {len(found)} key files; keep them apart."
        )
    else:
        print(
            "备份里没有密钥，没有密钥谁也读不出它。用 --keys 文件夹 另抄一份，放在别处。\n"
            "The backup holds no keys and nobody reads it without them: copy them elsewhere with --keys FOLDER."
        )
    return 0


def back_up(folder: Path, at: datetime) -> Path:
    """Write a backup into a new folder, which appears whole or not at all; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    made = _new_name(folder, f"yingjin-{at:%Y%m%d-%H%M%S}")
    making = folder / f".{made.name}.part"
    rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    try:
        vendor, database, held = _copy_database(making)
        folders.copy_files(store(), making / folders.FILES, track)
        manifest = folders.Manifest(
            format=folders.FORMAT,
            version=__version__,
            made_at=at.isoformat(timespec="seconds"),
            vendor=vendor,
            database=database,
            files=folders.listed(making, track),
            migrations=_migrations(),
            invariants=held,
            key_marks=marks_of(provider()),
        )
        folders.write_manifest(making, manifest)
        making.rename(made)
    except BaseException:
        rmtree(making, ignore_errors=True)
        raise
    return made


def _new_name(folder: Path, name: str) -> Path:
    """Return a place for a backup; of two in one second the later gets a number."""
    numbered = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(folder / each for each in numbered if not (folder / each).exists())


def _copy_database(into: Path) -> tuple[str, str, Invariants]:
    from django.db import connection

    settings: dict[str, Any] = connection.settings_dict
    if connection.vendor == "postgresql":
        held = databases.copy_postgres(settings, into / databases.POSTGRES_FILE)
        return connection.vendor, databases.POSTGRES_FILE, held
    done = _Progress()
    held = databases.copy_sqlite(Path(settings["NAME"]), into / databases.SQLITE_FILE, done.report)
    return connection.vendor, databases.SQLITE_FILE, held


class _Progress:
    """Say every tenth of the way how far the copy is."""

    def __init__(self) -> None:
        self.said = 0

    def report(self, done: int, total: int) -> None:
        """Take note of pages copied."""
        tenth = 10 * done // max(total, 1)
        if tenth > self.said:
            self.said = tenth
            print(f"抄数据库 copying the database: {10 * tenth} %", flush=True)


def _migrations() -> dict[str, str]:
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    applied = sorted(MigrationRecorder(connection).applied_migrations())
    return {app: name for app, name in applied}


def _refuse_together(folder: Path, keys: Path) -> None:
    one, other = folder.resolve(), keys.resolve()
    if one == other or one in other.parents or other in one.parents:
        raise BadInput(
            "密钥和备份不能放在一个文件夹里：拿到它的人就什么都能读。给 --keys 写另一处。",
            "Keys and backup may not lie in one folder: whoever takes it reads everything. Name another for --keys.",
        )
