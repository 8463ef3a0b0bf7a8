"""Signing in with a code of the phone too: set up, asked for, locked, given up, set back; and sessions seen and ended."""

import base64
import re
from datetime import UTC, datetime

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from yingjin.basics.access import Robot
from yingjin.basics.errors import NotAllowed
from yingjin.basics.models import AuditEvent
from yingjin.registry.actions.users import add_user
from yingjin.registry.domain.second_factor import SECONDS_A_STEP, step_taken, totp_of
from yingjin.registry.models import RecoveryCode, SecondFactor, SignIn, User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
SECRET = re.compile(r'<b class="nb">([A-Z2-7 ]+)</b>')
CODE = re.compile(r"<code>(\w{4}-\w{4}-\w{4}-\w{4})</code>")
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:109.0) Gecko/20100101 Firefox/115.0"
PHONE = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"


def forget_the_last_code():
    """Go on as if the half minute of the last code were over."""
    SecondFactor.objects.update(last_step=0)


def added(username="xian", role="county_officer"):
    return add_user(
        username=username, display_name=username, role=role, region_code="520527", own_password="山清水秀-2026-春",
        by=Robot(), at=NOW,
    )  # fmt: skip


def sign_in(password, username="xian", agent=FIREFOX):
    browser = Client(HTTP_USER_AGENT=agent)
    answer = browser.post("/login/", {"username": username, "password": password})
    return browser, answer


def shown(secret_text):
    """Return the code a phone shows."""
    text = secret_text.replace(" ", "")
    secret = base64.b32decode(text + "=" * (-len(text) % 8))
    return totp_of(secret).generate(int(timezone.now().timestamp())).decode()


def set_up(browser):
    """Set a second factor up as its owner does; return the secret and the recovery codes."""
    assert browser.post("/account/second-factor/begin/").status_code == 302
    secret = SECRET.search(browser.get("/account/second-factor/").content.decode())[1]
    done = browser.post("/account/second-factor/confirm/", {"code": shown(secret)})
    assert done.status_code == 200
    return secret, CODE.findall(done.content.decode())


def events(what):
    return AuditEvent.objects.filter(what=what).count()


def test_a_code_is_that_of_its_half_minute_or_the_one_beside_it_and_is_taken_once():
    secret, at = b"12345678901234567890", 59  # the first vector of RFC 6238, to six digits
    assert totp_of(secret).generate(at) == b"287082"
    assert step_taken(secret, "287082", at_seconds=at, last_step=0) == 1
    assert step_taken(secret, "287082", at_seconds=at + SECONDS_A_STEP, last_step=0) == 1
    assert step_taken(secret, "287082", at_seconds=at + 2 * SECONDS_A_STEP, last_step=0) is None
    assert step_taken(secret, "287082", at_seconds=at, last_step=1) is None
    for wrong in ("287083", "28708", "２８７０８２", "", "abcdef"):
        assert step_taken(secret, wrong, at_seconds=at, last_step=0) is None


def test_the_secret_counts_only_after_a_code_of_it_and_lies_sealed():
    password = added()
    browser, _ = sign_in(password)
    browser.post("/account/second-factor/begin/")
    page = browser.get("/account/second-factor/").content.decode()
    secret = SECRET.search(page)[1]
    assert 'src="data:image/svg+xml' in page and not events("second_factor_confirmed")
    wrong = browser.post("/account/second-factor/confirm/", {"code": "000000"})
    assert wrong.status_code == 422 and sign_in(password)[1]["Location"] == "/home/"
    kept = bytes(SecondFactor.objects.get().secret)
    text = secret.replace(" ", "")
    assert base64.b32decode(text + "=" * (-len(text) % 8)) not in kept and text.encode() not in kept
    assert browser.post("/account/second-factor/confirm/", {"code": shown(secret)}).status_code == 200
    assert events("second_factor_confirmed") == 1 and RecoveryCode.objects.count() == 10


def test_signing_in_then_asks_for_the_code_and_a_code_opens_once():
    password = added()
    secret, _ = set_up(sign_in(password)[0])
    forget_the_last_code()
    browser, answer = sign_in(password)
    assert answer["Location"] == "/login/code/" and browser.get("/account/").status_code == 302
    code = shown(secret)
    assert browser.post("/login/code/", {"code": code})["Location"] == "/home/"
    assert browser.get("/account/").status_code == 200
    other, _ = sign_in(password)
    refused = other.post("/login/code/", {"code": code})
    assert refused.status_code == 422 and "已用过" in refused.content.decode()


def test_wrong_codes_lock_as_wrong_passwords_do_and_a_right_password_between_does_not_help():
    password = added()
    secret, _ = set_up(sign_in(password)[0])
    forget_the_last_code()
    browser, _ = sign_in(password)
    for left in (4, 3):
        wrong = browser.post("/login/code/", {"code": "000000"})
        assert wrong.status_code == 422 and f"还可试 {left} 次" in wrong.content.decode()
    browser, _ = sign_in(password)
    for left in (2, 1):
        assert f"还可试 {left} 次" in browser.post("/login/code/", {"code": "000000"}).content.decode()
    assert browser.post("/login/code/", {"code": "314159"}).status_code == 429
    assert "314159" not in AccessAttempt.objects.get().post_data
    assert browser.post("/login/code/", {"code": shown(secret)}).status_code == 429
    assert sign_in(password)[1].status_code == 429


def test_a_recovery_code_opens_once():
    password = added()
    _, codes = set_up(sign_in(password)[0])
    assert len(set(codes)) == 10
    browser, _ = sign_in(password)
    assert browser.post("/login/code/", {"code": codes[0].upper()})["Location"] == "/home/"
    assert events("recovery_code_used") == 1
    again, _ = sign_in(password)
    assert again.post("/login/code/", {"code": codes[0]}).status_code == 422
    assert "9 个" in browser.get("/account/").content.decode()


def test_the_code_is_waited_for_five_minutes_and_nothing_opens_meanwhile():
    password = added()
    secret, _ = set_up(sign_in(password)[0])
    browser, _ = sign_in(password)
    session = browser.session
    session["half_signed_in"] |= {"at": session["half_signed_in"]["at"] - 301}
    session.save()
    late = browser.post("/login/code/", {"code": shown(secret)})
    assert late["Location"] == "/login/" and browser.get("/gaps/").status_code == 302
    assert Client().get("/login/code/")["Location"] == "/login/"


def test_a_role_that_needs_a_code_does_nothing_else_before_it_has_one():
    password = added("guanli", "administrator")
    browser, _ = sign_in(password, "guanli")
    for path in ("/home/", "/users/", "/users/add/", "/rules/"):
        assert browser.get(path)["Location"] == "/account/second-factor/", path
    assert browser.post("/users/xian/lock/")["Location"] == "/account/second-factor/"
    secret, _ = set_up(browser)
    assert browser.get("/users/").status_code == 200
    forget_the_last_code()
    off = browser.post("/account/second-factor/off/", {"code": shown(secret)})
    assert off.status_code == 409 and SecondFactor.objects.count() == 1


def test_its_owner_turns_it_off_by_a_code_and_an_administrator_sets_it_back(settings):
    settings.SECOND_FACTOR = frozenset()
    password, other = added(), added("guanli", "administrator")
    browser, _ = sign_in(password)
    secret, _ = set_up(browser)
    assert browser.post("/account/second-factor/off/", {"code": "000000"}).status_code == 422
    forget_the_last_code()
    assert browser.post("/account/second-factor/off/", {"code": shown(secret)}).status_code == 302
    assert not SecondFactor.objects.exists()
    set_up(browser)
    administrator, _ = sign_in(other, "guanli")
    assert administrator.post("/users/xian/second-factor/").status_code == 302
    assert not SecondFactor.objects.exists() and events("second_factor_reset") == 1
    assert sign_in(password)[1]["Location"] == "/home/"


def test_four_eyes_ask_for_a_code_where_that_is_set(settings):
    from yingjin.basics.access import allow

    officer = User(username="xian", role="county_officer")
    allow(officer, "decide_held_bill")
    settings.SECOND_FACTOR = frozenset({"four_eyes"})
    with pytest.raises(NotAllowed, match="第二步验证"):
        allow(officer, "decide_held_bill")
    officer.came_with_code = True
    allow(officer, "decide_held_bill")
    allow(officer, "work_on_gap")


# Sessions


def test_sessions_are_listed_by_device_and_one_ended_is_out_at_once():
    password = added()
    desk, phone = sign_in(password)[0], sign_in(password, agent=PHONE)[0]
    page = desk.get("/account/").content.decode()
    assert "Firefox · Windows" in page and "Chrome · Android" in page and page.count(">这里</span>") == 1
    other = SignIn.objects.get(device="Chrome · Android")
    assert phone.get("/rules/").status_code == 200
    assert desk.post(f"/account/sessions/{other.pk}/end/").status_code == 302
    assert phone.get("/rules/").status_code == 302 and desk.get("/rules/").status_code == 200
    assert events("session_ended") == 1


def test_nobody_ends_the_session_of_somebody_else():
    first, second = added(), added("lisi")
    mine, theirs = sign_in(first)[0], sign_in(second, "lisi")[0]
    row = SignIn.objects.get(user__username="lisi")
    assert mine.post(f"/account/sessions/{row.pk}/end/").status_code == 404
    assert theirs.get("/rules/").status_code == 200


def test_all_other_sessions_end_together_and_signing_out_forgets_its_own():
    password = added()
    desk, phone, third = (sign_in(password)[0] for _ in range(3))
    assert desk.post("/account/sessions/end/").status_code == 302
    assert [each.get("/rules/").status_code for each in (desk, phone, third)] == [200, 302, 302]
    desk.post("/logout/")
    assert not SignIn.objects.exists()


def test_the_key_of_a_session_changes_when_somebody_signs_in():
    password = added()
    browser = Client()
    browser.get("/login/")
    browser.session.save()
    before = browser.session.session_key
    browser.cookies["sessionid"] = before
    browser.post("/login/", {"username": "xian", "password": password})
    assert browser.session.session_key != before


def test_changing_ones_password_keeps_this_session_and_ends_the_others():
    password = added()
    desk, phone = sign_in(password)[0], sign_in(password)[0]
    new = "nine-lakes-and-a-hill"
    for form, said in (
        ({"old": "wrong", "new": new, "again": new}, "现在的密码不对"),
        ({"old": password, "new": new, "again": "other"}, "两次写的新密码不一样"),
        ({"old": password, "new": "12345678901", "again": "12345678901"}, "新密码只有数字"),
        ({"old": password, "new": "short", "again": "short"}, "新密码太短"),
        ({"old": password, "new": "qwertyuiop", "again": "qwertyuiop"}, "很多人都用的"),
        ({"old": password, "new": "i-am-Xian-2026", "again": "i-am-Xian-2026"}, "有您的工号"),
        ({"old": password, "new": password, "again": password}, "和现在的一样"),
    ):
        refused = desk.post("/account/password/", form)
        assert refused.status_code == 422 and said in refused.content.decode()
    assert desk.post("/account/password/", {"old": password, "new": new, "again": new}).status_code == 302
    assert desk.get("/rules/").status_code == 200 and phone.get("/rules/").status_code == 302
    assert sign_in(password)[1].status_code == 422 and sign_in(new)[1].status_code == 302
    assert ">这里</span>" in desk.get("/account/").content.decode() and events("password_changed") == 1
