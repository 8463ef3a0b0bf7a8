"""`yingjin add-user`: somebody who may sign in; the password is printed once."""

import argparse

from yingjin.basics.access import Robot
from yingjin.jobs import setup


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("username", help="工号  the name to sign in with")
    parser.add_argument(
        "--role", required=True, help="village_doctor 村医 | county_officer 县级 | auditor 审计"
    )
    parser.add_argument("--region", required=True, help="区划代码：县 6 位、乡 9 位、村 12 位  region code")
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
    place = region(args.region)
    password = add_user(
        username=args.username,
        display_name=args.name or args.username,
        role=args.role,
        region_code=place.code,
        is_demo=args.demonstration,
        by=Robot(),
        at=timezone.now(),
    )
    print(f"已加用户 {args.username}（{place.name}）。密码只显示这一次：\n  {password}")
    return 0
