"""Every change to what is due and done, and to the work on it."""

from yingjin.gaps.actions.exceptions import Paper, end_exceptions, except_gaps, expire_exceptions
from yingjin.gaps.actions.finding import PersonFound, Stored, store_finding
from yingjin.gaps.actions.letters import record_reply, write_letter
from yingjin.gaps.actions.undo import undo_act
from yingjin.gaps.actions.work import AgreedDay, Assignee, work_on_gaps

__all__ = [
    "AgreedDay",
    "Assignee",
    "Paper",
    "PersonFound",
    "Stored",
    "end_exceptions",
    "except_gaps",
    "expire_exceptions",
    "record_reply",
    "store_finding",
    "undo_act",
    "work_on_gaps",
    "write_letter",
]
