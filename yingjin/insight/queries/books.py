"""The rulebook behind a stored replay, loaded once."""

from collections.abc import Sequence
from functools import cache

from yingjin.gaps.files import due_rules
from yingjin.insight.queries.shapes import LayerName
from yingjin.policy import rulebooks
from yingjin.policy.domain.compiling import Rulebook
from yingjin.policy.errors import NoRulebook

SHIPPED = "hezhang"
SHORT_CHARACTERS = 2


@cache
def book(name: str = SHIPPED) -> Rulebook:
    """Return a rulebook under its own readings. Errors: NoRulebook."""
    return rulebooks.load(name)


def book_of(version: str) -> Rulebook | None:
    """Return the rulebook that a version names, as it is now; None when it is no longer shipped."""
    try:
        return book(version.partition("@")[0])
    except NoRulebook:
        return None


@cache
def layer_names() -> Sequence[LayerName]:
    """Return the payers in the rulebook's order."""
    labels = due_rules().payers
    return tuple(
        LayerName(each.id, labels.get(each.id, each.text.zh), SHORT_ZH.get(each.id, each.text.zh))
        for each in book().contents.layers
    )


SHORT_ZH = {"basic": "医保", "critical_illness": "大病", "assistance": "救助"}
