"""The workers as children of who serves: started with it, started again when one dies, ended with it."""

import os
import subprocess
import sys
import threading
from contextlib import suppress
from time import monotonic

from yingjin.jobs.worker import LANES

SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_BEFORE_AGAIN = (0.5, 2, 5, 15)
LONG_LIFE = 60


class Workers:
    """One worker process a lane. Each ends by itself when our end of its pipe closes, even if we are killed."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.looking = threading.Lock()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.deaths: dict[str, int] = dict.fromkeys(LANES, 0)
        self.begun: dict[str, float] = {}
        self.again_at: dict[str, float] = {}

    def start(self) -> None:
        """Start them, and a thread that looks after them."""
        os.register_at_fork(after_in_child=self._let_go)
        self._look()
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self) -> None:
        """Look after them until they are to stop."""
        while not self.stopping.wait(SECONDS_BETWEEN_LOOKS):
            with self.looking:
                self._look()

    def stop(self) -> None:
        """End them and wait: what they were doing is taken up at the next start."""
        self.stopping.set()
        with self.looking:
            for child in self.running.values():
                child.kill()
                child.wait()
                self._close_pipe(child)
            self.running.clear()

    def _look(self) -> None:
        for lane in LANES:
            child, now = self.running.get(lane), monotonic()
            if child is not None and child.poll() is not None:
                self._close_pipe(self.running.pop(lane))
                self.deaths[lane] = 0 if now - self.begun[lane] > LONG_LIFE else self.deaths[lane] + 1
                wait = SECONDS_BEFORE_AGAIN[min(self.deaths[lane], len(SECONDS_BEFORE_AGAIN)) - 1]
                self.again_at[lane] = now + wait
            elif child is None and now >= self.again_at.get(lane, 0) and not self.stopping.is_set():
                self.begun[lane] = now
                self.running[lane] = self._started(lane)

    @staticmethod
    def _started(lane: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "yingjin.jobs.cli", "work", "--lane", lane, "--with-parent"]
        # A session of its own: ^C is for the parent, whose end it hears of by the pipe.
        return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)

    def _let_go(self) -> None:
        """Close the pipes in a process forked from ours: it would keep them open after our end."""
        for child in self.running.values():
            self._close_pipe(child)

    @staticmethod
    def _close_pipe(child: subprocess.Popen[bytes]) -> None:
        if child.stdin is not None:
            with suppress(OSError):
                child.stdin.close()
