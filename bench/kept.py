"""Places that a measurement of pages loads, thrown away with it or kept to be measured again without loading.

YINGJIN_BENCH_KEPT=folder keeps them there: what is absent is loaded, what an earlier run loaded is brought to the
tables of today and used again, both databases. A place whose load was broken off is loaded anew. Without it
everything is in a temporary folder. The folder must be one that PostgreSQL's own user may enter.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.support.places import Place
from tests.support.postgres import Cluster

SQLITE, POSTGRES = "SQLite", "PostgreSQL"
READER = "bench"
HOME = "520527"  # the region of the reader: the county of which most people are
SEED = 2025
DATABASE = "bench"
LOADED = "loaded"  # in the folder of a place: written last, with the reader's password
SECONDS_AT_MOST = 14_400


class Loaded(NamedTuple):
    """A place with a county in it, who may read it, and the cluster that its database is on, if any."""

    place: Place
    password: str
    cluster: Cluster | None


@contextmanager
def folder_of_places() -> Iterator[Path]:
    """Give the folder of kept places, or a temporary one."""
    kept = os.environ.get("YINGJIN_BENCH_KEPT", "")
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept).resolve()
        return
    with tempfile.TemporaryDirectory(prefix="yingjin-bench-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        yield folder


@contextmanager
def loaded_place(folder: Path, database: str, people: int) -> Iterator[Loaded]:
    """Give a place with so many people in it, its PostgreSQL running meanwhile."""
    with ExitStack() as stack:
        at = folder / f"{database.lower()}-{people}"
        cluster = None
        if database == POSTGRES:
            cluster = stack.enter_context(Cluster(folder / f"cluster-{people}"))
        if (at / LOADED).exists():
            place = Place(at, cluster.url(DATABASE) if cluster else "")
            place.do("migrate")
        else:
            shutil.rmtree(at, ignore_errors=True)
            if cluster:
                cluster.drop(DATABASE)
            place = Place(at, cluster.create(DATABASE) if cluster else "")
            _load(place, _county(folder, people))
        yield Loaded(place, (at / LOADED).read_text(), cluster)


def _county(folder: Path, people: int) -> Path:
    county = folder / f"county-{people}"
    made = folder / f"county-{people}.made"
    if not made.exists():
        shutil.rmtree(county, ignore_errors=True)
        maker = Place(folder / f"maker-{people}")
        done = maker.run("make-county", county, "--people", people, "--seed", SEED, seconds=SECONDS_AT_MOST)
        assert done.returncode == 0, done.stderr[-2_000:]
        made.touch()
    return county


def _load(place: Place, county: Path) -> None:
    words = ("run-county", county / "registers", "--truth", county / "truth")
    done = place.run(*words, seconds=SECONDS_AT_MOST)
    assert done.returncode in (0, 2), done.stderr[-2_000:]
    (place.folder / LOADED).write_text(place.add_user(READER, "county_officer", "--region", HOME))
