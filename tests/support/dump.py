"""Print what a database holds, by natural keys and without times: `python -m tests.support.dump`.

Two databases that hold the same print the same, whatever order and however many runs it took. One JSON object:
table -> [rows, digest of the sorted rows].
"""

import json
import sys
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from yingjin.jobs import setup

# A row of these is named by these fields; every other model by all its fields.
NAMED_BY: dict[str, tuple[str, ...]] = {
    "fusion.Row": ("kind", "key", "version", "digest", "accepted"),
    "fusion.SourceFile": ("sha256", "name"),
    "fusion.RegisterPerson": ("register", "number"),
    "settlement.Replay": ("person", "year", "version"),
    "settlement.Bill": ("bill_id",),
    "settlement.SettledBill": ("replay", "bill"),
    "registry.Household": ("number",),
    "gaps.Finding": ("on",),
    "gaps.Gap": ("person", "due", "subject"),
}
# Runs and the audit of runs differ when a run is cut into several.
NOT_COMPARED = {"fusion.Landing", "basics.AuditEvent", "registry.User", "fusion.RegisterState"}


def contents() -> dict[str, tuple[int, str]]:
    """Return, for every table compared, how many rows it holds and the digest of them, sorted."""
    from django.apps import apps

    found = {}
    for model in apps.get_models():
        if model.__module__.startswith("yingjin.") and model._meta.label not in NOT_COMPARED:
            lines = sorted(json.dumps(row, ensure_ascii=False, default=str) for row in _rows(model))
            found[model._meta.label] = (len(lines), sha256("\n".join(lines).encode()).hexdigest()[:16])
    return found


def _rows(model: Any) -> Any:
    from django.db import models

    fields = [
        field
        for field in model._meta.concrete_fields
        if not isinstance(field, models.DateTimeField | models.AutoField)
        and field.name not in {"landing", "replayed_by", "marked_name"}
    ]
    names: dict[str, Callable[[Any], Any]] = {
        field.attname: _namer(field.related_model) for field in fields if field.is_relation
    }
    for values in model.objects.values(*(field.attname for field in fields)).iterator():
        for column, name in names.items():
            values[column] = name(values[column])
        yield values


def _namer(model: Any, seen: dict[str, dict[Any, Any]] = {}) -> Callable[[Any], Any]:  # noqa: B006 (a cache)
    label = model._meta.label
    if label not in NAMED_BY:
        return str
    if label not in seen:
        columns = [model._meta.get_field(name) for name in NAMED_BY[label]]
        inner = [_namer(field.related_model) if field.is_relation else str for field in columns]
        rows = model.objects.values_list("pk", *(field.attname for field in columns))
        seen[label] = {
            row[0]: "/".join(name(value) for name, value in zip(inner, row[1:], strict=True)) for row in rows
        }
    return lambda key: seen[label].get(key, "") if key is not None else ""


if __name__ == "__main__":
    setup.django()
    json.dump(contents(), sys.stdout)
