"""Every change to enrolments, bills, what they were worked out to, and what two people decide about the held."""

from yingjin.settlement.actions.bills import (
    YEARS_A_TRANSACTION,
    ReplayTally,
    bill_key,
    facts_of,
    hold_bills,
    hold_enrolments,
    replay_years,
)
from yingjin.settlement.actions.decisions import (
    confirm_decision,
    decline_decision,
    propose_decision,
    withdraw_decision,
)
from yingjin.settlement.actions.undone import follow_undone

__all__ = [
    "YEARS_A_TRANSACTION",
    "ReplayTally",
    "bill_key",
    "confirm_decision",
    "decline_decision",
    "facts_of",
    "follow_undone",
    "hold_bills",
    "hold_enrolments",
    "propose_decision",
    "replay_years",
    "withdraw_decision",
]
