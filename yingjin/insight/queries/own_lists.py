"""Count dues as they stand: those of somebody's tasks, which change by the hour and of which no tallies are kept."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When

from yingjin.gaps.models import Due
from yingjin.insight.domain.tallies import AGES


def groups_of(dues: QuerySet[Due], on: date) -> Iterable[tuple[Any, ...]]:
    """Return how many of some dues stand alike on a day: due, status, reason, owner, age, whether late, number."""
    youngest_first = [(code, on - timedelta(days=least)) for code, least in reversed(AGES)]
    age = Case(
        When(since_on__isnull=True, then=Value("")),
        *(When(since_on__lte=day, then=Value(code)) for code, day in youngest_first),
        default=Value(AGES[0][0]),
        output_field=CharField(),
    )
    late = Case(When(Q(due_by__lt=on), then=Value(1)), default=Value(0))
    rows = dues.order_by().annotate(age=age, past=late)
    groups = rows.values_list("due", "status", "reason", "owner_role", "age", "past").annotate(
        number=Count("pk")
    )
    return [(*group[:5], bool(group[5]), group[6]) for group in groups]


def counts_in(dues: QuerySet[Due], codes: Collection[str]) -> Counter[str]:
    """Count some dues in each of some places."""
    homes = dues.order_by().values_list("region_code").annotate(number=Count("pk"))
    counts: Counter[str] = Counter(dict.fromkeys(codes, 0))
    for home, number in homes:
        counts.update({code: number for code in codes if home.startswith(code)})
    return counts
