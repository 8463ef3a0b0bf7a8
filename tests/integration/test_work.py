"""Work behind the page: asked for with what asks for it, done once, taken up again after a kill, given up in the end."""

import os
import signal
import subprocess
import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from yingjin.basics import work
from yingjin.basics.access import COUNTY_OFFICER
from yingjin.basics.errors import BadInput, Conflict, NotFound
from yingjin.basics.work import course, doing
from yingjin.basics.work.rows import Timetable
from yingjin.jobs import work as jobs
from yingjin.registry.models import User

pytestmark = pytest.mark.django_db
OFFICER = User(username="xian", role=COUNTY_OFFICER, region_code="520527")
OTHER = User(username="bie", role=COUNTY_OFFICER, region_code="520527")
KIND = "a_kind_of_test"


@pytest.fixture
def does(monkeypatch):
    """Let the worker do what a test says for jobs of a kind of its own."""

    def let(function):
        monkeypatch.setattr(jobs, "function_of", lambda kind: function)

    return let


def asked(**facts):
    return work.ask(KIND, by=OFFICER, at=timezone.now(), **facts)


def test_what_is_asked_for_is_asked_with_the_transaction_or_not_at_all():
    with transaction.atomic():
        asked()
        transaction.set_rollback(True)
    assert work.jobs_of(OFFICER) == []
    assert not DBTaskResult.objects.exists()
    job = asked(rows=3)
    assert DBTaskResult.objects.get().args_kwargs == {"args": [str(job.key)], "kwargs": {}}


def test_a_job_says_how_far_it_is_and_what_came_of_it(does):
    job = asked(rows=3)

    def half(running, report):
        report(1, 2, "一半", "half")
        seen = work.job_of(OFFICER, running.key)
        assert (seen.state, seen.done, seen.total, seen.label_zh) == ("running", 1, 2, "一半")
        return {"rows": running.facts["rows"]}

    does(half)
    jobs.do(job.key)
    done = work.job_of(OFFICER, job.key)
    assert (done.state, done.result, done.done, done.total) == ("done", {"rows": 3}, 2, 2)
    assert course.noted(job.key) is None
    jobs.do(job.key)
    assert work.job_of(OFFICER, job.key).attempts == 1, "a job done is not done again"


def test_a_refusal_keeps_its_reason_in_both_languages(does):
    job = asked()

    def refuse(running, report):
        raise BadInput("文件不对。", "The file is wrong.")

    does(refuse)
    jobs.do(job.key)
    refused = work.job_of(OFFICER, job.key)
    assert (refused.state, refused.reason_zh, refused.reason_en) == (
        "refused",
        "文件不对。",
        "The file is wrong.",
    )


def test_a_job_that_breaks_is_tried_again_later_and_given_up_after_a_few(does):
    job = asked()

    def break_down(running, report):
        raise ZeroDivisionError

    does(break_down)
    for attempt in range(1, doing.ATTEMPTS + 1):
        assert work.job_of(OFFICER, job.key).state == "waiting"
        jobs.do(job.key)
        assert work.job_of(OFFICER, job.key).attempts == attempt
    given_up = work.job_of(OFFICER, job.key)
    assert given_up.state == "stopped"
    assert str(job.key) in given_up.reason_zh
    later = DBTaskResult.objects.filter(run_after__lt=timezone.now() + timedelta(days=1))
    assert later.count() == doing.ATTEMPTS - 1


def test_what_a_dead_worker_left_is_taken_up_and_what_kills_its_worker_is_given_up():
    job = asked()
    for _ in range(doing.ATTEMPTS - 1):
        assert doing.begin(job.key, at=timezone.now()) is not None
        DBTaskResult.objects.update(status="RUNNING")
        assert doing.take_up_left("desk", at=timezone.now()) == 1
        assert work.job_of(OFFICER, job.key).state == "waiting"
        assert DBTaskResult.objects.get().status == "READY"
    doing.begin(job.key, at=timezone.now())
    assert doing.take_up_left("county", at=timezone.now()) == 0, "another lane's work is left alone"
    doing.take_up_left("desk", at=timezone.now())
    assert work.job_of(OFFICER, job.key).state == "stopped"


def test_only_what_waits_can_be_cancelled_and_only_by_who_asked(does):
    first, second = asked(), asked()
    assert (work.ahead_of(first), work.ahead_of(second)) == (0, 1)
    with pytest.raises(NotFound):
        work.cancel(second.key, by=OTHER, at=timezone.now())
    work.cancel(second.key, by=OFFICER, at=timezone.now())
    does(lambda running, report: pytest.fail("a cancelled job was done"))
    jobs.do(second.key)
    doing.begin(first.key, at=timezone.now())
    with pytest.raises(Conflict):
        work.cancel(first.key, by=OFFICER, at=timezone.now())


def test_a_job_is_seen_by_who_asked_alone():
    job = asked()
    assert [each.key for each in work.jobs_of(OFFICER)] == [job.key]
    assert work.jobs_of(OTHER) == []
    with pytest.raises(NotFound):
        work.job_of(OTHER, job.key)


def test_a_result_lies_sealed_and_comes_back_whole(does, settings):
    job = asked()

    def make(running, report):
        work.keep_result(running, "陈光明".encode(), name="名单.csv")
        return {}

    does(make)
    jobs.do(job.key)
    done = work.job_of(OFFICER, job.key)
    assert (done.result_name, work.result_of(done)) == ("名单.csv", "陈光明".encode())
    [lying] = (settings.STORE / "results").glob(f"{job.key}*")
    assert "陈光明".encode() not in lying.read_bytes()


def test_what_comes_round_by_itself_is_asked_for_once_a_time():
    now = timezone.now()
    schedule = {"clear_work": timedelta(days=1)}
    assert len(doing.ask_what_is_due(schedule, by=OFFICER, at=now)) == 1
    assert not doing.is_due(schedule, at=now + timedelta(hours=23))
    assert doing.ask_what_is_due(schedule, by=OFFICER, at=now + timedelta(hours=23)) == []
    assert doing.is_due(schedule, at=now + timedelta(days=1))
    assert len(doing.ask_what_is_due(schedule, by=OFFICER, at=now + timedelta(days=1))) == 1
    assert Timetable.objects.get().due_at == now + timedelta(days=2)


def test_every_kind_and_everything_scheduled_can_be_done():
    assert set(jobs.SCHEDULE) <= set(jobs.KINDS)
    for kind in jobs.KINDS:
        assert callable(jobs.function_of(kind)), kind


def test_the_estimate_goes_by_the_pace_so_far():
    assert course.Course(250, 1000, "", "", seconds=10).seconds_left == 30
    assert course.Course(0, 1000, "", "", seconds=10).seconds_left is None
    assert course.Course(5, 1000, "", "", seconds=0.2).seconds_left is None


def test_workers_start_with_the_server_come_back_and_end_with_it(new_place):
    place = new_place()
    place.serve()
    server = place.servers[-1]
    first = until(lambda: lanes_of(server.pid), lambda found: set(found) == {"county", "desk"})
    os.kill(first["county"], signal.SIGKILL)
    again = until(
        lambda: lanes_of(server.pid),
        lambda found: found.get("county") not in (None, first["county"]),
    )
    assert again["desk"] == first["desk"]
    server.kill()
    server.wait()
    until(lambda: [each for each in again.values() if alive(each)], lambda left: not left)


def until(look, good, seconds: float = 20):
    """Look again until it is good, and return what was seen then."""
    end = time.monotonic() + seconds
    while not good(seen := look()):
        assert time.monotonic() < end, f"still {seen} after {seconds} s"
        time.sleep(0.1)
    return seen


def lanes_of(parent: int) -> dict[str, int]:
    """Return the worker processes of a server by their lanes."""
    listed = subprocess.run(
        ["ps", "--ppid", str(parent), "-o", "pid=,args="], capture_output=True, encoding="utf-8"
    ).stdout
    found = [line.split() for line in listed.splitlines() if "--lane" in line and "defunct" not in line]
    return {words[words.index("--lane") + 1]: int(words[0]) for words in found}


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
