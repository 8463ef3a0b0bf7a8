"""The four dues of one person as the page shows them."""

from yingjin.basics.language import speaks_english
from yingjin.gaps.domain.dues import DueState as Judged
from yingjin.gaps.domain.dues import Excepted
from yingjin.gaps.domain.rules import COVERED, DUES
from yingjin.gaps.domain.words import exception_zh
from yingjin.insight.domain.due_words import item_zh, text_zh, title_zh
from yingjin.insight.domain.gap_ids import gap_id
from yingjin.insight.queries.books import said_rules
from yingjin.insight.queries.categories import disease_name
from yingjin.insight.queries.shapes import DueItem, DueState, Exception_
from yingjin.insight.queries.standing import Standing
from yingjin.settlement.actions import bill_key


def due_states(standing: Standing) -> list[DueState]:
    """Return those of the four dues of a person that the reader may see, in their order."""
    return [_due_state(due, standing) for due in DUES if due in standing.shown]


def _due_state(due: str, standing: Standing) -> DueState:
    items, status = standing.of(due), standing.status(due)
    excepted = next((each.exception for each in items if each.exception is not None), None)
    return DueState(
        due=due,
        status=status,
        title_zh=title_zh(due, status, items, in_base=standing.in_base, english=speaks_english()),
        text_zh=text_zh(status, items, said_rules(), english=speaks_english(), disease_name=disease_name),
        items=[_item(standing, each) for each in items],
        exception=exception_of(excepted) if excepted else None,
    )


def _item(standing: Standing, state: Judged) -> DueItem:
    return DueItem(
        gap_id=gap_id(standing.facts.person, state.due, state.subject),
        status=state.status,
        title_zh=item_zh(state, said_rules(), english=speaks_english(), disease_name=disease_name),
        since_on=state.since_on,
        due_by=state.due_by,
        shortfall_fen=state.shortfall_fen if state.due == COVERED else None,
        bill_key=str(bill_key(state.subject)) if state.due == COVERED else None,
    )


def exception_of(excepted: Excepted) -> Exception_:
    """Return an exception in words."""
    rules = said_rules()
    return Exception_(
        reason_zh=exception_zh(excepted.change, rules),
        evidence_zh=excepted.evidence,
        who_zh=rules.exception(excepted.change).who_zh,
        until_on=excepted.until,
    )
