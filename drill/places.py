"""Places and databases for drills, on SQLite or on a throwaway PostgreSQL cluster, gone when the drill ends."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.places import Place
from tests.support.postgres import Cluster
from tests.support.tree import ROOT

DATABASES = ("SQLite", "PostgreSQL")


@contextmanager
def folder_for(name: str) -> Iterator[Path]:
    """Yield a folder that goes with everything in it."""
    folder = Path(tempfile.mkdtemp(prefix=f"yingjin-drill-{name}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(kind: str) -> Iterator[Cluster | None]:
    """Yield a running cluster for PostgreSQL, nothing for SQLite."""
    if kind == "SQLite":
        yield None
        return
    with Cluster() as cluster:
        yield cluster


def place_in(folder: Path, name: str, cluster: Cluster | None) -> Place:
    """Make a place of its own in a folder."""
    return Place(
        folder / name, cluster.create(f"drill_{os.getpid()}_{name}".replace("-", "_")) if cluster else ""
    )


def tested(tests: list[str], kind: str, **more: str) -> tuple[int, str]:
    """Run tests on a database with a share of their own; return their status and what they said."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "--no-header", "-p", "no:cacheprovider", *tests],
        cwd=ROOT,
        env={**os.environ, "YINGJIN_TEST_DATABASE": "sqlite" if kind == "SQLite" else "postgres", **more},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    return done.returncode, done.stdout + done.stderr
