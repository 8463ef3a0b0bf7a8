"""How Django's middleware keeps sessions: by `registry`, which stores no key and seals what is remembered (D9).

`settings.SESSION_ENGINE` names this module: a stolen table continues no session.
"""

from typing import Any

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import DatabaseError, IntegrityError
from django.utils import timezone

from yingjin.registry.actions.sessions import end_session, forget_ended, keep_session
from yingjin.registry.queries.sessions import remembered, session_is_there


class SessionStore(SessionBase):
    """The session of one request."""

    def load(self) -> dict[str, Any]:
        """Return what the session remembers; nothing, and no key, when it has ended."""
        known = remembered(self.session_key or "", at=timezone.now())
        if known is None:
            self._session_key = None
        return known or {}

    def exists(self, session_key: str) -> bool:
        """Say whether a key is taken."""
        return session_is_there(session_key)

    def create(self) -> None:
        """Begin under a new key."""
        while True:
            self._session_key = self._get_new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Keep the session. Errors: CreateError when the key is taken, UpdateError when the session has ended."""
        if self.session_key is None:
            self.create()
            return
        remembers = self._get_session(no_load=must_create)
        try:
            keep_session(self.session_key, remembers, ends_at=self.get_expiry_date(), new=must_create)
        except IntegrityError:
            if must_create:
                raise CreateError from None
            raise
        except DatabaseError:
            if not must_create:
                raise UpdateError from None
            raise

    def delete(self, session_key: str | None = None) -> None:
        """End a session: this one, or that of a key."""
        end_session(session_key or self.session_key or "")

    @classmethod
    def clear_expired(cls) -> None:
        """Delete what ended by itself."""
        forget_ended(at=timezone.now())
