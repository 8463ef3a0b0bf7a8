"""What every answer of the console obeys: nobody's page is kept by the browser, idle sessions end, refusals are pages."""

from collections.abc import Callable, Iterator
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone, translation

from yingjin.basics import row_security
from yingjin.basics.access import scope_of
from yingjin.basics.busy import is_busy
from yingjin.basics.errors import BadInput, Conflict, NotAllowed, NotFound, YingjinError
from yingjin.console.pages import refusals
from yingjin.registry.actions.sessions import note_seen

Answer = Callable[[HttpRequest], HttpResponse]

RENEW_AFTER_SECONDS = 60
STATUSES: dict[type[YingjinError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    BadInput: HTTPStatus.BAD_REQUEST,
    Conflict: HTTPStatus.CONFLICT,
}


class KeepPrivate:
    """Forbid browsers and proxies to store what a signed-in person was shown."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, marked as not to be stored."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class CloseDevices:
    """Let no page or file of ours use a device of the reader's machine, nor be drawn into a page of another site."""

    CLOSED = (
        "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi",
        "payment", "usb",
    )  # fmt: skip
    HEADERS = {
        "Permissions-Policy": ", ".join(f"{device}=()" for device in CLOSED),
        "Cross-Origin-Resource-Policy": "same-origin",
    }

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the devices closed."""
        response = self.get_response(request)
        for name, value in self.HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def said_in(language: str, parts: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the parts of an answer sent piece by piece, each made in the language of its page."""
    while True:
        with translation.override(language):
            part = next(parts, None)
        if part is None:
            return
        yield part


class SpeakLanguage:
    """Answer in the language chosen by the reader, Chinese until then, whatever language the browser is in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the chosen language."""
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        with translation.override(
            language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        ):
            response = self.get_response(request)
            spoken = translation.get_language() or settings.LANGUAGE_CODE
        response.headers.setdefault("Content-Language", spoken)
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = said_in(spoken, iter(response.streaming_content))
        return response


class KeepToScope:
    """Tell the database whose rows this request may see, so that a query that forgets shows nothing more (D8)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within the reader's scope; an answer sent piece by piece has read all it needs before."""
        row_security.see(scope_of(request.user))
        try:
            return self.get_response(request)
        finally:
            row_security.stop_seeing()


class RenewSession:
    """Let a session last from its last use, writing it at most once a minute so that reading pages stays cheap."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Renew the session of a signed-in reader before answering."""
        if request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            if now - request.session.get("used_at", 0) >= RENEW_AFTER_SECONDS:
                request.session["used_at"] = now
                key = request.session.session_key or ""
                note_seen(user=request.user, session_key=key, at=timezone.now())
        return self.get_response(request)


class ShowRefusals:
    """Turn what we refuse on purpose into a page that says why and what to do."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the view does."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Show a refusal of ours, or that the database is busy; anything else is a mistake and goes on to the 500 page."""
        if is_busy(error):
            return refusals.busy()
        for kind, status in STATUSES.items():
            if isinstance(error, kind):
                return refusals.refused(request, error, status)
        return None
