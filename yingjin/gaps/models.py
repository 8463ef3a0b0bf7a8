from django.db import models
from django.db.models import UniqueConstraint

from yingjin.basics.fields import RegionCodeField, SortKeyField

DUES = ("insured", "treated", "contracted", "covered")
STATUSES = ("done", "open", "unknown", "excepted")


class Finding(models.Model):
    """What was due and done on one day, found once; a later run of the same day replaces it."""

    on = models.DateField(unique=True)
    region_code = RegionCodeField()
    found_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    rulebook_version = models.CharField(max_length=80)
    base_persons = models.PositiveIntegerField()

    class Privacy:
        hide: set[str] = set()
        keep = {"id", "on", "region_code", "found_at", "digest", "rulebook_version", "base_persons"}


class Due(models.Model):
    """One thing due to one person on the day of a finding, and how it stands.

    `subject` is the disease of a treatment due, the bill of a cover due, else empty.
    """

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="dues")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="dues")
    region_code = RegionCodeField()
    due = models.CharField(max_length=12)
    subject = SortKeyField(max_length=64, blank=True)
    sensitive = models.BooleanField(default=False)
    status = models.CharField(max_length=8)
    reason = models.CharField(max_length=32, blank=True)
    shortfall_fen = models.PositiveBigIntegerField(default=0)
    facts = models.JSONField(
        default=dict
    )  # evidence, shortfall by payer, the exception's reason, evidence, who, until

    class Privacy:
        hide = {"subject", "sensitive", "facts"}
        keep = {"id", "finding", "person", "region_code", "due", "status", "reason", "shortfall_fen"}

    class Meta:
        constraints = [
            UniqueConstraint(fields=["finding", "person", "due", "subject"], name="due_once_a_finding")
        ]
        indexes = [models.Index(fields=["finding", "due", "status", "region_code"], name="due_by_status")]


class Gap(models.Model):
    """Something due and not done, until evidence closes it. One gap a person, due and subject; it may reopen."""

    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="gaps")
    region_code = RegionCodeField()
    due = models.CharField(max_length=12)
    subject = SortKeyField(max_length=64, blank=True)
    sensitive = models.BooleanField(default=False)
    open = models.BooleanField()
    unknown = models.BooleanField(default=False)  # the task is to confirm who it is
    reason = models.CharField(max_length=32)
    owner_role = models.CharField(max_length=32)
    shortfall_fen = models.PositiveBigIntegerField(default=0)
    facts = models.JSONField(default=dict)
    opened_on = models.DateField()
    deadline = models.DateField()
    closed_on = models.DateField(null=True)
    closed_by_evidence = models.CharField(max_length=200, blank=True)

    class Privacy:
        hide = {"subject", "sensitive", "facts", "closed_by_evidence"}
        keep = {
            "id", "person", "region_code", "due", "open", "unknown", "reason", "owner_role", "shortfall_fen",
            "opened_on", "deadline", "closed_on",
        }  # fmt: skip

    class Meta:
        constraints = [UniqueConstraint(fields=["person", "due", "subject"], name="one_gap_a_subject")]
        indexes = [
            models.Index(fields=["open", "deadline", "id"], name="gap_by_deadline"),
            models.Index(fields=["open", "region_code", "deadline"], name="gap_by_region"),
        ]


class GapEvent(models.Model):
    """What became of a gap, and on which day: opened, changed, closed, reopened."""

    gap = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="events")
    on = models.DateField()
    at = models.DateTimeField()
    what = models.CharField(max_length=12)
    evidence = models.CharField(max_length=200, blank=True)

    class Privacy:
        hide = {"evidence"}
        keep = {"id", "gap", "on", "at", "what"}
