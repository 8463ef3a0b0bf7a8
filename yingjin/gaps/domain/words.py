"""Say in one sentence what is due, what is there, and what is missing. No name of a person, no bill number."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from yingjin.basics.money import yuan
from yingjin.gaps.domain.dues import DONE, EXCEPTED
from yingjin.gaps.domain.rules import DueRules


def lacks_zh(
    due: str, reason: str, facts: Mapping[str, Any], rules: DueRules, *, short_fen: int = 0, disease: str = ""
) -> str:
    """Say what is missing. `disease` is the name of a treated due's disease, for readers who may see it."""
    return rules.reason(due, reason).lacks_zh.format_map(_words(facts, short_fen=short_fen, disease=disease))


def closes_with_zh(due: str, reason: str, facts: Mapping[str, Any], rules: DueRules) -> str:
    """Say which evidence closes a gap."""
    return rules.reason(due, reason).closes_with_zh.format_map(_words(facts))


def due_zh(due: str, facts: Mapping[str, Any], rules: DueRules, *, on: date, disease: str = "") -> str:
    """Say why something is due."""
    return rules.dues[due].due_zh.format_map(_words({"year": on.year, **facts}, disease=disease))


def done_zh(due: str, facts: Mapping[str, Any], rules: DueRules) -> str:
    """Say which evidence there is."""
    return rules.dues[due].done_zh.format_map(_words(facts))


def exception_zh(change: str, rules: DueRules) -> str:
    """Say why a due does not bind a person now."""
    return rules.exception(change).zh


def evidence_zh(due: str, status: str, facts: Mapping[str, Any], change: str, rules: DueRules) -> str:
    """Say what closed a gap: the evidence there now, or the exception that holds."""
    if status == EXCEPTED:
        return exception_zh(change, rules)
    assert status == DONE, "only evidence or an exception closes a gap"
    return done_zh(due, facts, rules)


class _Words(dict[str, str]):
    """The words of a sentence; one that is not known reads 空."""

    def __missing__(self, name: str) -> str:
        return "空"


def _words(facts: Mapping[str, Any], *, short_fen: int = 0, disease: str = "") -> _Words:
    words = _Words({name: str(value) for name, value in facts.items() if value is not None})
    words["by"] = "以此病为主诊断的住院" if facts.get("by_stay") else "救治记录"
    words["short"] = yuan(short_fen)
    words["disease"] = disease or "这种病"
    if "paid" in facts:
        words["computed"] = yuan(sum(computed for _, computed, _ in facts["paid"]))
    return words
