"""What protects the pages: headers on every answer, HTTPS behind a proxy, and Django's own checks for going live."""

import json
import subprocess
import sys

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
EVERY_ANSWER = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PATHS = {"/login/": 200, "/": 302, "/nowhere/": 404, "/static/yingjin/yingjin.css": 200}
BEHIND = """
import json, django; django.setup()
from django.core.management import call_command; call_command("migrate", verbosity=0)
from django.test import Client
def ask(**more):
    answer = Client().get("/login/", headers={"host": "localhost"}, **more)
    cookies = {name: [bool(each["secure"]), bool(each["httponly"]), each["samesite"]] for name, each in answer.cookies.items()}
    return [answer.status_code, dict(answer.headers), cookies]
print(json.dumps([ask(), ask(HTTP_X_FORWARDED_PROTO="https")]))
"""


def run(place, *words, **more):
    """Run Python in a place of its own, with more settings."""
    return subprocess.run(
        [sys.executable, *words], env={**place.environment, **more}, capture_output=True, encoding="utf-8", timeout=120
    )  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_every_header_that_protects(client, path):
    answer = client.get(path)
    answer.close()
    assert answer.status_code == PATHS[path]
    assert {name: answer.headers.get(name) for name in EVERY_ANSWER} == EVERY_ANSWER
    # A file is drawn into no page of ours or of others: pages alone need to say so.
    assert path.startswith("/static/") or answer.headers["X-Frame-Options"] == "DENY"
    closed = answer.headers["Permissions-Policy"].split(", ")
    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(closed)
    assert all(each.endswith("=()") for each in closed)


def test_pages_run_nothing_that_stands_in_them_and_nothing_of_others():
    rules = dict(
        rule.split(" ", 1) for rule in Client().get("/login/").headers["Content-Security-Policy"].split("; ")
    )
    assert rules["default-src"] == "'none'" and rules["script-src"] == rules["style-src"] == "'self'"
    assert not any(word in value for value in rules.values() for word in ("unsafe", "http", "*", "blob:"))


def test_without_a_proxy_nobody_is_believed_who_says_https():
    answer = Client().get("/login/", HTTP_X_FORWARDED_PROTO="https")
    assert "Strict-Transport-Security" not in answer.headers and not answer.wsgi_request.is_secure()


def test_behind_a_proxy_all_is_https_and_no_cookie_goes_without(place):
    done = run(place, "-c", BEHIND, YINGJIN_BEHIND_PROXY="yes")
    assert done.returncode == 0, done.stderr
    (plain, headers, _), (secure, secured, cookies) = json.loads(done.stdout)
    assert plain == 301 and headers["Location"].startswith("https://")
    assert secure == 200
    assert secured["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert cookies and all(safe and site == "Lax" for safe, _, site in cookies.values())


def test_djangos_checks_for_going_live_find_nothing_behind_a_proxy(place):
    own = place.run("check-deploy", YINGJIN_BEHIND_PROXY="yes")
    assert own.returncode == 0 and "齐备" in own.stdout, own.stdout
    words = ("-W", "error", "-m", "django", "check", "--deploy", "--fail-level", "DEBUG")
    django = run(place, *words, YINGJIN_BEHIND_PROXY="yes")
    assert django.returncode == 0 and "no issues" in django.stdout, django.stdout + django.stderr
    # One check is silenced, and it is not about going live: see settings.py.
    assert "(1 silenced)" in django.stdout


def test_without_a_proxy_what_is_missing_is_named(place):
    done = place.run("check-deploy")
    assert done.returncode == 2
    # W011 is the session's cookie: W012 says the same where Django's own table of sessions is there as well.
    for code in ("security.W004", "security.W008", "security.W011", "security.W016"):
        assert code in done.stdout
    assert "YINGJIN_BEHIND_PROXY" in done.stdout
