"""Signing in and out, the lock after five failures, and the end of an idle session."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from yingjin.basics.access import COUNTY_OFFICER, Robot
from yingjin.basics.models import AuditEvent
from yingjin.registry.actions.users import add_user
from yingjin.registry.models import Session

pytestmark = pytest.mark.django_db
OWN = "山清水秀-2026-春"


@pytest.fixture
def password():
    return add_user(
        username="xian", display_name="县里", role=COUNTY_OFFICER, region_code="520527", own_password=OWN, by=Robot(),
        at=datetime.now(UTC),
    )  # fmt: skip


def sign_in(client, password, username="xian"):
    return client.post("/login/", {"username": username, "password": password})


def events(what):
    return AuditEvent.objects.filter(what=what).count()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/gaps/",
        "/exports/",
        "/find/?q=li",
        "/rules/",
        "/figures/",
        "/quality/unlinked/",
        "/bills/1/",
        "/bills/1/json/",
    ],
)
def test_no_page_opens_before_signing_in(client, path):
    answer = client.get(path)
    assert answer.status_code == 302 and answer["Location"].startswith("/login/")


def test_signing_in_is_kept_in_the_audit_table(client, password):
    assert sign_in(client, password).status_code == 302
    assert events("signed_in") == 1
    assert client.get("/rules/").status_code == 200


def test_each_failure_says_how_many_tries_are_left_and_the_fifth_locks(client, password):
    for left in (4, 3, 2, 1):
        answer = sign_in(client, "wrong")
        assert answer.status_code == 422
        assert f"密码与工号不符，还可试 {left} 次" in answer.content.decode()
    locked = sign_in(client, "wrong")
    assert locked.status_code == 429 and "锁定 15 分钟" in locked.content.decode()


def test_while_locked_the_right_password_is_refused_from_another_machine_too(client, password):
    for _ in range(5):
        sign_in(client, "wrong")
    assert sign_in(Client(REMOTE_ADDR="10.0.0.9", HTTP_USER_AGENT="another"), password).status_code == 429
    assert events("signed_in") == 0


def test_the_lock_opens_after_fifteen_minutes(client, password):
    from axes.models import AccessAttempt

    for _ in range(5):
        sign_in(client, "wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14, seconds=30))
    assert sign_in(client, password).status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert sign_in(client, password).status_code == 302


def test_one_number_locked_leaves_another_open(client, password):
    other = add_user(
        username="cun", display_name="村", role=COUNTY_OFFICER, region_code="520527", by=Robot(), at=datetime.now(UTC)
    )  # fmt: skip
    for _ in range(5):
        sign_in(client, "wrong")
    assert sign_in(client, other, username="cun").status_code == 302


def test_what_was_typed_is_kept_but_the_password(client, password):
    text = sign_in(client, "not-the-password").content.decode()
    assert 'value="xian"' in text and "not-the-password" not in text


def test_the_attempts_kept_hold_no_password(client, password):
    from axes.models import AccessAttempt

    sign_in(client, "not-the-password")
    kept = AccessAttempt.objects.get()
    assert "not-the-password" not in kept.post_data


def test_signing_out_needs_a_post_and_ends_the_session(client, password):
    sign_in(client, password)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").status_code == 302
    assert events("signed_out") == 1
    assert client.get("/rules/").status_code == 302


def test_a_session_lasts_from_its_last_use_and_ends_after_thirty_idle_minutes(client, password):
    sign_in(client, password)
    session = Session.objects.get()
    assert timedelta(minutes=29) < session.ends_at - timezone.now() <= timedelta(minutes=30)
    renew_as_if_used(client, minutes_ago=20)
    assert client.get("/rules/").status_code == 200
    session.refresh_from_db()
    assert session.ends_at - timezone.now() > timedelta(minutes=29)
    Session.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert client.get("/rules/").status_code == 302


def renew_as_if_used(client, *, minutes_ago):
    """Put the session where it would stand if its last use had been so long ago."""
    session = client.session
    session["used_at"] = int((timezone.now() - timedelta(minutes=minutes_ago)).timestamp())
    session.save()
    Session.objects.update(ends_at=timezone.now() + timedelta(minutes=30 - minutes_ago))


def test_reading_on_within_a_minute_writes_no_session(client, password):
    sign_in(client, password)
    client.get("/rules/")
    before = client.session["used_at"]
    client.get("/rules/")
    assert client.session["used_at"] == before


def test_every_page_carries_the_strict_policy_and_is_kept_nowhere(client, password):
    for answer in (
        client.get("/login/"),
        sign_in(client, password) and client.get("/rules/"),
        client.get("/nowhere/"),
    ):
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy and "http" not in policy
        assert "no-store" in answer["Cache-Control"]


def test_what_is_not_there_is_said_in_plain_words(client, password):
    sign_in(client, password)
    answer = client.get("/nowhere/")
    assert answer.status_code == 404 and "这里没有这一页" in answer.content.decode()


def test_a_form_without_its_secret_is_refused_in_plain_words(password):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/login/", {"username": "xian", "password": password})
    assert answer.status_code == 403 and "这一页放得太久了" in answer.content.decode()


def test_what_the_address_says_wrongly_is_refused_with_its_value(client, password):
    sign_in(client, password)
    answer = client.get("/figures/?page=0")
    assert answer.status_code == 400 and "“0”不是页码" in answer.content.decode()


def test_a_mistake_of_ours_is_a_page_too(client, password, monkeypatch):
    from yingjin.console.pages import rules

    sign_in(client, password)
    monkeypatch.setattr(rules, "book", lambda: 1 // 0)
    client.raise_request_exception = False
    answer = client.get("/rules/")
    assert answer.status_code == 500 and "这一页没有算出来" in answer.content.decode()
