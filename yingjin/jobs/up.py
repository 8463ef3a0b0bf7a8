"""`yingjin up`: everything `make run` does after set-up: the county, the main job, the users, the console."""

import argparse
import os
import sys
from pathlib import Path
from time import monotonic

from yingjin.basics.access import Robot
from yingjin.jobs import setup
from yingjin.jobs.first_users import demonstration_users, first_officer, make, table
from yingjin.jobs.make_county import make_county
from yingjin.jobs.run_county import check_folder
from yingjin.jobs.store import NAME, named_store, store, use_from_now_on

DEMO_SEED = 2025


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--port", type=int, default=8000, help="端口  port")
    parser.add_argument(
        "--county-size",
        type=int,
        default=20_000,
        help="演示县人数  people of the demonstration county",
    )
    parser.add_argument(
        "--data", type=Path, help="自己的登记册文件夹（不用演示县）  a folder of your own registers"
    )


def run(args: argparse.Namespace) -> int:
    """Prepare, run the main job if anything changed, then serve until ^C."""
    begun = monotonic()
    demo = args.data is None
    if not demo:
        check_folder(args.data)
    if NAME not in os.environ:
        os.environ[NAME] = str(named_store(f"demo-{args.county_size}" if demo else "county"))
        use_from_now_on(store())
    _say(f"数据文件夹：{store()}", "the data folder")
    setup.django()
    from yingjin.jobs.serve import refuse_taken, serve

    refuse_taken("127.0.0.1", args.port)
    folder = _demonstration_county(args.county_size) if demo else args.data
    setup.migrate()
    _load_regions()
    _main_job(folder, truth=folder.with_name("truth") if demo else None)
    _say(f"准备用了 {monotonic() - begun:.1f} 秒。", f"Ready after {monotonic() - begun:.1f} s.")
    _users(demo)
    _say(f"打开 http://127.0.0.1:{args.port}/ ，按 ^C 停。", "Open that address; ^C stops it.")
    serve("127.0.0.1", args.port)
    return 0


def _load_regions() -> None:
    from django.utils import timezone

    from yingjin.registry.actions import load_regions

    load_regions(by=Robot(), at=timezone.now())


def _demonstration_county(people: int) -> Path:
    """Return the folder of the demonstration registers, written at the first call."""
    begun = monotonic()
    root = store() / "demonstration"
    if make_county(root, people=people, seed=DEMO_SEED):
        _say(f"造演示县用了 {monotonic() - begun:.1f} 秒。", f"The county took {monotonic() - begun:.1f} s.")
    return root / "registers"


def _main_job(folder: Path, *, truth: Path | None) -> None:
    """Run the main job unless these very files were run to the end already, by this program and rulebook."""
    from yingjin.fusion.files import folder_digest
    from yingjin.fusion.queries import finished_landing
    from yingjin.jobs.run_county import RULEBOOK, made_by, run_over
    from yingjin.policy.rulebooks import load

    if finished_landing(folder_digest(folder), **made_by(load(RULEBOOK))):
        _say(
            "登记册没有变，主流程不用再跑。",
            "The registers have not changed: the main job need not run again.",
        )
        return
    begun = monotonic()
    run_over(folder, truth=truth)
    _say(f"主流程用了 {monotonic() - begun:.1f} 秒。", f"The main job took {monotonic() - begun:.1f} s.")


def _users(demo: bool) -> None:
    """Make the first users when there is none, and print their passwords once."""
    from yingjin.registry.queries.users import users_exist

    if users_exist():
        _say(
            "登录用户已有，密码不再显示；忘了用 yingjin add-user 另加。",
            "Users exist; add more with add-user.",
        )
        return
    made = [make(each, demo=demo) for each in (demonstration_users() if demo else first_officer())]
    _say("登录（密码只显示这一次）：", "Sign in with (shown this once):")
    print("\n".join(table(made)), flush=True)
    if demo:
        _say(
            "管理员（guanli）第一次登录要用手机设第二步验证。", "The administrator sets up a phone at first."
        )
    else:
        _say("第一次登录要先换成自己的密码。", "It must be changed at the first sign-in.")


def _say(zh: str, en: str) -> None:
    print(f"{zh}  {en}", file=sys.stdout, flush=True)
