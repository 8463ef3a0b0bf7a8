"""What the edge may ask of users.

* demo_users_exist, users_exist   whether anybody may sign in
* users_of                        whom an administrator looks after
* sessions_of                     where somebody is signed in
* needs_second_factor             whether a role must sign in with a code
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from yingjin.basics.access import ADMINISTRATOR, ROBOT, allow
from yingjin.registry.models import Facility, RecoveryCode, SecondFactor, SignIn, User
from yingjin.registry.queries.places import name_of
from yingjin.registry.queries.sessions import hashed


@dataclass(frozen=True)
class UserRow:
    """One user as an administrator sees it; `place` is where the work is, by name."""

    username: str
    display_name: str
    role: str
    role_zh: str
    place_code: str
    place: str
    last_seen_at: datetime | None
    locked: bool
    second_factor: bool
    sessions: int
    is_demo: bool
    password_given: bool


@dataclass(frozen=True)
class UsersPage:
    """One page of the users, with how many there are in all."""

    rows: Sequence[UserRow]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class SessionRow:
    """One place where somebody is signed in."""

    sign_in: int
    device: str
    begun_at: datetime
    seen_at: datetime
    present: bool


def demo_users_exist() -> bool:
    """Say whether somebody may sign in who was made for the demonstration county."""
    return User.objects.filter(is_demo=True).exists()


def users_exist() -> bool:
    """Say whether anybody may sign in."""
    return User.objects.exists()


def looked_after(by: Any) -> QuerySet[User]:
    """Return whom an administrator looks after: everybody of the region and of its facilities. The robot: all."""
    if by.role == ROBOT:
        return User.objects.all()
    if by.role != ADMINISTRATOR or not by.region_code:
        return User.objects.none()
    low, high = by.region_code, by.region_code + "~"
    here = Facility.objects.filter(county_code__gte=low, county_code__lt=high)
    return User.objects.filter(
        Q(region_code__gte=low, region_code__lt=high)
        | Q(region_code="", facility_code__in=here.values("code"))
    )


def users_of(
    by: Any, *, at: datetime, text: str = "", role: str = "", page: int = 1, size: int = 50
) -> UsersPage:
    """Return one page of the users somebody looks after."""
    allow(by, "change_user")
    rows = looked_after(by).order_by("role", "username")
    if role:
        rows = rows.filter(role=role)
    if text:
        rows = rows.filter(Q(username__icontains=text) | Q(display_name__icontains=text))
    total = rows.count()
    pages = max(1, -(-total // size))
    page = min(page, pages)
    return UsersPage(user_rows(list(rows[(page - 1) * size : page * size]), at), total, page, pages)


def user_row(by: Any, username: str, *, at: datetime) -> UserRow | None:
    """Return one user somebody looks after; None for who is not there or another's."""
    allow(by, "change_user")
    rows = user_rows(list(looked_after(by).filter(username=username)), at)
    return rows[0] if rows else None


def user_rows(users: Sequence[User], at: datetime) -> list[UserRow]:
    """Return some users as rows, with a fixed number of queries."""
    keys = [user.pk for user in users]
    with_code = set(
        SecondFactor.objects.filter(user__in=keys, confirmed_at__isnull=False).values_list(
            "user_id", flat=True
        )
    )
    sessions = list(_alive(at).filter(user__in=keys).values_list("user_id", flat=True))
    codes = {user.facility_code for user in users if user.facility_code}
    facilities = dict(Facility.objects.filter(code__in=codes).values_list("code", "name"))
    return [
        UserRow(
            username=user.username,
            display_name=user.display_name,
            role=user.role,
            role_zh=str(user.get_role_display()),  # type: ignore[attr-defined]
            place_code=user.region_code or user.facility_code,
            place=name_of(user.region_code) or facilities.get(user.facility_code, ""),
            last_seen_at=user.last_seen_at,
            locked=not user.is_active,
            second_factor=user.pk in with_code,
            sessions=sessions.count(user.pk),
            is_demo=user.is_demo,
            password_given=user.password_given,
        )
        for user in users
    ]


def sessions_of(user: User, *, at: datetime, present: str = "") -> list[SessionRow]:
    """Return where somebody is signed in, the last used first; `present` is the key of the session that asks."""
    return [
        SessionRow(each.pk, each.device, each.begun_at, each.seen_at, each.session == hashed(present))
        for each in _alive(at).filter(user=user).order_by("-seen_at")
    ]


def _alive(at: datetime) -> QuerySet[SignIn]:
    return SignIn.objects.filter(seen_at__gt=at - timedelta(seconds=settings.SESSION_COOKIE_AGE))


def has_second_factor(user: User) -> bool:
    """Say whether somebody signs in with a code."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def recovery_codes_left(user: User) -> int:
    """Count the recovery codes not used yet."""
    return RecoveryCode.objects.filter(factor=user.pk, used_at__isnull=True).count()


def needs_second_factor(user: Any) -> bool:
    """Say whether a role must sign in with a code, as the installation set it."""
    return user.role in settings.SECOND_FACTOR


def active_user(key: int) -> User | None:
    """Return a user who may sign in; None when there is none, or a locked one."""
    return User.objects.filter(pk=key, is_active=True).first()


def roles() -> list[tuple[str, str]]:
    """Return every role with what it is called, in the order of the work."""
    return [(role, str(label)) for role, label in User.ROLES]
