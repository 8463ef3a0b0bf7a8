"""The API as it is served: the worked examples run as they are written, and nothing it is asked breaks it."""

import json
import os
import re
import subprocess
import sys
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.support.places import CHECKOUT
from tests.support.probing import probe

EXAMPLES = CHECKOUT / "docs" / "接口" / "README.md"
PEOPLE = 1_000
CREDENTIAL = re.compile(r"client_(id|secret) +(\S+)")


class Served:
    """A served county and a client of it."""

    def __init__(self, place) -> None:
        place.do("make-county", place.inputs / "county", "--people", PEOPLE)
        place.do("run-county", place.inputs / "county" / "registers")
        words = ["--role", "county_officer", "--region", "520527", "--permissions", "read,work,import"]
        printed = dict(CREDENTIAL.findall(place.do("add-client", "县医保系统", *words)))
        self.address = place.serve("--without-worker", YINGJIN_API_PER_MINUTE="100000")
        self.environment = {
            **os.environ,
            "YINGJIN": self.address,
            "CLIENT_ID": printed["id"],
            "CLIENT_SECRET": printed["secret"],
        }
        asked = {
            "grant_type": "client_credentials", "client_id": printed["id"], "client_secret": printed["secret"],
        }  # fmt: skip
        with urlopen(f"{self.address}/api/v1/token", urlencode(asked).encode(), timeout=60) as answer:
            self.token = json.load(answer)["access_token"]

    def get(self, path: str):
        request = Request(f"{self.address}/api/v1{path}", headers={"Authorization": f"Bearer {self.token}"})
        with urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def keys(self) -> dict[str, list[str]]:
        """Return real keys by the path they stand in."""
        gaps = self.get("/gaps?limit=20&due=covered")["items"] or self.get("/gaps?limit=20")["items"]
        persons = [gap["person_key"] for gap in gaps]
        named = {
            f"/persons/{{key}}{rest} key": persons
            for rest in ("", "/bills", "/quote", "/years/{year}/replay")
        }
        named["/bills/{key} key"] = [gap["bill_key"] for gap in gaps if gap["bill_key"]]
        for rest in ("", "/assign", "/notes", "/close"):
            named[f"/gaps/{{gap_id}}{rest} gap_id"] = [gap["gap_id"] for gap in gaps]
        return {f"/api/v1{path}": keys for path, keys in named.items() if keys}


@pytest.fixture(scope="module")
def served(new_place) -> Served:
    return Served(new_place())


def example(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", EXAMPLES.read_text(encoding="utf-8"), re.DOTALL)
    assert found, language
    return found[1]


@pytest.mark.parametrize(
    ("language", "program"), [("bash", ["bash", "-c"]), ("python", [sys.executable, "-c"])]
)
def test_the_worked_example_runs_as_it_is_written(served, language, program, tmp_path):
    done = subprocess.run(
        [*program, example(language)],
        cwd=tmp_path,
        env=served.environment,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    if language == "bash":
        noted = json.loads((tmp_path / "noted.json").read_text(encoding="utf-8"))
        assert any("本周上门核实" in event["text"] for event in noted["desk"]["events"])
        assert json.loads(done.stdout)["title"] == "Wrong input"
    else:
        assert done.stdout.strip().endswith("insurance_officer")


def test_the_receiver_of_the_example_knows_ours_from_others():
    space: dict = {}
    exec(example("python receiver"), space)
    from yingjin.api.outgoing import signature

    header = signature(b"{}", ["new", "old"], 1000)
    assert [space["is_ours"](b"{}", header, secret, 1000) for secret in ("new", "old", "other")] == [
        True,
        True,
        False,
    ]
    assert not space["is_ours"](b"{}", header, "new", 1301) and not space["is_ours"](
        b"[]", header, "new", 1000
    )


def test_whatever_the_description_allows_is_answered_as_it_says(served, tmp_path):
    done = probe(served.address, served.token, served.keys(), tmp_path, examples=2)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    operations = len([1 for path in served.get("/openapi.json")["paths"].values() for _ in path])
    assert f"Tested: {operations}" in done.stdout
