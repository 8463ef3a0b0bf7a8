"""The audit is one chain: nothing changes it, no number is missing, and whoever writes at the same time waits."""

import json
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import chains
from tests.support.tree import ROOT
from yingjin.basics import anchors
from yingjin.basics.access import Robot
from yingjin.basics.audit import head, record, recorded_last, words_of
from yingjin.basics.chain import FIRST
from yingjin.basics.models import AuditEvent, AuditWords
from yingjin.jobs import work
from yingjin.jobs import yingjin_audit_verify as verifier
from yingjin.jobs.audit import dump, words

AT = datetime(2026, 1, 2, tzinfo=UTC)
pytestmark = pytest.mark.django_db

MANY_AT_ONCE = """
import sys, threading; from datetime import UTC, datetime
import django; django.setup()
from django.core.management import call_command; call_command("migrate", verbosity=0)
from django.db import connection, transaction
from yingjin.basics.audit import record, recorded_last
begin = threading.Barrier(8)

def write(name):
    begin.wait()
    for number in range(20):
        try:
            with transaction.atomic():
                if number % 3 == 0:
                    with recorded_last():
                        record("one", target="t:1", by=name, at=datetime.now(UTC), n=number)
                        record("two", target="t:2", by=name, at=datetime.now(UTC), n=number)
                else:
                    record("one", target="t:1", by=name, at=datetime.now(UTC), n=number)
                if number % 5 == 4:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass
    connection.close()

threads = [threading.Thread(target=write, args=(f"thread {each}",)) for each in range(8)]
[each.start() for each in threads]; [each.join() for each in threads]
"""
OLD = """
import json, sys; from datetime import UTC, datetime
import django; django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", "basics", "0002", verbosity=0)
with connection.cursor() as cursor:
    for number in (3, 4, 7):
        cursor.execute('INSERT INTO basics_auditevent (id, at, by, what, target, facts) VALUES (%s, %s, %s, %s, %s, %s)',
                       [number, datetime(2026, 1, number, tzinfo=UTC), "李", "person_opened", f"person:{number}", json.dumps({"b": 1, "a": [number]})])
call_command("migrate", verbosity=0)
"""


def verdict(tmp_path, kept=()):
    """Return what the verifier finds in the events as they lie now."""
    path = tmp_path / "events.jsonl"
    dump(path)
    return verifier.verify(path, list(kept))


def test_what_was_done_is_kept_with_who_and_when():
    record("person_opened", target="person:1", by=Robot(), at=AT, on="2025-12-31")
    event = AuditEvent.objects.get()
    assert (event.what, event.target, event.by, event.at) == ("person_opened", "person:1", "robot", AT)
    assert (event.role, event.facts) == ("robot", {"on": "2025-12-31"})


def test_what_somebody_wrote_lies_sealed_beside_the_event_which_holds_its_digest(tmp_path):
    record("export_asked", target="export:1", by="李", at=AT, list="gaps", words={"why": "为禄小英核对"})
    record("person_opened", target="person:1", by="李", at=AT)
    asked, opened = AuditEvent.objects.order_by("number")
    assert "禄小英" not in str(vars(asked)) and set(asked.facts) == {"list", "words"}
    assert words_of([asked, opened]) == {1: {"why": "为禄小英核对"}}
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM basics_auditwords")
        assert "禄小英" not in cursor.fetchone()[0]
    path = tmp_path / "words.jsonl"
    assert words(path) == 1 and json.loads(path.read_text(encoding="utf-8"))["words"] == {
        "why": "为禄小英核对"
    }
    kept = AuditWords.objects.get()
    kept.words = {**kept.words, "words": {"why": "别的"}}
    kept.save()
    assert words_of([asked]) == {} and words(path) == 1
    assert json.loads(path.read_text(encoding="utf-8"))["words"] is None
    assert verdict(tmp_path).found is None, "the chain itself stands"


def test_each_event_carries_its_number_the_hash_before_and_its_own():
    for number in range(3):
        record("person_opened", target=f"person:{number}", by="robot", at=AT, number_of_it=number)
    events = list(AuditEvent.objects.order_by("number"))
    assert [each.number for each in events] == [1, 2, 3]
    assert [each.before for each in events] == [FIRST, events[0].hash, events[1].hash]
    assert len({each.hash for each in events}) == 3 and head() == events[2]


def test_the_hash_is_the_one_worked_out_by_hand_in_the_documents():
    record("person_opened", target="person:1", by="李医生", at=AT, on="2025-12-31", 页=1)
    page = (ROOT / "docs" / "algorithms" / "audit-chain.md").read_text(encoding="utf-8")
    assert AuditEvent.objects.get().hash in page


@pytest.mark.parametrize("change", [lambda rows: rows.update(by="nobody"), lambda rows: rows.delete()])
def test_the_database_itself_refuses_to_change_or_delete_a_line(change):
    record("person_opened", target="person:1", by="robot", at=AT)
    with pytest.raises(DatabaseError, match="append only"), transaction.atomic():
        change(AuditEvent.objects.all())
    assert AuditEvent.objects.get().by == "robot"


def test_the_database_itself_refuses_to_empty_the_table():
    record("person_opened", target="person:1", by="robot", at=AT)
    all_of_it = {
        "postgresql": "TRUNCATE basics_auditevent CASCADE",
        "sqlite": "DELETE FROM basics_auditevent",
    }
    with pytest.raises(DatabaseError, match="append only"), transaction.atomic():
        connection.cursor().execute(all_of_it[connection.vendor])


@pytest.mark.parametrize("wrong", [{"number": 5}, {"before": "a" * 64}])
def test_the_database_itself_takes_only_the_next_of_the_chain(wrong):
    record("person_opened", target="person:1", by="robot", at=AT)
    last = head()
    right = {
        "number": 2,
        "before": last.hash,
        "hash": "b" * 64,
        "at": AT,
        "by": "x",
        "what": "x",
        "target": "x",
    }
    with pytest.raises(DatabaseError, match="next of its chain"), transaction.atomic():
        AuditEvent.objects.create(**{**right, **wrong})
    AuditEvent.objects.create(**right)


def test_a_transaction_that_is_undone_leaves_no_line():
    with pytest.raises(RuntimeError), transaction.atomic():
        record("person_opened", target="person:1", by="robot", at=AT)
        raise RuntimeError
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("wrong", [1.5, AT, b"x", {"a": [0.1]}, {1: "a"}])
def test_a_fact_that_two_databases_would_write_differently_is_refused(wrong):
    with pytest.raises(AssertionError):
        record("person_opened", target="person:1", by="robot", at=AT, fact=wrong)


def test_a_moment_without_its_zone_is_refused():
    with pytest.raises(AssertionError):
        record("person_opened", target="person:1", by="robot", at=AT.replace(tzinfo=None))


def test_events_of_several_actions_are_written_together_at_the_end():
    with recorded_last():
        record("one", target="t:1", by="robot", at=AT)
        with recorded_last():
            record("two", target="t:2", by="robot", at=AT)
        assert not AuditEvent.objects.exists()
    assert [each.what for each in AuditEvent.objects.order_by("number")] == ["one", "two"]


def test_events_held_back_go_with_what_is_undone():
    with pytest.raises(RuntimeError), recorded_last():
        record("one", target="t:1", by="robot", at=AT)
        raise RuntimeError
    record("two", target="t:2", by="robot", at=AT)
    assert [each.what for each in AuditEvent.objects.all()] == ["two"]


def run_in(place, program):
    done = subprocess.run(
        [sys.executable, "-c", program], env=place.environment, capture_output=True, encoding="utf-8", timeout=120
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_eight_writers_at_once_leave_one_whole_chain_without_a_gap(place, tmp_path):
    run_in(place, MANY_AT_ONCE)
    place.do("audit", "dump", tmp_path / "a.jsonl")
    found = verifier.verify(tmp_path / "a.jsonl", [])
    # Of 20 turns 4 are undone; of the 16 that stand 5 or 6 write twice: 0 3 6 12 15 18, for 4 9 14 19 are undone.
    written = 8 * (16 + len({0, 3, 6, 12, 15, 18}))
    assert found.found is None and found.count == found.number == written
    assert "完整" in place.do("audit", "verify")


def test_events_from_before_the_chain_are_carried_over_in_their_order(place, tmp_path):
    run_in(place, OLD)
    place.do("audit", "dump", tmp_path / "a.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["number"], row["target"], row["by"], row["role"]) for row in rows] == [
        (1, "person:3", "李", ""), (2, "person:4", "李", ""), (3, "person:7", "李", "")
    ]  # fmt: skip
    assert rows[2]["facts"] == {"a": [7], "b": 1} and rows[2]["at"] == "2026-01-07T00:00:00.000000Z"
    assert verifier.verify(tmp_path / "a.jsonl", []).found is None


# ---- Tampered with by somebody who may do everything in the database


def written(count):
    """Write events, and return them as rows."""
    for event in chains.events(count):
        record(event["what"], target=event["target"], by=event["by"], at=event["at"], **event["facts"])
    return rows_now()


def rows_now():
    return [dict(row) for row in AuditEvent.objects.order_by("number").values(*chains.COLUMNS)]


def overwrite(rows):
    """Put other rows in the place of those there, with what refuses it switched off as an administrator could."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE basics_auditevent DISABLE TRIGGER USER")
        else:
            for name in ("no_UPDATE", "no_DELETE", "links"):
                cursor.execute(f"DROP TRIGGER basics_auditevent_{name}")
    AuditEvent.objects.all().delete()
    AuditEvent.objects.bulk_create(AuditEvent(**row) for row in rows)


@pytest.mark.parametrize(
    "tampering", (*chains.SEEN_BY_ITSELF, *chains.SEEN_BY_AN_ANCHOR), ids=lambda each: each.__name__
)
def test_the_verifier_names_the_first_row_that_somebody_tampered_with(tampering, tmp_path):
    count = 7
    anchors_kept = [verifier.Anchor(row["number"], row["hash"], "kept.json") for row in written(count)]

    @settings(max_examples=12)
    @given(st.integers(1, count - 1), st.integers(0, 10**9))
    def holds(place, seed):
        undo = transaction.savepoint()
        rows = rows_now()
        kind, number = tampering(rows, place, random.Random(seed))
        overwrite(rows)
        found = verdict(tmp_path, anchors_kept).found
        transaction.savepoint_rollback(undo)
        last_two = tampering is chains.change and number == count and found.number == count - 1
        assert (found.kind, found.number) == (kind, number) or last_two

    holds()
    assert verdict(tmp_path, anchors_kept).found is None


# ---- Anchors


def test_whoever_first_records_on_the_next_day_writes_the_anchor_of_the_day_before(
    django_capture_on_commit_callbacks, settings, tmp_path
):
    settings.STORE = tmp_path
    evening = datetime(2026, 1, 2, 15, 59, tzinfo=UTC)  # a minute before midnight in China
    with django_capture_on_commit_callbacks(execute=True):
        record("one", target="t:1", by="robot", at=AT)
        record("two", target="t:1", by="robot", at=evening)
        last = head()
        record("three", target="t:1", by="robot", at=evening + timedelta(minutes=1))
    (path,) = (tmp_path / "anchors").iterdir()
    said = json.loads(path.read_text())
    assert path.name == "2026-01-02.json" and path.stat().st_mode & 0o777 == 0o600
    assert (said["day"], said["number"], said["hash"]) == ("2026-01-02", 2, last.hash)
    assert verdict(tmp_path, verifier.anchors_of(tmp_path / "anchors")).found is None


def test_an_event_that_is_undone_leaves_no_anchor(django_capture_on_commit_callbacks, settings, tmp_path):
    settings.STORE = tmp_path
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError), transaction.atomic():
        record("one", target="t:1", by="robot", at=AT)
        record("two", target="t:1", by="robot", at=AT + timedelta(days=1))
        raise RuntimeError
    assert not (tmp_path / "anchors").exists()


def test_the_timetable_writes_the_anchor_of_the_last_day_that_is_over_once(settings, tmp_path):
    settings.STORE = tmp_path
    assert anchors.anchor(AT) is None
    record("one", target="t:1", by="robot", at=AT)
    first = head()
    record("two", target="t:1", by="robot", at=AT + timedelta(days=1))
    path = anchors.anchor(AT + timedelta(days=1, hours=1))
    assert path.name == "2026-01-02.json" and json.loads(path.read_text())["hash"] == first.hash
    before = path.read_bytes()
    record("late", target="t:1", by="robot", at=AT)
    assert anchors.anchor(AT + timedelta(days=1, hours=2)) == path and path.read_bytes() == before


def test_the_worker_writes_it_by_itself_several_times_a_day(settings, tmp_path):
    settings.STORE = tmp_path
    record("one", target="t:1", by="robot", at=AT)
    assert work.SCHEDULE["anchor_audit"] < timedelta(days=1)
    for _ in range(2):
        assert work.function_of("anchor_audit")(None, None) == {"anchor": "2026-01-02.json"}
    assert [path.name for path in (tmp_path / "anchors").iterdir()] == ["2026-01-02.json"]


def test_a_command_says_what_to_keep_elsewhere_and_verifies_with_the_anchors(place):
    run_in(place, MANY_AT_ONCE.replace("datetime.now(UTC)", "datetime(2026, 1, 2, tzinfo=UTC)"))
    said = place.do("audit", "anchor")
    kept = json.loads((place.store / "anchors" / "2026-01-02.json").read_text())
    assert kept["hash"] in said and f"{kept['number']}" in said
    said = place.do("audit", "verify")
    assert kept["hash"] in said and "1 个锚" in said
    (place.store / "anchors" / "2026-01-02.json").write_text(
        json.dumps(kept | {"number": kept["number"] + 1})
    )
    done = place.run("audit", "verify")
    assert done.returncode == 1 and f"row {kept['number'] + 1}" in done.stdout
