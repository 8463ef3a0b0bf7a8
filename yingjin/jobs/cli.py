"""The `yingjin` command. Each sub-command is a module of this folder, imported only when called."""

import argparse
import sys
from importlib import import_module

from yingjin import __version__
from yingjin.basics.errors import YingjinError

COMMANDS = {
    "up": (
        "yingjin.jobs.up",
        "建演示县（或读 --data），跑主流程，打开网页  make the county, run the main job, serve",
    ),
    "run-county": (
        "yingjin.jobs.run_county",
        "读一个县的登记册，算账、找缺口  land a county's registers, settle, find gaps",
    ),
    "serve": ("yingjin.jobs.serve", "打开网页  serve the console"),
    "work": (
        "yingjin.jobs.worker",
        "在后台做页面上要的事（serve 会自动带上）  do what pages asked for; serve starts it by itself",
    ),
    "settle": (
        "yingjin.jobs.settle",
        "按规则书结算一批账单（不用数据库）  settle bills by a rulebook, no database",
    ),
    "audit": (
        "yingjin.jobs.audit",
        "审计链：核对、导出、每日的锚  the audit's chain: verify, dump, daily anchor",
    ),
    "audit-figures": ("yingjin.jobs.audit_figures", "核对公布数  check the published figures"),
    "make-county": (
        "yingjin.jobs.make_county",
        "造一个演示县的登记册  write a demonstration county's registers",
    ),
    "templates": (
        "yingjin.jobs.templates",
        "写出空白登记册和列说明  write empty registers with their columns explained",
    ),
    "add-user": ("yingjin.jobs.add_user", "加一个登录用户  add somebody who may sign in"),
    "add-client": (
        "yingjin.jobs.add_client",
        "加一个接口客户端，密钥只显示一次  let another system call the API",
    ),
    "migrate": (
        "yingjin.jobs.migrate",
        "升级表结构（用表的主人的账号）  bring the tables up to date, as their owner",
    ),
    "backup": ("yingjin.jobs.backup", "备份，网页照常用  back everything up while it works"),
    "restore": ("yingjin.jobs.restore", "把备份恢复到空的地方，并核对  restore a backup and prove it"),
    "rehearse-upgrade": (
        "yingjin.jobs.rehearse_upgrade",
        "用备份演练升级，不动正在用的数据  try an upgrade on a copy",
    ),
    "check-deploy": (
        "yingjin.jobs.check_deploy",
        "上线前检查网页的安全设置  check what protects the pages before going live",
    ),
    "marked": (
        "yingjin.jobs.marked",
        "把拒收的行连同原因取出来（Excel）  take out the refused rows with their reasons",
    ),
    "rotate-keys": (
        "yingjin.jobs.rotate_keys",
        "换加密的密钥，可中断、可接着换  replace the keys; may be stopped and run again",
    ),
    "doctor": (
        "yingjin.jobs.doctor",
        "查这台机器和数据文件夹是否齐备  check this machine and the data folder",
    ),
}


def main(argv: list[str] | None = None) -> int:
    """Run one sub-command; return 0, or 2 when input was refused."""
    arguments = sys.argv[1:] if argv is None else argv
    try:
        return _run(arguments)
    except YingjinError as error:
        print(f"{error.reason_zh}\n{error.reason_en}", file=sys.stderr)
        return 2
    except OSError as error:
        if error.filename is None:
            raise
        print(
            f"读写“{error.filename}”时停下：{error.strerror}。看路径对不对、有没有权限、盘是不是满了。\n"
            f"Stopped at “{error.filename}”: {error.strerror}. See to the path, its permissions and the free space.",
            file=sys.stderr,
        )
        return 2
    except KeyboardInterrupt:
        print("\n已停。再运行一次会接着做。\nStopped. Run it again to go on.", file=sys.stderr)
        return 130


def _run(arguments: list[str]) -> int:
    chosen = next((word for word in arguments if not word.startswith("-")), None)
    parser = _parser(chosen)
    args = parser.parse_args(arguments)
    if not args.command:
        parser.print_help()
        return 0
    return int(import_module(COMMANDS[args.command][0]).run(args))


def _parser(chosen: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="yingjin", description="应尽：应保尽保、应治尽治、应签尽签、应兜尽兜"
    )
    parser.add_argument("--version", action="version", version=f"yingjin {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="命令 command")
    for name, (module, line) in COMMANDS.items():
        command = commands.add_parser(name, help=line, description=line)
        if name == chosen:
            import_module(module).add_arguments(command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
