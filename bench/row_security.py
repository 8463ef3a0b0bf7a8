"""What the second wall costs: pages on PostgreSQL with its row policies in force, beside the same without them.

YINGJIN_BENCH_PEOPLE (numbers by comma, the first is taken) measures another size; YINGJIN_BENCH_KEPT=folder measures a
place that is kept there (bench/kept.py).
"""

import os
from statistics import median
from typing import NamedTuple

import psycopg

from bench.kept import POSTGRES, READER, Loaded, folder_of_places, loaded_place
from bench.measure import cpu_of_family
from bench.pages import EMPTY, Reader, pages_of
from bench.table import Limit, Table
from tests.support.places import Place
from tests.support.postgres import Cluster

PEOPLE = int(os.environ.get("YINGJIN_BENCH_PEOPLE", "200000").split(",")[0])
ROUNDS = 7
REQUESTS_A_ROUND = 120
TIMES_AT_MOST = 1.2
JUDGED = "gaps"
WITH, WITHOUT = "with", "without"
PROTECTED = "SELECT c.relname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"


class Took(NamedTuple):
    """Processor seconds of one round of requests."""

    server: float
    database: float


def run() -> list[Table]:
    """Load a county, then open each page in turn with the policies and without them."""
    with folder_of_places() as folder, loaded_place(folder, POSTGRES, PEOPLE) as loaded:
        return [_measured(loaded)]


def _measured(loaded: Loaded) -> Table:
    place, password, cluster = loaded
    assert cluster is not None
    address = place.serve()
    try:
        reader = Reader(address, READER, password)
        pages = pages_of(reader)
        took: dict[tuple[str, str], list[Took]] = {}
        for _ in range(ROUNDS):
            for wall in (WITH, WITHOUT):
                _set_policies(place.database_url, wall == WITH)
                for name, paths in pages.items():
                    took.setdefault((name, wall), []).append(_round(reader, paths, place, cluster))
    finally:
        _set_policies(place.database_url, True)
        place.stop_servers()
    return _table({key: Took(*map(median, zip(*rounds, strict=True))) for key, rounds in took.items()})


def _set_policies(url: str, in_force: bool) -> None:
    """Put the policies in force or out of it; they stay as they are written."""
    with psycopg.connect(url) as connection:
        for (table,) in connection.execute(PROTECTED).fetchall():
            connection.execute(
                f'ALTER TABLE "{table}" {"ENABLE" if in_force else "DISABLE"} ROW LEVEL SECURITY'
            )


def _round(reader: Reader, paths: list[str], place: Place, cluster: Cluster) -> Took:
    """Open some addresses of a page, the first few uncounted: what was changed is read anew by then."""
    assert cluster.server is not None
    families = (place.servers[0].pid, cluster.server.pid)
    for path in paths[:8]:
        reader.get(path)
    before = [cpu_of_family(pid) for pid in families]
    for number in range(REQUESTS_A_ROUND):
        reader.get(paths[number % len(paths)])
    return Took(*(cpu_of_family(pid) - cpu for pid, cpu in zip(families, before, strict=True)))


def _table(took: dict[tuple[str, str], Took]) -> Table:
    rows, limits = [], []
    for name in dict.fromkeys(name for name, _ in took):
        inside, outside = (
            [1_000 * each / REQUESTS_A_ROUND for each in took[name, wall]] for wall in (WITH, WITHOUT)
        )
        times = sum(inside) / sum(outside)
        rows.append((name, sum(outside), sum(inside), times, outside[1], inside[1]))
        if name == JUDGED:
            limits.append(Limit(f"row security on the gap page, {PEOPLE:,} people", times, TIMES_AT_MOST))
    return Table(
        title=f"row security: {PEOPLE:,} people, one reader, PostgreSQL",
        about=f"Processor milliseconds a page of server and database together, and of the database alone; "
        f"{REQUESTS_A_ROUND} requests a round, median of {ROUNDS} rounds, the policies in force and out of it in "
        f"turn. “{EMPTY}” asks for nobody.",
        columns=("page", "without ms", "with ms", "times", "database without", "database with"),
        rows=tuple(rows),
        limits=tuple(limits),
    )
