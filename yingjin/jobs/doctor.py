"""`yingjin doctor`: whether this machine and the data folder have what the product needs."""

import argparse
import shutil
import sqlite3
import stat
import sys

from yingjin.jobs import setup
from yingjin.jobs.store import store

ENOUGH_BYTES = 2 * 1024**3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def run(args: argparse.Namespace) -> int:
    """Print one line a check; return 0 when all is well, else 2."""
    well = [_say(*check) for check in (*_machine(), *_folder(), *_database())]
    return 0 if all(well) else 2


def _say(good: bool, zh: str, en: str) -> bool:
    print(f"{'好' if good else '缺'}  {zh}  {en}")
    return good


def _machine() -> list[tuple[bool, str, str]]:
    version = ".".join(map(str, sys.version_info[:3]))
    return [
        (sys.version_info >= (3, 11), f"Python {version}，要 3.11 以上", "needs Python 3.11 or later"),
        (
            sqlite3.sqlite_version_info >= (3, 35),
            f"SQLite {sqlite3.sqlite_version}，要 3.35 以上",
            "needs SQLite 3.35 or later",
        ),
    ]


def _folder() -> list[tuple[bool, str, str]]:
    folder = store()
    free = shutil.disk_usage(folder).free
    closed = stat.S_IMODE(folder.stat().st_mode) == 0o700
    open_files = [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    return [
        (closed, f"数据文件夹 {folder} 只有主人能进（0700）", "the data folder is for its owner only"),
        (
            not open_files,
            f"数据文件只有主人能读（0600）{'：' + '、'.join(open_files[:5]) if open_files else ''}",
            "data files are for their owner only",
        ),
        (
            free > ENOUGH_BYTES,
            f"剩余空间 {free // 1024**2:,} MB，要 2,048 MB 以上",
            "needs 2 GB of free space",
        ),
    ]


def _database() -> list[tuple[bool, str, str]]:
    setup.django()
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return [(False, f"数据库连不上：{type(error).__name__}", "the database cannot be reached")]
    return [
        (True, f"数据库连得上（{connection.vendor}）", "the database answers"),
        (
            not waiting,
            f"表结构{'要升级：运行 yingjin up 或 run-county' if waiting else '是最新的'}",
            "tables are up to date",
        ),
    ]
