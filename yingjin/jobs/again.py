"""What the worker does after a decision at the desk: a person's years worked out again, the dues found again.

Both are safe to run twice, and wait while the main job holds the county.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from yingjin.basics.access import Robot
from yingjin.basics.errors import Conflict
from yingjin.basics.work import Job
from yingjin.basics.work.doing import Report
from yingjin.fusion import queries as fusion
from yingjin.gaps import actions as gaps
from yingjin.jobs.run_county import RULEBOOK, only_one, stages
from yingjin.policy.rulebooks import load
from yingjin.settlement import actions as settlement

STEPS = 3


class CountyBusy(RuntimeError):
    """The main job holds the county: the worker tries again in a while."""


def find_dues(job: Job, report: Report) -> Mapping[str, Any]:
    """Find the dues of the latest day again, after exceptions began or ended."""
    with _county():
        report(1, STEPS, "找四应缺口", "Finding the gaps")
        return _found(_course())


def replay_person(job: Job, report: Report) -> Mapping[str, Any]:
    """Work out again the years of the person of a decided bill, and find the dues again."""
    with _county():
        course = _course()
        report(1, STEPS, "按年重放结算", "Replaying insurance years")
        report.no_way_back()
        if course.has_law:
            replaying = settlement.replay_years(
                persons=stages.person_facts,
                book=course.book,
                incomplete=fusion.refused_person_years(),
                only={UUID(job.facts["person"])},
                by=course.by,
                at=course.at,
            )
            deque(replaying, maxlen=0)
        report(2, STEPS, "找四应缺口", "Finding the gaps")
        return _found(course)


def expire_exceptions(job: Job, report: Report) -> Mapping[str, Any]:
    """End the exceptions whose day has come; what is still lacking then opens again."""
    return {"ended": gaps.expire_exceptions(by=Robot(), at=timezone.now())}


@contextmanager
def _county() -> Iterator[None]:
    try:
        with only_one():
            yield
    except Conflict as busy:
        raise CountyBusy(str(busy)) from busy


def _course() -> stages.Course:
    """Return a course over what is landed already: no file is read, and the day found last is found again."""
    book = load(RULEBOOK)
    course = stages.Course(Path(), book, book.contents.region, timezone.now(), of_import=True)
    course.home = stages.home(course)
    return course


def _found(course: stages.Course) -> Mapping[str, Any]:
    tally = stages.find_dues(course)
    return {**dict(tally.gaps), "on": tally.on.isoformat()} if tally else {}
