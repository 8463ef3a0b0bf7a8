"""Sessions of users: begun, seen, ended. Ending one deletes what its cookie opens, so it holds for the next request."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.errors import NotFound
from yingjin.registry.domain.devices import device_of
from yingjin.registry.models import SignIn, User


@transaction.atomic
def begin_session(*, user: User, session_key: str, user_agent: str, at: datetime) -> None:
    """Keep where a session was begun; those long ended are forgotten."""
    idle = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    SignIn.objects.filter(user=user, seen_at__lt=idle).delete()
    facts = {"user": user, "device": device_of(user_agent)[:64], "begun_at": at, "seen_at": at}
    SignIn.objects.update_or_create(session_key=session_key, defaults=facts)
    User.objects.filter(pk=user.pk).update(last_seen_at=at)


def note_seen(*, user: User, session_key: str, at: datetime) -> None:
    """Keep when a session was used last; its caller sees to it that this is once a minute at most."""
    SignIn.objects.filter(user=user, session_key=session_key).update(seen_at=at)
    User.objects.filter(pk=user.pk).update(last_seen_at=at)


def forget_session(*, session_key: str) -> None:
    """Forget a session that its user ended by signing out."""
    SignIn.objects.filter(session_key=session_key).delete()


@transaction.atomic
def end_own_session(*, sign_in: int, by: User, at: datetime) -> None:
    """End one of one's own sessions. Errors: NotFound."""
    row = SignIn.objects.filter(pk=sign_in, user=by).first()
    if row is None:
        raise NotFound("这个登录已经结束了。", "This session has ended already.")
    _end([row.session_key])
    record("session_ended", target=f"user:{by.username}", by=by, at=at, sessions=1)


@transaction.atomic
def end_own_other_sessions(*, keep: str, by: User, at: datetime) -> int:
    """End all of one's own sessions but the present one; return how many there were."""
    keys = list(
        SignIn.objects.filter(user=by).exclude(session_key=keep).values_list("session_key", flat=True)
    )
    _end(keys)
    record("session_ended", target=f"user:{by.username}", by=by, at=at, sessions=len(keys))
    return len(keys)


@transaction.atomic
def end_sessions(*, user: User, by: Any, at: datetime) -> int:
    """End every session of somebody else; return how many there were."""
    allow(by, "change_user")
    keys = list(SignIn.objects.filter(user=user).values_list("session_key", flat=True))
    _end(keys)
    record("sessions_ended", target=f"user:{user.username}", by=by, at=at, sessions=len(keys))
    return len(keys)


def _end(keys: list[str]) -> None:
    Session.objects.filter(session_key__in=keys).delete()
    SignIn.objects.filter(session_key__in=keys).delete()
