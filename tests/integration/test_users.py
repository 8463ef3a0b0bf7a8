from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from yingjin.basics.access import Robot
from yingjin.basics.errors import BadInput, Conflict, NotAllowed
from yingjin.basics.models import AuditEvent
from yingjin.registry.actions.users import add_user, new_password
from yingjin.registry.models import User
from yingjin.registry.queries.users import demo_users_exist, users_exist

AT = datetime(2026, 1, 2, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def add(**facts):
    usual = {
        "username": "xian",
        "display_name": "县里",
        "role": "county_officer",
        "region_code": "520527",
        "by": Robot(),
        "at": AT,
    }
    return add_user(**{**usual, **facts})


def test_a_user_is_added_with_a_password_that_is_kept_nowhere():
    assert not users_exist()
    password = add()
    user = User.objects.get()
    assert user.check_password(password) and password not in user.password
    assert user.password.startswith("argon2")
    assert users_exist() and not demo_users_exist()
    assert AuditEvent.objects.get().target == "user:xian"


def test_a_demonstration_user_is_known_as_one():
    add(is_demo=True)
    assert demo_users_exist()


def test_a_username_is_taken_once():
    add()
    with pytest.raises(Conflict):
        add()


def test_an_unknown_role_is_refused_with_the_known_ones_named():
    with pytest.raises(BadInput, match="village_doctor"):
        add(role="king")


def test_somebody_without_the_right_adds_nobody():
    with pytest.raises(NotAllowed):
        add(by=SimpleNamespace(role="auditor", username="shenji"))
    assert not users_exist()


def test_passwords_differ_and_can_be_read_out():
    passwords = {new_password() for _ in range(50)}
    assert len(passwords) == 50
    assert all(len(each) == 19 and not set(each) & set("01loi") for each in passwords)
