"""A PostgreSQL cluster of our own: in a temporary folder and gone with the test run, or kept in a folder."""

import ctypes
import getpass
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

import psycopg

from tests.support.ports import free_port

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",  # a throwaway cluster never survives a crash
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "60",
    "shared_buffers": "256MB",
}
OWNER = "yingjin_tests"
DIE_WITH_PARENT = 1  # Linux: prctl(PR_SET_PDEATHSIG)


class Cluster:
    """One PostgreSQL server of our own on a free port, trusting connections from this machine.

    PostgreSQL refuses to run as root: then it runs as the system's user `postgres`. What is in the folder `kept`
    stays, and is there again when the cluster is started on it anew.
    """

    def __init__(self, kept: Path | None = None) -> None:
        self.kept = kept
        self.port = free_port()
        self.superuser = "postgres" if os.getuid() == 0 else getpass.getuser()
        self.folder: Path | None = None
        self.server: subprocess.Popen | None = None

    def __enter__(self) -> "Cluster":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def url(self, database: str = "postgres", user: str = OWNER) -> str:
        """Return the address of one of its databases, as YINGJIN_DATABASE_URL takes it.

        Its user owns what it makes and is no superuser, whom row security would not hold.
        """
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str) -> str:
        """Make an empty database and return its address."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE template0')
        return self.url(database)

    def execute(self, statement: str) -> None:
        """Run a statement as the superuser."""
        with psycopg.connect(self.url(user=self.superuser), autocommit=True) as connection:
            connection.execute(statement)

    def drop(self, database: str) -> None:
        """Remove a database, ending whoever is still connected to it."""
        self.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def start(self) -> None:
        """Make the cluster and wait until it answers."""
        if self.server is not None:
            return
        self.folder = self._own_folder()
        data = self.folder / "data"
        new = not data.exists()
        if new:
            made = self._run(
                "initdb", "--pgdata", data, "--locale=C.UTF-8", "--encoding=UTF8", "--auth=trust", "--no-sync"
            )
            if made.wait() != 0:
                raise RuntimeError(f"initdb failed:\n{self.log()}")
        options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        self.server = self._run("postgres", "-D", data, "-p", str(self.port), "-k", self.folder, *options)
        self._wait_until_it_answers()
        if new:
            self.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")

    def _own_folder(self) -> Path:
        if self.kept is not None:
            self.kept.mkdir(parents=True, exist_ok=True)
            folder = self.kept
        else:
            folder = Path(tempfile.mkdtemp(prefix="yingjin-postgres-", dir=_folder_all_may_enter()))
        if os.getuid() == 0:
            shutil.chown(folder, self.superuser, self.superuser)
        return folder

    def stop(self) -> None:
        """End the server by its own process id and remove its folder, unless it is kept."""
        if self.server is not None:
            self.server.send_signal(signal.SIGINT)  # "fast": ends sessions, then shuts down
            self.server.wait(timeout=60)
            self.server = None
        if self.folder is not None:
            if self.kept is None:
                shutil.rmtree(self.folder)
            self.folder = None

    def log(self) -> str:
        """Return what the server has said so far."""
        return (self.folder / "log").read_text(errors="replace") if self.folder else ""

    def _run(self, program: str, *arguments: object) -> subprocess.Popen:
        with (self.folder / "log").open("a") as log:
            return subprocess.Popen(
                [_program(program), *map(str, arguments)],
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent,
                start_new_session=True,  # ^C in the terminal ends the tests, which then end the server
                **(
                    {"user": self.superuser, "group": self.superuser, "extra_groups": []}
                    if os.getuid() == 0
                    else {}
                ),
            )

    def _wait_until_it_answers(self) -> None:
        while True:
            if self.server.poll() is not None:
                raise RuntimeError(f"PostgreSQL ended with {self.server.returncode}:\n{self.log()}")
            try:
                psycopg.connect(self.url(user=self.superuser), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)


def _program(name: str) -> str:
    newest_first = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_version, reverse=True)
    found = str(newest_first[0]) if newest_first else shutil.which(name)
    if not found:
        raise FileNotFoundError(
            f"PostgreSQL's {name} is not on this machine. `make test` says what to install."
        )
    return found


def _version(program: Path) -> int:
    return int(program.parts[-3])


def _folder_all_may_enter() -> str:
    """Return where the user `postgres` may enter too: a TMPDIR of root's own may be closed to it."""
    return "/tmp" if os.getuid() == 0 else tempfile.gettempdir()


def _die_with_parent() -> None:
    """Ask Linux to end the server when the test run is killed; elsewhere it is left to the operator."""
    try:
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGINT)
    except (OSError, AttributeError):
        pass
