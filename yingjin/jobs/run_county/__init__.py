"""`yingjin run-county DIR`: land a county's registers, settle, find the dues, and say what was found.

Safe to run twice: every stage writes only what differs. Safe to kill: every stage is whole or not at all, and
the next run goes on.
"""

import argparse
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from yingjin import __version__
from yingjin.basics.access import Robot
from yingjin.basics.days import parse_day
from yingjin.basics.errors import BadInput, Conflict
from yingjin.jobs import setup
from yingjin.jobs.store import store
from yingjin.policy.domain.compiling import Rulebook

RULEBOOK = "hezhang"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("folder", type=Path, help="登记册所在的文件夹  the folder of register files")
    parser.add_argument(
        "--rulebook", default=RULEBOOK, help="规则书（名字或路径）  rulebook, by name or path"
    )
    parser.add_argument(
        "--on", metavar="DAY", help="按哪一天找缺口，默认数据里最后一个出院日  the day to find dues on"
    )
    parser.add_argument("--report", type=Path, help="把各阶段用时写成 JSON  write the stages' times as JSON")
    parser.add_argument(
        "--truth",
        type=Path,
        help="演示县的真值文件夹，用来核对；同市别的演示县借用这份规则书  the truth of a demonstration to compare with; its "
        "other counties borrow the rulebook",
    )


def run(args: argparse.Namespace) -> int:
    """Run the main job over a folder; return 0, or 2 when a file was refused whole."""
    on = day_asked(args.on, date.today()) if args.on else None
    check_folder(args.folder)
    setup.django()
    setup.migrate()
    return run_over(args.folder, rulebook=args.rulebook, on=on, truth=args.truth, report=args.report)


def run_over(
    folder: Path,
    *,
    rulebook: str = RULEBOOK,
    on: date | None = None,
    truth: Path | None = None,
    report: Path | None = None,
) -> int:
    """Run the main job with Django ready; print the closing tables. Errors: BadInput for a folder with no file."""
    from django.utils import timezone

    from yingjin.jobs.run_county import closing, stages
    from yingjin.policy.rulebooks import load
    from yingjin.registry.actions import load_regions

    check_folder(folder)
    book = load(rulebook)
    with only_one():
        load_regions(by=Robot(), at=timezone.now(), provinces=(book.contents.region[:2],))
        course = stages.Course(
            folder, book, book.contents.region, timezone.now(), on, borrows=truth is not None
        )
        landed = stages.land(course)
        found = stages.derive(course)
        figures = stages.audit_figures(course)
        stages.finish(course, landed, found, made_by(book))
    closing.show(course, landed, found, figures, truth)
    if report:
        closing.write_report(course, report)
    return 2 if landed.files_refused else 0


def day_asked(text: str, today: date) -> date:
    """Read the day to find dues on. Errors: BadDate; BadInput for one to come, after which no earlier day turns gaps."""
    on = parse_day(text)
    if on > today:
        raise BadInput(
            f"--on {text} 还没有到。写今天或以前的一天。",
            f"--on {text} is yet to come. Name today or a day before it.",
            on=text,
        )
    return on


def check_folder(folder: Path) -> None:
    """Raise BadInput for what is no folder of files that may be read."""
    from yingjin.fusion.files import register_files

    try:
        files = register_files(folder) if folder.is_dir() else None
    except OSError as error:
        raise BadInput(
            f"文件夹“{folder.name}”读不了：{error.strerror}。看它的权限。",
            f"The folder “{folder.name}” cannot be read: {error.strerror}. See to its permissions.",
        ) from None
    if files is None:
        raise BadInput(
            f"没有文件夹“{folder.name}”。先把登记册放进一个文件夹，再写它的路径。",
            f"There is no folder “{folder.name}”. Put the registers into a folder and name it.",
        )
    if not files:
        raise BadInput(
            f"文件夹“{folder.name}”里没有文件。把登记册放进去再运行；要空白的登记册，用 yingjin templates。",
            f"The folder “{folder.name}” holds no file. Put the registers there; `yingjin templates` writes empty ones.",
        )


def made_by(book: Rulebook) -> dict[str, str]:
    """Return by what a run was made: when either changes, the same files are worth another run."""
    return {"rulebook": book.digest, "version": __version__}


@contextmanager
def only_one(*, rotating: bool = False) -> Iterator[None]:
    """Hold the data folder's lock: two main jobs at once would do the same work twice.

    While keys are being replaced people cannot be told apart by what they are found by: only `rotating` goes on then.
    """
    descriptor = os.open(store() / "run-county.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Conflict(
            "主流程正在这个数据文件夹里运行。等它结束，再运行一次。",
            "The main job is running over this data folder already. Wait for it to end, then run again.",
        ) from None
    else:
        if not rotating:
            _keys_are_settled()
        yield
    finally:
        os.close(descriptor)


def _keys_are_settled() -> None:
    from yingjin.basics.keys import provider

    if provider().rotating():
        raise Conflict(
            "密钥正在更换，还没有换完。先运行 yingjin rotate-keys，换完再运行一次。",
            "The keys are being replaced. Run `yingjin rotate-keys` to its end first, then run this again.",
        )
