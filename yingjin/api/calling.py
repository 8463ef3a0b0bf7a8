"""
How an operation is called: by whom, with which permission, once, and how its answer is written.

* Bearer         who calls, by the token; the database is told what this caller may see
* operation      declares one operation of the API with every answer it may give
"""

import inspect
import json
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Annotated, Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Header, Router
from ninja.security import HttpBearer
from pydantic import TypeAdapter

from yingjin.api.errors import NotPermitted, Problem, Unreachable
from yingjin.api.middleware import of_client, take_call
from yingjin.api.once import Answered, once
from yingjin.basics import row_security
from yingjin.basics.access import scope_of
from yingjin.registry.queries.clients import client_of_token

JSON = "application/json; charset=utf-8"
READ, WORK, IMPORT = "read", "work", "import"
TOKEN_MOST = 200
IdempotencyKey = Annotated[
    str,
    Header(
        ...,
        alias="Idempotency-Key",
        min_length=8,
        max_length=64,
        pattern=r"^[A-Za-z0-9_.:-]+$",
        description="Yours, new for each new request; sent again within 24 hours it gets the same answer and nothing "
        "is done twice.",
    ),
]


class Bearer(HttpBearer):
    """The token of a client."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Return whose token it is, None when it is nobody's. Errors: TooOften."""
        client = client_of_token(token, timezone.now()) if 0 < len(token) <= TOKEN_MOST else None
        if client is None:
            return None
        take_call(f"client:{client.pk}", of_client())
        row_security.see(scope_of(client))  # the console's middleware stops it when the answer is made
        return client


def operation(
    router: Router,
    method: str,
    path: str,
    *,
    answers: Any,
    status: int = HTTPStatus.OK,
    refuses: tuple[int, ...] = (),
    needs: str = READ,
    changes: bool = False,
    tag: str,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare an operation. `changes`: it is done once for each Idempotency-Key."""
    adapter = TypeAdapter(answers) if answers is not None else None

    def declared(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def answered(request: HttpRequest, **given: Any) -> HttpResponse:
            client = request.auth  # type: ignore[attr-defined]
            if needs not in client.permissions:
                raise NotPermitted(needs)
            key = given.pop("idempotency_key", "")

            def act() -> Answered:
                return _written(view(request, **given), status, adapter)

            try:
                done = once(request, client, key, act, at=timezone.now()) if changes else act()
            except OperationalError as busy:
                raise Unreachable from busy
            return _response(done)

        if changes:
            _asks_for_key(answered, view)
        summary, _, rest = inspect.getdoc(view).partition("\n")  # type: ignore[union-attr]
        register = getattr(router, method)
        register(
            path,
            response={status: answers, **_refusals(method, refuses, changes)},
            summary=summary,
            description=f"Permission: `{needs}`.\n{rest}",
            operation_id=view.__name__,
            tags=[tag],
        )(answered)
        return answered

    return declared


def with_headers(body: Any, **headers: str) -> tuple[Any, dict[str, str]]:
    """Return what an operation answers, with headers."""
    return body, {name.replace("_", "-"): value for name, value in headers.items()}


def _asks_for_key(answered: Callable[..., Any], view: Callable[..., Any]) -> None:
    signature = inspect.signature(view)
    key = inspect.Parameter("idempotency_key", inspect.Parameter.KEYWORD_ONLY, annotation=IdempotencyKey)
    parts = [*signature.parameters.values(), key]
    answered.__signature__ = signature.replace(parameters=parts)  # type: ignore[attr-defined]


def _refusals(method: str, more: tuple[int, ...], changes: bool) -> dict[int, Any]:
    every = {400, 401, 403, 422, 429, 500, 503, *more} | ({409} if changes else set())
    same = {304: None} if method == "get" else {}
    return {**same, **{status: Problem for status in sorted(every)}}


def _written(said: Any, status: int, adapter: TypeAdapter[Any] | None) -> Answered:
    headers: Mapping[str, str] = {}
    if isinstance(said, tuple) and len(said) == 2 and isinstance(said[1], dict):
        said, headers = said
    if adapter is None:
        return Answered(status, None, dict(headers))
    read = adapter.validate_python(said, from_attributes=True)
    return Answered(status, adapter.dump_python(read, mode="json"), dict(headers))


def _response(done: Answered) -> HttpResponse:
    body = "" if done.body is None else json.dumps(done.body, ensure_ascii=False)
    response = HttpResponse(body, status=done.status, content_type=JSON)
    for name, value in done.headers.items():
        response[name] = value
    if done.again:
        response["Idempotent-Replayed"] = "true"
    return response
