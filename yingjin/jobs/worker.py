"""`yingjin work`: do what was asked for behind the page, one process a lane, each job to its end.

A worker that is killed leaves nothing half done: every job's writing is in transactions, and the next worker of the
lane, which holds its lock, takes up what was left running.
"""

import argparse
import fcntl
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep

from yingjin.basics.errors import BadInput
from yingjin.jobs import setup
from yingjin.jobs.store import store

LANES = ("county", "desk")
SECONDS_BETWEEN_LOOKS = 0.5
SCHEDULE_LANE, IMPORTS_LANE = "desk", "county"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--lane", choices=LANES, help="只做一个队列  one queue only (default: both)")
    parser.add_argument("--until-empty", action="store_true", help="做完就退出  end when nothing waits")
    parser.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Work until told to end; without a lane, as the parent of one worker a lane."""
    if args.with_parent:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    setup.django()
    if not args.with_parent:
        setup.migrate()
    if args.lane is None and not args.until_empty:
        from yingjin.jobs.workers import Workers

        Workers().watch()
        return 0
    for lane in [args.lane] if args.lane else LANES:
        with _held(lane):
            work(lane, until_empty=args.until_empty)
    return 0


def work(lane: str, *, until_empty: bool = False) -> None:
    """Do the jobs of a lane in their order; the lane must be held."""
    from django.db import close_old_connections
    from django.utils import timezone
    from django_tasks_db.management.commands.db_worker import Worker
    from django_tasks_db.models import DBTaskResult

    from yingjin.basics.work.doing import take_up_left
    from yingjin.fusion.actions.imports import close_left_open
    from yingjin.jobs.work import ask_what_is_due

    take_up_left(lane, at=timezone.now())
    if lane == IMPORTS_LANE:
        close_left_open()
    worker = Worker(
        queue_names=[lane],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=1,
        worker_id=f"{lane}-{os.getpid()}",
        excluded_queue_names=[],
    )
    while True:
        if lane == SCHEDULE_LANE and not until_empty:
            ask_what_is_due()
        if DBTaskResult.objects.ready().filter(queue_name=lane).exists():
            worker.run()
        elif until_empty:
            return
        else:
            close_old_connections()
            sleep(SECONDS_BETWEEN_LOOKS)


@contextmanager
def _held(lane: str) -> Iterator[None]:
    """Hold a lane: one worker a lane, so that what stands there as running at the start was left by a dead one."""
    descriptor = os.open(store() / f"work-{lane}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        for _ in range(60):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                sleep(SECONDS_BETWEEN_LOOKS)
            else:
                break
        else:
            raise BadInput(
                f"队列 {lane} 已经有工作进程在做。不用再开一个。",
                f"A worker does the lane {lane} already. No second one is needed.",
            )
        yield
    finally:
        os.close(descriptor)


def _end_with_parent() -> None:
    """End when the parent's end of our standard input closes: however it ended, no worker is left behind."""
    while sys.stdin.buffer.read(1):
        pass
    os._exit(0)
