"""Sessions of users: begun, seen, ended. Ending one deletes what its cookie opens, so it holds for the next request.

Keys of sessions are given in clear and kept as `queries.sessions.hashed` makes them.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.errors import NotFound
from yingjin.registry.domain.devices import device_of
from yingjin.registry.models import Session, SignIn, User
from yingjin.registry.queries.sessions import hashed


def keep_session(session_key: str, remembers: dict[str, Any], *, ends_at: datetime, new: bool) -> None:
    """Write what a session remembers. Errors: IntegrityError for a new key that is taken, DatabaseError when it ended."""
    row = Session(pk=hashed(session_key), remembers=remembers, ends_at=ends_at)
    with transaction.atomic():
        row.save(force_insert=new, force_update=not new)


def end_session(session_key: str) -> None:
    """End the session of a key."""
    Session.objects.filter(pk=hashed(session_key)).delete()


def forget_ended(*, at: datetime) -> int:
    """Delete the sessions that ended by themselves; return how many."""
    return Session.objects.filter(ends_at__lt=at).delete()[0]


@transaction.atomic
def begin_session(*, user: User, session_key: str, user_agent: str, at: datetime) -> None:
    """Keep where a session was begun; those long ended are forgotten."""
    idle = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    SignIn.objects.filter(user=user, seen_at__lt=idle).delete()
    forget_ended(at=at)
    facts = {"user": user, "device": device_of(user_agent)[:64], "begun_at": at, "seen_at": at}
    SignIn.objects.update_or_create(session=hashed(session_key), defaults=facts)
    User.objects.filter(pk=user.pk).update(last_seen_at=at)


def note_seen(*, user: User, session_key: str, at: datetime) -> None:
    """Keep when a session was used last; its caller sees to it that this is once a minute at most."""
    SignIn.objects.filter(user=user, session=hashed(session_key)).update(seen_at=at)
    User.objects.filter(pk=user.pk).update(last_seen_at=at)


def forget_session(*, session_key: str) -> None:
    """Forget a session that its user ended by signing out."""
    SignIn.objects.filter(session=hashed(session_key)).delete()


@transaction.atomic
def end_own_session(*, sign_in: int, by: User, at: datetime) -> None:
    """End one of one's own sessions. Errors: NotFound."""
    row = SignIn.objects.filter(pk=sign_in, user=by).first()
    if row is None:
        raise NotFound("这个登录已经结束了。", "This session has ended already.")
    _end([row.session])
    record("session_ended", target=f"user:{by.username}", by=by, at=at, sessions=1)


@transaction.atomic
def end_own_other_sessions(*, keep: str, by: User, at: datetime) -> int:
    """End all of one's own sessions but the present one; return how many there were."""
    others = SignIn.objects.filter(user=by).exclude(session=hashed(keep))
    keys = list(others.values_list("session", flat=True))
    _end(keys)
    record("session_ended", target=f"user:{by.username}", by=by, at=at, sessions=len(keys))
    return len(keys)


@transaction.atomic
def end_sessions(*, user: User, by: Any, at: datetime) -> int:
    """End every session of somebody else; return how many there were."""
    allow(by, "change_user")
    keys = list(SignIn.objects.filter(user=user).values_list("session", flat=True))
    _end(keys)
    record("sessions_ended", target=f"user:{user.username}", by=by, at=at, sessions=len(keys))
    return len(keys)


def _end(keys: list[str]) -> None:
    Session.objects.filter(pk__in=keys).delete()
    SignIn.objects.filter(session__in=keys).delete()
