"""What the page of a person says of each of the four dues: a heading, and one line of evidence or of whose task it is."""

from collections.abc import Sequence
from typing import Any

from yingjin.gaps.domain.dues import DONE, EXCEPTED, LACKING, OPEN, UNKNOWN, DueState
from yingjin.gaps.domain.rules import CONTRACTED, COVERED, INSURED, TREATED, DueRules
from yingjin.gaps.domain.words import done_zh, exception_zh, lacks_zh

TITLES_ZH = {
    INSURED: {DONE: "已参保", OPEN: "没有参保", UNKNOWN: "参保待核", EXCEPTED: "不在应参保之列"},
    TREATED: {DONE: "已救治", OPEN: "{count} 种病没有救治", UNKNOWN: "救治待核", EXCEPTED: "不在应救治之列"},
    CONTRACTED: {DONE: "已签约", OPEN: "没有签约", UNKNOWN: "签约待核", EXCEPTED: "不在应签约之列"},
    COVERED: {DONE: "都兜住了", OPEN: "{count} 处没有兜住", EXCEPTED: "不在应兜底之列"},
}
NOTHING_DUE_ZH = {TREATED: "没有名单内的病", COVERED: "今年没有该兜的住院"}
OUTSIDE_BASE_ZH = "当天不在应享名单"
SEVERAL = "，"


def title_zh(due: str, status: str, items: Sequence[DueState], *, in_base: bool) -> str:
    """Return the heading of one of the four, by the worst of its items."""
    if not items:
        return NOTHING_DUE_ZH.get(due, OUTSIDE_BASE_ZH) if in_base else OUTSIDE_BASE_ZH
    count = sum(each.status == status for each in items)
    return TITLES_ZH[due][status].format(count=count)


def text_zh(status: str, items: Sequence[DueState], rules: DueRules) -> str:
    """Return the line under the heading: whose task it is, or the evidence; nothing for an exception, which has its own."""
    if status in LACKING:
        owners = dict.fromkeys(rules.owners[each.owner] for each in items if each.lacking)
        return f"责任 {'、'.join(owners)}"
    done = [each for each in items if each.status == DONE]
    if status != DONE or not done:
        return ""
    if len(done) > 1 and done[0].due == COVERED:
        return f"今年 {len(done)} 次住院，各方实付都不少于应付"
    return SEVERAL.join(item_zh(each, rules) for each in done)


def item_zh(state: DueState, rules: DueRules) -> str:
    """Return one sentence on one due: what is missing, the evidence there is, or why it does not bind."""
    if state.exception is not None:
        return exception_zh(state.exception.change, rules)
    if state.status == DONE:
        return _of_subject(state, done_zh(state.due, state.facts, rules))
    words: dict[str, Any] = {"short_fen": state.shortfall_fen, "disease": disease_of(state)}
    return _of_subject(state, lacks_zh(state.due, state.reason, state.facts, rules, **words))


def disease_of(state: DueState) -> str:
    """Return the disease a treated due is of."""
    return state.subject if state.due == TREATED else ""


def _of_subject(state: DueState, sentence: str) -> str:
    """Say which stay or which disease a sentence is about where it does not say so itself."""
    if state.due == COVERED:
        return f"{state.facts['discharged_on']} 出院：{sentence}"
    if state.due == TREATED and state.subject not in sentence:
        return f"{state.subject}：{sentence}"
    return sentence
