"""Make people who may sign in."""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction

from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.errors import BadInput, Conflict
from yingjin.registry.models import User

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


def new_password() -> str:
    """Return a password of some 79 bits that can be read out: four groups of four letters and digits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


@transaction.atomic
def add_user(
    *,
    username: str,
    display_name: str,
    role: str,
    region_code: str,
    is_demo: bool = False,
    by: Any,
    at: datetime,
) -> str:
    """Add somebody who may sign in and return the password, which is kept nowhere. Errors: BadInput, Conflict."""
    allow(by, "add_user")
    if role not in dict(User.ROLES):
        raise BadInput(
            f"没有岗位“{role}”。可用：{'、'.join(dict(User.ROLES))}。",
            f"There is no role “{role}”. Choose from: {', '.join(dict(User.ROLES))}.",
        )
    if User.objects.filter(username=username).exists():
        raise Conflict(
            f"工号“{username}”已经有了。换一个。", f"The username “{username}” is taken. Choose another."
        )
    user = User(
        username=username, display_name=display_name, role=role, region_code=region_code, is_demo=is_demo
    )
    password = new_password()
    user.set_password(password)
    user.save(force_insert=True)
    record("user_added", target=f"user:{username}", by=by, at=at, role=role, region=region_code)
    return password
