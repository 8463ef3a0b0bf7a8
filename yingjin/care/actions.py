"""Hold conditions, treatments and family-doctor contracts as the health register has them (D5)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models

from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.derived import SyncTally, sync
from yingjin.care.models import Condition, Contract, Treatment


def hold_conditions(drafts: Iterable[Mapping[str, Any]], *, by: Any, at: datetime) -> SyncTally:
    """Make the conditions equal the health register."""
    fields = ("region_code", "icd_code", "name", "disease", "sensitive", "confirmed", "confirmed_on")
    return _hold(Condition, drafts, fields, by=by, at=at)


def hold_treatments(drafts: Iterable[Mapping[str, Any]], *, by: Any, at: datetime) -> SyncTally:
    """Make the treatments equal the health register."""
    fields = ("region_code", "icd_code", "disease", "sensitive", "treated_on", "what", "facility_name")
    return _hold(Treatment, drafts, fields, by=by, at=at)


def hold_contracts(drafts: Iterable[Mapping[str, Any]], *, by: Any, at: datetime) -> SyncTally:
    """Make the family-doctor contracts equal the health register."""
    fields = ("region_code", "doctor", "team", "valid_from", "valid_to")
    return _hold(Contract, drafts, fields, by=by, at=at)


def _hold(
    model: type[models.Model],
    drafts: Iterable[Mapping[str, Any]],
    fields: tuple[str, ...],
    *,
    by: Any,
    at: datetime,
) -> SyncTally:
    allow(by, "hold")

    def told(tally: SyncTally) -> None:
        if tally.written:
            counts = {"added": tally.added, "changed": tally.changed, "removed": tally.removed}
            record(f"{model._meta.model_name}s_held", target="care", by=by, at=at, **counts)

    return sync(model, drafts, match=("person_id", "row_id"), compare=fields, told=told)
