"""The database under test: a pytest plugin, loaded before Django reads its settings.

YINGJIN_TEST_DATABASE says which: `sqlite` (the default, a file, as in production) or `postgres` (a throwaway
cluster, started when the first test asks for it). The data folder of the run is a temporary one, so that no
test reads or writes the user's own.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.places import Place
from tests.support.postgres import Cluster

ON_POSTGRES = {"sqlite": False, "postgres": True}[os.environ.setdefault("YINGJIN_TEST_DATABASE", "sqlite")]
STORE = Path(tempfile.mkdtemp(prefix="yingjin-tests-"))
atexit.register(shutil.rmtree, STORE, ignore_errors=True)
CLUSTER = Cluster()

os.environ["YINGJIN_STORE"] = str(STORE / "store")
os.environ["YINGJIN_SEES"] = "everything"  # as commands do; the console narrows it at each request
os.environ["YINGJIN_DATABASE_URL"] = CLUSTER.url("yingjin") if ON_POSTGRES else ""


def pytest_report_header() -> str:
    return f"database under test: {'PostgreSQL' if ON_POSTGRES else 'SQLite'}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """The throwaway PostgreSQL cluster, running; also for tests that must see PostgreSQL in every run."""
    CLUSTER.start()
    yield CLUSTER
    CLUSTER.stop()


def put_under_test(request: pytest.FixtureRequest) -> None:
    """Give Django a running cluster, or a file: SQLite in memory knows neither WAL nor a second connection."""
    from django.db import connections

    if ON_POSTGRES:
        request.getfixturevalue("postgres")
        return
    settings = connections["default"].settings_dict
    settings["TEST"] = {**settings["TEST"], "NAME": str(STORE / "test.sqlite3")}


@pytest.fixture(scope="session")
def new_place(request: pytest.FixtureRequest) -> Iterator["Places"]:
    """Make places: a data folder and a database each, for commands and servers run as programs of their own."""
    places = Places(request.getfixturevalue("postgres") if ON_POSTGRES else None)
    yield places
    places.close()


@pytest.fixture
def place(new_place: "Places") -> Place:
    """One new place: a data folder and an empty database of the kind under test."""
    return new_place()


class Places:
    """Makes places on the database under test and removes them when the run ends."""

    def __init__(self, cluster: Cluster | None) -> None:
        self.cluster = cluster
        self.made: list[Place] = []

    def __call__(self, cluster: Cluster | None = None) -> Place:
        """Make a place; a cluster given puts this one on PostgreSQL whatever the run is on."""
        cluster = cluster or self.cluster
        number = len(self.made) + 1
        url = cluster.create(f"place_{os.getpid()}_{number}") if cluster else ""
        made = Place(STORE / f"place-{number}", url)
        self.made.append(made)
        return made

    def close(self) -> None:
        """End what still runs in the places; their files and databases go with the run."""
        for made in self.made:
            made.stop_servers()
