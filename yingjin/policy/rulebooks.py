"""Load a rulebook by its name or its file's path, whole and checked."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yingjin
from yingjin.policy.domain.building import build, read_parameters
from yingjin.policy.domain.compiling import Rulebook
from yingjin.policy.domain.refusals import RulebookRefused, Where
from yingjin.policy.errors import NoRulebook
from yingjin.policy.files import read_rulebook_file

PACKAGE = Path(yingjin.__file__).parent
FOLDERS = (PACKAGE / "rulebooks", PACKAGE.parent / "rulebooks")  # inside the wheel; in a checkout


def load(name_or_path: str | Path, readings: Mapping[str, str] | None = None) -> Rulebook:
    """Return a rulebook under its own readings, or with some of them switched.

    Every reading that can be chosen is tried out, so that a file is sound whichever way it is read later.

    Errors: NoRulebook, UnreadableRulebook, RulebookRefused, UnknownReading.
    """
    path = find(name_or_path)
    data, digest = read_rulebook_file(path)
    parameters = read_parameters(data, path.name, {})
    for key, parameter in parameters.items():
        for reading in parameter.supported():
            _rulebook(data, digest, path, {key: reading})
    return _rulebook(data, digest, path, readings or {})


def _rulebook(data: Any, digest: str, path: Path, switched: Mapping[str, str]) -> Rulebook:
    parameters = read_parameters(data, path.name, switched)
    book = Rulebook(build(data, path.name, parameters), digest, path.name)
    if book.name != path.stem:
        raise RulebookRefused(
            Where(path.name, "", "name"),
            f"是“{book.name}”，要和文件名一样写“{path.stem}”。",
            f"is “{book.name}” but must be “{path.stem}” like the file.",
        )
    return book


def find(name_or_path: str | Path) -> Path:
    """Return the file of a rulebook: a path when it looks like one, else a shipped rulebook's name."""
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or text.endswith((".yaml", ".yml")) or "/" in text or "\\" in text:
        return Path(name_or_path)
    shipped = names()
    if text not in shipped:
        raise NoRulebook(text, tuple(shipped))
    return shipped[text]


def names() -> dict[str, Path]:
    """Return the shipped rulebooks by name."""
    files = (path for folder in FOLDERS for path in sorted(folder.glob("*/*.yaml")))
    shipped: dict[str, Path] = {}
    for path in files:
        shipped.setdefault(path.stem, path)
    return shipped
