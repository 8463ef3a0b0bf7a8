"""
`yingjin audit`: look after the chain of the audit.

* verify     run the stand-alone verifier over the events, with the anchors of the data folder or a folder given
* dump       write the events as lines of JSON, for the verifier on another machine
* words      write what people wrote about what they did, which lies sealed beside the events
* anchor     write the anchor of the last day that is over, and print it to be kept elsewhere
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from yingjin.jobs import setup

VERIFIER = Path(__file__).with_name("yingjin_audit_verify.py")
COLUMNS = ("number", "at", "by", "role", "what", "target", "facts", "before", "hash")
SAID = ("number", "at", "by", "role", "what", "target")
MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    what = parser.add_subparsers(dest="what", required=True, metavar="做什么 what")
    verify = what.add_parser("verify", help="核对审计链有没有人动过  see that nobody tampered with the chain")
    verify.add_argument("file", nargs="?", help="另一份数据库或导出的文件  another database or dump")
    verify.add_argument(
        "--anchors", help="锚在哪个文件夹（缺省：数据文件夹里的 anchors）  the folder of anchors"
    )
    into = what.add_parser("dump", help="把审计导出成一行一条的文件  write the events as lines of JSON")
    into.add_argument("file", help="写到哪里  where to write")
    words = what.add_parser(
        "words", help="把写下的原因和条件取出来看  write the reasons and filters that people wrote, opened"
    )
    words.add_argument("file", help="写到哪里  where to write")
    what.add_parser("anchor", help="写下上一天的锚，并印出来  write the anchor of the last day, and print it")


def run(args: argparse.Namespace) -> int:
    """Do one of them; return the verifier's own exit code, else 0."""
    setup.django()
    if args.what == "verify":
        return verify(args.file, args.anchors)
    setup.migrate()
    if args.what == "anchor":
        return anchor()
    count = words(Path(args.file)) if args.what == "words" else dump(Path(args.file))
    print(f"导出 {count} 条  {count} events written: {args.file}")
    return 0


def verify(file: str | None, anchors: str | None) -> int:
    """Run the verifier as the program of its own that it is, which reads files and nothing else."""
    from django.conf import settings
    from django.db import connection

    folder = Path(anchors) if anchors else Path(settings.STORE) / "anchors"
    # A folder that was named must hold anchors; our own is empty until the second day.
    kept = ["--anchors", str(folder)] if anchors or any(folder.glob("*.json")) else []
    if file or connection.vendor == "sqlite":
        return _verified(file or str(connection.settings_dict["NAME"]), kept)
    with tempfile.TemporaryDirectory() as private:
        path = Path(private) / "events.jsonl"
        dump(path)
        return _verified(str(path), kept)


def _verified(file: str, more: list[str]) -> int:
    return subprocess.run([sys.executable, "-I", str(VERIFIER), file, *more], check=False).returncode


def dump(path: Path) -> int:
    """Write every event as one line of JSON, in the order of their numbers; return how many."""
    from yingjin.basics.audit import every

    return _written(path, (_facts(event, COLUMNS) for event in every()))


def words(path: Path) -> int:
    """Write the events about which something was written, with the words; return how many.

    `words` is null where they are not those of the event: somebody altered them, or took them away.
    """
    from yingjin.basics.audit import every_with_words

    return _written(path, ({**_facts(event, SAID), "words": said} for event, said in every_with_words()))


def _facts(event: Any, names: Sequence[str]) -> dict[str, Any]:
    return {
        name: event.at.astimezone(UTC).strftime(MOMENT) if name == "at" else getattr(event, name)
        for name in names
    }


def _written(path: Path, rows: Iterator[dict[str, Any]]) -> int:
    from django.db import transaction

    count = 0
    with (
        open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file,
        transaction.atomic(),
    ):
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count


def anchor_yesterday(job: Any, report: Any) -> dict[str, str]:
    """Write the anchor of the last day that is over, if it is not there yet; the timetable calls this."""
    from yingjin.basics.anchors import anchor as write

    path = write(datetime.now(UTC))
    return {"anchor": path.name if path else ""}


def anchor() -> int:
    """Write the anchor of the last day that is over and print what to keep."""
    from yingjin.basics.anchors import anchor as write

    path = write(datetime.now(UTC))
    if path is None:
        print("还没有过完的一天有记录  no day with an event is over yet")
        return 0
    kept = json.loads(path.read_text(encoding="utf-8"))
    print(f"{kept['day']}  第 {kept['number']} 行  row {kept['number']}  {kept['hash']}\n{path}")
    print(
        "打印或另存到别的机器：库里改了，这一行改不了。\n"
        "Print it or keep it on another machine: what is changed here cannot change it there."
    )
    return 0
