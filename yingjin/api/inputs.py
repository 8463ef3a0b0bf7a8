"""What a caller may write: days, regions, keys, each strictly, so that what fits the description is understood."""

import re
from datetime import date
from typing import Annotated, Any

from ninja import Path, Query, Schema
from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from yingjin.api.paging import LIMIT, LIMIT_MOST

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
FIRST_YEAR, LAST_YEAR = 1900, 2200
AMOUNT_MOST = 10**12  # fen


def _written_as_day(value: Any) -> Any:
    """Take a day as text of one form alone: pydantic would read a number as a day too."""
    if isinstance(value, str) and DAY.fullmatch(value):
        return value
    if isinstance(value, date):
        return value
    raise PydanticCustomError("date_parsing", "not a day")


Day = Annotated[date, BeforeValidator(_written_as_day)]
OnDay = Annotated[
    Day | None, Query(None, description="The day shown; the last one the data speaks of when left out.")
]
Cursor = Annotated[
    str, Query("", max_length=1000, pattern=r"^[A-Za-z0-9_-]*$", description="`next` of the page before.")
]
Limit = Annotated[int, Query(LIMIT, ge=1, le=LIMIT_MOST, description="How many at most.")]
Region = Annotated[
    str,
    Query(
        "",
        pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})?$",
        description="A part of your region.",
    ),
]
Words = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
GapId = Annotated[
    str, Path(..., max_length=120, pattern=r"^[A-Za-z0-9.:_-]+$", description="`gap_id` of a list.")
]


class In(Schema):
    """A body: nothing but what is described."""

    model_config = ConfigDict(extra="forbid")


def _whole(value: Any) -> Any:
    """Take 100.0 for 100, which JSON does not tell apart; nothing else is taken for a number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Fen = Annotated[int, Field(strict=True, ge=0, le=AMOUNT_MOST), BeforeValidator(_whole)]
Cost = Annotated[int, Field(strict=True, ge=1, le=AMOUNT_MOST), BeforeValidator(_whole)]
