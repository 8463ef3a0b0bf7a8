"""What every answer of the API obeys: the caller's language, limits, problems instead of pages, versions by ETag."""

import hashlib
import logging
import re
import sqlite3
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from yingjin.api.errors import PROBLEM, TooOften, Unreachable, answer, plain_problem, problem_of
from yingjin.api.limits import Limit, Limits
from yingjin.basics.language import CHINESE, ENGLISH

log = logging.getLogger("django.request")
PREFIX = "/api/"
TOKENS = "/api/v1/token"
BURST = 5  # of a minute's calls, one in so many at once
PER_ADDRESS = 4  # so many clients' worth: several may share an office's address
TOKENS_A_MINUTE = Limit(per_minute=20, burst=10)  # secrets are not for guessing
PREFERRED = re.compile(r"\s*([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9-]*)?\s*(?:;\s*q=([0-9.]{1,5}))?\s*")
SPOKEN = {"zh": CHINESE, "en": ENGLISH, "*": CHINESE}


class SpeakApi:
    """Answers whatever lies under /api/ in the caller's language, and its refusals as problems."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; everything else goes on untouched."""
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        language = language_of(request.headers.get("Accept-Language", ""))
        with translation.override(language):
            response = self._answered(request)
        response["Content-Language"] = language
        patch_vary_headers(response, ["Accept-Language", "Authorization"])
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def _answered(self, request: HttpRequest) -> HttpResponse:
        try:
            take_call(f"address:{address_of(request)}", _of_address())
            if request.path == TOKENS:
                take_call(f"token:{address_of(request)}", TOKENS_A_MINUTE)
        except TooOften as refused:
            return answer(problem_of(refused))
        response = self.get_response(request)
        if response.status_code >= HTTPStatus.BAD_REQUEST and response["Content-Type"] != PROBLEM:
            return _as_problem(response)
        return _versioned(request, response)


def take_call(caller: str, limit: Limit) -> None:
    """Count one call of a caller. Errors: TooOften.

    A file of counts that cannot be written stops nobody's work, but the log says so.
    """
    try:
        wait = Limits(Path(settings.STORE)).take(caller, limit, time.time())
    except sqlite3.OperationalError as error:
        log.error("calls of the API are not counted: %s", error)
        wait = 0
    if wait:
        raise TooOften(wait)


def of_client() -> Limit:
    """Return how often one client may call."""
    per_minute: int = settings.API_PER_MINUTE
    return Limit(per_minute, max(1, per_minute // BURST))


def _of_address() -> Limit:
    one = of_client()
    return Limit(one.per_minute * PER_ADDRESS, one.burst * PER_ADDRESS)


def address_of(request: HttpRequest) -> str:
    """Return where a request comes from: behind our own proxy what it says last, else who is connected."""
    told = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return told.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def language_of(accepted: str) -> str:
    """Return which of our two languages a caller likes best; Chinese when neither is named."""
    best, liked = CHINESE, 0.0
    for part in accepted.split(",")[:20]:
        found = PREFERRED.fullmatch(part)
        language = SPOKEN.get(found[1].lower()) if found else None
        if found and language:
            try:
                weight = float(found[2]) if found[2] else 1.0
            except ValueError:
                continue
            if weight > liked:
                best, liked = language, weight
    return best


def _as_problem(response: HttpResponse) -> HttpResponse:
    """Return a page that refuses as a problem, with what its headers say."""
    busy = response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    problem = answer(problem_of(Unreachable()) if busy else plain_problem(response.status_code))
    if "Allow" in response:
        problem["Allow"] = response["Allow"]
    return problem


def _versioned(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give an answer that may be read again its version, and send nothing to who has that version already."""
    if request.method != "GET" or response.status_code != HTTPStatus.OK or response.streaming:
        return response
    if "ETag" not in response:
        response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    held = {each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")}
    if response["ETag"] in held or "*" in held:
        same = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
        same["ETag"] = response["ETag"]
        del same["Content-Type"]
        return same
    return response
