"""What the page of a person says of each of the four dues: a heading, and one line of evidence or of whose task it is.

Every function speaks the language its rules were built in; `title_zh` has none and is told which.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from yingjin.gaps.domain.dues import DONE, EXCEPTED, LACKING, OPEN, UNKNOWN, DueState
from yingjin.gaps.domain.rules import CONTRACTED, COVERED, INSURED, TREATED, DueRules
from yingjin.gaps.domain.words import done_zh, exception_zh, lacks_zh


class Said(NamedTuple):
    """One text in Chinese and in English."""

    zh: str
    en: str

    def chosen(self, english: bool) -> str:
        """Return the text in one of the two."""
        return self.en if english else self.zh


TITLES = {
    INSURED: {
        DONE: Said("已参保", "Enrolled"),
        OPEN: Said("没有参保", "Not enrolled"),
        UNKNOWN: Said("参保待核", "Enrolment to be confirmed"),
        EXCEPTED: Said("不在应参保之列", "Not due for enrolment"),
    },
    TREATED: {
        DONE: Said("已救治", "Treated"),
        OPEN: Said("{count} 种病没有救治", "Diseases not treated: {count}"),
        UNKNOWN: Said("救治待核", "Treatment to be confirmed"),
        EXCEPTED: Said("不在应救治之列", "Not due for treatment"),
    },
    CONTRACTED: {
        DONE: Said("已签约", "Contracted"),
        OPEN: Said("没有签约", "No contract"),
        UNKNOWN: Said("签约待核", "Contract to be confirmed"),
        EXCEPTED: Said("不在应签约之列", "Not due for a contract"),
    },
    COVERED: {
        DONE: Said("都兜住了", "All covered"),
        OPEN: Said("{count} 处没有兜住", "Stays not covered: {count}"),
        EXCEPTED: Said("不在应兜底之列", "Not due for cover"),
    },
}
NOTHING_DUE = {
    TREATED: Said("没有名单内的病", "No disease on the list"),
    COVERED: Said("今年没有该兜的住院", "No stay this year that had to be covered"),
}
OUTSIDE_BASE = Said("当天不在应享名单", "Not on the list of those due on that day")
TASK_OF = Said("责任 {owners}", "Task of: {owners}")
ALL_PAID = Said(
    "今年 {count} 次住院，各方实付都不少于应付", "{count} stays this year, every payer has paid what is due"
)
OF_STAY = Said("{day} 出院：{sentence}", "Stay discharged on {day}: {sentence}")
OF_DISEASE = Said("{disease}：{sentence}", "{disease}: {sentence}")
LISTED, SEVERAL = Said("、", ", "), Said("，", "; ")
Name = Callable[[str], str]


def title_zh(
    due: str, status: str, items: Sequence[DueState], *, in_base: bool, english: bool = False
) -> str:
    """Return the heading of one of the four, by the worst of its items."""
    if not items:
        said = NOTHING_DUE.get(due, OUTSIDE_BASE) if in_base else OUTSIDE_BASE
        return said.chosen(english)
    count = sum(each.status == status for each in items)
    return TITLES[due][status].chosen(english).format(count=count)


def text_zh(
    status: str,
    items: Sequence[DueState],
    rules: DueRules,
    *,
    english: bool = False,
    disease_name: Name = str,
) -> str:
    """Return the line under the heading: whose task it is, or the evidence; nothing for an exception, which has its own."""
    if status in LACKING:
        owners = dict.fromkeys(rules.owners[each.owner] for each in items if each.lacking)
        return TASK_OF.chosen(english).format(owners=LISTED.chosen(english).join(owners))
    done = [each for each in items if each.status == DONE]
    if status != DONE or not done:
        return ""
    if len(done) > 1 and done[0].due == COVERED:
        return ALL_PAID.chosen(english).format(count=len(done))
    return SEVERAL.chosen(english).join(
        item_zh(each, rules, english=english, disease_name=disease_name) for each in done
    )


def item_zh(state: DueState, rules: DueRules, *, english: bool = False, disease_name: Name = str) -> str:
    """Return one sentence on one due: what is missing, the evidence there is, or why it does not bind."""
    if state.exception is not None:
        return exception_zh(state.exception.change, rules)
    disease = disease_name(disease_of(state))
    if state.status == DONE:
        return _of_subject(state, done_zh(state.due, state.facts, rules), disease, english)
    words: dict[str, Any] = {"short_fen": state.shortfall_fen, "disease": disease}
    return _of_subject(
        state, lacks_zh(state.due, state.reason, state.facts, rules, **words), disease, english
    )


def disease_of(state: DueState) -> str:
    """Return the disease a treated due is of."""
    return state.subject if state.due == TREATED else ""


def _of_subject(state: DueState, sentence: str, disease: str, english: bool) -> str:
    """Say which stay or which disease a sentence is about where it does not say so itself."""
    if state.due == COVERED:
        return OF_STAY.chosen(english).format(day=state.facts["discharged_on"], sentence=sentence)
    if state.due == TREATED and disease not in sentence:
        return OF_DISEASE.chosen(english).format(disease=disease, sentence=sentence)
    return sentence
