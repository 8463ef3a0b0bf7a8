"""The API as a whole: its operations, its refusals, its description."""

import logging
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from yingjin.api import errors
from yingjin.api.calling import Bearer
from yingjin.api.operations import figures, gaps, imports, jobs, persons, regions, tokens, webhooks
from yingjin.basics.errors import YingjinError

log = logging.getLogger("django.request")
DESCRIPTION = """
Yingjin for other systems. What a client sees and may do is what a user of its role and place sees and may do in the
console: the same queries, the same actions, the same record of who looked.

Every refusal is a problem (RFC 9457) in the language of Accept-Language (zh, en): what is wrong and what to do.
Amounts are whole fen, rates ten-thousandths (bp), days ISO dates.
""".strip()
HEADERS = {
    "ETag": "The version of what was read; send it back as If-None-Match, or as If-Match where that is asked for.",
    "Retry-After": "Seconds to wait.",
}


class Api(NinjaAPI):
    """Describes refusals as what they are: problems, not plain JSON."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """Return the description."""
        schema = super().get_openapi_schema(**given)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    _described(int(status), response)
        return schema

    def validation_error_from_error_contexts(self, error_contexts: list[Any]) -> ValidationError:
        """Return what pydantic found with what was sent: it is masked before it is shown."""
        found: list[dict[str, Any]] = []
        for context in error_contexts:
            model = context.model
            for each in context.pydantic_validation_error.errors(include_url=False):
                place = model.__ninja_flatten_map_reverse__.get(each["loc"], each["loc"])
                found.append({**each, "loc": (model.__ninja_param_source__, *place)})
        return ValidationError(found)


api = Api(
    title="Yingjin",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
    auth=Bearer(),
)
for part in (tokens, persons, gaps, imports, regions, figures, jobs, webhooks):
    api.add_router("", part.router)


@api.exception_handler(YingjinError)
def refused(request: HttpRequest, error: YingjinError) -> HttpResponse:
    """Answer with a refusal of ours."""
    return errors.answer(errors.problem_of(error))


@api.exception_handler(ValidationError)
def wrong_input(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer with what is wrong with the request, field by field."""
    return errors.answer(errors.problem_of_input(error.errors))


@api.exception_handler(AuthenticationError)
def not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Answer who has no token."""
    return errors.answer(errors.problem_of(errors.NotSignedIn()))


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer a request whose body cannot be read."""
    return errors.answer(errors.plain_problem(error.status_code))


@api.exception_handler(BadRequest)
@api.exception_handler(SuspiciousOperation)
@api.exception_handler(MultiPartParserError)
@api.exception_handler(UnreadablePostError)
def broken_off(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer a request whose body is not what its headers say, or is more than is taken at once."""
    return errors.answer(errors.plain_problem(400))


@api.exception_handler(Exception)
def our_mistake(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer 500 and tell the log where; never what was asked."""
    log.error("%s %s stopped", request.method, request.path, exc_info=error)
    return errors.answer(errors.plain_problem(500))


def urls() -> tuple[list[URLPattern], str, str]:
    """Return the addresses, open to who has no session: a token says who calls."""
    patterns, app, namespace = api.urls
    for pattern in patterns:
        pattern.callback.login_required = False
    return patterns, app, namespace


def _described(status: int, response: dict[str, Any]) -> None:
    plain = response.get("content", {}).pop("application/json", None) if status >= 400 else None
    if plain is not None:
        response["content"][errors.PROBLEM] = plain
    names = {200: ["ETag"], 304: ["ETag"], 429: ["Retry-After"], 503: ["Retry-After"]}.get(status, [])
    if names:
        response["headers"] = {
            name: {"description": HEADERS[name], "schema": {"type": "string"}} for name in names
        }
