"""Run the suite on both databases at once: `python -m tests.support.suites`, which is what `make test` calls.

Everything runs once on SQLite, with every branch that decides measured; beside it all that touches a database
runs on PostgreSQL, its output shown when it is whole. Both go to their end, so that one look shows all that fails.
"""

import os
import subprocess
import sys
import tempfile
import time

from tests.support.deciding import for_coverage
from tests.support.tree import ROOT

ON_EVERY_DATABASE = ("integration", "golden", "e2e")


def main(tests: list[str]) -> int:
    """Run the tests named (all, when none is) on both databases; return 0 when all hold."""
    begun = time.monotonic()
    second = tests or [f"tests/{kind}" for kind in ON_EVERY_DATABASE]
    with tempfile.TemporaryFile() as shown_later:
        postgres = pytest("postgres", second, output=shown_later)
        print("== SQLite: every test; PostgreSQL beside it, shown below", flush=True)
        sqlite = pytest("sqlite", tests, measured=not tests)
        try:
            failed = [sqlite.wait() != 0]
            if not tests:
                print("== Every branch that decides", flush=True)
                failed.append(coverage("report").wait() != 0)
            failed.append(postgres.wait() != 0)
        except KeyboardInterrupt:  # ^C reached both as well: they clean up, then end
            sqlite.wait()
            postgres.wait()
            return 130
        print("== PostgreSQL: every test that touches a database", flush=True)
        shown_later.seek(0)
        sys.stdout.buffer.write(shown_later.read())
    print(f"Took {(time.monotonic() - begun) / 60:.1f} min.", flush=True)
    return 1 if any(failed) else 0


def pytest(
    database: str, tests: list[str], *, output: object = None, measured: bool = False
) -> subprocess.Popen:
    """Start pytest on one database."""
    environment = {**os.environ, "YINGJIN_TEST_DATABASE": database}
    if measured:
        return coverage(
            "run",
            f"--source={for_coverage()}",
            "-m",
            "pytest",
            "--durations=10",
            *tests,
            environment=environment,
        )
    words = [sys.executable, "-m", "pytest", "--durations=10", *tests]
    return subprocess.Popen(
        words, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
    )


def coverage(*words: str, environment: dict[str, str] | None = None) -> subprocess.Popen:
    """Start coverage, which starts before anything of ours is imported."""
    return subprocess.Popen(
        [sys.executable, "-m", "coverage", *words], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
