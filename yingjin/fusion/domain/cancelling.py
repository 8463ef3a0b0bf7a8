"""A settlement is never changed: another row cancels it, with the same person and the opposite money."""

from yingjin.fusion.domain.reasons import Reason
from yingjin.fusion.domain.rows import REFUND, SIGNED, Facts, fen


def why_not_cancelled(row: Facts, cancelled: Facts | None, cancelled_by: str) -> Reason | None:
    """Return why a row cannot cancel the settlement it names, or None when it can.

    `cancelled` is that settlement, None when it has not come; `cancelled_by` the row that cancels it already.
    """
    if cancelled is None:
        return row.reason("unknown_settlement", "cancels")
    if cancelled["is_refund"] == REFUND:
        return row.reason("cancels_a_refund", "cancels")
    if cancelled_by:
        return row.reason("already_cancelled", "cancels", other_value=cancelled_by)
    if row["register_no"] != cancelled["register_no"]:
        return row.reason("cancelling_differs", "register_no", other_value=cancelled["register_no"])
    for field in SIGNED:
        if (fen(row[field]) or 0) + (fen(cancelled[field]) or 0):
            return row.reason("cancelling_differs", field, other_value=cancelled[field])
    return None
