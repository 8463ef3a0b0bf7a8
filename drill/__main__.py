"""Do the drills named (all, when none is), print what came of them, and renew their parts of docs/drills.md."""

import os
import random
import sys
import time
from datetime import date
from importlib import import_module
from pathlib import Path

import django

from bench.__main__ import machine
from bench.pages_of_parts import renew
from drill.places import folder_for
from drill.table import Outcome

PAGE = Path(__file__).resolve().parents[1] / "docs" / "drills.md"
DRILLS = ("intrusion", "fuzz", "kills", "restore", "stolen")
HEAD = """# Drills

Written by `make drill`; one alone: `.venv/bin/python -m drill fuzz`. `YINGJIN_DRILL_SHARE=0.1` does a tenth, and
`YINGJIN_DRILL_SEED` the same again. `make test` does a hundredth of the first three with a seed of its own.
"""


def main(names: list[str]) -> int:
    """Return 0 when nothing went wrong, 1 when something did, 2 for a name that is no drill."""
    unknown = set(names) - set(DRILLS)
    if unknown:
        print(
            f"No such drill: {', '.join(sorted(unknown))}. There are: {', '.join(DRILLS)}.", file=sys.stderr
        )
        return 2
    share = float(os.environ.get("YINGJIN_DRILL_SHARE") or 1)
    seed = int(os.environ.get("YINGJIN_DRILL_SEED") or random.SystemRandom().randrange(10**6))
    wrong: list[str] = []
    with folder_for("own") as own:
        os.environ |= {
            "YINGJIN_STORE": str(own),
            "DJANGO_SETTINGS_MODULE": "yingjin.settings",
            "YINGJIN_DATABASE_URL": "",
        }
        django.setup()
        for name in names or DRILLS:
            wrong += drilled(name, seed, share)
    for what in wrong[:50]:
        print(what, file=sys.stderr)
    return 1 if wrong else 0


def drilled(name: str, seed: int, share: float) -> list[str]:
    """Do one drill and renew its part of the page; return what went wrong."""
    print(f"== {name} (seed {seed}, share {share:g})", flush=True)
    started = time.perf_counter()
    outcomes: list[Outcome] = import_module(f"drill.{name}").run(seed, share)
    text = section(name, outcomes, seed, share, (time.perf_counter() - started) / 60)
    print(text, flush=True)
    renew(PAGE, head=HEAD, kind="drill", names=DRILLS, name=name, text=text)
    return [f"{name}: {each}" for outcome in outcomes for each in outcome.wrong]


def section(name: str, outcomes: list[Outcome], seed: int, share: float, minutes: float) -> str:
    """Write one drill's part of the page."""
    rows = [
        f"| {each.what} | {each.database} | {each.done:,} | {len(each.wrong)} | {each.control} |"
        for each in outcomes
    ]
    return "\n".join(
        [
            f"## {name}",
            "",
            f"{date.today().isoformat()}, share {share:g}, seed {seed}, {minutes:.1f} min, {machine()}.",
            "",
            "| what | database | done | wrong | what shows that it would be seen |",
            "|---|---|---:|---:|---|",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
