"""`yingjin add-client`: another system that may call the API; its secret is printed once."""

import argparse

from yingjin.basics.access import Robot
from yingjin.jobs import setup


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("name", help="哪个单位的哪个系统  which system of whom")
    parser.add_argument("--role", required=True, help="岗位，和用户一样  a role, as of a user")
    parser.add_argument("--region", default="", help="区划代码  region code")
    parser.add_argument(
        "--facility", default="", help="机构代码（收费窗口）  a facility's code, for a window"
    )
    parser.add_argument(
        "--permissions", default="read", help="用逗号隔开：read 看、work 办、import 导入  by comma"
    )


def run(args: argparse.Namespace) -> int:
    """Add the client and print its id and secret."""
    setup.django()
    setup.migrate()
    from django.utils import timezone

    from yingjin.registry.actions.clients import add_client

    client, secret = add_client(
        name=args.name,
        role=args.role,
        permissions=args.permissions.replace(",", " ").split(),
        region_code=args.region,
        facility_code=args.facility,
        by=Robot(),
        at=timezone.now(),
    )
    print(
        f"已加接口客户端“{args.name}”。密钥只显示这一次：\n  client_id      {client.client_id}\n  client_secret  {secret}"
    )
    return 0
