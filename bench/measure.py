"""Measure processor time, wall time and peak memory, of functions here or of whole programs."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

MIB = 1024 * 1024


@dataclass(frozen=True)
class Cost:
    """What one run took: processor seconds (user and system), wall seconds."""

    cpu: float
    wall: float


@dataclass(frozen=True)
class ProgramCost(Cost):
    """What a program took, its own children included, and the largest memory one of them held."""

    peak_mib: float
    returncode: int


def cost_of(work: Callable[[], object]) -> Cost:
    """Run a function once in this process and return what it took."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return Cost(time.process_time() - cpu, time.perf_counter() - wall)


def interleaved(works: Mapping[str, Callable[[], object]], *, rounds: int = 5) -> dict[str, Cost]:
    """Run each function once a round, in turn, and return each one's median: a slow minute slows all alike."""
    costs: dict[str, list[Cost]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            costs[name].append(cost_of(work))
    return {
        name: Cost(median(cost.cpu for cost in took), median(cost.wall for cost in took))
        for name, took in costs.items()
    }


def cpu_of_family(pid: int) -> float:
    """Return the processor seconds a running program and its children took, those that ended included (Linux)."""
    took: dict[int, int] = {}
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = entry.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        number, parent = int(entry.parent.name), int(words[1])
        children.setdefault(parent, []).append(number)
        took[number] = sum(map(int, words[11:15]))  # user and system, its own and of children waited for
    family, ticks = [pid], 0
    while family:
        each = family.pop()
        ticks += took.get(each, 0)
        family += children.get(each, [])
    return ticks / os.sysconf("SC_CLK_TCK")


def cost_of_program(
    words: Sequence[str], *, environment: Mapping[str, str], folder: Path, output: Path | None = None
) -> ProgramCost:
    """Run a program to its end and return what it took.

    A small process stands between: Linux counts the memory of whoever started a program as the program's own.
    """
    with tempfile.TemporaryDirectory(prefix="yingjin-bench-") as temporary:
        report = Path(temporary) / "cost.json"
        with (output or Path("/dev/null")).open("ab") as sink:
            subprocess.run(
                [sys.executable, "-S", str(Path(__file__).resolve()), str(report), *words],
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                check=True,
            )
        return ProgramCost(**json.loads(report.read_text()))


def _stand_between(report: str, *words: str) -> None:
    started = time.perf_counter()
    returncode = subprocess.run(words).returncode
    wall = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak_mib = used.ru_maxrss * 1024 / MIB
    cost = {
        "cpu": used.ru_utime + used.ru_stime,
        "wall": wall,
        "peak_mib": peak_mib,
        "returncode": returncode,
    }
    Path(report).write_text(json.dumps(cost))


if __name__ == "__main__":
    _stand_between(*sys.argv[1:])
