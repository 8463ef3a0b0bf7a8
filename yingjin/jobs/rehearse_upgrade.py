"""`yingjin rehearse-upgrade BACKUP --keys FOLDER`: try this program on a copy before it meets the county's data.

Everything happens in a place of its own that is gone afterwards; the serving data folder and database are not touched.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic

from yingjin import __version__
from yingjin.basics.errors import BadInput
from yingjin.basics.progress import track
from yingjin.jobs.keeping import folders
from yingjin.jobs.store import NAME

URL = "YINGJIN_DATABASE_URL"
STEPS = (
    ("restore", "恢复并升级表结构", "restore and bring the tables up to date"),
    ("doctor", "体检", "look everything over"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("backup", type=Path, help="yingjin backup 写出的文件夹  a folder that backup wrote")
    parser.add_argument("--keys", type=Path, required=True, help="密钥所在的文件夹  the folder of the keys")
    parser.add_argument(
        "--database-url",
        default="",
        help="PostgreSQL 备份用的空数据库  an empty database, for a backup of PostgreSQL",
    )


def run(args: argparse.Namespace) -> int:
    """Go through the upgrade on a copy; return 0 when every step went well, else 2."""
    manifest = folders.read_backup(args.backup, track)
    if manifest.vendor == "postgresql" and not args.database_url:
        raise BadInput(
            "这份备份是 PostgreSQL 的。新建一个空数据库，用 --database-url 指给演练用，完了删掉它。",
            "This backup is of PostgreSQL. Make an empty database for the rehearsal and name it with --database-url.",
        )
    print(f"演练：从 {manifest.version} 升到 {__version__}  rehearsing {manifest.version} to {__version__}")
    with tempfile.TemporaryDirectory(prefix="yingjin-rehearsal-") as folder:
        environment = {**os.environ, NAME: str(Path(folder) / "store"), URL: args.database_url}
        words = {"restore": [str(args.backup), "--keys", str(args.keys)], "doctor": []}
        well = all(_step(name, zh, en, words[name], environment) for name, zh, en in STEPS)
    print(
        "演练通过，可以升级。  The rehearsal went well: upgrade."
        if well
        else "演练没有通过，先不要升级。上面一行说了停在哪里。  Do not upgrade yet: the line above says where it stopped."
    )
    return 0 if well else 2


def _step(name: str, zh: str, en: str, words: list[str], environment: dict[str, str]) -> bool:
    begun = monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "yingjin.jobs.cli", name, *words], env=environment, check=False
    )
    print(f"{'好' if done.returncode == 0 else '停'}  {zh}，{monotonic() - begun:.1f} 秒  {en}", flush=True)
    return done.returncode == 0
