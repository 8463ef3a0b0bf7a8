"""How many notices a reader has not read, counted at most once a minute and kept in the session: no page asks more."""

from django.http import HttpRequest
from django.utils import timezone

from yingjin.insight import queries

COUNTED_AGAIN_AFTER_SECONDS = 60
KEY = "notices"


def unread(request: HttpRequest) -> int:
    """Return the number as counted within the last minute."""
    now = timezone.now()
    counted_at, number = request.session.get(KEY, (0, 0))
    if now.timestamp() - counted_at >= COUNTED_AGAIN_AFTER_SECONDS:
        number = queries.unread(request.user, now)
        request.session[KEY] = (int(now.timestamp()), number)
    return int(number)


def forget(request: HttpRequest) -> None:
    """Let the next page count anew."""
    request.session.pop(KEY, None)
