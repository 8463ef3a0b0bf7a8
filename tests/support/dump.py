"""Print what a database holds, by natural keys and without times: `python -m tests.support.dump`.

Two databases that hold the same print the same, whatever order and however many runs it took. One JSON object:
table -> [rows, digest of the sorted rows].
"""

import json
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from yingjin.jobs import setup

# A row of these is named by these fields; every other model by its key.
NAMED_BY: dict[str, tuple[str, ...]] = {
    "fusion.Row": ("kind", "key", "version", "payload", "accepted"),
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
NOT_COMPARED = {
    "fusion.Import",
    "fusion.Landing",
    "basics.AuditEvent",
    "basics.AuditWords",
    "registry.User",
    "registry.SignIn",
    "registry.Session",
    "fusion.RegisterState",
    "basics.Job",
    "basics.Timetable",
}
# When something was done, and by whom; the summary's digest is of such times too.
# Under each place's own keys: what hidden columns are found by, and the hashes of what they hold.
UNDER_KEYS = {
    "fusion.Row.digest", "registry.Person.digest", "identity_index", "identity_last4", "name_key", "name_first",
}  # fmt: skip
OF_THE_RUN = {"landing", "replayed_by", "marked_name", "landed_at", "insight.Summary.digest"}
# In which file, and where in it, a row came.
OF_THE_FILES = {"file", "sheet", "row_number", "files", "fusion.SourceFile"}

Rows = dict[str, list[str]]


def contents(*, of_files: bool = True) -> Rows:
    """Return the rows of every table compared, as sorted text; without `of_files`, as if nobody knew of files."""
    from django.apps import apps

    left_out = OF_THE_RUN | UNDER_KEYS if of_files else OF_THE_RUN | UNDER_KEYS | OF_THE_FILES
    names = Names(left_out)
    return {
        model._meta.label: sorted(
            json.dumps(_kept(row, left_out), ensure_ascii=False, default=str, sort_keys=True)
            for row in _rows(model, names, left_out)
        )
        for model in apps.get_models()
        if model.__module__.startswith("yingjin.") and model._meta.label not in NOT_COMPARED | left_out
    }


def present() -> Rows:
    """Return what stands now, apart from history: no undone row or bill, no earlier version, no event, no closed gap.

    Who stands in no register any more (D5) is history as well. A department keeps on its list whom it had a task for, so
    its tallies count closed gaps too: they are compared with what is shown in test_insight_of_a_county.
    """
    from django.db.models import Q

    from yingjin.insight.desk_tallies import desk_audiences

    of_no_department = ~Q(audience__in=desk_audiences())
    in_a_register = Q(register_persons__withdrawn=False)
    only = {
        "fusion.Row": ~Q(ended_why="undone"),
        "fusion.RegisterPerson": Q(withdrawn=False),
        "registry.Person": in_a_register,
        "settlement.Bill": ~Q(state="undone"),
        "settlement.Replay": Q(latest=True) & ~Q(digest=""),
        "settlement.SettledBill": Q(replay__latest=True),
        "settlement.Explanation": Q(settled__replay__latest=True),
        "gaps.GapEvent": Q(pk=None),
        "gaps.Gap": Q(open=True),
        "insight.Tally": of_no_department,
        "insight.DueTally": of_no_department,
    }
    from django.apps import apps

    left_out = OF_THE_RUN | {"fusion.SourceFile", "settlement.Replay.version"}
    names = Names(left_out, {"settlement.Replay": ("person", "year")})
    return {
        model._meta.label: sorted(
            json.dumps(_kept(row, left_out), ensure_ascii=False, default=str, sort_keys=True)
            for row in _rows(model, names, left_out, only.get(model._meta.label))
        )
        for model in apps.get_models()
        if model.__module__.startswith("yingjin.") and model._meta.label not in NOT_COMPARED | left_out
    }


def digests(rows: Rows) -> dict[str, list[object]]:
    """Return, for every table, how many rows it holds and the digest of them."""
    return {
        label: [len(lines), sha256("\n".join(lines).encode()).hexdigest()[:16]]
        for label, lines in rows.items()
    }


def differences(one: Rows, other: Rows) -> list[str]:
    """List rows that only one of two databases holds, by table, the first few of each."""
    found = []
    for label in sorted(one.keys() | other.keys()):
        left, right = set(one.get(label, ())), set(other.get(label, ()))
        found += [f"- {label} {line}" for line in sorted(left - right)[:5]]
        found += [f"+ {label} {line}" for line in sorted(right - left)[:5]]
        if left == right and len(one[label]) != len(other[label]):
            found.append(f"{label}: {len(one[label])} and {len(other[label])} rows, some of them doubled")
    return found


def _kept(value: Any, left_out: set[str]) -> Any:
    """Return a value without what is left out, however deep it stands."""
    if isinstance(value, dict):
        return {key: _kept(each, left_out) for key, each in value.items() if key not in left_out}
    return [_kept(each, left_out) for each in value] if isinstance(value, list) else value


def _rows(model: Any, names: "Names", left_out: set[str], only: Any = None) -> Iterator[dict[str, Any]]:
    from django.db import models

    fields = [
        field
        for field in model._meta.concrete_fields
        if not isinstance(field, models.DateTimeField | models.AutoField)
        and not {field.name, f"{model._meta.label}.{field.name}"} & left_out
    ]
    named = {field.attname: names.of(field.related_model) for field in fields if field.is_relation}
    kept = model.objects.filter(only).distinct() if only is not None else model.objects.all()
    for values in kept.values(*(field.attname for field in fields)).iterator(chunk_size=2_000):
        for column, name in named.items():
            values[column] = name(values[column])
        yield values


class Names:
    """Says how a row is named by what it means, where its key is only a number."""

    def __init__(self, left_out: set[str], named_by: dict[str, tuple[str, ...]] | None = None) -> None:
        self.left_out = left_out
        self.named_by = NAMED_BY | (named_by or {})
        self.found: dict[str, dict[Any, str]] = {}

    def of(self, model: Any) -> Callable[[Any], str]:
        """Return what names the rows of a model."""
        label = model._meta.label
        if label not in self.named_by:
            return str
        if label not in self.found:
            self.found[label] = dict(self._named(model))
        return lambda key: self.found[label].get(key, "") if key is not None else ""

    def _named(self, model: Any) -> Iterator[tuple[Any, str]]:
        columns = [model._meta.get_field(name) for name in self.named_by[model._meta.label]]
        inner = [self.of(column.related_model) if column.is_relation else str for column in columns]
        for pk, *values in model.objects.values_list("pk", *(column.attname for column in columns)):
            named = "/".join(name(value) for name, value in zip(inner, values, strict=True))
            yield pk, named if len(named) < 200 else sha256(named.encode()).hexdigest()


if __name__ == "__main__":
    setup.django()
    json.dump(digests(contents()), sys.stdout)
