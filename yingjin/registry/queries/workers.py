"""Who works on gaps, to give them tasks."""

from collections.abc import Sequence
from typing import Any

from yingjin.basics.access import WORKS_ON_GAPS, Scope, within
from yingjin.registry.models import User


def worker(username: str) -> Any:
    """Return somebody who works on gaps and may sign in, None when there is no such person."""
    return User.objects.filter(username=username, is_active=True, role__in=WORKS_ON_GAPS).first()


def workers(scope: Scope, most: int = 200) -> Sequence[Any]:
    """Return who works on gaps inside a scope, by place and role."""
    inside = within(User.objects.filter(is_active=True, role__in=WORKS_ON_GAPS), Scope(scope.region_prefix))
    return list(inside.order_by("region_code", "role", "username")[:most])


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
