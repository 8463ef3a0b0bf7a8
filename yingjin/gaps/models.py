from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from yingjin.basics.fields import PayloadField, RegionCodeField, SortKeyField


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

    `subject` is the disease of a treated due, the bill of a covered due, else empty. `since_on` and `due_by` are
    known for what is lacking alone.
    """

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="dues", db_index=False)
    person = models.ForeignKey(
        "registry.Person", on_delete=models.PROTECT, related_name="dues", db_index=False
    )
    region_code = RegionCodeField()
    due = models.CharField(max_length=12)
    subject = SortKeyField(max_length=64, blank=True)
    sensitive = models.BooleanField()
    status = models.CharField(max_length=8)
    lacking = models.BooleanField()  # open or unknown
    reason = models.CharField(max_length=32, blank=True)
    owner_role = models.CharField(max_length=32, blank=True)
    since_on = models.DateField(null=True)
    due_by = models.DateField(null=True)
    shortfall_fen = models.PositiveBigIntegerField()
    facts = PayloadField()  # evidence, shortfall by payer, the exception's reason, evidence, who, until

    class Privacy:
        hide = {"subject", "sensitive", "facts"}
        keep = {
            "id", "finding", "person", "region_code", "due", "status", "lacking", "reason", "owner_role", "since_on",
            "due_by", "shortfall_fen",
        }  # fmt: skip

    class Meta:
        constraints = [
            UniqueConstraint(fields=["finding", "person", "due", "subject"], name="due_once_a_finding"),
            CheckConstraint(
                condition=Q(lacking=False) | Q(due_by__isnull=False, since_on__isnull=False),
                name="what_is_lacking_has_a_deadline",
            ),
        ]
        indexes = [
            models.Index(
                fields=["finding", "due_by", "person"], condition=Q(lacking=True), name="lacking_by_deadline"
            ),
            models.Index(fields=["finding", "region_code", "status"], name="due_by_region"),
        ]


class Gap(models.Model):
    """Something due and not done, until evidence closes it. One gap a person, due and subject; it may reopen."""

    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="gaps")
    region_code = RegionCodeField()
    due = models.CharField(max_length=12)
    subject = SortKeyField(max_length=64, blank=True)
    sensitive = models.BooleanField()
    open = models.BooleanField()
    unknown = models.BooleanField()  # the task is to confirm who it is
    reason = models.CharField(max_length=32)
    owner_role = models.CharField(max_length=32)
    shortfall_fen = models.PositiveBigIntegerField()
    facts = PayloadField()
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
        constraints = [
            UniqueConstraint(fields=["person", "due", "subject"], name="one_gap_a_subject"),
            CheckConstraint(
                condition=Q(open=True, closed_on__isnull=True) | Q(open=False, closed_on__isnull=False),
                name="a_gap_is_closed_on_a_day",
            ),
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
