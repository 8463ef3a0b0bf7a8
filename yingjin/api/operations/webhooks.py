"""Webhooks: where a client is told of events, with the log of every attempt."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Router
from pydantic import BaseModel, Field

from yingjin.api.calling import operation
from yingjin.api.inputs import Cursor, In, Limit
from yingjin.api.models import Delivery, Subscription
from yingjin.api.paging import cursor_after, list_name, place_of
from yingjin.api.shaped import Out
from yingjin.api.subscribing import resume, rotate_secret, subscribe, subscription_of, unsubscribe

router = Router()
TAG = "webhooks"
Event = Literal["gap.opened", "gap.closed", "import.landed", "replay.changed"]
Key = Annotated[UUID, Path(..., description="`key` of a subscription.")]


class WebhookAsked(In):
    """Where to be told, of what."""

    url: Annotated[str, Field(max_length=500, pattern=r"^https?://[\x21-\x7e]+$")]
    events: Annotated[list[Event], Field(min_length=1, max_length=4)]


class WebhookOut(Out):
    """A subscription; `stopped_at` when too many deliveries in a row were not taken."""

    key: UUID
    url: str
    events: list[str]
    made_at: datetime
    stopped_at: datetime | None


class WebhookMade(BaseModel):
    """A subscription with its secret, shown this once: it signs each delivery."""

    webhook: WebhookOut
    secret: str


class WebhooksListed(BaseModel):
    """The client's subscriptions."""

    items: list[WebhookOut]


class DeliveryOut(Out):
    """One delivery: how many events, how often it was tried, what the last answer was, when it is tried again."""

    key: UUID
    at: datetime
    events: int
    state: str
    attempts: int
    status: int | None
    problem: str
    next_at: datetime | None
    ended_at: datetime | None


class DeliveriesListed(BaseModel):
    """Some deliveries, the newest first; `next` is the cursor of those before them."""

    items: list[DeliveryOut]
    next: str | None


@operation(router, "get", "/webhooks", answers=WebhooksListed, tag=TAG)
def list_webhooks(request: HttpRequest) -> Any:
    """List the client's subscriptions."""
    mine = Subscription.objects.filter(client=request.auth)  # type: ignore[attr-defined]
    return {"items": list(mine.order_by("made_at", "key"))}


@operation(router, "post", "/webhooks", answers=WebhookMade, status=201, changes=True, tag=TAG)
def add_webhook(request: HttpRequest, asked: WebhookAsked) -> Any:
    """Be told of events from now on, by keys alone: no name and nothing of anybody's health. The secret is shown once.

    Each delivery is a POST with `Yingjin-Signature: t=<seconds>,v1=<HMAC-SHA256 of "t.body">`. Refuse what is older
    than five minutes and what you have had (`Yingjin-Delivery`), and answer 2xx within ten seconds.
    """
    made, secret = subscribe(url=asked.url, events=asked.events, by=request.auth, at=timezone.now())  # type: ignore[attr-defined]
    return {"webhook": made, "secret": secret}


@operation(router, "get", "/webhooks/{uuid:key}", answers=WebhookOut, refuses=(404,), tag=TAG)
def show_webhook(request: HttpRequest, key: Key) -> Any:
    """Show one subscription."""
    return subscription_of(request.auth, key)  # type: ignore[attr-defined]


@operation(
    router, "post", "/webhooks/{uuid:key}/secret", answers=WebhookMade, refuses=(404,), changes=True, tag=TAG
)
def rotate_webhook_secret(request: HttpRequest, key: Key) -> Any:
    """Get a new secret; for a day deliveries are signed by both."""
    made, secret = rotate_secret(key, by=request.auth, at=timezone.now())  # type: ignore[attr-defined]
    return {"webhook": made, "secret": secret}


@operation(
    router, "post", "/webhooks/{uuid:key}/resume", answers=WebhookOut, refuses=(404,), changes=True, tag=TAG
)
def resume_webhook(request: HttpRequest, key: Key) -> Any:
    """Go on after too many failures: what was given up is tried again first."""
    return resume(key, by=request.auth, at=timezone.now())  # type: ignore[attr-defined]


@operation(router, "delete", "/webhooks/{uuid:key}", answers=None, status=204, refuses=(404,), tag=TAG)
def remove_webhook(request: HttpRequest, key: Key) -> None:
    """Be told nothing more; the log goes too."""
    unsubscribe(key, by=request.auth, at=timezone.now())  # type: ignore[attr-defined]


@operation(
    router, "get", "/webhooks/{uuid:key}/deliveries", answers=DeliveriesListed, refuses=(404,), tag=TAG
)
def list_deliveries(request: HttpRequest, key: Key, cursor: Cursor, limit: Limit) -> Any:
    """List what was delivered or tried, the newest first; kept thirty days."""
    one = subscription_of(request.auth, key)  # type: ignore[attr-defined]
    name = list_name(request)
    rows = Delivery.objects.filter(subscription=one).order_by("-at", "-key")
    if cursor:
        at, last = place_of(cursor, of=name)
        rows = rows.filter(at__lt=datetime.fromisoformat(at)) | rows.filter(
            at=datetime.fromisoformat(at), key__lt=last
        )
    found = list(rows[: limit + 1])
    shown = found[:limit]
    more = [shown[-1].at.isoformat(), str(shown[-1].key)] if len(found) > limit else None
    return {"items": shown, "next": cursor_after(more, of=name) if more else None}
