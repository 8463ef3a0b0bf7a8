"""Ask whether a locked package has a known hole: `make audit`. It needs the network, and what was not asked is not well.

The lists of holes are asked by pip-audit, which calls a package it has no answer for skipped and goes on; here that
fails, and so does being offline.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

from tests.support.tree import ROOT

LOCKS = ("requirements/base.txt", "requirements/dev.txt")
WELL, HOLES, NOT_ASKED = 0, 1, 2


def main() -> int:
    """Print what is known of the locked packages; return 0 only when all were asked about and none has a hole."""
    locks = [word for lock in LOCKS for word in ("--requirement", lock)]
    words = ("--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json", *locks)
    done = subprocess.run(
        [sys.executable, "-m", "pip_audit", *words], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    lines, code = judged(done.stdout, done.stderr)
    print("\n".join(lines))
    return code


def judged(answer: str, errors: str) -> tuple[list[str], int]:
    """Return what to say of pip-audit's answer, and the exit code."""
    try:
        packages: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        why = next((line for line in reversed(errors.splitlines()) if line.strip()), "no answer")
        return [
            f"Nothing was checked: the lists of known holes could not be asked. {why[:300]}",
            "Run `make audit` where the network is, on the same requirements/*.txt.",
        ], NOT_ASKED
    holes = list(_holes(packages))
    skipped = sorted({f"{each['name']}: {each['skip_reason']}" for each in packages if "skip_reason" in each})
    asked = len(packages) - len(skipped)
    lines = [
        f"{asked} of {len(packages)} locked packages were asked about; {len(holes)} known holes.",
        *holes,
    ]
    if skipped or not packages:
        lines += ["Not checked:", *skipped[:10]] + ["…"] * (len(skipped) > 10)
    return lines, HOLES if holes else NOT_ASKED if skipped or not packages else WELL


def _holes(packages: Iterable[dict[str, Any]]) -> Iterable[str]:
    for package in packages:
        for hole in package.get("vulns", ()):
            mended = ", ".join(hole.get("fix_versions", ())) or "no version yet"
            yield f"{package['name']} {package['version']}: {hole['id']}, mended in {mended}"


if __name__ == "__main__":
    sys.exit(main())
