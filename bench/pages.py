"""Overview and the first page of gaps at 200,000 people, ten readers at once, on both databases."""

import http.client
import re
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from urllib.parse import urlencode, urlsplit

from bench.table import Limit, Table
from tests.support.places import Place
from tests.support.postgres import Cluster

PEOPLE = 200_000
READERS = 10
REQUESTS_A_ROUND = 12
ROUNDS = 5
TIMES_AT_MOST = 4.0
EMPTY = "/find/"
PAGES = {"empty signed-in page": EMPTY, "overview": "/", "first gap page": "/gaps/"}


def run() -> list[Table]:
    """Load the county once a database, then let ten readers open each page in turn."""
    with tempfile.TemporaryDirectory(prefix="yingjin-bench-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        county = folder / "county"
        Place(folder / "maker").do("make-county", county, "--people", PEOPLE, "--seed", 2025)
        tables = [_measured("SQLite", Place(folder / "sqlite"), county)]
        cluster = Cluster()
        cluster.start()
        try:
            tables.append(
                _measured("PostgreSQL", Place(folder / "postgres", cluster.create("bench")), county)
            )
        finally:
            cluster.stop()
    return tables


def _measured(database: str, place: Place, county: Path) -> Table:
    done = place.run("run-county", county / "registers", seconds=7_200)
    assert done.returncode in (0, 2), done.stderr[-2_000:]
    said = place.do("add-user", "bench", "--role", "county_officer", "--region", "520527")
    address = place.serve()
    try:
        readers = [Reader(address, "bench", said.split()[-1]) for _ in range(READERS)]
        p95 = _rounds(readers)
    finally:
        place.stop_servers()
    empty = p95["empty signed-in page"]
    return Table(
        title=f"pages: 200,000 people, ten readers, {database}",
        about=f"p95 in milliseconds of {READERS * REQUESTS_A_ROUND} requests a page, median of {ROUNDS} rounds in turn.",
        columns=("page", "p95 ms", "times the empty page"),
        rows=tuple((name, value * 1_000, value / empty) for name, value in p95.items()),
        limits=tuple(
            Limit(f"{name}, {database}", value / empty, TIMES_AT_MOST)
            for name, value in p95.items()
            if value != empty
        ),
    )


def _rounds(readers: list["Reader"]) -> dict[str, float]:
    for path in PAGES.values():
        _at_once(readers, lambda reader, path=path: [reader.get(path)])
    took: dict[str, list[float]] = {name: [] for name in PAGES}
    for _ in range(ROUNDS):
        for name, path in PAGES.items():
            seconds = _at_once(
                readers, lambda reader, path=path: [reader.get(path) for _ in range(REQUESTS_A_ROUND)]
            )
            took[name].append(sorted(seconds)[int(len(seconds) * 0.95)])
    return {name: median(values) for name, values in took.items()}


def _at_once(readers: list["Reader"], work: Callable[["Reader"], list[float]]) -> list[float]:
    seconds: list[float] = []
    threads = [
        threading.Thread(target=lambda reader=reader: seconds.extend(work(reader))) for reader in readers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seconds, "no reader got an answer"
    return seconds


class Reader:
    """Somebody signed in, with a connection of their own."""

    def __init__(self, address: str, username: str, password: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
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

    def _ask(
        self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body or None, {**(headers or {}), "Cookie": cookie})
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text
