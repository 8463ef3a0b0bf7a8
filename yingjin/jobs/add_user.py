"""`yingjin add-user`: somebody who may sign in; the password is printed once, and changed at the first sign-in."""

import argparse
import sys
from getpass import getpass

from yingjin.basics.access import ROBOT, ROLES, Robot
from yingjin.basics.errors import BadInput
from yingjin.jobs import setup


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("username", help="工号  the name to sign in with")
    parser.add_argument(
        "--role",
        required=True,
        choices=sorted(ROLES - {ROBOT}),
        metavar="ROLE",
        help="岗位：" + " | ".join(sorted(ROLES - {ROBOT})),
    )
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument(
        "--region", default="", help="区划代码：省 2 位、市 4 位、县 6 位、乡 9 位、村 12 位  region code"
    )
    place.add_argument("--facility", default="", help="机构代码，收费员用  facility code, for a cashier")
    parser.add_argument("--name", default="", help="显示的名字  the name shown")
    parser.add_argument(
        "--demonstration",
        action="store_true",
        help="演示用户：只能在本机登录  for demonstration, on this machine only",
    )
    parser.add_argument(
        "--own-password",
        action="store_true",
        help="本人就在这里：密码由本人输入，不用再改（不在终端时从标准输入读一行）"
        "  its owner is here and types the password; elsewhere than in a terminal one line of the input is it",
    )


def run(args: argparse.Namespace) -> int:
    """Add the user and print the password."""
    setup.django()
    setup.migrate()
    from django.utils import timezone

    from yingjin.registry.actions import load_regions
    from yingjin.registry.actions.users import add_user
    from yingjin.registry.queries import region

    own = _typed() if args.own_password else ""

    load_regions(by=Robot(), at=timezone.now(), provinces=(args.region[:2],))
    place = region(args.region) if args.region else None
    password = add_user(
        username=args.username,
        display_name=args.name or args.username,
        role=args.role,
        region_code=place.code if place else "",
        facility_code=args.facility,
        is_demo=args.demonstration,
        own_password=own,
        by=Robot(),
        at=timezone.now(),
    )
    where = place.name if place else args.facility
    if own:
        print(
            f"已加用户 {args.username}（{where}），密码是刚才输入的。  Added, with the password just typed."
        )
        return 0
    print(f"已加用户 {args.username}（{where}）。密码只显示这一次：\n  {password}")
    if not args.demonstration:
        print("第一次登录要先换成自己的密码。  It must be changed at the first sign-in.")
    return 0


def _typed() -> str:
    """Return the password its owner types, twice where nobody sees it. Errors: BadInput."""
    if not sys.stdin.isatty():
        typed = sys.stdin.readline().rstrip("\r\n")
    else:
        typed = getpass("密码（输入时不显示）  Password (not shown): ")
        if getpass("再输一次  Once more: ") != typed:
            raise BadInput(
                "两次输入的密码不一样，没有加用户。再来一次。",
                "The two passwords differ; nobody was added. Try again.",
            )
    if not typed:
        raise BadInput("没有输入密码，没有加用户。", "No password was typed; nobody was added.")
    return typed
