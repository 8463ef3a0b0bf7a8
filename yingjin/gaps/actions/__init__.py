"""Every change to what is due and done, and to the work on it."""

from yingjin.gaps.actions.finding import PersonFound, Stored, store_finding

__all__ = ["PersonFound", "Stored", "store_finding"]
