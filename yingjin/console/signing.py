"""Signing in, in one step or two, and what a session remembers of it.

* signed_in          begin a session, recorded
* begin_half         keep who gave the right password until the code comes
* half_signed_in     who that is
* AskOwnPassword     lets nobody work by a password that somebody else gave
* AskSecondFactor    lets nobody work whose role needs a second factor and who has none
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from yingjin.basics import audit
from yingjin.registry.actions.sessions import begin_session
from yingjin.registry.queries.users import active_user, needs_second_factor

BACKEND = "django.contrib.auth.backends.ModelBackend"
HALF, CODE_AT = "half_signed_in", "code_at"
HALF_SECONDS = 5 * 60  # to find the phone
OPEN_WITHOUT_CODE = frozenset(
    {
        "account",
        "second_factor",
        "second_factor_begin",
        "second_factor_confirm",
        "logout",
        "language",
        "change_password",
    }
)
OPEN_WITH_GIVEN_PASSWORD = frozenset({"change_password", "logout", "language"})


def signed_in(request: HttpRequest, user: Any, *, by_code: bool, at: datetime) -> None:
    """Begin a session under a new key and record it, both or neither."""
    with transaction.atomic():
        request.session.pop(HALF, None)
        login(request, user, backend=BACKEND)
        if by_code:
            request.session[CODE_AT] = int(at.timestamp())
        begin_session(user=user, session_key=session_key(request), user_agent=user_agent(request), at=at)
        audit.record("signed_in", target=f"user:{user.pk}", by=user, at=at)


def session_key(request: HttpRequest) -> str:
    """Return the key of the present session."""
    return request.session.session_key or ""


def user_agent(request: HttpRequest) -> str:
    """Return what the browser says it is."""
    return request.headers.get("User-Agent", "")


def begin_half(request: HttpRequest, user: Any, *, address: str, at: datetime) -> None:
    """Keep who gave the right password, under a new key; nothing opens by it but the page that asks for the code."""
    request.session.cycle_key()
    request.session[HALF] = {"user": user.pk, "at": int(at.timestamp()), "next": address}


def half_signed_in(request: HttpRequest, at: datetime) -> tuple[Any, str] | None:
    """Return who gave the right password a few minutes ago, and where to then; None when nobody did."""
    half = request.session.get(HALF)
    if not half or at.timestamp() - half["at"] > HALF_SECONDS:
        return None
    user = active_user(half["user"])
    return (user, half["next"]) if user else None


class AskOwnPassword:
    """Open by a password that somebody else gave nothing but the page that changes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the view does."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Send who has not chosen a password yet to where it is chosen."""
        user = request.user
        if not user.is_authenticated or not user.password_given:  # type: ignore[union-attr]
            return None
        name = request.resolver_match.url_name if request.resolver_match else ""
        return None if name in OPEN_WITH_GIVEN_PASSWORD else redirect("change_password")


class AskSecondFactor:
    """Open to a role that needs a second factor nothing but the pages that set one up, until a code was given."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, remembering on the user whether this session began with a code."""
        if request.user.is_authenticated:
            request.user.came_with_code = CODE_AT in request.session  # type: ignore[union-attr]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Send who lacks the second factor to where it is set up."""
        user = request.user
        if not user.is_authenticated or not needs_second_factor(user) or user.came_with_code:  # type: ignore[union-attr]
            return None
        name = request.resolver_match.url_name if request.resolver_match else ""
        return None if name in OPEN_WITHOUT_CODE else redirect("second_factor")


def came_with_code_now(request: HttpRequest) -> None:
    """Remember that this session's user has just shown a code."""
    request.session[CODE_AT] = int(timezone.now().timestamp())
