from uuid import uuid4

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from yingjin.basics.fields import PayloadField, SealedField

WAITING, DELIVERED, GIVEN_UP = "waiting", "delivered", "given_up"


class KeptAnswer(models.Model):
    """What was answered to a POST, for a day: the same key gets the same answer and nothing is done twice."""

    client = models.ForeignKey("registry.Client", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    digest = SealedField()  # of what was asked, address and body: guesses could be tried on it
    at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    body = PayloadField(null=True)

    class Privacy:
        hide = {"digest", "body"}
        keep = {"id", "client", "key", "at", "status"}
        everyone = "read by the client it was answered to; its words are sealed"

    class Meta:
        constraints = [UniqueConstraint(fields=["client", "key"], name="answered_once")]


class Subscription(models.Model):
    """Where a client wants to be told of events, and how far it has been told.

    `told` is the last event of each stream that was put into a delivery. During a rotation both secrets sign.
    """

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    client = models.ForeignKey("registry.Client", on_delete=models.CASCADE, related_name="subscriptions")
    url = SealedField()  # may hold a secret of the caller's
    events = models.JSONField()
    secret = SealedField()
    secret_before = SealedField(blank=True)
    secret_before_ends_at = models.DateTimeField(null=True)
    told = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)  # after too many failures, or by the client

    class Privacy:
        hide = {"url", "secret", "secret_before"}
        keep = {"key", "client", "events", "secret_before_ends_at", "told", "made_at", "stopped_at"}
        everyone = "read by its client and the worker; what it is told names nobody"


class Delivery(models.Model):
    """Events on their way to a subscription, and what became of each attempt. `body` holds keys and no names."""

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="deliveries")
    at = models.DateTimeField()
    events = models.PositiveIntegerField()
    body = PayloadField()
    state = models.CharField(max_length=10, default=WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)  # of the last answer
    problem = models.CharField(max_length=40, blank=True)  # of the last attempt

    class Privacy:
        hide = {"body"}
        keep = {
            "key", "subscription", "at", "events", "state", "attempts", "next_at", "ended_at", "status", "problem",
        }  # fmt: skip
        everyone = "read by its client and the worker; what it tells names nobody"

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(state=WAITING, next_at__isnull=False) | Q(state__in=(DELIVERED, GIVEN_UP)),
                name="what_waits_has_its_moment",
            )
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(state=WAITING), name="delivery_by_moment")]
