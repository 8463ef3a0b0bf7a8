"""Bills whose landed row was taken away again when its import was undone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.derived import SyncTally
from yingjin.settlement.domain.states import UNDONE
from yingjin.settlement.models import Bill


@transaction.atomic
def follow_undone(heirs: Mapping[int, int | None], *, by: Any, at: datetime) -> SyncTally:
    """Let bills of undone rows stand as undone, or belong to the row that brought them again.

    `heirs` gives, for each undone row, the row in force of the same settlement, None when there is none. An undone
    bill stays, out of every replay and sum: what was worked out with it is history.
    """
    allow(by, "hold")
    tally = SyncTally()
    undone = list(Bill.objects.filter(row_id__in=list(heirs)).only("key", "row_id", "state")) if heirs else []
    for bill in undone:
        heir = heirs[bill.row_id]
        if heir is None and bill.state != UNDONE:
            Bill.objects.filter(pk=bill.pk).update(state=UNDONE)
            tally.removed += 1
        elif heir is not None:
            Bill.objects.filter(pk=bill.pk).update(row_id=heir)
            tally.changed += 1
    if tally.written:
        record("bills_undone", target="settlement", by=by, at=at, undone=tally.removed, back=tally.changed)
    return tally
