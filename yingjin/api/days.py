"""The day an answer speaks of, when none is asked for."""

from datetime import date
from typing import Any

from yingjin.basics.errors import NotFound
from yingjin.insight import queries


class NothingLanded(NotFound):
    """No register was landed yet."""

    code = "nothing_landed"

    def __init__(self) -> None:
        super().__init__(
            "还没有收过登记册，没有可看的。先导入登记册，再运行一次主流程。",
            "No register was landed yet and there is nothing to show. Import registers first.",
        )


def day_of_people(reader: Any, on: date | None) -> date:
    """Return the day asked for, else the last the data speaks of. Errors: NothingLanded."""
    day = on or queries.as_of(reader).data_until
    if day is None:
        raise NothingLanded
    return day


def found_day(reader: Any, on: date | None) -> date:
    """Return the day asked for, else the last on which dues were found. Errors: NothingLanded."""
    if on is not None:
        return on
    days = queries.as_of(reader).found_days
    if not days:
        raise NothingLanded
    return days[0]
