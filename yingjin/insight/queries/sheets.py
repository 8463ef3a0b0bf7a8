"""What the household's sheet says beside its page: each member's dues in words, and the family doctors."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from yingjin.insight.queries.due_states import due_states
from yingjin.insight.queries.shapes import DueState
from yingjin.insight.queries.sight import sight_of
from yingjin.insight.queries.standing import standings


def household_dues(reader: Any, on: date, persons: Collection[UUID]) -> dict[UUID, list[DueState]]:
    """Return the dues of some people in words, as far as the reader may see them and theirs."""
    sight = sight_of(reader)
    seen = set(sight.persons_of(persons).values_list("pk", flat=True))
    return {key: due_states(standing) for key, standing in standings(sight, seen, on).items()}


def family_doctors(reader: Any, on: date, persons: Collection[UUID]) -> list[tuple[str, str]]:
    """Return the doctors whom some people have a contract with on a day, each with the team, once."""
    held = (Q(valid_to__isnull=True) | Q(valid_to__gt=on)) & Q(valid_from__lte=on)
    rows = sight_of(reader).contracts().filter(held, person__in=persons).order_by("-valid_from", "-pk")
    return list(dict.fromkeys(rows.values_list("doctor", "team")))
