"""Run the measurements named (all, when none is), print their tables and renew their parts of docs/benchmarks.md."""

import platform
import re
import sys
import time
from datetime import date
from importlib import import_module
from pathlib import Path

import django

from bench.pages_of_parts import renew
from bench.table import Table, markdown

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
MEASUREMENTS = ("settle", "main_job", "landing", "export", "row_security", "pages")
HEAD = """# Measured

Written by `make bench`; a part alone: `.venv/bin/python -m bench settle`. Wall times are what a person waits on the
machine named and are not judged; ratios of processor time are.
"""


def main(names: list[str]) -> int:
    """Return 0 when every limit is kept, 1 when one is not, 2 for a name that is no measurement."""
    unknown = set(names) - set(MEASUREMENTS)
    if unknown:
        print(
            f"No such measurement: {', '.join(sorted(unknown))}. There are: {', '.join(MEASUREMENTS)}.",
            file=sys.stderr,
        )
        return 2
    broken = []
    for name in names or MEASUREMENTS:
        print(f"== {name}", flush=True)
        started = time.perf_counter()
        tables = import_module(f"bench.{name}").run()
        minutes = (time.perf_counter() - started) / 60
        text = section(name, tables, minutes)
        print(text, flush=True)
        renew(PAGE, head=HEAD, kind="bench", names=MEASUREMENTS, name=name, text=text)
        broken += [limit.what for table in tables for limit in table.limits if not limit.kept]
    for what in broken:
        print(f"Not kept: {what}", file=sys.stderr)
    return 1 if broken else 0


def section(name: str, tables: list[Table], minutes: float) -> str:
    """Write one measurement's part of the page."""
    head = f"## {name}\n\n{date.today().isoformat()}, {minutes:.0f} min, {machine()}.\n"
    return head + "".join("\n" + markdown(table) for table in tables)


def machine() -> str:
    """Say what was measured on, without naming the machine."""
    cores, model = 0, platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        cores += line.startswith("processor")
        model = line.partition(":")[2].strip() if line.startswith("model name") else model
    memory = (
        re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
        if Path("/proc/meminfo").exists()
        else None
    )
    gib = f"{int(memory[1]) / 1024 / 1024:.0f} GiB" if memory else "memory unknown"
    return (
        f"{cores or '?'} cores ({model}), {gib}, {platform.system()} {platform.release().split('-')[0]}, "
        f"Python {platform.python_version()}, Django {django.get_version()}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
