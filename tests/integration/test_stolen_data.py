"""A copied database and data folder tell no name, no number, no phone, no illness; the keys beside them tell all."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.known_county import BILLS, HIV, ON, PEOPLE, PSYCHOSIS, STROKE, identity, write_county
from tests.support.places import CHECKOUT, Place, dump_of
from tests.support.stolen import stolen, told, written_in_clear
from yingjin.basics.sealing import is_sealed_file, sealed_file_head

PHONE, DOCTOR = "13912345678", "李国华"
NAMES = [*PEOPLE, "禄晓英", "阿西木呷"]
NUMBERS = [identity(name) for name in PEOPLE]
ILLNESSES = ["艾滋病", "脑卒中", "脑梗死", HIV, STROKE, PSYCHOSIS, *{facts[2] for facts in BILLS.values()}]
HIDDEN = [*NAMES, *NUMBERS, *(number[-8:] for number in NUMBERS), PHONE, DOCTOR, *ILLNESSES]
# What was looked for, or typed before signing in: nobody keeps it. A job's result is a sealed file.
IN_NO_FIELD = {"zqsoughtqz", "zqfoundqz", "zqaddressqz", "zqmistypedqz", "zq520527resultqz"}
# Who holds the cookie goes on; who holds what the table has of it does not.
STILL_SIGNED_IN = """
from yingjin.jobs import setup; setup.django()
from django.test import Client
from yingjin.registry.models import Session
from yingjin.registry.queries.sessions import hashed
for key in ("COOKIE", Session.objects.get(pk=hashed("COOKIE")).pk):
    browser = Client(SERVER_NAME="localhost")
    browser.cookies["sessionid"] = key
    print(browser.get("/rules/").status_code)
"""
READ = """
import django, json; django.setup()
from django.apps import apps
from yingjin.basics.resealing import hiding_models
from yingjin.basics.sealed_fields import sealed_fields
found = [list(model.objects.values_list(*(f.name for f in sealed_fields(model)))) for model in hiding_models() if sealed_fields(model)]
print(json.dumps(found, default=str, ensure_ascii=False))
"""


@pytest.fixture(scope="module")
def place(new_place: object) -> Place:
    """The known county, brought in by the command."""
    made = new_place()
    folder = made.inputs / "registers"
    folder.mkdir()
    made.do("run-county", write_county(folder), "--on", ON)
    return made


def test_a_stolen_copy_tells_nothing_about_anybody(place: Place, tmp_path: Path) -> None:
    whole = stolen(place, tmp_path / "copy")
    assert len(whole) > 100_000
    assert told(whole, HIDDEN) == []


def test_what_the_copy_hides_is_there_for_who_has_the_keys(place: Place) -> None:
    opened = read(place)
    missing = [
        text for text in (*NAMES[:8], *NUMBERS, PHONE, DOCTOR, HIV, STROKE, PSYCHOSIS) if text not in opened
    ]
    assert not missing


@pytest.fixture(scope="module")
def written(new_place: object) -> tuple[Place, dict[str, list[str]]]:
    """A county at work: a word in every field where people write freely, and doors that somebody holds the keys of."""
    made = new_place()
    made.do("make-county", made.inputs / "county", "--people", 1_000, "--seed", 7)
    made.do("run-county", made.inputs / "county" / "registers")
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.freely", str(made.inputs / "county")], cwd=CHECKOUT,
        env=made.environment, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3_000:]
    return made, json.loads(done.stdout.splitlines()[-1])


def test_a_word_written_freely_is_nowhere_in_a_stolen_copy(
    written: tuple[Place, dict[str, list[str]]], tmp_path: Path
) -> None:
    place, planted = written
    assert len(planted["words"]) == len(set(planted["words"])) >= 18
    whole = stolen(place, tmp_path / "copy")
    assert told(whole, planted["words"]) == []
    opened = read(place)
    kept = [word for word in planted["words"] if word not in IN_NO_FIELD]
    assert [word for word in kept if word not in opened] == [], "planted, and opened with the keys"


def test_a_stolen_copy_opens_no_door_and_continues_no_session(
    written: tuple[Place, dict[str, list[str]]], tmp_path: Path
) -> None:
    place, planted = written
    cookie, *others = planted["secrets"]
    assert len(others) >= 5 and told(stolen(place, tmp_path / "copy"), planted["secrets"]) == []
    assert ask(place, STILL_SIGNED_IN.replace("COOKIE", cookie)).split() == ["200", "302"]


def test_the_search_finds_what_somebody_wrote_in_clear(new_place: object, tmp_path: Path) -> None:
    place = new_place()
    folder = place.inputs / "registers"
    folder.mkdir()
    place.do("run-county", write_county(folder), "--on", ON)
    written_in_clear(place, "禄小英")
    assert told(stolen(place, tmp_path / "copy"), HIDDEN) == ["禄小英 in utf-8"]
    (place.store / "left.txt").write_bytes("禄小英".encode("utf-16-le"))
    assert "禄小英 in utf-16-le" in told(stolen(place, tmp_path / "copy"), HIDDEN)
    done = place.run("run-county", folder)
    assert done.returncode == 2, "a clear value in a sealed column is refused, not shown"
    assert "没有打开" in done.stderr and "Traceback" not in done.stderr


def test_every_file_of_the_store_is_sealed_or_holds_nobody(place: Place) -> None:
    open_files = sorted(
        path.name for path in place.store.rglob("*") if path.is_file() and not is_sealed_file(path)
    )
    database = [] if place.database_url else ["yingjin.sqlite3"]
    assert open_files == sorted(["keys.json", "run-county.lock", "session.secret", *database])
    assert any(is_sealed_file(path) for path in (place.store / "marked").iterdir()), (
        "a refused row was marked"
    )


def test_other_keys_are_refused_in_words_and_nothing_is_written(place: Place) -> None:
    keys = place.store / "keys.json"
    own, before = keys.read_bytes(), dump_of(place)
    try:
        for other in (None, other_keys(own)):
            keys.unlink(missing_ok=True)
            if other is not None:
                keys.write_bytes(other)
            done = place.run("run-county", place.inputs / "registers", "--on", ON)
            assert done.returncode == 2
            assert "密钥" in done.stderr and "key" in done.stderr and "Traceback" not in done.stderr
            assert keys.exists() == (other is not None), (
                "no new keys are made where the data need the old ones"
            )
    finally:
        keys.write_bytes(own)
    assert dump_of(place) == before


def test_a_rotation_killed_half_way_goes_on_and_ends_with_new_keys_alone(
    new_place: object, tmp_path: Path
) -> None:
    place = new_place()
    place.do("make-county", place.inputs / "county", "--people", 1_000, "--seed", 7)
    registers = place.inputs / "county" / "registers"
    place.do("run-county", registers)
    before, own = dump_of(place), keys_of(place)
    killed_half_way(place)
    between = keys_of(place)
    assert set(own["keys"]) < set(between["keys"]) and len(between["keys"]) == 2
    counted = json.loads(ask(place, LEFT))
    assert 0 < counted["left"] < counted["all"], "killed in the midst"
    assert dump_of(place) == before, "what is half way opens"
    refused = place.run("run-county", registers)
    assert refused.returncode == 2 and "rotate-keys" in refused.stderr
    place.do("rotate-keys")
    after = keys_of(place)
    assert len(after["keys"]) == len(after["index_keys"]) == 1
    assert not set(after["keys"]) & set(own["keys"]) and not set(after["index_keys"]) & set(own["index_keys"])
    assert dump_of(place) == before
    for path in (place.store / "marked").iterdir():
        assert sealed_file_head(path).key_id == after["current"]
    again = place.do("run-county", registers)
    assert dump_of(place) == before, again


LEFT = """
import django, json; django.setup()
from yingjin.basics.resealing import hiding_models, left_in
print(json.dumps({"left": sum(map(left_in, hiding_models())), "all": sum(m.objects.count() for m in hiding_models())}))
"""


def killed_half_way(place: Place) -> None:
    """Kill a rotation when it has sealed some rows anew and not all."""
    running = place.start("rotate-keys")
    deadline = time.monotonic() + 60
    while len(keys_of(place)["keys"]) == 1:
        assert running.poll() is None and time.monotonic() < deadline
        time.sleep(0.005)
    time.sleep(0.5)
    running.send_signal(signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL, "it ended before it was killed"


def keys_of(place: Place) -> dict[str, dict[str, str]]:
    return json.loads((place.store / "keys.json").read_text())


def other_keys(own: bytes) -> bytes:
    """Return keys of the same names that are others."""
    held = json.loads(own)
    held["keys"][held["current"]] = held["index_keys"][held["index_current"]]
    return json.dumps(held).encode()


def read(place: Place) -> str:
    return ask(place, READ)


def ask(place: Place, program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=CHECKOUT, env={**place.environment, "PYTHONPATH": os.getcwd()},
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return done.stdout
