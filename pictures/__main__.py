"""Take the pictures of pages whose names begin as told (all, when nothing is): `make pictures [ONLY="gap bill"]`.

A county of 2,000 made-up people is made by a fixed seed, worked in and served; a second place stays empty.
`--keep FOLDER` keeps both there and takes them up again; `--to FOLDER` puts the pictures elsewhere; `--whole` cuts none.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from pictures.gallery import PAGE, gallery
from pictures.pages import COUNTY, FOLDER, SHOTS, Shot
from pictures.papers import PAPERS, PAPERS_FOLDER, take_papers
from pictures.taking import take
from tests.support.browser import launched
from tests.support.places import CHECKOUT, Place

PEOPLE, SEED = 2000, 2025
SESSION_COOKIE = "sessionid"


@dataclass(frozen=True)
class Served:
    """A place that is served: its address, who is signed in by which cookie, and what its pages' addresses need."""

    address: str
    cookies: dict[str, str]
    passwords: dict[str, str]
    found: dict[str, Any]
    session_cookie: str = SESSION_COOKIE


def main() -> int:
    """Return 0 when all were taken, 2 when no page has such a name."""
    args = arguments()
    begins = tuple(args.only or [""])
    shots = [each for each in SHOTS if each.name.startswith(begins)]
    papers = any(each.name.startswith(begins) for each in PAPERS)
    if not shots and not papers:
        print(
            f"No page is called so. There are: {' '.join(each.name for each in SHOTS)} paper", file=sys.stderr
        )
        return 2
    args.to.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(gallery(), encoding="utf-8")
    kinds = {each.place for each in shots} | ({COUNTY} if papers else set())
    with tempfile.TemporaryDirectory(prefix="yingjin-pictures-") as folder, launched() as browser:
        places = {kind: Place(Path(args.keep or folder) / kind) for kind in sorted(kinds)}
        try:
            served = {kind: serve(kind, place) for kind, place in places.items()}
            if papers:
                take_papers(browser, served[COUNTY], args.to.parent / PAPERS_FOLDER.name)
            take_all(browser, shots, served, args)
        finally:
            for place in places.values():
                place.stop_servers()
    return 0


def take_all(
    browser: Browser, shots: list[Shot], served: dict[str, Served], args: argparse.Namespace
) -> None:
    """Take the pages, saying how large each became."""
    total = 0
    for shot in shots:
        size = take(browser, shot, served[shot.place], args.to, whole=args.whole)
        total += size
        print(f"{shot.name:24} {size / 1024:8.0f} KB", flush=True)
    print(f"{sum(len(each.files()) for each in shots)} pictures, {total / 1024 / 1024:.1f} MB, in {args.to}")


def arguments() -> argparse.Namespace:
    """Read what is wanted."""
    parser = argparse.ArgumentParser(prog="python -m pictures", description=__doc__)
    parser.add_argument("only", nargs="*")
    parser.add_argument("--to", type=Path, default=FOLDER)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--whole", action="store_true")
    return parser.parse_args()


def serve(kind: str, place: Place) -> Served:
    """Make a place ready, unless it was kept, and serve it."""
    kept = place.folder / "ready.json"
    if not kept.exists():
        print(f"making the {kind} place ...", flush=True)
        if kind == COUNTY:
            files = place.inputs / "county"
            place.do("make-county", files, "--people", PEOPLE, "--seed", SEED)
            place.do("run-county", files / "registers")
        ready = worked_in(kind, place)
        kept.write_text(ready, encoding="utf-8")
    known = json.loads(kept.read_text(encoding="utf-8"))
    return Served(place.serve("--without-worker"), known["cookies"], known["passwords"], known["found"])


def worked_in(kind: str, place: Place) -> str:
    """Let the work of a place be done in a process of its own; return what it found, as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "pictures.work", kind, str(place.inputs / "county")],
        cwd=CHECKOUT, env=place.environment, capture_output=True, encoding="utf-8", timeout=600,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(
            f"the work in the {kind} place ended with {done.returncode}:\n{done.stderr[-4000:]}"
        )
    return done.stdout.splitlines()[-1]


if __name__ == "__main__":
    sys.exit(main())
