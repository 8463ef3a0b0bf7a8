"""The rules of the four dues and the departments letters go to, read from this package."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

from yingjin.gaps.domain.rules import DueRules, build


class Department(NamedTuple):
    """Whom a letter may be written to."""

    code: str
    zh: str
    en: str


@cache
def due_rules(*, english: bool = False) -> DueRules:
    """Read and check the rules of the dues, their texts in Chinese or in English. Errors: BadDueRules."""
    return build(_read("dues.yaml"), english=english)


@cache
def departments() -> Mapping[str, Department]:
    """Read the departments a letter may go to, by their code."""
    return {
        code: Department(code=code, **names)
        for code, names in _read("departments.yaml")["departments"].items()
    }


def _read(name: str) -> Any:
    return yaml.safe_load((files("yingjin.gaps") / "data" / name).read_text(encoding="utf-8"))
