"""
Subscriptions: where a client wants to be told of events. Each changes its own client's alone.

* subscribe         from now on; the secret is returned once
* rotate_secret     a new secret; the old one signs beside it for a day
* resume            go on after too many failures
* unsubscribe       be told nothing more
"""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from yingjin.api.models import Delivery, Subscription
from yingjin.api.outgoing import check_url
from yingjin.basics.audit import record
from yingjin.basics.errors import BadInput, Conflict, NotFound
from yingjin.insight.queries import happenings

MANY = 20
BOTH_SIGN = timedelta(hours=24)


@transaction.atomic
def subscribe(*, url: str, events: Collection[str], by: Any, at: datetime) -> tuple[Subscription, str]:
    """Tell a client of some kinds of events from now on. Errors: Refused; BadInput; Conflict when it has too many."""
    unknown = sorted(set(events) - set(happenings.KINDS))
    if unknown or not events:
        raise BadInput(
            f"没有事件“{'、'.join(unknown)}”。可用：{'、'.join(happenings.KINDS)}。",
            f"There is no event {', '.join(unknown)}. Choose from: {', '.join(happenings.KINDS)}.",
            field="body.events",
        )
    check_url(url, private=settings.API_DELIVERS_PRIVATELY)
    if Subscription.objects.filter(client=by).count() >= MANY:
        raise Conflict(
            f"一个客户端最多订阅 {MANY} 处。先退订不用的。",
            f"A client has at most {MANY} subscriptions. End one that is not used.",
        )
    secret = secrets.token_urlsafe(32)
    made = Subscription.objects.create(
        client=by, url=url, events=sorted(set(events)), secret=secret, told=happenings.now(), made_at=at
    )
    record("webhook_added", target=f"webhook:{made.key}", by=by, at=at, events=made.events)
    return made, secret


@transaction.atomic
def rotate_secret(key: UUID, *, by: Any, at: datetime) -> tuple[Subscription, str]:
    """Give a subscription a new secret; the old one signs beside it for a day. Errors: NotFound."""
    one = subscription_of(by, key, lock=True)
    secret = secrets.token_urlsafe(32)
    one.secret_before, one.secret_before_ends_at, one.secret = one.secret, at + BOTH_SIGN, secret
    one.save(update_fields=["secret", "secret_before", "secret_before_ends_at"])
    record("webhook_secret_rotated", target=f"webhook:{key}", by=by, at=at)
    return one, secret


@transaction.atomic
def resume(key: UUID, *, by: Any, at: datetime) -> Subscription:
    """Go on telling where telling stopped: what was given up is tried again first. Errors: NotFound; Refused."""
    one = subscription_of(by, key, lock=True)
    check_url(one.url, private=settings.API_DELIVERS_PRIVATELY)
    one.stopped_at = None
    one.save(update_fields=["stopped_at"])
    Delivery.objects.filter(subscription=one, state="given_up").update(
        state="waiting", attempts=0, next_at=at, ended_at=None
    )
    record("webhook_resumed", target=f"webhook:{key}", by=by, at=at)
    return one


@transaction.atomic
def unsubscribe(key: UUID, *, by: Any, at: datetime) -> None:
    """End a subscription with its log. Errors: NotFound."""
    subscription_of(by, key, lock=True).delete()
    record("webhook_removed", target=f"webhook:{key}", by=by, at=at)


def subscription_of(by: Any, key: UUID, *, lock: bool = False) -> Subscription:
    """Return a client's own subscription. Errors: NotFound, also for another's."""
    rows = Subscription.objects.filter(client=by, pk=key)
    one: Subscription | None = (rows.select_for_update() if lock else rows).first()
    if one is None:
        raise NotFound("没有这个订阅。", "There is no such subscription.")
    return one
