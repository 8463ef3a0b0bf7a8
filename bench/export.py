"""An export of 100,000 rows, from the question to the sealed workbook, beside xlsxwriter writing the same cells.

Each list is at least so long: the people of a county are copied until there are enough of them and of their dues,
then its patients for bills. YINGJIN_BENCH_EXPORT_PEOPLE (a number) begins with a county of another size.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench.table import Limit, Table
from tests.support.places import Place
from tests.support.postgres import Cluster
from yingjin.basics.progress import track

PEOPLE = int(os.environ.get("YINGJIN_BENCH_EXPORT_PEOPLE", "20000"))
ROWS = 100_000
SIDES = Path(__file__).with_name("export_sides.py")
LISTS = ("gaps", "people")
ROUNDS = 3
TIMES_AT_MOST = 1.3


class Took(NamedTuple):
    """What writing one list took on one database: median processor seconds of each side."""

    database: str
    name: str
    rows: int
    product: float
    bare: float

    @property
    def times(self) -> float:
        """How many times the bare side the product took."""
        return self.product / self.bare


def run() -> list[Table]:
    """Make one county, bring it in on both databases, and write each list in turn with its bare side."""
    took: list[Took] = []
    with tempfile.TemporaryDirectory(prefix="yingjin-bench-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        county = folder / "county"
        Place(folder / "maker").do("make-county", county, "--people", PEOPLE, "--seed", 2025)
        took += _of("SQLite", Place(folder / "sqlite"), county)
        with Cluster() as cluster:
            took += _of("PostgreSQL", Place(folder / "postgres", cluster.create("bench")), county)
    return [_table(took)]


def _of(database: str, place: Place, county: Path) -> list[Took]:
    words = ("run-county", county / "registers", "--truth", county / "truth")
    done = place.run(*words, seconds=14_400)
    assert done.returncode in (0, 2), done.stderr[-2_000:]
    place.add_user("bench", "county_officer", "--region", "520527")
    _side(place, "more_people", ROWS)
    took = [_list(database, place, name) for name in track(LISTS, f"exporting from {database}")]
    _side(place, "more", ROWS)
    return [_list(database, place, "bills"), *took]


def _list(database: str, place: Place, name: str) -> Took:
    written, copy = place.folder / f"{name}.xlsx", place.folder / f"{name}-bare.xlsx"
    product, bare = [], []
    for _ in range(ROUNDS):
        product.append(_side(place, "product", name, written))
        bare.append(_side(place, "bare", written, copy))
    rows = {each["rows"] for each in (*product, *bare)}
    assert len(rows) == 1, f"{name}: the two sides wrote {rows} rows"
    assert min(rows) >= ROWS, f"{name}: {rows} rows are not {ROWS}"
    return Took(
        database,
        name,
        rows.pop(),
        median(each["cpu"] for each in product),
        median(each["cpu"] for each in bare),
    )


def _side(place: Place, *words: object) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, str(SIDES), *map(str, words)], env={**place.environment, "YINGJIN_SEES": "everything"}, capture_output=True, encoding="utf-8",
        timeout=3_600, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2_000:]
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _table(took: list[Took]) -> Table:
    return Table(
        title="export: a list as a workbook",
        about=(
            f"A county of {PEOPLE:,} people made up and brought in; all its people are copied alike, with categories, "
            f"enrolments, contracts and what was found due, until {ROWS:,} things are due, and people are more; then its "
            f"patients, with bills and years, until a year has {ROWS:,} bills. "
            f"Median of {ROUNDS} rounds in turn. The product reads the list as its page does, opens sealed names, "
            "numbers and facts, writes the workbook and seals the file; the bare side writes the same cells with "
            "xlsxwriter, constant_memory, from memory. People and gaps are of the day the gaps stand by, as found then; on "
            "another day each person is judged as the file is written, which takes longer and is not measured here."
        ),
        columns=("database", "list", "rows", "product CPU s", "xlsxwriter CPU s", "times"),
        rows=tuple(
            (each.database, each.name, each.rows, each.product, each.bare, each.times) for each in took
        ),
        limits=tuple(
            Limit(
                f"{each.name}, {each.rows:,} rows, {each.database}, times xlsxwriter",
                each.times,
                TIMES_AT_MOST,
            )
            for each in took
        ),
    )
