"""The pages an office opens all day, at 200,000 and 1,000,000 people, ten and fifty readers at once, both databases.

YINGJIN_BENCH_PEOPLE (numbers by comma) measures other sizes alone; YINGJIN_BENCH_KEPT=folder measures places that are
kept there, loading only what is not there yet (bench/kept.py).
"""

import http.client
import itertools
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from bench.kept import POSTGRES, READER, SQLITE, Loaded, folder_of_places, loaded_place
from bench.table import Limit, Table

SIZES = tuple(int(size) for size in os.environ.get("YINGJIN_BENCH_PEOPLE", "200000,1000000").split(","))
READERS = (10, 50)
REQUESTS_A_ROUND = 120
ROUNDS = 5
TIMES_AT_MOST = 4.0
GROWTH_AT_MOST = 1.5
EMPTY = "empty signed-in page"
LIST_PAGES = 12  # of the gap list, from which people and bills to open are taken
BILLS = 150  # to open, so that none is opened from memory alone
SEARCHES = ("li", "chen", "wang", "lxy", "cdy", "zhang m", "yang", "luo", "204X", "1017", "zg", "huang")


class Measured(NamedTuple):
    """The p95 of each page in seconds, for one database, size and number of readers."""

    database: str
    people: int
    readers: int
    p95: dict[str, float]


def run() -> list[Table]:
    """Load each size once a database, then let the readers open each page in turn."""
    measured: list[Measured] = []
    with folder_of_places() as folder:
        for size in SIZES:
            for database in (SQLITE, POSTGRES):
                with loaded_place(folder, database, size) as loaded:
                    measured += _of_size(database, loaded, size)
    return [_table(each) for each in measured] + _growth(measured)


def _of_size(database: str, loaded: Loaded, size: int) -> Iterator[Measured]:
    place, password, _ = loaded
    address = place.serve()
    try:
        first = Reader(address, READER, password)
        pages = pages_of(first)
        everybody = [first, *(Reader(address, READER, password) for _ in range(max(READERS) - 1))]
        for readers in READERS:
            yield Measured(database, size, readers, _rounds(everybody[:readers], pages))
    finally:
        place.stop_servers()


def pages_of(reader: "Reader") -> dict[str, list[str]]:
    """Return the addresses of each page: many people and bills, so that none is opened from memory alone."""
    persons: list[str] = []
    for number in range(1, LIST_PAGES + 1):
        persons += re.findall(r'href="(/persons/[0-9a-f-]+/)', reader.text(f"/gaps/?page={number}"))
    persons = sorted(set(persons))
    bills: set[str] = set()
    for person in persons:
        bills.update(re.findall(r'href="(/bills/[0-9A-Za-z-]+/)"', reader.text(person)))
        if len(bills) > BILLS:
            break
    assert len(persons) > 100 and len(bills) > 100, (len(persons), len(bills))
    return {
        EMPTY: ["/find/"],
        "overview": ["/"],
        "find": [f"/find/?{urlencode({'q': text})}" for text in SEARCHES],
        "gaps": ["/gaps/", *(f"/gaps/?page={number}" for number in range(2, LIST_PAGES))],
        "person": persons,
        "bill": sorted(bills),
    }


def _rounds(readers: list["Reader"], pages: dict[str, list[str]]) -> dict[str, float]:
    each = max(2, REQUESTS_A_ROUND // len(readers))
    for paths in pages.values():
        _at_once(readers, paths, 1)
    took: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(ROUNDS):
        for name, paths in pages.items():
            seconds = sorted(_at_once(readers, paths, each))
            took[name].append(seconds[int(len(seconds) * 0.95)])
    return {name: median(values) for name, values in took.items()}


def _at_once(readers: list["Reader"], paths: list[str], each: int) -> list[float]:
    """Let every reader open some of the addresses, nobody the same ones at the same time."""
    seconds: list[float] = []
    turn = itertools.cycle(paths)
    share = [[next(turn) for _ in range(each)] for _ in readers]
    work: list[Callable[[], None]] = [
        lambda reader=reader, own=own: seconds.extend([reader.get(path) for path in own])
        for reader, own in zip(readers, share, strict=True)
    ]
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seconds) == each * len(readers), "a reader got no answer"
    return seconds


def _table(measured: Measured) -> Table:
    database, people, readers, p95 = measured
    empty = p95[EMPTY]
    return Table(
        title=f"pages: {people:,} people, {readers} readers, {database}",
        about=f"p95 in milliseconds of {REQUESTS_A_ROUND} requests a page, median of {ROUNDS} rounds in turn.",
        columns=("page", "p95 ms", "times the empty page"),
        rows=tuple((name, value * 1_000, value / empty) for name, value in p95.items()),
        limits=tuple(
            Limit(f"{name}, {people:,} people, {readers} readers, {database}", value / empty, TIMES_AT_MOST)
            for name, value in p95.items()
            if name != EMPTY
        ),
    )


def _growth(measured: list[Measured]) -> list[Table]:
    """Compare the largest size with the smallest, each page by what it takes over the empty page of its own run."""
    if len(SIZES) < 2:
        return []
    small, large = min(SIZES), max(SIZES)
    by = {(each.database, each.people, each.readers): each.p95 for each in measured}
    rows, limits = [], []
    for database, people, readers in by:
        if people != large:
            continue
        before, after = by[database, small, readers], by[database, large, readers]
        for name in after:
            if name == EMPTY:
                continue
            times = (after[name] / after[EMPTY]) / (before[name] / before[EMPTY])
            rows.append((f"{name}, {readers} readers, {database}", times))
            limits.append(
                Limit(
                    f"{name}, {readers} readers, {database}, {large:,} over {small:,}", times, GROWTH_AT_MOST
                )
            )
    return [
        Table(
            title=f"pages: {large:,} people over {small:,}",
            about="Times the empty page at the larger size over the same at the smaller.",
            columns=("page", "times"),
            rows=tuple(rows),
            limits=tuple(limits),
        )
    ]


class Reader:
    """Somebody signed in, with a connection of their own."""

    def __init__(self, address: str, username: str, password: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=300)
        self.cookies: dict[str, str] = {}
        page = self._ask("GET", "/login/")[1]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, "the login page has no form"
        form = urlencode({"username": username, "password": password, "csrfmiddlewaretoken": token[1]})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        status, _ = self._ask("POST", "/login/", form, headers)
        assert status == 302, f"signing in gave {status}"

    def get(self, path: str) -> float:
        """Open a page and return the seconds it took."""
        begun = time.perf_counter()
        status, _ = self._ask("GET", path)
        assert status == 200, f"{path} gave {status}"
        return time.perf_counter() - begun

    def text(self, path: str) -> str:
        """Open a page and return what it says."""
        status, said = self._ask("GET", path)
        assert status == 200, f"{path} gave {status}"
        return said

    def _ask(
        self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        words = {**(headers or {}), "Cookie": cookie}
        try:
            self.connection.request(method, path, body or None, words)
            answer = self.connection.getresponse()
        except (
            http.client.RemoteDisconnected
        ):  # the server lets nobody hold a connection for long without asking
            self.connection.close()
            self.connection.request(method, path, body or None, words)
            answer = self.connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text
