"""A backup made while the county works comes back into an empty place with every row, every fen and every key fitting."""

import base64
import json
import shutil
import threading

import pytest

from tests.support.known_county import write_county
from tests.support.places import Place

OFFICER = ("add-user", "xian", "--role", "county_officer", "--region", "520527")


@pytest.fixture(scope="module")
def served(new_place):
    """A place with the known county in it."""
    place = new_place()
    (place.inputs / "registers").mkdir()
    place.run("run-county", write_county(place.inputs / "registers"))  # 2: some rows are refused
    place.do(*OFFICER)
    return place


@pytest.fixture(scope="module")
def backup(served: Place):
    """A backup of it and its keys, in two folders."""
    served.do("backup", served.folder / "backups", "--keys", served.folder / "keys")
    (made,) = (served.folder / "backups").iterdir()
    return made, served.folder / "keys"


@pytest.fixture
def empty(new_place):
    """A place where nothing was ever done."""
    place = new_place()
    shutil.rmtree(place.store, ignore_errors=True)
    return place


def in_store(place: Place) -> dict[str, bytes]:
    """Return what lies in a place's data folder, what SQLite keeps beside its file for a while apart."""
    files = [path for path in place.store.rglob("*") if path.is_file()]
    return {str(path): path.read_bytes() for path in files if not path.name.endswith(("-wal", "-shm"))}


def counted(backup) -> dict:
    return json.loads((backup[0] / "manifest.json").read_text(encoding="utf-8"))["invariants"]


def test_a_restored_place_holds_what_the_backup_held_and_works(served, backup, empty):
    said = empty.do("restore", backup[0], "--keys", backup[1])
    assert "不同 0 个" in said and "恢复完成" in said
    assert counted(backup)["registry_person"]["rows"] > 5
    assert counted(backup)["settlement_settledbill"]["basic_fen"] > 0
    assert "缺" not in empty.do("doctor").replace("缺口", "")
    # The main job over the same files finds nothing to write: what came back is the county, not a likeness of it.
    empty.run("run-county", served.inputs / "registers")
    second = empty.folder / "second"
    empty.do("backup", second)
    (made,) = second.iterdir()
    assert counted((made, None))["settlement_bill"] == counted(backup)["settlement_bill"]
    assert counted((made, None))["gaps_due"] == counted(backup)["gaps_due"]


def test_the_backup_holds_no_key_and_its_files_are_for_the_owner_alone(backup):
    made, keys = backup
    names = [path.name for path in made.rglob("*") if path.is_file()]
    assert "manifest.json" in names
    assert not [name for name in names if name.endswith(".secret") or name == "keys.json"]
    assert {path.name for path in keys.iterdir()} == {"keys.json", "session.secret"}
    everything = [*made.rglob("*"), *keys.rglob("*"), made, keys]
    assert not [path for path in everything if path.stat().st_mode & 0o077]


def test_keys_and_backup_may_not_lie_together(served):
    refused = served.run("backup", served.folder / "one", "--keys", served.folder / "one" / "keys")
    assert refused.returncode == 2 and "不能放在一个文件夹里" in refused.stderr
    assert not (served.folder / "one").exists()


def test_a_backup_that_was_changed_is_not_restored(backup, empty, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(backup[0], broken)
    database = next(path for path in broken.iterdir() if path.name.startswith("database."))
    content = bytearray(database.read_bytes())
    content[len(content) // 2] ^= 1
    database.write_bytes(content)
    refused = empty.run("restore", broken, "--keys", backup[1])
    assert refused.returncode == 2 and database.name in refused.stderr
    assert not empty.store.exists()


@pytest.mark.parametrize("which", ["of another place", "of the same names", "without what finds"])
def test_other_keys_are_refused_before_anything_is_changed(backup, empty, tmp_path, which):
    other = tmp_path / "other"
    shutil.copytree(backup[1], other)
    held = json.loads((other / "keys.json").read_text(encoding="utf-8"))
    fresh = {"of another place": "keys", "of the same names": "keys", "without what finds": "index_keys"}[
        which
    ]
    name = "0badc0de" if which == "of another place" else next(iter(held[fresh]))
    now = {"keys": "current", "index_keys": "index_current"}[fresh]
    held |= {fresh: {name: base64.b64encode(bytes(32)).decode()}, now: name}
    (other / "keys.json").write_text(json.dumps(held), encoding="utf-8")
    refused = empty.run("restore", backup[0], "--keys", other)
    assert refused.returncode == 2 and "不是做这份备份时用的" in refused.stderr, refused.stderr
    assert "are not those this backup was made with" in refused.stderr and "Traceback" not in refused.stderr
    assert not empty.store.exists()
    if which == "of the same names":  # the database was left empty too
        assert "恢复完成" in empty.do("restore", backup[0], "--keys", backup[1])


def test_a_used_place_is_not_restored_into(served, backup):
    refused = served.run("restore", backup[0], "--keys", backup[1])
    assert refused.returncode == 2 and "不是空的" in refused.stderr


def test_a_folder_that_is_no_backup_is_refused_in_words(backup, empty, tmp_path):
    refused = empty.run("restore", tmp_path, "--keys", backup[1])
    assert refused.returncode == 2 and "不是备份" in refused.stderr


def test_a_backup_made_while_others_write_is_of_one_moment(served: Place, tmp_path):
    """Users are added all the while: each stands in the backup with its line of the audit, or neither does."""
    over = threading.Event()

    def write() -> None:
        number = 0
        while not over.is_set():
            number += 1
            served.do("add-user", f"u{number}", "--role", "auditor", "--region", "520527")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(2):
            served.do("backup", tmp_path / "backups")
    finally:
        over.set()
        writer.join()
    for made in (tmp_path / "backups").iterdir():
        held = counted((made, None))
        assert held["basics_auditevent"]["last_number"] == held["basics_auditevent"]["rows"]


def test_an_upgrade_is_rehearsed_on_a_copy_and_leaves_nothing(served: Place, backup, new_place):
    words = ["rehearse-upgrade", backup[0], "--keys", backup[1]]
    other = new_place()
    if other.database_url:
        words += ["--database-url", other.database_url]
    before = in_store(served)
    assert "演练通过" in served.do(*words)
    assert in_store(served) == before
