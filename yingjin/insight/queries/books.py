"""The rulebook behind a stored replay, loaded once."""

from collections.abc import Sequence
from functools import cache

from django.utils.translation import gettext_lazy

from yingjin.basics.language import speaks_english
from yingjin.gaps.domain.rules import DueRules
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


def said_rules() -> DueRules:
    """Return the rules of the dues with their texts in the reader's language."""
    return due_rules(english=speaks_english())


def layer_names() -> Sequence[LayerName]:
    """Return the payers in the rulebook's order, in the reader's language."""
    return _layer_names(speaks_english())


@cache
def _layer_names(english: bool) -> Sequence[LayerName]:
    labels = due_rules(english=english).payers
    layers = {each.id: each.text.en if english else each.text.zh for each in book().contents.layers}
    return tuple(
        LayerName(key, labels.get(key, name), str(SHORT_NAMES.get(key, name))) for key, name in layers.items()
    )


SHORT_NAMES = {
    "basic": gettext_lazy("医保"),
    "critical_illness": gettext_lazy("大病"),
    "assistance": gettext_lazy("救助"),
}
