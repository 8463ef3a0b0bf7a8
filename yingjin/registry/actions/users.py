"""Users: made, given a new password, locked and unlocked; each by an administrator of their place, or the robot.

* add_user            somebody who may sign in; the password is returned once and kept nowhere
* reset_password      a new password; every session of the old one ends with it
                      (both are to be changed by their owner before anything else opens)
* lock, unlock        close and open a user's door
* change_own_password by its owner, who knows the old one
"""

import re
import secrets
from datetime import datetime
from typing import Any

from django.db import transaction

from yingjin.basics.access import AT_A_FACILITY, ROBOT, allow
from yingjin.basics.audit import record
from yingjin.basics.errors import BadInput, Conflict, NotFound
from yingjin.registry.actions.passwords import check_password
from yingjin.registry.actions.sessions import end_sessions
from yingjin.registry.domain.roles import DIGITS_OF_PLACE, PLACE_EN, PLACE_ZH
from yingjin.registry.models import Facility, User
from yingjin.registry.queries.places import name_of
from yingjin.registry.queries.users import looked_after

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else
USERNAME = re.compile(r"[\w.-]{2,64}")
NAME_MOST = 64


def new_password() -> str:
    """Return a password of some 79 bits that can be read out: four groups of four letters and digits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


@transaction.atomic
def add_user(
    *,
    username: str,
    display_name: str,
    role: str,
    region_code: str = "",
    facility_code: str = "",
    is_demo: bool = False,
    own_password: str = "",
    by: Any,
    at: datetime,
) -> str:
    """Add somebody who may sign in and return the password, which is kept nowhere. Errors: BadInput, Conflict.

    `own_password` was typed by its owner: nothing to change. That of a demonstration user stays, it opens made-up
    people on this machine alone.
    """
    allow(by, "add_user")
    check_name(username, display_name)
    _check_place(role, region_code, facility_code, by)
    if User.objects.filter(username=username).exists():
        raise Conflict(
            f"工号“{username}”已经有了。换一个。", f"The username “{username}” is taken. Choose another."
        )
    user = User(
        username=username,
        display_name=display_name,
        role=role,
        region_code=region_code,
        facility_code=facility_code,
        is_demo=is_demo,
        password_given=not (is_demo or own_password),
    )
    if own_password:
        check_password(own_password, username=username)
    password = own_password or new_password()
    user.set_password(password)
    user.save(force_insert=True)
    place = facility_code or region_code
    record("user_added", target=f"user:{username}", by=by, at=at, role=role, region=place)
    return password


def check_name(username: str, display_name: str) -> None:
    """See that a staff number can be typed and a name is there. Errors: BadInput."""
    if not USERNAME.fullmatch(username):
        raise BadInput(
            f"工号“{username[:64]}”不能用：2 到 64 个字母、数字、汉字，或 . - _，中间不留空。",
            f"The username “{username[:64]}” cannot be used: 2 to 64 letters, digits or . - _, without spaces.",
            field="username",
        )
    if not display_name.strip() or len(display_name) > NAME_MOST:
        raise BadInput(
            "姓名或岗位名没有填，或超过 64 个字。写这个人怎么称呼。",
            "The name is missing, or longer than 64 characters. Write what this person is called.",
            field="display_name",
        )


def _check_place(role: str, region_code: str, facility_code: str, by: Any) -> None:
    """See that a role has the place it works in, and that the place is in the administrator's own."""
    roles = dict(User.ROLES)
    if role not in roles:
        raise BadInput(
            f"没有岗位“{role}”。可用：{'、'.join(roles)}。",
            f"There is no role “{role}”. Choose from: {', '.join(roles)}.",
            field="role",
        )
    at_facility = role in AT_A_FACILITY
    if at_facility:
        facility = Facility.objects.filter(code=facility_code, withdrawn=False).first()
        place = facility.county_code if facility else ""
    else:
        place = region_code if len(region_code) in DIGITS_OF_PLACE[role] and name_of(region_code) else ""
    if not place or (region_code if at_facility else facility_code):
        raise BadInput(
            f"岗位“{roles[role]}”要配{PLACE_ZH[role]}，“{facility_code or region_code}”不是。请重新选地方。",
            f"The role {role} needs {PLACE_EN[role]}; “{facility_code or region_code}” is none. Choose the place again.",
            field="place",
        )
    if by.role != ROBOT and not (by.region_code and place.startswith(by.region_code)):
        raise BadInput(
            f"“{facility_code or region_code}”不在您管的地方之内。请选本地的机构或区划。",
            f"“{facility_code or region_code}” lies outside the place you look after. Choose one inside it.",
            field="place",
        )


def administered(username: str, by: Any) -> User:
    """Return a user that `by` looks after. Errors: NotFound, also for another place's."""
    user: User | None = looked_after(by).select_for_update().filter(username=username).first()
    if user is None:
        raise NotFound(
            f"没有工号“{username}”，或不归您管。请从用户名单里重新打开。",
            f"There is no user “{username}”, or not in your care. Open it again from the list of users.",
        )
    return user


def not_oneself(user: User, by: Any) -> None:
    """See that nobody shuts the own door. Errors: Conflict."""
    if user.username == by.username:
        raise Conflict(
            "不能对自己做这件事，免得把自己锁在外面。自己的密码在“我的账户”里改，其余请找另一位管理员。",
            "This cannot be done to yourself, so that nobody is shut out. Change your own password under My account; for "
            "the rest ask another administrator.",
        )


@transaction.atomic
def reset_password(*, username: str, by: Any, at: datetime) -> str:
    """Give somebody a new password, returned once; whoever is signed in with the old one is signed out."""
    allow(by, "change_user")
    user = administered(username, by)
    not_oneself(user, by)
    password = new_password()
    user.set_password(password)
    user.password_given = True
    user.save(update_fields=["password", "password_given"])
    end_sessions(user=user, by=by, at=at)
    record("password_reset", target=f"user:{user.username}", by=by, at=at)
    return password


@transaction.atomic
def lock_user(*, username: str, by: Any, at: datetime) -> None:
    """Close somebody's door, at once and until it is opened again. Errors: NotFound, Conflict."""
    allow(by, "change_user")
    user = administered(username, by)
    not_oneself(user, by)
    if not user.is_active:
        raise Conflict(f"“{username}”已经锁定了。", f"“{username}” is locked already.")
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user=user, by=by, at=at)
    record("user_locked", target=f"user:{user.username}", by=by, at=at)


@transaction.atomic
def unlock_user(*, username: str, by: Any, at: datetime) -> None:
    """Open somebody's door again. Errors: NotFound, Conflict."""
    allow(by, "change_user")
    user = administered(username, by)
    if user.is_active:
        raise Conflict(f"“{username}”没有锁定。", f"“{username}” is not locked.")
    user.is_active = True
    user.save(update_fields=["is_active"])
    record("user_unlocked", target=f"user:{user.username}", by=by, at=at)


@transaction.atomic
def end_sessions_of(*, username: str, by: Any, at: datetime) -> int:
    """Sign somebody out everywhere; return at how many places. Errors: NotFound, Conflict for oneself."""
    allow(by, "change_user")
    user = administered(username, by)
    not_oneself(user, by)
    return end_sessions(user=user, by=by, at=at)


class OldPasswordWrong(BadInput):
    """Somebody at an unlocked desk, or a slip of the hand."""

    code = "old_password_wrong"


@transaction.atomic
def change_own_password(*, old: str, new: str, by: User, at: datetime) -> None:
    """Change one's own password. The caller keeps the present session alive; the others end. Errors: BadInput."""
    user = User.objects.select_for_update().get(pk=by.pk)
    if not user.check_password(old):
        raise OldPasswordWrong(
            "现在的密码不对。再写一次；忘了请找管理员重置。",
            "The present password is not right. Write it again; if it is forgotten ask the administrator.",
            field="old",
        )
    check_password(new, username=user.username, old=old)
    user.set_password(new)
    user.password_given = False
    user.save(update_fields=["password", "password_given"])
    by.password, by.password_given = user.password, False
    record("password_changed", target=f"user:{user.username}", by=by, at=at)
