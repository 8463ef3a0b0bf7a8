"""`yingjin serve`: the console, on this machine unless told otherwise."""

import argparse
import ctypes
import ipaddress
import os
import signal
import socket
import sys

from yingjin.basics.errors import Conflict
from yingjin.jobs import setup
from yingjin.jobs.store import NAME, store

THREADS = 4
WHEN_PARENT_DIES = 1  # prctl(PR_SET_PDEATHSIG)
SECONDS_TO_END = 2
HOSTS = "YINGJIN_HOSTS"  # settings: the host names served


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--address", default="127.0.0.1", help="监听地址  address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="端口  port")
    parser.add_argument(
        "--without-worker",
        action="store_true",
        help="不带后台进程，另外用 yingjin work 运行  run `yingjin work` elsewhere",
    )


def run(args: argparse.Namespace) -> int:
    """Serve until ^C; the address given is a host name this console answers to."""
    os.environ[HOSTS] = ",".join(filter(None, (os.environ.get(HOSTS, ""), args.address.strip("[]"))))
    setup.django()
    setup.migrate()
    serve(args.address, args.port, with_worker=not args.without_worker)
    return 0


def serve(address: str, port: int, *, with_worker: bool = True) -> None:
    """Serve the console, and beside it do its background work, until told to end.

    Refuses any address but this machine's own while demonstration users exist.
    """
    from granian import Granian
    from granian.constants import Interfaces

    from yingjin.jobs.workers import Workers
    from yingjin.registry.queries.users import demo_users_exist

    if not is_loopback(address) and demo_users_exist():
        raise Conflict(
            f"有演示用户时不能在 {address} 上打开网页，只能用 127.0.0.1。要给别的机器用，另建数据文件夹，"
            "用 yingjin add-user 加用户。",
            f"Demonstration users exist, so {address} is refused; only 127.0.0.1 may be served. For other machines "
            "start a data folder of its own and add users with `yingjin add-user`.",
        )
    refuse_taken(address, port)
    os.environ[NAME] = str(store())
    _let_go_of_the_database()
    server = Granian(
        "yingjin.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        workers_kill_timeout=SECONDS_TO_END,
        log_access=False,
        log_level="error",  # type: ignore[arg-type]
    )
    server.on_startup(_listen_for_the_end)
    workers = Workers()
    if with_worker:
        workers.start()
    try:
        server.serve()
    except SystemExit:
        # ^C reaches the server's own process too; when that ends before this one has heard of it, it counts as lost.
        if not server.interrupt_signal:
            raise
    finally:
        workers.stop()


def _let_go_of_the_database() -> None:
    """Close what this process holds open: the server's process is forked from it and must not share connections."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()


def _listen_for_the_end() -> None:
    """End with the terminal: the server would otherwise reload, go on unseen and keep the port."""
    signal.signal(signal.SIGHUP, signal.getsignal(signal.SIGINT))
    os.register_at_fork(after_in_child=_end_when_told)


def _end_when_told() -> None:
    """Let the server's process, while it still loads, end at its parent's word alone; ^C is for the parent."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for whole_terminal in (signal.SIGINT, signal.SIGHUP):
        signal.signal(whole_terminal, signal.SIG_IGN)
    if sys.platform == "linux":  # a parent that was killed says no word, and its server would keep the port
        ctypes.CDLL(None).prctl(WHEN_PARENT_DIES, signal.SIGTERM)


def is_loopback(address: str) -> bool:
    """Say whether an address is this machine's own."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def refuse_taken(address: str, port: int) -> None:
    """Raise Conflict when something listens on the port already."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.strip("[]"), port))
        except OSError:
            raise Conflict(
                f"端口 {port} 已被占用。换一个：make run PORT=8001。",
                f"Port {port} is taken. Choose another: make run PORT=8001.",
                port=port,
            ) from None
