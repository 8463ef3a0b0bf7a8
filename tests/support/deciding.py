"""What decides: every `domain`, and the modules of `basics` that calculate and judge.

It is typed strictly and covered to the last branch. `python -m tests.support.deciding` prints it, for `make check`.
"""

from pathlib import Path

from tests.support.tree import ROOT

PURE = ("money", "days", "identity", "names", "errors", "access")


def deciding() -> list[Path]:
    """Return the folders and files that decide, relative to the root."""
    domains = [*ROOT.glob("yingjin/*/domain"), *ROOT.glob("yingjin/*/domain.py")]
    pure = [ROOT / "yingjin" / "basics" / f"{name}.py" for name in PURE]
    return [path.relative_to(ROOT) for path in sorted(domains) + pure]


def for_coverage() -> str:
    """Return the same as coverage takes it: folders by path, so that a file no test imports counts, files as modules."""
    return ",".join(".".join(path.with_suffix("").parts) if path.suffix else str(path) for path in deciding())


if __name__ == "__main__":
    print(*deciding())
