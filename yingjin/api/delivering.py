"""
Events on their way to who asked for them, by the worker.

* deliver      the job: what happened is put into deliveries, and what is due is sent
* clear        the daily job that deletes what need not be kept
* waits        whether there is anything for it, cheap enough to ask at each look of the worker

A delivery is at least once and in order: the next one of a subscription waits until the one before is taken. What
nobody takes is tried for about two days, later each time; then the subscription stops until its client resumes it.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from yingjin.api.limits import Limits
from yingjin.api.models import DELIVERED, GIVEN_UP, WAITING, Delivery, Subscription
from yingjin.api.once import KEPT, forget_answers
from yingjin.api.outgoing import Refused, post, problem_in_word, signature
from yingjin.basics.work import RUNNING, Job
from yingjin.basics.work import WAITING as JOB_WAITING
from yingjin.basics.work.doing import Report
from yingjin.insight.queries import happenings

KIND = "deliver_events"
AT_ONCE = 100  # events in one delivery
ROUNDS = 50  # deliveries of one subscription in one job: the others wait too
ATTEMPTS = 18
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=6)
LOG_KEPT = timedelta(days=30)
TAKEN = range(200, 300)


def deliver(job: Job, report: Report) -> Mapping[str, Any]:
    """Deliver what happened and what waits, subscription by subscription."""
    done = {"delivered": 0, "failed": 0}
    active = list(Subscription.objects.filter(stopped_at=None, client__revoked_at=None).order_by("made_at"))
    for number, one in enumerate(active, 1):
        for _ in range(ROUNDS):
            delivery = _next(one, at=timezone.now())
            if delivery is None:
                break
            taken = _attempt(one, delivery)
            done["delivered" if taken else "failed"] += 1
            if not taken:
                break
        report(number, len(active), "发送事件", "Delivering events")
    return done


def clear(job: Job, report: Report) -> Mapping[str, Any]:
    """Delete what need not be kept: answers of yesterday, the log of a month ago, calls that are paid for."""
    at = timezone.now()
    log, _ = Delivery.objects.exclude(state=WAITING).filter(ended_at__lt=at - LOG_KEPT).delete()
    Limits(Path(settings.STORE)).forget(before=at.timestamp())
    return {"answers": forget_answers(before=at - KEPT), "deliveries": log}


def waits(at: datetime) -> bool:
    """Say whether something is to be delivered and no job is asked for it yet."""
    active = Subscription.objects.filter(stopped_at=None, client__revoked_at=None)
    told = list(active.values_list("pk", "told"))
    if not told or Job.objects.filter(kind=KIND, state__in=(JOB_WAITING, RUNNING)).exists():
        return False
    held = dict(
        Delivery.objects.filter(state=WAITING, subscription__in=active).values_list("subscription", "next_at")
    )
    if any(next_at <= at for next_at in held.values()):
        return True
    now = happenings.now()
    return any(key not in held and _behind(each, now) for key, each in told)


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after so many failures in a row."""
    return min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempts - 1))


def _behind(told: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    return any(told.get(stream) != reached for stream, reached in now.items())


@transaction.atomic
def _next(one: Subscription, *, at: datetime) -> Delivery | None:
    """Return the delivery that is due: the one that waits, else the next events; None when there is none yet."""
    locked = Subscription.objects.select_for_update().select_related("client").filter(pk=one.pk).first()
    if locked is None or locked.stopped_at is not None:
        return None
    waiting = Delivery.objects.filter(subscription=locked, state=WAITING).first()
    if waiting is not None:
        return waiting if waiting.next_at is not None and waiting.next_at <= at else None
    now = happenings.now()
    while _behind(locked.told, now):
        found = happenings.happened(locked.client, locked.events, locked.told, AT_ONCE)
        # Streams nobody asked for, and rows the client may not see, are passed over.
        passed = found.told == locked.told
        locked.told = now if passed else found.told
        locked.save(update_fields=["told"])
        if found.events:
            return Delivery.objects.create(
                subscription=locked,
                at=at,
                events=len(found.events),
                body={"events": found.events},
                next_at=at,
            )
        if passed:
            return None
    return None


def _attempt(one: Subscription, delivery: Delivery) -> bool:
    """Send a delivery once and keep what came of it; no transaction is open while somebody else's machine answers."""
    at = timezone.now()
    body = json.dumps({"delivery": str(delivery.key), **delivery.body}, ensure_ascii=False).encode()
    headers = {
        "User-Agent": "yingjin",
        "Yingjin-Delivery": str(delivery.key),
        "Yingjin-Signature": signature(body, _secrets(one, at), int(at.timestamp())),
    }
    status, problem = None, ""
    try:
        status = post(one.url, body, headers, private=settings.API_DELIVERS_PRIVATELY)
    except (OSError, HTTPException, Refused) as error:
        problem = problem_in_word(error)
    taken = status in TAKEN
    _keep(one, delivery, taken, status, problem, at=timezone.now())
    return taken


@transaction.atomic
def _keep(
    one: Subscription, delivery: Delivery, taken: bool, status: int | None, problem: str, *, at: datetime
) -> None:
    delivery.attempts += 1
    delivery.status, delivery.problem = status, problem
    if taken:
        delivery.state, delivery.next_at, delivery.ended_at = DELIVERED, None, at
    elif delivery.attempts >= ATTEMPTS:
        delivery.state, delivery.next_at, delivery.ended_at = GIVEN_UP, None, at
        Subscription.objects.filter(pk=one.pk).update(stopped_at=at)
    else:
        delivery.next_at = at + backoff(delivery.attempts)
    fields = ["attempts", "status", "problem", "state", "next_at", "ended_at"]
    # Its subscription may have ended meanwhile, and its log with it.
    Delivery.objects.filter(pk=delivery.pk).update(**{name: getattr(delivery, name) for name in fields})


def _secrets(one: Subscription, at: datetime) -> list[str]:
    """Return what signs now: during a rotation the secret before as well."""
    before = one.secret_before_ends_at is not None and at < one.secret_before_ends_at
    return [one.secret, one.secret_before] if before else [one.secret]
