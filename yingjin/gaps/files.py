"""The rules of the four dues, read from this package."""

from functools import cache
from importlib.resources import files

import yaml

from yingjin.gaps.domain.rules import DueRules, build


@cache
def due_rules() -> DueRules:
    """Read and check the rules of the dues. Errors: BadDueRules."""
    return build(yaml.safe_load((files("yingjin.gaps") / "data" / "dues.yaml").read_text(encoding="utf-8")))
