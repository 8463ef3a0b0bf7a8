"""A place where the product runs as people run it: the `yingjin` command in a process of its own."""

import json
import os
import secrets
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.ports import free_port, wait_for_port

CHECKOUT = Path(__file__).resolve().parents[2]


class Place:
    """A data folder and a database, and the commands and servers started on them.

    `store` is the data folder, `inputs` a folder for the files a test writes.
    """

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.folder = folder
        self.store = folder / "store"
        self.inputs = folder / "inputs"
        self.inputs.mkdir(parents=True, exist_ok=True)
        self.database_url = database_url
        self.servers: list[subprocess.Popen] = []

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that works in this place."""
        return {
            **os.environ,
            "YINGJIN_STORE": str(self.store),
            "YINGJIN_DATABASE_URL": self.database_url,
            "DJANGO_SETTINGS_MODULE": "yingjin.settings",
            "PYTHONUTF8": "1",
        }

    def start(self, *words: object, output: Path | None = None, **more: str) -> subprocess.Popen:
        """Start `yingjin words…` and return it running; its output goes to a file, or nowhere."""
        sink = output.open("ab") if output else subprocess.DEVNULL
        try:
            return subprocess.Popen(
                [sys.executable, "-m", "yingjin.jobs.cli", *map(str, words)],
                cwd=self.folder,
                env={**self.environment, **more},
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
            )
        finally:
            if output:
                sink.close()

    def run(
        self, *words: object, seconds: float = 600, typed: str = "", **more: str
    ) -> subprocess.CompletedProcess[str]:
        """Run `yingjin words…` to its end, something typed into it; the test looks at returncode, stdout and stderr."""
        return subprocess.run(
            [sys.executable, "-m", "yingjin.jobs.cli", *map(str, words)],
            cwd=self.folder,
            env={**self.environment, **more},
            input=typed,
            capture_output=True,
            encoding="utf-8",
            timeout=seconds,
        )

    def do(self, *words: object, **more: str) -> str:
        """Run `yingjin words…`, which must end with 0, and return what it printed."""
        done = self.run(*words, **more)
        assert done.returncode == 0, (
            f"yingjin {' '.join(map(str, words))} ended with {done.returncode}:\n{done.stderr}"
        )
        return done.stdout

    def told(self, program: str, **more: str) -> Any:
        """Run a program of Python here, which must end with 0, and return what its last line says in JSON."""
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=CHECKOUT,
            env={**self.environment, "PYTHONPATH": str(CHECKOUT), "YINGJIN_SEES": "everything", **more},
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def add_user(self, username: str, role: str, *place: str) -> str:
        """Add somebody whose own password it is, and return it; `place` is --region or --facility and its code."""
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        done = self.run("add-user", username, "--role", role, *place, "--own-password", typed=password)
        assert done.returncode == 0, done.stderr
        return password

    def serve(self, *words: object, **more: str) -> str:
        """Start the console on a free port, wait until it listens, and return its address."""
        port = free_port()
        log = self.folder / f"serve-{port}.log"
        server = self.start("serve", "--port", port, *words, output=log, **more)
        self.servers.append(server)
        try:
            wait_for_port(port, server=server)
        except (RuntimeError, TimeoutError) as error:
            raise RuntimeError(f"{error}\n{log.read_text(errors='replace')}") from error
        return f"http://127.0.0.1:{port}"

    def stop_servers(self) -> None:
        """End every server started here as ^C does, and wait until it is gone."""
        for server in self.servers:
            if server.poll() is None:
                server.send_signal(signal.SIGINT)
                try:
                    server.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    server.kill()
                    server.wait()
        self.servers.clear()


def dump_of(place: Place) -> dict[str, list[object]]:
    """Return what a place's database holds: rows and their digest by table."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.dump"],
        cwd=CHECKOUT,
        env=place.environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    found: dict[str, list[object]] = json.loads(done.stdout)
    return found
