"""A write that cannot get the database in its time is told so, with when to come again; nothing of it is written.

In a process of its own on a database of its own, whose write lock another process really holds.
"""

from yingjin.basics.busy import is_busy

PROGRAM = """
import json, subprocess, sys
import django; django.setup()
from django.conf import settings
from django.db import connection
from django.test import Client
from tests.support.calling import caller
from yingjin.api.models import Subscription
from yingjin.insight.models import SavedFilter
from yingjin.registry.models import User

settings.API_DELIVERS_PRIVATELY = True
settings.ALLOWED_HOSTS = ["*"]
on_postgres, facts = connection.vendor == "postgresql", connection.settings_dict
HOLDS_SQLITE = '''
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
'''
HOLDS_POSTGRES = '''
import psycopg, sys
held = psycopg.connect(sys.argv[1])
held.execute("LOCK TABLE insight_savedfilter, api_keptanswer, api_subscription IN EXCLUSIVE MODE")
print("held", flush=True)
sys.stdin.read()
'''
user = User.objects.create(username="chen", role="county_officer", region_code="520527")
browser = Client(raise_request_exception=False)
browser.force_login(user)
assert browser.get("/account/").status_code == 200  # its session is written now, not when the database is held
stale = Client(raise_request_exception=False)
stale.force_login(user)
session = stale.session
session["used_at"] = 1
session.save()
client = caller()
kept = {"page": "gaps", "name": "我的", "query": "due=insured"}
asked = {"url": "http://127.0.0.1:1/", "events": ["gap.opened"]}
found = {"pages": [], "calls": []}
with connection.cursor() as cursor:
    cursor.execute("SET lock_timeout = '500ms'" if on_postgres else "PRAGMA busy_timeout=500")
names = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT", "password": "PASSWORD"}
url = " ".join(f"{name}={facts[key]}" for name, key in names.items() if facts[key])
held = subprocess.Popen(
    [sys.executable, "-c", HOLDS_POSTGRES if on_postgres else HOLDS_SQLITE, url if on_postgres else str(facts["NAME"])],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
)
assert held.stdout.readline() == "held\\n"
for language in ("zh-hans", "en"):
    browser.cookies["yingjin_language"] = language
    page = browser.post("/filters/save/", kept)
    found["pages"].append([page.status_code, page.headers.get("Retry-After"), page.content.decode()])
    call = client.post("/webhooks", asked, language[:2], key="one-key-of-its-own")
    found["calls"].append([call.status_code, call.headers.get("Retry-After"), call["Content-Type"], call.json()])
renewed = stale.get("/account/")
found["renewed"] = [renewed.status_code, renewed.headers.get("Retry-After")]
held.communicate("")
found["while"] = [SavedFilter.objects.count(), Subscription.objects.count()]
found["after"] = [
    browser.post("/filters/save/", kept).status_code,
    client.post("/webhooks", asked, key="one-key-of-its-own").status_code,
    SavedFilter.objects.count(), Subscription.objects.count(),
]
found["on_postgres"] = on_postgres
print(json.dumps(found))
"""


def test_a_write_while_another_process_holds_the_database_is_told_when_to_come_again(place):
    place.do("migrate")
    found = place.told(PROGRAM)
    words = ("没有写入。过半分钟", "nothing was written. Go back in half a minute")
    for (status, after, page), said in zip(found["pages"], words, strict=True):
        assert (status, after) == (503, "30") and said in page
    starts = ("正在收登记册", "Registers are being landed")
    for (status, after, kind, problem), said in zip(found["calls"], starts, strict=True):
        assert (status, after, kind) == (503, "30", "application/problem+json")
        assert (problem["code"], problem["status"], problem["data"]) == ("busy", 503, {"retry_after": 30})
        assert problem["detail"].startswith(said)
    # A session that is to be renewed is a write as well; on PostgreSQL other tables are free.
    assert found["renewed"] == ([200, None] if found["on_postgres"] else [503, "30"])
    assert found["while"] == [0, 0], "nothing of it is written"
    assert found["after"] == [302, 201, 1, 1], "the same goes through later, the call under the same key"


def test_what_is_no_wait_is_not_called_busy():
    assert not is_busy(None) and not is_busy(ValueError())
