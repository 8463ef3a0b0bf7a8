"""What a session remembers, found by what its cookie holds.

* hashed       what a session is found by: its key is kept nowhere
* remembered   what one remembers, while it lasts
* session_is_there
"""

from datetime import datetime
from typing import Any

from django.utils.crypto import salted_hmac

from yingjin.basics.keys import KeyMissing
from yingjin.basics.sealing import NotOpened
from yingjin.registry.models import Session

SALT = "yingjin.registry.session"


def hashed(session_key: str) -> str:
    """Return the keyed hash a session is found by, 64 digits; of no key nothing."""
    return salted_hmac(SALT, session_key, algorithm="sha256").hexdigest() if session_key else ""


def remembered(session_key: str, *, at: datetime) -> dict[str, Any] | None:
    """Return what a session remembers; None when it has ended, or does not open: under lost keys, or moved here."""
    try:
        row = Session.objects.filter(pk=hashed(session_key), ends_at__gt=at).first()
    except (KeyMissing, NotOpened):
        return None
    return dict(row.remembers) if row else None


def session_is_there(session_key: str) -> bool:
    """Say whether there is a session of a key."""
    return Session.objects.filter(pk=hashed(session_key)).exists()
