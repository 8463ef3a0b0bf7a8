"""Say what was done, inside the transaction that does it."""

from datetime import datetime
from typing import Any

from yingjin.basics.models import AuditEvent


def record(what: str, *, target: str, by: Any, at: datetime, **facts: Any) -> None:
    """Add one line to the audit table; call it last in the transaction (D10).

    `by` is a user or the name of a robot; `facts` hold keys and counts, never names or identity numbers.
    """
    AuditEvent.objects.create(
        what=what, target=target, by=getattr(by, "username", str(by)), at=at, facts=facts
    )
