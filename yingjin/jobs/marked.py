"""`yingjin marked FOLDER`: take the marked-up copies out of the data folder, in clear, to mend the files by."""

import argparse
from pathlib import Path

from yingjin.basics.access import Robot
from yingjin.basics.errors import BadInput
from yingjin.jobs import setup
from yingjin.jobs.store import store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "folder", type=Path, help="取到哪个文件夹（不在数据文件夹里）  where to, outside the data folder"
    )


def run(args: argparse.Namespace) -> int:
    """Write the copies of the files as they came last, and say which; return 0."""
    setup.django()
    setup.migrate()
    from django.utils import timezone

    from yingjin.fusion.actions.marking import take_out

    folder = args.folder.resolve()
    if folder.is_relative_to(store().resolve()):
        raise BadInput(
            "拒收的行要取到数据文件夹以外：数据文件夹里的文件都是加密的。换一个文件夹。",
            "Take the refused rows out of the data folder: everything in there is sealed. Name another folder.",
        )
    taken = take_out(folder, by=Robot(), at=timezone.now())
    for path in taken:
        print(path)
    if not taken:
        print("没有拒收的行。 No row was refused.")
    return 0
