"""A token for a client and its secret (OAuth 2.0 client credentials, RFC 6749 section 4.4)."""

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Form, Router
from pydantic import BaseModel, StringConstraints

from yingjin.api.errors import Problem
from yingjin.api.inputs import In
from yingjin.registry.actions.clients import TOKEN_LASTS, end_token, give_token

router = Router()
TAG = "token"
REFUSED = {400: Problem, 401: Problem, 422: Problem, 429: Problem, 500: Problem, 503: Problem}
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")]


class TokenAsked(In):
    """What a client shows to get a token."""

    grant_type: Literal["client_credentials"]
    client_id: Annotated[str, StringConstraints(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9-]+$")]
    client_secret: Secret


class Token(BaseModel):
    """A token, for how many seconds, and what it may do (read, work, import)."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int
    scope: str


class TokenEnded(In):
    """A token to end."""

    token: Secret


@router.post("/token", response={200: Token, **REFUSED}, tags=[TAG], operation_id="give_token", auth=None)
def token(request: HttpRequest, asked: Annotated[TokenAsked, Form()]) -> Token:
    """Get a token for an hour, with the client's id and secret."""
    given, client = give_token(client_id=asked.client_id, secret=asked.client_secret, at=timezone.now())
    return Token(
        access_token=given, expires_in=int(TOKEN_LASTS.total_seconds()), scope=" ".join(client.permissions)
    )


@router.post("/token/end", response={204: None, **REFUSED}, tags=[TAG], operation_id="end_token", auth=None)
def end(request: HttpRequest, asked: Annotated[TokenEnded, Form()]) -> HttpResponse:
    """End a token before its hour is over; one that is none is ended already."""
    end_token(asked.token)
    return HttpResponse(status=204)
