"""The files of the project, found by walking: also where there is no git, as in an unpacked archive."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {".git", ".venv", "dist", "node_modules", "__pycache__"}


def _ours(name: str) -> bool:
    return name not in NOT_OURS and not name.endswith(("_cache", ".egg-info")) and name != ".hypothesis"


@cache
def files() -> tuple[Path, ...]:
    """Return every file of the project, relative to its root."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(filter(_ours, folders))
        found += [
            (Path(folder) / name).relative_to(ROOT)
            for name in sorted(names)
            if not name.startswith(".coverage")
        ]
    return tuple(found)


def sources(*folders: str) -> list[Path]:
    """Return the Python files under these folders (all, when none is named), generated ones apart."""
    inside = folders or ("yingjin", "tests", "bench", "drill", "pictures", "scripts")
    return [
        path
        for path in files()
        if path.suffix == ".py" and path.parts[0] in inside and "migrations" not in path.parts
    ]


def texts(*suffixes: str) -> Iterator[tuple[Path, str]]:
    """Yield each file of ours that can be read as text, with its text; all kinds, when none is named."""
    for path in files():
        if not suffixes or path.suffix in suffixes:
            try:
                yield path, (ROOT / path).read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # a picture or a packed file


@cache
def parsed(path: Path) -> ast.Module:
    """Return a source file's syntax tree."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))
