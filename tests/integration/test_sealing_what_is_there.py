"""A database of an earlier release, everything in it in clear, is brought up to date: all of it is sealed, none of it lost."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.places import CHECKOUT, Place
from tests.support.stolen import stolen, told

NAME, NUMBER, PHONE, ICD, DISEASE = "禄小英", "520527196304120028", "13912345678", "B20.x00", "艾滋病机会感染"
HIDDEN = [NAME, NUMBER, NUMBER[-8:], PHONE, ICD, DISEASE, "李国华", "C07", "住院证明"]
BEFORE = {
    "basics": "0004", "registry": "0003", "fusion": "0006", "care": "0002", "settlement": "0004", "gaps": "0002",
    "insight": "0001",
}  # fmt: skip
PERSON, GONE = "d9768969d0ac5f3c9324b571ad00e2e6", "7675d14e40a55bbbb7f9176866a4c92f"
AT, DAY, HOME = "2026-01-01 00:00:00+00:00", "2020-01-02", "520527001004"
ROW_DIGEST_OF_OLD = "00000000000000000000000000000001"
PAYLOAD = {"姓名": NAME, "证件号": NUMBER, "诊断编码": ICD}


def clear_rows() -> list[tuple[str, dict[str, Any]]]:
    """Return what an earlier release wrote: tables in order, and their columns."""
    person = {
        "pinyin": "luxiaoying", "initials": "lxy", "sex": "female", "born_on": "1963-04-12", "died_on": None,
        "identity_number": NUMBER, "identity_index": NUMBER, "identity_last4": NUMBER[-4:], "phone": PHONE,
        "region_code": HOME, "sources": json.dumps({"name": "poverty"}), "digest": "old",
    }  # fmt: skip
    row = {
        "file_id": 1, "register": "health", "sheet": "", "number": "J1", "year": None, "version": 1,
        "digest": ROW_DIGEST_OF_OLD, "payload": json.dumps(PAYLOAD, ensure_ascii=False), "accepted": True,
        "current": True, "landed_at": AT, "ended_at": None, "ended_why": "",
    }  # fmt: skip
    about = {"person_id": PERSON, "region_code": HOME, "row_id": 1}
    registered = {
        "register": "health", "name": NAME, "name_key": NAME, "identity_number": NUMBER, "identity_index": NUMBER,
        "identity_valid": True, "sex": "", "born_on": None, "phone": "", "region_code": HOME, "withdrawn": False,
        "person_id": PERSON,
    }  # fmt: skip
    due = {
        "person_id": PERSON, "region_code": HOME, "due": "treated", "subject": DISEASE, "sensitive": True,
        "reason": "r", "owner_role": "o", "shortfall_fen": 0, "facts": json.dumps({"doctor": "李国华"}, ensure_ascii=False),
    }  # fmt: skip
    return [
        ("registry_person", {"key": PERSON, "name": NAME, "merged_into_id": None, **person}),
        ("registry_person", {"key": GONE, **person, "name": "", "identity_number": "", "identity_index": "", "identity_last4": "", "merged_into_id": PERSON}),
        ("fusion_landing", {"id": 1, "started_at": AT, "finished_at": None, "inputs_digest": "", "summary": "{}", "states": "[]"}),
        ("fusion_sourcefile", {"id": 1, "landing_id": 1, "register": "health", "name": "a", "sha256": "s", "size_bytes": 1,
                               "landed_at": AT, "rows": 1, "accepted": 1, "refused": 0, "status": "landed",
                               "reason_zh": "", "reason_en": "", "marked_name": ""}),
        ("fusion_row", {"id": 1, "kind": "condition", "row_number": 2, "key": f"J1|{ICD}", "reasons": "[]", **row}),
        ("fusion_row", {"id": 2, "kind": "record", "row_number": 3, "key": "J1", **row,
                        "reasons": json.dumps([{"code": "c", "value": "1391"}])}),
        ("fusion_registerperson", {"id": 1, "number": "J1", "disagreements": json.dumps({"name": [NAME, "禄晓英"]}, ensure_ascii=False), **registered}),
        ("fusion_registerperson", {"id": 2, "number": "J2", "disagreements": "{}", **registered}),
        ("registry_categoryheld", {"id": 1, "person_id": PERSON, "category": "C07", "valid_from": DAY, "valid_to": None, "basis": "住院证明", "row_id": 1}),
        ("registry_personchange", {"id": 1, "person_id": PERSON, "what": "left", "on": DAY, "due": "", "evidence": "住院证明", "row_id": 1}),
        ("care_condition", {"id": 1, "icd_code": ICD, "name": DISEASE, "disease": DISEASE, "sensitive": True, "confirmed": True, "confirmed_on": DAY, **about}),
        ("care_treatment", {"id": 1, "icd_code": ICD, "disease": DISEASE, "sensitive": True, "treated_on": DAY, "what": "住院证明", "facility_name": "", **about}),
        ("care_contract", {"id": 1, "doctor": "李国华", "team": "", "valid_from": DAY, "valid_to": None, **about}),
        ("gaps_gap", {"id": 1, "open": True, "unknown": False, "opened_on": DAY, "deadline": DAY, "closed_on": None, "closed_by_evidence": "住院证明", **due}),
        ("gaps_gapevent", {"id": 1, "gap_id": 1, "on": DAY, "at": AT, "what": "opened", "evidence": "住院证明"}),
    ]  # fmt: skip


AS_IT_WAS = """
import json, sys
from yingjin.jobs import setup
setup.django()
from django.core.management import call_command
from django.db import connection
targets, rows = json.load(sys.stdin)
for app, name in targets.items():
    call_command("migrate", app, name, verbosity=0)
with connection.cursor() as cursor:
    for table, row in rows:
        columns = ", ".join(f'"{name}"' for name in row)
        cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(row))})", list(row.values()))
"""
NOW = """
import json
from yingjin.jobs import setup
setup.django()
from django.apps import apps
found = {}
for model in apps.get_models():
    if model.__module__.startswith("yingjin."):
        names = [field.attname for field in model._meta.concrete_fields]
        found[model._meta.db_table] = [dict(zip(names, row)) for row in model.objects.order_by("pk").values_list(*names)]
from yingjin.registry.models import Person, CategoryHeld
from yingjin.fusion.models import RegisterPerson, Row
from yingjin.care.models import Condition
from yingjin.gaps.models import Gap
from yingjin.basics.sealing import digest_key
from yingjin.fusion.domain.checking import digest_of_payload
from yingjin.registry.actions.persons import digest_of
found["asked"] = [
    Person.objects.filter(identity_index="%(number)s").count(), Person.objects.filter(identity_last4="0028").count(),
    RegisterPerson.objects.filter(name_key="禄小英").count(), RegisterPerson.objects.filter(name_first="禄").count(),
    RegisterPerson.objects.filter(disagrees=True).count(), Condition.objects.filter(disease="艾滋病机会感染").count(),
    Gap.objects.filter(subject="艾滋病机会感染").count(), Row.objects.filter(key="J1|B20.x00").count(),
    CategoryHeld.objects.filter(category="C07").count(),
]
found["digests"] = [
    all(row.digest == digest_of_payload(row.payload, digest_key()) for row in Row.objects.all()),
    all(person.digest == digest_of(person) for person in Person.objects.all()),
]
print(json.dumps(found, default=str, ensure_ascii=False))
""".replace("%(number)s", NUMBER)


@pytest.fixture(scope="module")
def upgraded(new_place: object, tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, bytes]:
    """A place of the earlier release, brought up to date, and its bytes before."""
    place = new_place()
    said(place, AS_IT_WAS, json.dumps([BEFORE, clear_rows()]))
    (place.store / "marked").mkdir()
    (place.store / "marked" / "s.xlsx").write_bytes(NAME.encode())
    before = stolen(place, tmp_path_factory.mktemp("stolen") / "copy")
    place.do("migrate")
    return place, before


def test_all_of_it_lay_in_clear_and_none_of_it_does(upgraded: tuple[Place, bytes], tmp_path: Path) -> None:
    place, before = upgraded
    assert {text for text in HIDDEN if told(before, [text])} == set(HIDDEN), (
        "the search finds what lies in clear"
    )
    assert told(stolen(place, tmp_path / "copy"), HIDDEN) == []
    assert [path.name for path in (place.store / "marked").iterdir()] == ["s.xlsx.sealed"]


def test_everything_opens_as_it_was_and_is_found(upgraded: tuple[Place, bytes]) -> None:
    found = json.loads(said(upgraded[0], NOW))
    assert found["asked"] == [1, 1, 2, 2, 1, 1, 1, 1, 1]
    assert found["digests"] == [True, True]
    changed = {"identity_index", "identity_last4", "name_key", "digest"}
    for table, row in clear_rows():
        key = next(iter(row))
        (now,) = [each for each in found[table] if str(each[key]).replace("-", "") == str(row[key])]
        for name, value in row.items():
            if name not in changed and not name.endswith("_at") and name not in ("at", "summary", "states"):
                assert alike(now[name], value), f"{table}.{name}: {now[name]!r} was {value!r}"


# The release after: what the registers say lies sealed, and what people write freely does not.
AFTER = {"basics": "0005", "registry": "0005", "fusion": "0007", "insight": "0005", "api": "0001"}
KEY, CLIENT = "0a8769d0ac5f3c9324b571ad00e2e6aa", "https://example.org/hook?secret=hunter2"
WRITTEN = [
    "禄小英的名单",
    "禄小英撤销了",
    "禄小英没有收",
    "禄小英找不到",
    "禄小英.xlsx",
    "我的禄小英",
    "hunter2",
]


def rows_of_the_release_after() -> list[tuple[str, dict[str, Any]]]:
    """Return what people had written in clear, each word somewhere else."""
    files, name = json.dumps([{"name": "禄小英的名单.csv", "sha256": "s"}], ensure_ascii=False), "我的禄小英"
    landing = {
        "id": 1,
        "started_at": AT,
        "finished_at": AT,
        "inputs_digest": "d",
        "summary": "{}",
        "states": "[]",
    }
    made = {
        "key": KEY, "region_code": "520527", "by": "xian", "asked_at": AT, "state": "undone", "files": files, "preview": "{}",
        "landing_id": 1, "landed_by": "xian", "landed_at": AT, "states_before": "[]", "counts": "{}", "undone_by": "xian",
        "undone_at": AT, "undone_why": "禄小英撤销了", "uploads_deleted": True,
    }  # fmt: skip
    file = {
        "id": 1, "landing_id": 1, "register": "health", "name": "禄小英的名单.csv", "sha256": "s", "size_bytes": 1,
        "landed_at": AT, "rows": 0, "accepted": 0, "refused": 0, "status": "refused", "reason_zh": "禄小英没有收",
        "reason_en": "", "marked_name": "",
    }  # fmt: skip
    job = {
        "key": KEY, "kind": "export", "lane": "desk", "about": "", "by": "xian", "asked_at": AT, "started_at": AT,
        "ended_at": AT, "state": "refused", "attempts": 1, "done": 0, "total": 0, "label_zh": "", "label_en": "",
        "reason_zh": "禄小英找不到", "reason_en": "", "facts": "{}", "result": None, "result_name": "禄小英.xlsx",
    }  # fmt: skip
    kept = {
        "key": KEY, "owner": "xian", "region_code": "520527", "page": "gaps", "name": name, "query": "due=insured",
        "shared": False, "at": AT,
    }  # fmt: skip
    client = {
        "id": 1, "client_id": "c", "name": "n", "role": "auditor", "region_code": "520527", "facility_code": "",
        "permissions": "[]", "secret_digest": "d", "made_at": AT, "made_by": "x", "used_at": None, "revoked_at": None,
    }  # fmt: skip
    told_of = {
        "key": KEY, "client_id": 1, "url": CLIENT, "events": "[]", "secret": "", "secret_before": "",
        "secret_before_ends_at": None, "told": "{}", "made_at": AT, "stopped_at": None,
    }  # fmt: skip
    return [
        ("fusion_landing", landing), ("fusion_import", made), ("fusion_sourcefile", file), ("basics_job", job),
        ("insight_savedfilter", kept), ("registry_client", client), ("api_subscription", told_of),
    ]  # fmt: skip


OPENED = """
import json
from yingjin.jobs import setup
setup.django()
from yingjin.fusion.models import Import, SourceFile
from yingjin.basics.work import Job
from yingjin.insight.models import SavedFilter
from yingjin.api.models import Subscription
made, file, job, told = Import.objects.get(), SourceFile.objects.get(), Job.objects.get(), Subscription.objects.get()
kept = SavedFilter.objects.get(owner="xian", page="gaps", name_index="我的禄小英")
print(json.dumps([made.files[0]["name"], made.undone_why, file.name, file.reason_zh, job.reason_zh, job.result_name,
                  kept.name, kept.query, told.url], ensure_ascii=False))
"""


def test_what_people_had_written_freely_is_sealed_too(new_place: object, tmp_path: Path) -> None:
    place = new_place()
    said(place, AS_IT_WAS, json.dumps([AFTER, rows_of_the_release_after()]))
    before = stolen(place, tmp_path / "before")
    assert {text for text in WRITTEN if told(before, [text])} == set(WRITTEN)
    place.do("migrate")
    assert told(stolen(place, tmp_path / "after"), [*WRITTEN, NAME]) == []
    assert json.loads(said(place, OPENED)) == [
        "禄小英的名单.csv", "禄小英撤销了", "禄小英的名单.csv", "禄小英没有收", "禄小英找不到", "禄小英.xlsx",
        "我的禄小英", "due=insured", CLIENT,
    ]  # fmt: skip


BACKED_UP = """
import sys
from pathlib import Path
from yingjin.jobs import setup
setup.django()
from django.db import connection
from django.utils import timezone
from yingjin.jobs.backup import back_up
from yingjin.jobs.keeping import invariants
# The earlier program counts the tables it has.
today, there = invariants._of_today(), set(connection.introspection.table_names())
invariants._of_today = lambda: {table: amounts for table, amounts in today.items() if table in there}
print(back_up(Path(sys.stdin.read()), timezone.now()))
"""


def test_a_backup_of_an_earlier_release_is_restored_and_brought_up_to_date(
    new_place: object, tmp_path: Path
) -> None:
    old, empty, copy = new_place(), new_place(), new_place()
    said(old, AS_IT_WAS, json.dumps([AFTER, rows_of_the_release_after()]))
    made = said(old, BACKED_UP, str(tmp_path / "backups")).split("\n")[-2]
    keys = tmp_path / "keys"
    keys.mkdir()
    for name in ("keys.json", "session.secret"):
        (keys / name).write_bytes((old.store / name).read_bytes())
    rehearsal = ["rehearse-upgrade", made, "--keys", keys]
    if copy.database_url:
        rehearsal += ["--database-url", copy.database_url]
    assert "演练通过" in old.do(*rehearsal)
    shutil.rmtree(empty.store, ignore_errors=True)
    assert "恢复完成" in empty.do("restore", made, "--keys", keys)
    assert json.loads(said(empty, OPENED))[1] == "禄小英撤销了"
    assert told(stolen(empty, tmp_path / "after"), [*WRITTEN, NAME]) == []


def alike(now: Any, before: Any) -> bool:
    if isinstance(now, dict | list):
        return now == json.loads(before)
    return str(now).replace("-", "") == str(before).replace("-", "")


def said(place: Place, program: str, given: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=CHECKOUT, input=given, capture_output=True, encoding="utf-8",
        env={**place.environment, "PYTHONPATH": os.getcwd()},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout
