"""Say in one sentence what is due, what is there, and what is missing. No name of a person, no bill number.

The sentences are in the language the rules were built in.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from yingjin.basics.money import yuan
from yingjin.gaps.domain.dues import DONE, EXCEPTED
from yingjin.gaps.domain.rules import DueRules

MARK = "#"
LEFT_BASE, NO_LONGER_DUE = f"{MARK}left_base", f"{MARK}no_longer_due"
TOLD = ("year", "last_on", "by_stay", "valid_from")  # the words of the sentences on evidence


def lacks_zh(
    due: str, reason: str, facts: Mapping[str, Any], rules: DueRules, *, short_fen: int = 0, disease: str = ""
) -> str:
    """Say what is missing. `disease` is the name of a treated due's disease, for readers who may see it."""
    return rules.reason(due, reason).lacks_zh.format_map(
        _words(facts, rules, short_fen=short_fen, disease=disease)
    )


def closes_with_zh(due: str, reason: str, facts: Mapping[str, Any], rules: DueRules) -> str:
    """Say which evidence closes a gap."""
    return rules.reason(due, reason).closes_with_zh.format_map(_words(facts, rules))


def due_zh(due: str, facts: Mapping[str, Any], rules: DueRules, *, on: date, disease: str = "") -> str:
    """Say why something is due."""
    return rules.dues[due].due_zh.format_map(_words({"year": on.year, **facts}, rules, disease=disease))


def done_zh(due: str, facts: Mapping[str, Any], rules: DueRules) -> str:
    """Say which evidence there is."""
    return rules.dues[due].done_zh.format_map(_words(facts, rules))


def exception_zh(change: str, rules: DueRules) -> str:
    """Say why a due does not bind a person now."""
    return rules.exception(change).zh


def closing(status: str, facts: Mapping[str, Any], change: str) -> str:
    """Return what closed a gap, as it is stored: a mark and the words its sentence needs, in no language.

    `#done year=2025` is evidence of that year, `#excepted change=left` an exception.
    """
    if status == EXCEPTED:
        return f"{MARK}{EXCEPTED} change={change}"
    assert status == DONE, "only evidence or an exception closes a gap"
    told = [f"{name}={facts[name]}" for name in TOLD if facts.get(name) not in (None, False)]
    return " ".join([f"{MARK}{DONE}", *told])


def closed_by(stored: str, due: str, rules: DueRules) -> str:
    """Say what closed a gap. What was stored before marks were is a Chinese sentence, and said as it is."""
    if not stored.startswith(MARK):
        return stored
    what, *pairs = stored.removeprefix(MARK).split(" ")
    told = dict(pair.split("=", 1) for pair in pairs)
    if what == EXCEPTED:
        return exception_zh(told["change"], rules)
    return done_zh(due, told, rules) if what == DONE else rules.words[what]


class _Words(dict[str, str]):
    """The words of a sentence; one that is not known reads 空, in English “unknown”."""

    def __init__(self, blank: str, known: Mapping[str, str]) -> None:
        super().__init__(known)
        self.blank = blank

    def __missing__(self, name: str) -> str:
        return self.blank


def _words(facts: Mapping[str, Any], rules: DueRules, *, short_fen: int = 0, disease: str = "") -> _Words:
    known = {name: str(value) for name, value in facts.items() if value is not None}
    words = _Words(rules.words["blank"], known)
    words["by"] = rules.words["by_stay" if facts.get("by_stay") else "by_record"]
    words["short"] = yuan(short_fen)
    words["disease"] = disease or rules.words["disease"]
    if "paid" in facts:
        words["computed"] = yuan(sum(computed for _, computed, _ in facts["paid"]))
    return words
