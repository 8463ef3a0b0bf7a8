"""The rules of the four dues as data: read once, checked whole, then only looked up."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any, NamedTuple

from yingjin.basics.errors import BadInput

INSURED, TREATED, CONTRACTED, COVERED = "insured", "treated", "contracted", "covered"
DUES = (INSURED, TREATED, CONTRACTED, COVERED)
OPEN_ENDED, YEAR_END, NAMED = "open", "year_end", "named"
WORDS = frozenset(
    {"year", "last_year", "disease", "confirmed_on", "last_on", "by", "valid_from", "ended_on", "discharged_on",
     "computed", "short"}
)  # fmt: skip
NEEDED = {
    INSURED: {"not_enrolled", "enrolment_lapsed"},
    TREATED: {"never_treated", "treatment_lapsed", "confirm_condition"},
    CONTRACTED: {"never_contracted", "contract_ended"},
    COVERED: set(),
}


class BadDueRules(BadInput):
    """The file of the dues contradicts itself or leaves something out."""

    code = "bad_due_rules"


class Reason(NamedTuple):
    """Why something is missing: whose task it is, how many days it may take, and what closes it.

    The texts of all rules are in the one language they were built in.
    """

    code: str
    zh: str
    lacks_zh: str
    closes_with_zh: str
    owner: str
    days: int


class DueRule(NamedTuple):
    """One of the four dues in words, and the reasons for which it may be missing."""

    due: str
    zh: str
    mark: str
    due_zh: str
    done_zh: str
    source: str
    reasons: Mapping[str, Reason]


class ExceptionRule(NamedTuple):
    """What a change of a person excepts, and until when."""

    change: str
    excepts: str  # a due, or NAMED: the one the change names
    until: str  # OPEN_ENDED, YEAR_END, or the change that ends it
    zh: str
    who_zh: str


class GrantedRule(NamedTuple):
    """A reason for which somebody at the desk may except a gap, and whether a paper must prove it."""

    code: str
    zh: str
    en: str
    dues: frozenset[str]
    evidence: bool
    who_zh: str


@dataclass(frozen=True)
class DueRules:
    """The dues, their base, their reasons and exceptions."""

    base: frozenset[str]
    treated_within_days: int
    owners: Mapping[str, str]
    dues: Mapping[str, DueRule]
    payers: Mapping[str, str]
    short_of: Mapping[str, str]  # payer -> reason
    several_payers: str
    identity_reason: str
    exceptions: Mapping[str, ExceptionRule]
    granted: Mapping[str, GrantedRule]
    granted_days_most: int
    words: Mapping[str, str]

    def exception(self, code: str) -> ExceptionRule | GrantedRule:
        """Return what stands behind an exception: a change of the register, or a granted reason."""
        return self.exceptions.get(code) or self.granted[code]

    def reason(self, due: str, code: str) -> Reason:
        """Return a reason of a due."""
        return self.dues[due].reasons[code]


def build(data: Mapping[str, Any], *, english: bool = False) -> DueRules:
    """Build the rules from their file's content, in Chinese or in English, and check them whole.

    Errors: BadDueRules, naming the line that is wrong.
    """
    try:
        rules = _build(data, "en" if english else "zh")
    except (KeyError, TypeError, AttributeError) as error:
        raise _bad(f"缺少或写错：{error}", f"missing or misspelt: {error}") from None
    _check(rules)
    return rules


def _build(data: Mapping[str, Any], language: str) -> DueRules:
    if data["assumed"] is not True:
        raise _bad("assumed 要写 true", "assumed must be true until a county has confirmed every line")
    return DueRules(
        base=frozenset(data["base"]["categories"]),
        treated_within_days=data["treated_within_days"],
        owners={code: owner[language] for code, owner in data["owners"].items()},
        dues={due: _due(due, entry, language) for due, entry in data["dues"].items()},
        payers={payer: entry[language] for payer, entry in data["payers"].items()},
        short_of={payer: entry["reason"] for payer, entry in data["payers"].items()},
        several_payers=data["several_payers"],
        identity_reason=data["identity_reason"],
        exceptions={
            change: _exception(change, {**entry}, language) for change, entry in data["exceptions"].items()
        },
        granted={
            code: _granted(code, entry, data, language) for code, entry in data["granted"]["reasons"].items()
        },
        granted_days_most=data["granted"]["days_most"],
        words={name: entry[language] for name, entry in data["words"].items()},
    )


def _exception(change: str, entry: Mapping[str, Any], language: str) -> ExceptionRule:
    return ExceptionRule(
        change=change,
        excepts=entry["excepts"],
        until=entry["until"],
        zh=entry[language],
        who_zh=entry[f"who_{language}"],
    )


def _granted(code: str, entry: Mapping[str, Any], data: Mapping[str, Any], language: str) -> GrantedRule:
    return GrantedRule(
        code=code,
        zh=entry[language],
        en=entry["en"],
        dues=frozenset(entry["dues"]),
        evidence=entry["evidence"],
        who_zh=data["granted"][f"who_{language}"],
    )


def _due(due: str, entry: Mapping[str, Any], language: str) -> DueRule:
    return DueRule(
        due=due,
        zh=entry[language],
        mark=entry["mark"],
        due_zh=entry[f"due_{language}"],
        done_zh=entry[f"done_{language}"],
        source=entry["source"],
        reasons={code: _reason(code, reason, language) for code, reason in entry["reasons"].items()},
    )


def _reason(code: str, entry: Mapping[str, Any], language: str) -> Reason:
    return Reason(
        code=code,
        zh=entry[language],
        lacks_zh=entry[f"lacks_{language}"],
        closes_with_zh=entry[f"closes_with_{language}"],
        owner=entry["owner"],
        days=entry["days"],
    )


def _check(rules: DueRules) -> None:
    if tuple(rules.dues) != DUES:
        raise _bad(
            f"应项要正好是 {'、'.join(DUES)}，按此顺序", f"the dues must be {', '.join(DUES)}, in this order"
        )
    if not rules.base or not _days(rules.treated_within_days):
        raise _bad(
            "身份不能为空，天数要是正整数",
            "the base may not be empty, the days must be a whole number above 0",
        )
    for rule in rules.dues.values():
        _check_due(rule, rules)
    covered = rules.dues[COVERED].reasons
    for reason in (*rules.short_of.values(), rules.several_payers):
        if reason not in covered:
            raise _bad(f"兜没有这个原因：{reason}", f"covered has no reason {reason}")
    for exception in rules.exceptions.values():
        if exception.excepts not in (*DUES, NAMED):
            raise _bad(f"没有这个应项：{exception.excepts}", f"there is no due {exception.excepts}")
    _check_granted(rules)


def _check_granted(rules: DueRules) -> None:
    if not _days(rules.granted_days_most):
        raise _bad("除外最长的天数要是正整数", "the longest exception must be a whole number of days above 0")
    for one in rules.granted.values():
        if not one.dues or not one.dues <= frozenset(DUES):
            raise _bad(
                f"{one.code} 的应项写错：{sorted(one.dues)}",
                f"{one.code} names wrong dues: {sorted(one.dues)}",
            )
        if one.code in rules.exceptions:
            raise _bad(f"{one.code} 写了两次", f"{one.code} stands there twice")


def _check_due(rule: DueRule, rules: DueRules) -> None:
    needed = NEEDED[rule.due] | (set() if rule.due == COVERED else {rules.identity_reason})
    if missing := needed - set(rule.reasons):
        raise _bad(f"{rule.due} 缺原因：{sorted(missing)}", f"{rule.due} lacks the reasons {sorted(missing)}")
    for reason in rule.reasons.values():
        if reason.owner not in rules.owners:
            raise _bad(f"没有这个责任人：{reason.owner}", f"there is no owner {reason.owner}")
        if not _days(reason.days):
            raise _bad(
                f"{reason.code} 的天数要是正整数", f"the days of {reason.code} must be a whole number above 0"
            )
    texts = [rule.due_zh, rule.done_zh]
    texts += [text for reason in rule.reasons.values() for text in (reason.lacks_zh, reason.closes_with_zh)]
    for text in texts:
        unknown = {name for _, name, _, _ in Formatter().parse(text) if name is not None} - WORDS
        if unknown:
            raise _bad(f"花括号里不认识：{sorted(unknown)}", f"unknown words in braces: {sorted(unknown)}")


def _days(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _bad(zh: str, en: str) -> BadDueRules:
    return BadDueRules(
        f"应项规则读不了：{zh}。请改 dues.yaml。",
        f"The rules of the dues cannot be read: {en}. Correct dues.yaml.",
    )
