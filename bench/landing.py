"""Landing large files end to end, beside the least any program could do with them, both databases.

The bare side (bench/landing_bare.py) reads the file, seals and indexes its identity column and inserts the bytes of
each row. Ours does what `run-county` does with the same file until its rows are committed: all of its stage "land".
Whom the rows mean is read from them at the stage "link", which `bench main_job` measures. Processor seconds are of whole programs, on PostgreSQL with what its server took.

YINGJIN_BENCH_ROWS measures another number of rows; its limits are not the ones that count.
"""

import os
import shutil
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench.landing_files import COUNTY, enrolment_csv, health_workbook
from bench.measure import ProgramCost, cost_of_program, cpu_of_family
from bench.table import Limit, Table
from tests.support.places import CHECKOUT, Place
from tests.support.postgres import Cluster

ROWS = int(os.environ.get("YINGJIN_BENCH_ROWS", "1000000"))
ROUNDS = 3
TIMES_AT_MOST = 2.5
MIB_AT_MOST = 2048
SQLITE, POSTGRES = "SQLite", "PostgreSQL"
FILES: dict[str, tuple[str, Callable[[Path, int], None]]] = {
    "CSV": ("enrolment.csv", enrolment_csv),
    "XLSX": ("health.xlsx", health_workbook),
}


class Both(NamedTuple):
    """What the two sides took in each round."""

    database: str
    medium: str
    bare: list[ProgramCost]
    ours: list[ProgramCost]


def run() -> list[Table]:
    """Land each file both ways in turn, on both databases."""
    with tempfile.TemporaryDirectory(prefix="yingjin-bench-") as temporary, Cluster() as cluster:
        folder = Path(temporary)
        for medium, (name, make) in FILES.items():
            (folder / medium).mkdir()
            make(folder / medium / name, ROWS)
        sides = (Sqlite(folder), Postgres(folder, cluster))
        measured = [
            Both(side.database, medium, *_interleaved(side, folder / medium / name))
            for side in sides
            for medium, (name, _) in FILES.items()
        ]
    return [_table(measured)]


def _interleaved(side: "Side", file: Path) -> tuple[list[ProgramCost], list[ProgramCost]]:
    bare, ours = [], []
    for _ in range(ROUNDS):
        bare.append(side.bare(file))
        ours.append(side.ours(file))
    return bare, ours


class Side(ABC):
    """One database: how to land on it barely and our way, each time into an empty one."""

    database = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def bare(self, file: Path) -> ProgramCost:
        """Land a file barely."""

    @abstractmethod
    def ours(self, file: Path) -> ProgramCost:
        """Land a file our way."""

    def _cost(self, place: Place, *words: str) -> ProgramCost:
        log = self.folder / "log"
        environment = {**place.environment, "PYTHONPATH": str(CHECKOUT)}
        cost = cost_of_program(
            [sys.executable, *words], environment=environment, folder=self.folder, output=log
        )
        assert cost.returncode == 0, log.read_text()[-2_000:]
        return cost


class Sqlite(Side):
    """A data folder with empty tables, copied for each round."""

    database = SQLITE

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.empty = Place(folder / "sqlite")
        _prepare(self.empty)

    def bare(self, file: Path) -> ProgramCost:
        path = self.folder / "bare.sqlite3"
        cost = self._cost(self.empty, str(CHECKOUT / "bench" / "landing_bare.py"), str(file), str(path))
        for each in self.folder.glob("bare.sqlite3*"):
            each.unlink()
        return cost

    def ours(self, file: Path) -> ProgramCost:
        store = self.folder / "round"
        shutil.copytree(self.empty.store, store)
        place = Place(self.folder / "round-place")
        place.store = store
        cost = self._cost(place, "-m", "bench.landing", str(file.parent))
        shutil.rmtree(store)
        shutil.rmtree(place.folder)
        return cost


class Postgres(Side):
    """A database with empty tables, copied for each round; its server's time counts."""

    database = POSTGRES

    def __init__(self, folder: Path, cluster: Cluster) -> None:
        super().__init__(folder)
        self.cluster = cluster
        self.empty = Place(folder / "postgres", cluster.create("empty"))
        _prepare(self.empty)

    def bare(self, file: Path) -> ProgramCost:
        url = self.cluster.create("bare")
        words = (str(CHECKOUT / "bench" / "landing_bare.py"), str(file), url)
        cost = self._with_server(lambda: self._cost(self.empty, *words))
        self.cluster.drop("bare")
        return cost

    def ours(self, file: Path) -> ProgramCost:
        self.cluster.execute("CREATE DATABASE round TEMPLATE empty OWNER yingjin_tests")
        place = Place(self.folder / "round-place", self.cluster.url("round"))
        place.store = self.empty.store
        cost = self._with_server(lambda: self._cost(place, "-m", "bench.landing", str(file.parent)))
        self.cluster.drop("round")
        shutil.rmtree(place.folder)
        return cost

    def _with_server(self, work: Callable[[], ProgramCost]) -> ProgramCost:
        """Add what the server took while the work went on."""
        assert self.cluster.server is not None
        before = cpu_of_family(self.cluster.server.pid)
        cost = work()
        server = cpu_of_family(self.cluster.server.pid) - before
        return ProgramCost(cost.cpu + server, cost.wall, cost.peak_mib, cost.returncode)


def _prepare(place: Place) -> None:
    """Make tables and the regions that rows are looked up in."""
    place.do("migrate")
    log = place.folder / "prepared"
    environment = {**place.environment, "PYTHONPATH": str(CHECKOUT)}
    words = (sys.executable, "-m", "bench.landing")
    cost = cost_of_program(words, environment=environment, folder=place.folder, output=log)
    assert cost.returncode == 0, log.read_text()[-2_000:]


def _table(measured: list[Both]) -> Table:
    rows, limits = [], []
    for database, medium, bare, ours in measured:
        cpu = [median(cost.cpu for cost in costs) for costs in (bare, ours)]
        wall = [median(cost.wall for cost in costs) for costs in (bare, ours)]
        peak = max(cost.peak_mib for cost in ours)
        times = cpu[1] / cpu[0]
        rows.append((f"{medium}, {database}", cpu[0], cpu[1], times, wall[0], wall[1], peak))
        what = f"landing {ROWS:,} rows of {medium}, {database}"
        limits.append(Limit(f"{what}, times the bare side", times, TIMES_AT_MOST))
        limits.append(Limit(f"{what}, peak MiB", peak, MIB_AT_MOST))
    return Table(
        title=f"landing: {ROWS:,} rows, from file to committed rows",
        about=f"Whole programs, median of {ROUNDS} interleaved rounds. Bare: read, seal and index the identity "
        "column, insert the bytes. Ours: the main job's stage land, until every row is checked, sealed and committed.",
        columns=("file", "bare CPU s", "ours CPU s", "times", "bare wall s", "ours wall s", "our peak MiB"),
        rows=tuple(rows),
        limits=tuple(limits),
    )


def land_folder(folder: str = "") -> None:
    """Land a folder as the main job does; without one, load the regions alone."""
    from yingjin.jobs import setup

    setup.django()
    from django.utils import timezone

    from yingjin.basics.access import Robot
    from yingjin.fusion.actions import land
    from yingjin.registry.actions import load_regions

    now = timezone.now()
    load_regions(by=Robot(), at=now, provinces=(COUNTY[:2],))
    if folder:
        tally = land(folder=Path(folder), county_code=COUNTY, by=Robot(), at=now)
        assert tally.counts["accepted"] == tally.counts["new"] == ROWS, tally.counts


if __name__ == "__main__":
    land_folder(*sys.argv[1:])
