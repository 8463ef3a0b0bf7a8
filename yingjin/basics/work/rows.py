from uuid import uuid4

from django.db import models
from django.db.models import CheckConstraint, Q

from yingjin.basics.fields import PayloadField, SealedField

WAITING, RUNNING, DONE, REFUSED, STOPPED = "waiting", "running", "done", "refused", "stopped"
STATES = (WAITING, RUNNING, DONE, REFUSED, STOPPED)
ENDED = (DONE, REFUSED, STOPPED)


class Job(models.Model):
    """Something that takes longer than a page may: who asked what and when, how far it is, what came of it (D12).

    `lane` is the queue it waits in, `about` what it is about ("import:12"), for finding it again; `facts` is what it
    was asked with; `result_name` names the sealed file it left, if any.
    """

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=64)
    lane = models.CharField(max_length=16)
    about = models.CharField(max_length=96, blank=True, db_index=True)
    by = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, default=WAITING)
    attempts = models.PositiveIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    label_zh = models.CharField(max_length=200, blank=True)
    label_en = models.CharField(max_length=200, blank=True)
    reason_zh = SealedField(blank=True)
    reason_en = SealedField(blank=True)
    facts = PayloadField(default=dict)
    result = PayloadField(null=True)
    result_name = SealedField(blank=True)

    class Privacy:
        hide = {"facts", "result", "result_name", "reason_zh", "reason_en"}
        keep = {
            "key", "kind", "lane", "about", "by", "asked_at", "started_at", "ended_at", "state", "attempts", "done",
            "total", "label_zh", "label_en",
        }  # fmt: skip
        everyone = "whoever asks writes one and sees how many come before; lists are of the asker's own"
        everyone = "names no person; each is read by who asked for it"

    class Meta:
        indexes = [
            models.Index(fields=["by", "asked_at"], name="job_by_asker"),
            models.Index(fields=["lane", "state", "asked_at"], name="job_by_lane"),
        ]
        constraints = [CheckConstraint(condition=Q(state__in=STATES), name="job_state_is_known")]

    @property
    def ended(self) -> bool:
        """Say whether nothing more will become of it."""
        return self.state in ENDED


class Timetable(models.Model):
    """When a piece of work that comes round by itself is due next."""

    name = models.CharField(max_length=64, primary_key=True)
    due_at = models.DateTimeField()

    class Privacy:
        hide: set[str] = set()
        keep = {"name", "due_at"}
        everyone = "says when the worker does what, and nothing of anybody"
        everyone = "of the installation"
