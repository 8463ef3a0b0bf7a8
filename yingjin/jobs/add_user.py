"""`yingjin add-user`: somebody who may sign in; the password is printed once."""

import argparse

from yingjin.basics.access import ROBOT, ROLES, Robot
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


def run(args: argparse.Namespace) -> int:
    """Add the user and print the password."""
    setup.django()
    setup.migrate()
    from django.utils import timezone

    from yingjin.registry.actions import load_regions
    from yingjin.registry.actions.users import add_user
    from yingjin.registry.queries import region

    load_regions(by=Robot(), at=timezone.now(), provinces=(args.region[:2],))
    place = region(args.region) if args.region else None
    password = add_user(
        username=args.username,
        display_name=args.name or args.username,
        role=args.role,
        region_code=place.code if place else "",
        facility_code=args.facility,
        is_demo=args.demonstration,
        by=Robot(),
        at=timezone.now(),
    )
    where = place.name if place else args.facility
    print(f"已加用户 {args.username}（{where}）。密码只显示这一次：\n  {password}")
    return 0
