"""The main job at 20,000 and 200,000 people: processor time stage by stage, and peak memory."""

import json
import sys
import tempfile
from pathlib import Path

from bench.measure import ProgramCost, cost_of_program
from bench.table import Limit, Table
from tests.support.places import Place

SIZES = (20_000, 200_000)
TIMES_AT_MOST = 13.0
SEED = 2025
# A stage below this is start-up and noise at the small size, not work that grows: it is shown, not judged.
JUDGED_CPU_SECONDS = 0.2


def run() -> list[Table]:
    """Run make-county and the main job once a size on SQLite; judge how each stage grows."""
    with tempfile.TemporaryDirectory(prefix="yingjin-bench-") as folder:
        small, large = (_measured(Path(folder) / str(size), size) for size in SIZES)
    return [_stages(small, large), _programs(small, large)]


class Measured:
    """One size: what each program took, and what the main job says of its stages."""

    def __init__(self, size: int, made: ProgramCost, ran: ProgramCost, report: dict) -> None:
        self.size, self.made, self.ran, self.report = size, made, ran, report


def _measured(folder: Path, size: int) -> Measured:
    place = Place(folder)
    county, report = place.inputs / "county", folder / "report.json"
    make = ("make-county", str(county), "--people", str(size), "--seed", str(SEED))
    work = ("run-county", str(county / "registers"), "--report", str(report))
    made, ran = (_cost(place, words) for words in (make, work))
    return Measured(size, made, ran, json.loads(report.read_text()))


def _cost(place: Place, words: tuple[str, ...]) -> ProgramCost:
    command = (sys.executable, "-m", "yingjin.jobs.cli", *words)
    log = place.folder / "log"
    cost = cost_of_program(command, environment=place.environment, folder=place.folder, output=log)
    assert cost.returncode in (0, 2), log.read_text()[-2_000:]
    return cost


def _stages(small: Measured, large: Measured) -> Table:
    before = {stage["name"]: stage for stage in small.report["stages"]}
    rows, limits = [], []
    for stage in large.report["stages"]:
        name, cpu = stage["name"], stage["cpu_seconds"]
        ratio = cpu / max(before[name]["cpu_seconds"], 1e-9)
        rows.append(
            (name, before[name]["cpu_seconds"], before[name]["seconds"], cpu, stage["seconds"], ratio)
        )
        if cpu >= JUDGED_CPU_SECONDS * TIMES_AT_MOST:
            limits.append(Limit(f"stage {name}, 200,000 over 20,000 people", ratio, TIMES_AT_MOST))
    return Table(
        title="main job: how each stage grows",
        about="One run a size on SQLite, seed 2025. Ten times the people may take at most thirteen times the processor.",
        columns=("stage", "20,000: CPU s", "wall s", "200,000: CPU s", "wall s", "times CPU"),
        rows=tuple(rows),
        limits=tuple(limits),
    )


def _programs(small: Measured, large: Measured) -> Table:
    return Table(
        title="main job: whole programs",
        about="CPU seconds, wall seconds and peak memory of the whole program, start-up and migrations included.",
        columns=("program", "people", "CPU s", "wall s", "peak MiB"),
        rows=tuple(
            (name, each.size, cost.cpu, cost.wall, cost.peak_mib)
            for each in (small, large)
            for name, cost in (("make-county", each.made), ("run-county", each.ran))
        ),
    )
