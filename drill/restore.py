"""A backup of each database comes back into an empty place, row for row; a changed one does not."""

import shutil
from pathlib import Path
from random import Random

from drill.places import DATABASES, database, folder_for, place_in
from drill.table import Outcome, count
from tests.support.places import dump_of
from tests.support.postgres import Cluster

RESTORES = 10
PEOPLE = 5_000


def run(seed: int, share: float) -> list[Outcome]:
    """Restore on both databases."""
    outcomes = []
    for kind in DATABASES:
        with folder_for("restore") as folder, database(kind) as cluster:
            outcomes.append(
                _on(folder, cluster, kind, Random(seed), count(RESTORES // len(DATABASES), share))
            )
    return outcomes


def _on(folder: Path, cluster: Cluster | None, kind: str, chance: Random, restores: int) -> Outcome:
    place = place_in(folder, "served", cluster)
    place.do("make-county", place.inputs / "county", "--people", PEOPLE, "--seed", 11)
    place.do("run-county", place.inputs / "county" / "registers")
    held, wrong, refused = dump_of(place), [], 0
    for number in range(restores):
        backups, keys = folder / f"backups-{number}", folder / f"keys-{number}"
        place.do("backup", backups, "--keys", keys)
        (made,) = backups.iterdir()
        empty = place_in(folder, f"empty-{number}", cluster)
        shutil.rmtree(empty.store, ignore_errors=True)
        changed = _changed(made, folder / f"changed-{number}", chance)
        status = empty.run("restore", changed, "--keys", keys).returncode
        refused += status == 2
        if status != 2:
            wrong.append(f"a changed backup was restored: {status}")
            continue
        empty.do("restore", made, "--keys", keys)
        there = dump_of(empty)
        wrong += [f"restore {number}: {table} differs" for table in held if there.get(table) != held[table]]
        doctor = empty.run("doctor")
        wrong += [f"restore {number}: doctor ended with {doctor.returncode}"] if doctor.returncode else []
    return Outcome("restores", restores, tuple(wrong), f"{refused} with one bit changed, refused", kind)


def _changed(made: Path, target: Path, chance: Random) -> Path:
    shutil.copytree(made, target)
    database_file = next(path for path in target.iterdir() if path.name.startswith("database."))
    content = bytearray(database_file.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    database_file.write_bytes(content)
    return target
