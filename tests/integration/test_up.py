"""`yingjin up`, which is what `make run` starts: the county, the main job, the first users, the console, and ^C."""

import os
import re
import signal
import subprocess
import time
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import pytest

from tests.support.growing_county import write_first, write_second
from tests.support.places import Place, dump_of
from tests.support.ports import free_port, wait_for_port

PASSWORD = re.compile(r"^ {4}(\w+) +(\w{4}-\w{4}-\w{4}-\w{4}) +(\S.*)$", re.MULTILINE)
OWN = "山清水秀-2026-春"
ROLES = {
    "xian", "zhen", "cunyi", "shoufei", "yibao", "minzheng", "xiangcun", "shi", "sheng", "shenji", "guanli",
}  # fmt: skip
READY = re.compile(r"准备用了 ([\d.]+) 秒")
SECONDS_OF_A_SECOND_START = 5.0


class Up:
    """One run of `yingjin up` in a place, from its start to ^C."""

    def __init__(self, place: Place, *words: object) -> None:
        self.place = place
        self.port = free_port()
        self.log = place.folder / f"up-{self.port}.log"
        self.process = place.start("up", "--port", self.port, *words, output=self.log)
        wait_for_port(self.port, server=self.process, seconds=120)

    @property
    def said(self) -> str:
        """What it printed so far."""
        return self.log.read_text(encoding="utf-8")

    def stop(self, by: signal.Signals = signal.SIGINT) -> float:
        """Press ^C, or close the terminal, and return how many seconds it took to end.

        A terminal tells every process in front of it, the server's own as well.
        """
        begun = time.monotonic()
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in (self.process.pid, *map(int, children)):
            os.kill(pid, by)
        assert self.process.wait(timeout=30) == 0, self.said
        return time.monotonic() - begun

    def sign_in(self, username: str, password: str) -> str:
        """Sign in as a browser does and return the first page, or the sign-in page when it was refused."""
        self.browser = build_opener(HTTPCookieProcessor(CookieJar()))
        return self._send("/login/", {"username": username, "password": password})

    def choose_password(self, username: str, password: str, own: str) -> str:
        """Sign in by a password that was given, choose one's own, and return the page that opens then."""
        self.sign_in(username, password)
        return self._send("/account/password/", {"old": password, "new": own, "again": own})

    def _send(self, path: str, fields: dict[str, str]) -> str:
        address = f"http://127.0.0.1:{self.port}{path}"
        form = self.browser.open(address).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form).group(1)
        body = urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        try:
            return self.browser.open(Request(address, body, headers={"Referer": address})).read().decode()
        except HTTPError as refused:
            return refused.read().decode()


@pytest.fixture
def up():
    """Start `yingjin up`, and see that none is left when the test ends."""
    started: list[Up] = []

    def start(place: Place, *words: object) -> Up:
        started.append(Up(place, *words))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
            each.process.wait()


def left_running(place: Place) -> list[str]:
    """List the processes that work in a place still, whoever started them."""
    mark = f"YINGJIN_STORE={place.store}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue  # it ended while we looked, or is another's
    return found


def test_the_demonstration_county_is_made_found_and_served_and_a_second_start_keeps_everything(place, up):
    first = up(place, "--county-size", 1_000)
    users = {name: password for name, password, _ in PASSWORD.findall(first.said)}
    assert set(users) == ROLES and len(PASSWORD.findall(first.said)) == len(ROLES)
    assert "缺口找得准不准" in first.said and READY.search(first.said)
    assert "总览" in first.sign_in("xian", users["xian"])
    assert "窗口" in first.sign_in("shoufei", users["shoufei"])
    assert "第二步验证" in first.sign_in("guanli", users["guanli"])
    assert "总览" not in first.sign_in("xian", users["cunyi"])
    assert first.stop() < 15
    assert "Traceback" not in first.said and not left_running(place)
    before = dump_of(place)

    second = up(place, "--county-size", 1_000)
    assert "登记册没有变" in second.said and "密码不再显示" in second.said
    assert not PASSWORD.search(second.said)
    assert float(READY.search(second.said).group(1)) < SECONDS_OF_A_SECOND_START
    assert "总览" in second.sign_in("cunyi", users["cunyi"])
    assert second.stop() < 15
    assert "Traceback" not in second.said and not left_running(place)
    assert dump_of(place) == before

    # At once after it listens, when the server's own process is still loading.
    third = up(place, "--county-size", 1_000)
    assert third.stop() < 15
    assert "Traceback" not in third.said and not left_running(place)


def test_a_server_that_is_killed_leaves_nothing_that_keeps_its_port(place):
    address = place.serve()
    assert urlopen(f"{address}/login/").status == 200
    (server,) = place.servers
    server.kill()
    server.wait()
    until = time.monotonic() + 30
    while running := left_running(place):
        assert time.monotonic() < until, running
        time.sleep(0.05)


def test_a_folder_of_ones_own_gives_one_officer_of_the_county_it_names(place, up, tmp_path):
    folder = write_first(tmp_path / "first")
    first = up(place, "--data", folder)
    ((username, password, words),) = PASSWORD.findall(first.said)
    assert username == "xian" and "贵州省毕节市赫章县" in words
    assert "换成自己的密码" in first.sign_in(username, password)
    page = first.choose_password(username, password, OWN)
    assert "2025-11-30" in page or "2025 年 11 月 30 日" in page
    first.stop()

    # The same folder: nothing is run again. A later state in its place: the main job runs and nobody is added.
    again = up(place, "--data", folder)
    assert "登记册没有变" in again.said and "主流程用了" not in again.said
    again.stop(by=signal.SIGHUP)  # the terminal is closed
    assert not left_running(place)
    later = up(place, "--data", write_second(tmp_path / "second"))
    assert "主流程用了" in later.said and not PASSWORD.search(later.said)
    assert "总览" in later.sign_in(username, OWN)
    later.stop()
    assert not left_running(place)

    # No demonstration user is there, so other machines may be served.
    port = free_port()
    server = place.start("serve", "--address", "0.0.0.0", "--port", port)
    place.servers.append(server)
    wait_for_port(port, server=server)
    assert urlopen(f"http://127.0.0.1:{port}/login/").status == 200
    place.stop_servers()


def test_a_folder_that_is_none_is_refused_before_anything_is_made(place, tmp_path):
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "gone", tmp_path / "empty"):
        refused = place.run("up", "--data", folder, "--port", free_port())
        assert refused.returncode == 2 and "文件夹" in refused.stderr and "Traceback" not in refused.stderr
    assert not place.store.exists()


def test_a_port_that_is_taken_is_told_before_the_main_job_runs(place, tmp_path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = place.run("up", "--data", write_first(tmp_path / "first"), "--port", taken.getsockname()[1])
    assert refused.returncode == 2 and "已被占用" in refused.stderr
    assert "登记册" not in refused.stdout


def test_stopping_while_the_county_is_made_says_how_to_go_on(place):
    log = place.folder / "log"
    process = place.start("up", "--county-size", 20_000, "--port", free_port(), output=log)
    until = time.monotonic() + 60
    while not (place.store / "demonstration").exists():
        assert process.poll() is None and time.monotonic() < until
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    try:
        status = process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    said = log.read_text(encoding="utf-8")
    assert status == 130 and "已停。再运行一次会接着做。" in said and "Traceback" not in said
