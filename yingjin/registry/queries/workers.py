"""Who works on gaps, to give them tasks."""

from collections.abc import Sequence
from typing import Any

from yingjin.basics.access import WORKS_ON_GAPS
from yingjin.registry.domain.regions import LEVELS
from yingjin.registry.models import User


def worker(username: str) -> Any:
    """Return somebody who works on gaps and may sign in, None when there is no such person."""
    return User.objects.filter(username=username, is_active=True, role__in=WORKS_ON_GAPS).first()


def names_of(usernames: set[str]) -> dict[str, str]:
    """Return the names by which some users are shown."""
    return dict(User.objects.filter(username__in=usernames).values_list("username", "display_name"))


def named(keys: set[int]) -> dict[int, tuple[str, str]]:
    """Return the username and the name of some users by their key."""
    rows = User.objects.filter(pk__in=keys).values_list("pk", "username", "display_name")
    return {key: (username, name) for key, username, name in rows}


def role_name(role: str) -> str:
    """Name a role in the reader's language."""
    return str(dict(User.ROLES).get(role, role))


def workers_over(region_code: str) -> Sequence[Any]:
    """Return who works on gaps and has the whole of a place in their own, the nearest first."""
    codes = [region_code[:digits] for digits in LEVELS if digits <= len(region_code)]
    rows = User.objects.filter(is_active=True, role__in=WORKS_ON_GAPS, region_code__in=codes)
    return sorted(rows, key=lambda user: (-len(user.region_code), user.role, user.username))
